"""Systems in the browser: adding one, what is said of one that cannot be added, and a system from end to end."""

import pytest

from bmg_assets.actions.audit import audit_lines
from bmg_assets.build import build_resources
from bmg_assets.intake.examples import ROW as EXAMPLE_ROW
from bmg_assets.science.errors import BmgError
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.web.conftest import Visit

SYSTEM = "Zr-Al-Cu"


def test_a_system_is_added_once(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    for _ in range(2):
        answer = visitor.send("/systems", "/", system=SYSTEM)
        assert (answer.status, answer.headers["location"]) == (303, f"/systems/{SYSTEM}")
    assert list(fresh.instance.get_dynamic_partitions("target_system")) == [SYSTEM]
    assert f'<a href="/systems/{SYSTEM}">{SYSTEM}</a>' in visitor.get("/").text
    assert "Nothing is trained yet." in visitor.get(f"/systems/{SYSTEM}").text


def test_what_is_asked_for_is_noted_with_the_name_that_was_given(fresh: Deployment, visit: Visit) -> None:
    visit(fresh).send("/systems", "/", system=SYSTEM, train="yes", budget="quick", person="Zoë")
    lines = [(one.who, one.what, dict(one.about)) for one in audit_lines(fresh.record)]
    assert lines == [
        ("Zoë", "added a system", {"system": SYSTEM}),
        ("Zoë", "asked for a training", {"system": SYSTEM, "budget": "quick"}),
    ]


def test_a_row_that_was_refused_is_told_with_the_way_to_it(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    assert 'href="/inbox">inbox' not in visitor.get("/").text
    with fresh.environment():
        inbox = build_resources()["lab_inbox"]
        inbox.inbox.mkdir(parents=True)
        (inbox.inbox / "bad.csv").write_text("schema_version,sample_id,composition_nominal\n1,A-1,Zr50Al5Cu45\n")
        inbox.take_in(inbox.inbox / "bad.csv")
    assert 'In the <a href="/inbox">inbox</a>: 1 refused row nobody has corrected.' in visitor.get("/").text


def test_of_many_systems_those_with_the_wanted_elements_are_shown(
    fresh: Deployment, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bmg_assets.web.systems.MOST_SHOWN", 2)
    fresh.instance.add_dynamic_partitions("target_system", [SYSTEM, "Mg-Zn-Ca", "Zr-Al-Ni"])
    visitor = visit(fresh)
    assert "2 shown." in visitor.get("/").text
    found = visitor.get("/?q=ni%20zr").text
    assert ("1 shown." in found, ">Zr-Al-Ni<" in found, ">Mg-Zn-Ca<" in found) == (True, True, False)
    assert "No registered system holds all of these." in visitor.get("/?q=%3Cscript%3E").text


@pytest.mark.parametrize("key", ["", "Zr", "zr-al-cu", "Zr-Al-Xx", "Cu-Al-Zr", "Zr-Al-Cu/../..", "Zr-Zr-Cu"])
def test_a_key_that_cannot_be_used_comes_back_with_a_sentence(fresh: Deployment, visit: Visit, key: str) -> None:
    visitor = visit(fresh)
    visitor.send("/systems", "/", system=SYSTEM)
    answer = visitor.send("/systems", "/", system=key)
    assert (answer.status, f'value="{key}"' in answer.text) == (422, True)
    assert 'role="alert"' in answer.text
    assert list(fresh.instance.get_dynamic_partitions("target_system")) == [SYSTEM]


def test_training_without_literature_is_told_on_the_page_of_the_system(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    answer = visitor.send("/systems", "/", system=SYSTEM, train="yes", budget="quick")
    assert (answer.status, "There is no literature to train on" in answer.text) == (422, True)
    assert 'role="alert"' in answer.text
    assert "Nothing is trained yet." in visitor.get(f"/systems/{SYSTEM}").text


def test_a_system_that_is_not_registered_has_no_page(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    visitor.send("/systems", "/", system=SYSTEM)
    absent = visitor.get("/systems/Zr-Al-Ni")
    assert (absent.status, "is not a registered system" in absent.text) == (404, True)
    assert SYSTEM in visitor.get("/systems/Cu-Al-Zr").text


def test_a_trained_system_shows_what_to_cast_next(copy_of_finished: Deployment, visit: Visit) -> None:
    visitor = visit(copy_of_finished)
    page = visitor.get(f"/systems/{SYSTEM}")
    picks = copy_of_finished.store.read_table("candidates", SYSTEM)
    assert page.status == 200
    assert page.text.count('class="card"') == (picks["kind"] == "pick").sum()
    assert f'href="/reports/{SYSTEM}.html"' in page.text
    assert f'action="/systems/{SYSTEM}/sheet"' in page.text


def test_the_recommended_alloys_are_shown_before_the_papers_models_are_trained(
    copy_of_finished: Deployment, visit: Visit
) -> None:
    folder = copy_of_finished.store.folder
    for name in folder.files():
        if name.startswith(("candidates/", "prediction_grid/")) and SYSTEM in name:
            folder.delete(name)
    visitor = visit(copy_of_finished)
    page = visitor.get(f"/systems/{SYSTEM}")
    assert (page.status, page.text.count('class="card"'), "not trained yet" in page.text) == (200, 2, True)
    assert visitor.get(f"/systems/{SYSTEM}/sheet").status == 200
    assert visitor.get(f"/systems/{SYSTEM}/candidates.csv").status == 200
    found = visitor.send(f"/systems/{SYSTEM}/propose", f"/systems/{SYSTEM}/propose", limits="Al 0-8")
    assert (found.status, 'id="chosen"' in found.text) == (200, True)


def test_own_casts_lead_to_their_correction(copy_of_finished: Deployment, visit: Visit) -> None:
    visitor = visit(copy_of_finished)
    inbox = build_resources()["lab_inbox"]
    inbox.inbox.mkdir(parents=True)
    header, cells = ",".join(EXAMPLE_ROW), EXAMPLE_ROW | {"sample_id": "ZAC 1/a"}
    (inbox.inbox / "casts.csv").write_text(f"{header}\n{','.join(cells.values())}\n")
    assert inbox.take_in(inbox.inbox / "casts.csv").accepted == 1
    assert "Accepted, and in no run yet" in visitor.get(f"/systems/{SYSTEM}").text
    assert copy_of_finished.run_system(SYSTEM, ["lab_results"]).success
    page = visitor.get(f"/systems/{SYSTEM}").text
    assert 'href="/casts/ZAC%201%2Fa/correct">correct ZAC 1/a<' in page
    assert "Zr50Al5Cu45" in visitor.get("/casts/ZAC%201%2Fa/correct").text


def test_a_store_that_fails_is_told_in_a_sentence(
    fresh: Deployment, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise BmgError("The store has format 99, which is newer than this version; use the newer one.")

    monkeypatch.setattr("bmg_assets.actions.systems.overview_of", fails)
    answer = visit(fresh).get("/")
    assert (answer.status, "has format 99" in answer.text) == (503, True)
