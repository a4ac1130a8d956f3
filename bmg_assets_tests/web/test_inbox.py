"""The inbox in the browser: what needs a person on top, then what waits and what was taken in."""

import re

import filelock
import pytest

from bmg_assets.actions import inbox_view
from bmg_assets.actions.audit import audit_lines
from bmg_assets.actions.reporting import TOOK_A_FILE_IN
from bmg_assets.intake.inbox import LOCK, LabInbox
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.intake.cast_files import drop, line, samples_of, table
from bmg_assets_tests.web.conftest import Visit
from bmg_assets_tests.web.reporters import GOOD, inbox_of, report


@pytest.fixture
def inbox(fresh: Deployment) -> LabInbox:
    inbox = inbox_of(fresh)
    inbox.inbox.mkdir(parents=True)
    return inbox


def test_an_empty_inbox_says_how_to_begin(fresh: Deployment, visit: Visit) -> None:
    assert "No file was taken in yet." in visit(fresh).get("/inbox").text


def test_casts_in_quarantine_are_on_top_with_what_can_be_done(fresh: Deployment, visit: Visit, inbox: LabInbox) -> None:
    rows = (line("A/1", dimension_mm="2", verdict="crystalline"), line("B", dimension_mm="3"))
    inbox.take_in(drop(inbox, "a.csv", table(*rows)))
    page = visit(fresh).get("/inbox").text
    assert page.index("In quarantine") < page.index("Taken in")
    for link in ("/casts/A%2F1/correct", "/casts/A%2F1/withdraw", "/casts/B/withdraw"):
        assert f'href="{link}"' in page
        assert visit(fresh).get(link).status == 200


def test_a_refused_row_is_on_top_until_it_is_corrected_or_set_aside(
    fresh: Deployment, visit: Visit, inbox: LabInbox
) -> None:
    visitor = visit(fresh)
    inbox.take_in(drop(inbox, "a.csv", table(line("A", verdict="good"), line("B", dimension_mm="<b>"))))
    page = visitor.get("/inbox").text
    assert "verdict: &#39;good&#39; is none of the words for this column" in page
    (address,) = set(re.findall('action="(/inbox/[^"]*/aside)"', page))
    fields = {**visitor.hidden("/inbox"), "line": "2"}
    assert visitor.post(address, {**fields, "token": ""}).status == 422
    assert visitor.post(address, fields).headers["location"] == "/inbox"
    page = visitor.get("/inbox").text
    assert ("&#39;good&#39;" in page, "B Zr50Al5Cu45" in page) == (False, True)
    for number in ("2", "", "x", "99"):
        assert visitor.post(address, {**fields, "line": number}).status == 422
    report(visitor, {**GOOD, "sample_id": "B"})
    assert "not yet corrected" not in visitor.get("/inbox").text


def test_a_file_is_shown_row_by_row_with_the_systems_it_concerns(
    fresh: Deployment, visit: Visit, inbox: LabInbox
) -> None:
    visitor = visit(fresh)
    visitor.send("/systems", "/", system="Cu-Zr-Al")
    inbox.take_in(drop(inbox, "a.csv", table(line("A"), line("A"), line("B", verdict="good"))))
    (link,) = set(re.findall('href="(/inbox/a[^"]*)"', visitor.get("/inbox").text))
    page = visitor.get(link).text
    assert [f'class="{one}"' in page for one in ("accepted", "skipped", "refused")] == [True, True, True]
    assert '<a href="/systems/Cu-Zr-Al">Cu-Zr-Al</a>' in page


def test_a_file_that_waits_can_be_taken_in_at_once(fresh: Deployment, visit: Visit, inbox: LabInbox) -> None:
    visitor = visit(fresh, inbox=inbox.model_copy(update={"settle_s": 0.0}))
    drop(inbox, "a b.csv", table(line("A")))
    assert 'href="/inbox/a%20b.csv"' in visitor.get("/inbox").text
    assert (
        "It waits in the inbox: it is complete and is taken in at the next look."
        in visitor.get("/inbox/a%20b.csv").text
    )
    answer = visitor.send("/inbox/a%20b.csv/take-in", "/inbox/a%20b.csv")
    assert "1 row accepted" in visitor.get(answer.headers["location"]).text
    assert samples_of(inbox) == ["A"]
    assert [(one.what, one.about) for one in audit_lines(fresh.record)] == [(TOOK_A_FILE_IN, {"file": "a b.csv"})]


def test_while_others_take_files_in_it_waits(
    fresh: Deployment, visit: Visit, inbox: LabInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bmg_assets.actions.reporting.LONGEST_WAIT_S", 0.1)
    inbox.accepted_folder.mkdir(parents=True)
    visitor = visit(fresh)
    with filelock.FileLock(inbox.accepted_folder / LOCK):
        answer = report(visitor, GOOD)
        page = visitor.get(answer.headers["location"])
    assert (answer.status, "is taken in later" in page.text) == (303, True)


def test_pages_of_files_lead_on_and_back(
    fresh: Deployment, visit: Visit, inbox: LabInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_view, "PAGE_LENGTH", 1)
    for name in ("a", "b"):
        inbox.take_in(drop(inbox, f"{name}.csv", table(line(name))))
    visitor = visit(fresh)
    first, last = visitor.get("/inbox").text, visitor.get("/inbox?page=2").text
    assert ('href="/inbox?page=2">Older' in first, ">b.csv<" in first, ">a.csv<" in first) == (True, True, False)
    assert ('href="/inbox?page=1">Newer' in last, ">a.csv<" in last) == (True, True)
    for page in ("99", "-1", "x", "%00", "9" * 30):
        assert visitor.get(f"/inbox?page={page}").status == 200


@pytest.mark.parametrize("name", ["nothing.csv", "%2e%2e%2frecord", "..", "%00"])
def test_a_file_that_is_none_has_no_page(fresh: Deployment, visit: Visit, name: str) -> None:
    visitor = visit(fresh)
    assert visitor.get(f"/inbox/{name}").status == 404
    fields = visitor.hidden("/report")
    assert visitor.post(f"/inbox/{name}/take-in", fields).status in (404, 405)
