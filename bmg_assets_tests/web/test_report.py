"""Reporting casts by the form: right ones are taken in, wrong ones stay, and nothing is lost or doubled."""

import errno
import json
from pathlib import Path
from typing import Any

import pytest

from bmg_assets.actions.audit import audit_lines
from bmg_assets.actions.known_casts import known_casts
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.intake.cast_files import samples_of
from bmg_assets_tests.web.conftest import Visit
from bmg_assets_tests.web.reporters import GOOD, cells, files_in, form_at, hidden_in, inbox_of, report, value_of

SCRIPT = '"><script>alert(1)</script>'


def test_casts_are_taken_in_and_the_report_is_shown_at_once(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    answer = report(visitor, GOOD, {**GOOD, "sample_id": "ZAC-2", "dimension_mm": "3,5"}, person="Wei Zhang")
    assert answer.status == 303
    page = visitor.get(answer.headers["location"]).text
    assert "Taken in: 2 rows accepted, 0 refused." in page
    assert "sent by Wei Zhang" in page
    assert "&#39;3,5&#39; was read as 3.5: decimal comma read" in page
    assert samples_of(inbox_of(fresh)) == ["ZAC-1", "ZAC-2"]
    assert [one.who for one in audit_lines(fresh.record)] == ["Wei Zhang"]
    assert 'value="Wei Zhang"' in visitor.get("/report").text


def test_the_form_is_filled_in_for_alloys_and_an_untouched_row_is_left_out(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    page = visitor.get("/report?system=Zr-Al-Cu&alloy=Zr50Al5Cu45&alloy=Zr48Al10Cu42&sample=ZAC-1").text
    assert [value_of(page, f"r{row}-composition_nominal") for row in (1, 2)] == ["Zr50Al5Cu45", "Zr48Al10Cu42"]
    assert [value_of(page, f"r{row}-sample_id") for row in (1, 2)] == ["ZAC-1", ""]
    untouched = {"composition_nominal": "Zr48Al10Cu42", "given": "Zr48Al10Cu42", "composition_unit": "at%"}
    answer = visitor.post("/report", {**hidden_in(page), **cells(GOOD, untouched), "do": "send"})
    assert answer.status == 303
    assert samples_of(inbox_of(fresh)) == ["ZAC-1"]


def test_a_wrong_row_stays_with_every_fault_at_its_field_and_the_right_one_is_sent(
    fresh: Deployment, visit: Visit
) -> None:
    visitor = visit(fresh)
    wrong = {**GOOD, "sample_id": "ZAC-2", "dimension_mm": "2-3", "verdict": "", "tg_K": "warm", "note": "mine"}
    answer = report(visitor, wrong, GOOD)
    assert answer.status == 422
    assert "1 cast was taken in; below is what is left to correct." in answer.text
    assert '<a href="#r1-dimension_mm">Cast 1, Size (mm): ' in answer.text
    assert '<a href="#r1-verdict">Cast 1, Verdict: This is needed.</a>' in answer.text
    assert "<details open>" in answer.text
    assert {name: value_of(answer.text, f"r1-{name}") for name in ("dimension_mm", "note", "sample_id")} == {
        "dimension_mm": "2-3",
        "note": "mine",
        "sample_id": "ZAC-2",
    }
    assert value_of(answer.text, "r2-sample_id") is None
    field = answer.text.split('id="r1-dimension_mm"')[1].split(">")[0]
    assert ('aria-invalid="true"' in field, "r1-dimension_mm-said" in field) == (True, True)
    corrected = {**wrong, "dimension_mm": "2.5", "verdict": "amorphous", "tg_K": ""}
    again = visitor.post("/report", {**hidden_in(answer.text), **cells(corrected), "do": "send"})
    assert again.status == 303
    assert samples_of(inbox_of(fresh)) == ["ZAC-1", "ZAC-2"]
    assert [one.refused for one in known_casts(inbox_of(fresh)).intakes] == [0, 0]


def test_checking_and_adding_a_row_send_nothing(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    checked = report(visitor, GOOD, {**GOOD, "sample_id": "B", "method": "casting"}, do="check")
    assert "Reads as: ZAC-1: Zr50Al5Cu45 at.%" in checked.text
    assert value_of(checked.text, "r2-method") == "casting"
    added = report(visitor, {**GOOD, "dimension_mm": "thick"}, do="add")
    assert (added.status, "aria-invalid" in added.text) == (200, False)
    assert value_of(added.text, "r1-dimension_mm") == "thick"
    assert [value_of(added.text, f"r2-{name}") for name in ("sample_id", "method", "test_date")] == [
        "",
        "suction_casting",
        "2026-02-27",
    ]
    assert (samples_of(inbox_of(fresh)), fresh.record.streams()) == ([], [])


def test_fields_are_checked_as_they_are_left(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    rows = cells({**GOOD, "dimension_mm": "2,5"}, {**GOOD, "dimension_mm": "thick"}, {})
    answer = visitor.post("/report/check", {**form_at(visitor), **rows})
    found = json.loads(answer.text)["rows"]
    assert [row["outcome"] for row in found] == ["accepted", "refused"]
    assert found[0]["notes"] == {"dimension_mm": "'2,5' was read as 2.5: decimal comma read"}
    assert found[1]["faults"] == {"dimension_mm": "'thick' is not a number; write a number in mm with a decimal point."}
    refused = visitor.post("/report/check", rows)
    assert (refused.status, "send it again" in json.loads(refused.text)["problem"]) == (422, True)


def test_a_form_that_is_sent_twice_leads_to_the_first_outcome(fresh: Deployment, visit: Visit) -> None:
    """As by a double click, from two tabs, or by loading the page again."""
    visitor = visit(fresh)
    form = {**form_at(visitor), **cells(GOOD), "do": "send"}
    first, second = visitor.post("/report", form), visitor.post("/report", form)
    assert first.headers["location"].removesuffix("now") == second.headers["location"].removesuffix("again")
    assert "nothing was done twice" in visitor.get(second.headers["location"]).text
    assert (samples_of(inbox_of(fresh)), len(known_casts(inbox_of(fresh)).intakes)) == (["ZAC-1"], 1)


def test_after_the_back_button_only_what_is_new_is_sent(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    form = {**form_at(visitor), "do": "send"}
    visitor.post("/report", {**form, **cells(GOOD, {**GOOD, "sample_id": "B", "dimension_mm": "thick"})})
    answer = visitor.post("/report", {**form, **cells(GOOD, {**GOOD, "sample_id": "B", "dimension_mm": "3"})})
    assert answer.status == 303
    assert samples_of(inbox_of(fresh)) == ["ZAC-1", "B"]


def test_two_people_who_report_the_same_cast_report_it_once(fresh: Deployment, visit: Visit) -> None:
    first, second = visit(fresh), visit(fresh)
    forms = [{**form_at(one), **cells(GOOD), "do": "send"} for one in (first, second)]
    assert first.post("/report", forms[0]).status == 303
    answer = second.post("/report", {**forms[1], "since": "1"})
    assert (answer.status, "all of this was reported before" in answer.text) == (422, True)
    assert "Nothing to do: it is equal to the report line 2 of form-" in answer.text
    assert samples_of(inbox_of(fresh)) == ["ZAC-1"]


def test_an_alloy_that_was_cast_meanwhile_is_told_before_anything_is_sent(fresh: Deployment, visit: Visit) -> None:
    visitor, other = visit(fresh), visit(fresh)
    mine = form_at(visitor, "/report?alloy=Zr50Al5Cu45")
    report(other, {**GOOD, "sample_id": "THEIRS", "dimension_mm": "3"})
    answer = visitor.post("/report", {**mine, **cells(GOOD), "do": "send"})
    assert answer.status == 422
    assert "THEIRS: Zr50Al5Cu45 at.%, suction_casting, rod_diameter 3 mm, amorphous" in answer.text
    assert "cast 3.5 mm or more next" in answer.text
    assert (value_of(answer.text, "r1-sample_id"), samples_of(inbox_of(fresh))) == ("ZAC-1", ["THEIRS"])
    again = visitor.post("/report", {**hidden_in(answer.text), **cells(GOOD), "do": "send"})
    assert (again.status, samples_of(inbox_of(fresh))) == (303, ["THEIRS", "ZAC-1"])
    assert "THEIRS: " in visitor.get("/report?alloy=Zr50Al5Cu45").text


@pytest.mark.parametrize(
    ("casts", "said"),
    [
        ([("2", "amorphous")], "D_max 2 mm; cast 2.5 mm or more next"),
        ([("2", "amorphous"), ("3", "crystalline")], "D_max 2 mm, below 3 mm; cast 2.5 mm next"),
        ([("2", "amorphous"), ("2.5", "crystalline")], "D_max 2 mm, below 2.5 mm."),
        ([("2", "crystalline"), ("3", "amorphous")], "they contradict each other"),
        ([("2", "crystalline")], "no D_max yet"),
        ([("2", "unclear")], "no D_max yet"),
    ],
)
def test_the_form_says_how_far_the_ladder_of_its_alloy_is(
    fresh: Deployment, visit: Visit, casts: list[tuple[str, str]], said: str
) -> None:
    visitor = visit(fresh)
    rows = [{**GOOD, "sample_id": size, "dimension_mm": size, "verdict": verdict} for size, verdict in casts]
    report(visitor, *rows)
    assert f"Together: {said}" in visitor.get("/report?alloy=Zr50Al5Cu45").text


def test_a_form_that_was_open_too_long_comes_back_filled(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    form = {**form_at(visitor), "token": "1.abc"}
    answer = visitor.post("/report", {**form, **cells({**GOOD, "note": "typed"}), "do": "send"})
    assert (answer.status, "Look at it, and send it again." in answer.text) == (422, True)
    assert (value_of(answer.text, "r1-sample_id"), value_of(answer.text, "r1-note")) == ("ZAC-1", "typed")
    assert samples_of(inbox_of(fresh)) == []
    again = visitor.post("/report", {**hidden_in(answer.text), **cells(GOOD), "do": "send"})
    assert again.status == 303


def test_an_inbox_that_cannot_be_written_leaves_the_form_filled(
    fresh: Deployment, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = visit(fresh)
    form = form_at(visitor)

    def refuse(self: Path, *_: Any) -> int:
        raise OSError(errno.EROFS, "Read-only file system", str(self))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    answer = visitor.post("/report", {**form, **cells(GOOD), "do": "send"})
    assert answer.status == 422
    assert "Nothing was sent: " in answer.text
    assert "read-only file system" in answer.text
    assert value_of(answer.text, "r1-sample_id") == "ZAC-1"


@pytest.mark.parametrize("rows", [(), ({},), ({"note": ""},), ({"test_date": "2026-02-27", "method": "tilt_casting"},)])
def test_rows_with_nothing_in_them_are_no_report(fresh: Deployment, visit: Visit, rows: tuple[Any, ...]) -> None:
    answer = report(visit(fresh), *rows)
    assert (answer.status, "no row is filled in" in answer.text) == (422, True)
    assert fresh.record.streams() == []


def test_five_hundred_rows_are_reported_at_once(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    rows = [{**GOOD, "sample_id": f"S-{number}"} for number in range(500)]
    assert report(visitor, *rows).status == 303
    assert len(samples_of(inbox_of(fresh))) == 500
    more = report(visitor, *rows, {**GOOD, "sample_id": "S-500"})
    assert (more.status, "upload them as a file" in more.text) == (422, True)
    assert value_of(more.text, "r501-sample_id") == "S-500"


@pytest.mark.parametrize("column", ["sample_id", "composition_nominal", "method", "note", "dimension_mm"])
def test_what_a_person_typed_is_shown_as_text_everywhere(fresh: Deployment, visit: Visit, column: str) -> None:
    visitor = visit(fresh)
    answer = report(visitor, {**GOOD, column: SCRIPT}, person=SCRIPT)
    pages = [answer.text, visitor.get("/inbox").text, visitor.get("/report?alloy=%22%3E%3Cscript%3Ealert(1)").text]
    if answer.status == 303:
        pages.append(visitor.get(answer.headers["location"]).text)
        pages += [visitor.get(f"/report?alloy={GOOD['composition_nominal']}").text]
    assert not any("<script>alert" in page for page in pages)


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x1b"])
def test_control_characters_are_refused_at_their_field(fresh: Deployment, visit: Visit, sign: str) -> None:
    answer = report(visit(fresh), {**GOOD, "note": f"a{sign}b"})
    assert (answer.status, "Note: the cell holds the control character" in answer.text) == (422, True)


def test_a_plan_and_its_result_are_one_sample(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    page = visitor.get("/report/plan?alloy=Zr50Al5Cu45").text
    assert (value_of(page, "r1-verdict"), value_of(page, "r1-composition_nominal")) == ("planned", "Zr50Al5Cu45")
    planned = visitor.post("/report/plan", {**hidden_in(page), **cells({**GOOD, "verdict": "planned"}), "do": "send"})
    assert planned.status == 303
    result = visitor.get("/report?alloy=Zr50Al5Cu45").text
    assert [value_of(result, f"r1-{name}") for name in ("sample_id", "dimension_mm", "verdict")] == ["ZAC-1", "2.5", ""]
    assert visitor.post("/report", {**hidden_in(result), **cells(GOOD), "do": "send"}).status == 303
    current = known_casts(inbox_of(fresh)).current("ZAC-1")
    assert current is not None
    assert current.verdict == "amorphous"


def test_a_report_is_corrected_under_its_own_name(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    report(visitor, {**GOOD, "sample_id": "Z/1 a", "tg_K": "690"})
    page = visitor.get("/casts/Z%2F1%20a/correct").text
    row = {name: value_of(page, f"r1-{name}") or "" for name in (*GOOD, "supersedes", "tg_K")}
    assert (row["sample_id"], row["supersedes"], row["tg_K"]) == ("Z/1 a", "Z/1 a", "690")
    unchanged = report(visitor, row, page="/casts/Z%2F1%20a/correct")
    assert (unchanged.status, "Change what is wrong in it." in unchanged.text) == (422, True)
    assert report(visitor, {**row, "verdict": "crystalline"}, page="/casts/Z%2F1%20a/correct").status == 303
    current = known_casts(inbox_of(fresh)).current("Z/1 a")
    assert current is not None
    assert (current.verdict, current.tg_K) == ("crystalline", 690)


def test_a_report_is_taken_back_once(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    report(visitor, GOOD)
    page = "/casts/ZAC-1/withdraw"
    assert "rod_diameter 2.5 mm, amorphous" in visitor.get(page).text
    fields = {**visitor.hidden(page), "note": "swapped"}
    expired = visitor.post(page, {**fields, "token": ""})
    assert (expired.status, 'value="swapped"' in expired.text) == (422, True)
    assert visitor.post(page, fields).status == 303
    assert known_casts(inbox_of(fresh)).current("ZAC-1") is None
    assert known_casts(inbox_of(fresh)).accepted[-1].note == "swapped"
    again = visitor.post(page, fields)
    assert (again.status, "may be withdrawn already" in again.text) == (404, True)
    assert visitor.get("/casts/ZAC-1/correct").status == 404


def test_refused_rows_of_a_file_are_corrected_in_the_form(fresh: Deployment, visit: Visit) -> None:
    visitor, inbox = visit(fresh), inbox_of(fresh)
    inbox.inbox.mkdir(parents=True)
    (inbox.inbox / "a.csv").write_text(
        "\n".join(
            [",".join(["schema_version", *GOOD]), "1," + ",".join({**GOOD, "dimension_mm": "thick"}.values()), ""]
        )
    )
    taken = inbox.take_in(inbox.inbox / "a.csv")
    page = visitor.get(f"/report?refused={taken.file.name}")
    assert page.status == 200
    assert (value_of(page.text, "r1-dimension_mm"), value_of(page.text, "r1-sample_id")) == ("thick", "ZAC-1")
    assert "is not a number" in page.text
    assert visitor.post("/report", {**hidden_in(page.text), **cells(GOOD), "do": "send"}).status == 303
    assert visitor.get(f"/report?refused={taken.file.name}").status == 404
    assert files_in(inbox.inbox) == []


def test_behind_a_proxy_its_user_is_who_sent_it(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh, user_header="X-Forwarded-User")
    visitor.headers = {"x-forwarded-user": "a.person"}
    assert 'name="person"' not in visitor.get("/report").text
    assert report(visitor, GOOD, person="somebody else").status == 303
    assert [one.who for one in audit_lines(fresh.record)] == ["a.person"]
