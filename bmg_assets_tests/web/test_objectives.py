"""Several objectives in the browser: table, plot and files; what cannot be shown stays in the form with a sentence."""

import json

import pytest

from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.studies.made_up_maps import store_map
from bmg_assets_tests.web.conftest import Visit

ADDRESS = "/systems/Zr-Al-Cu/objectives"


def test_a_front_is_shown_with_its_plot_and_can_be_taken_along(copy_of_finished: Deployment, visit: Visit) -> None:
    store_map(copy_of_finished.store)
    visitor = visit(copy_of_finished)
    page = visitor.get(f"{ADDRESS}?front=dmax,density,tg&at_least=tg%3D610&untrusted=yes")
    assert page.status == 200
    for words in (
        "What no other composition beats",
        "data:image/webp;base64",
        "Its map errs by 27 K",
        "tg at least 610",
    ):
        assert words in page.text
    assert 'value="dmax,density,tg"' in page.text
    found = json.loads(visitor.get(f"{ADDRESS}.json?front=dmax,tg&untrusted=yes").text)
    assert [one["name"] for one in found["wanted"]] == ["dmax", "tg"]
    assert "formula,dmax" in visitor.get(f"{ADDRESS}.csv").text
    assert visitor.get(f"{ADDRESS}.exe").status == 404


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("front=price", "Of Zr, Al, Cu no price is known"),
        ("at_least=tg%3D700", "T_g is not mapped in Zr-Al-Cu"),
        ("at_most=density", "&#39;density&#39; is no wish"),
        ("front=%3Cscript%3E", "There is no objective"),
    ],
)
def test_a_wish_that_cannot_be_met_stays_in_the_form(
    copy_of_finished: Deployment, visit: Visit, query: str, sentence: str
) -> None:
    answer = visit(copy_of_finished).get(f"{ADDRESS}?{query}")
    assert answer.status == 422
    assert sentence in answer.text
    assert "<script>" not in answer.text
    assert "Names of the objectives" not in answer.text


def test_a_system_without_a_map_or_that_is_none_says_so(fresh: Deployment, visit: Visit) -> None:
    fresh.instance.add_dynamic_partitions("target_system", ["Zr-Al-Ni"])
    visitor = visit(fresh)
    answer = visitor.get("/systems/Zr-Al-Ni/objectives")
    assert (answer.status, "bmg run Zr-Al-Ni" in answer.text) == (422, True)
    assert visitor.get("/systems/Zr-Al-Cu/objectives").status == 404
