"""What a person sends is a file of the inbox like any other, once, however often it is sent."""

import errno
import io
import re
import threading
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import filelock
import pytest

from bmg_assets.actions import reporting
from bmg_assets.actions.audit import audit_lines
from bmg_assets.actions.form_rows import Cells
from bmg_assets.actions.known_casts import known_casts
from bmg_assets.actions.reporting import (
    MOST_ROWS,
    SENT_A_FILE,
    TOOK_A_FILE_IN,
    NotSentError,
    Sent,
    cast_meanwhile,
    intakes_until_now,
    judged,
    judged_file,
    send_file,
    send_rows,
    take_in_now,
)
from bmg_assets.intake.inbox import LOCK, LabInbox
from bmg_assets.store.record import Record
from bmg_assets_tests.intake.cast_files import drop, inbox_at, line, report_on, samples_of, table
from bmg_assets_tests.science.casts.examples import GOOD_ROW

FORM, OTHER = "0123456789abcdef", "fedcba9876543210"
GOOD = {column: text for column, text in GOOD_ROW.items() if column != "schema_version"}


def zipped(name: str, data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return file.getvalue()


@pytest.fixture
def inbox(tmp_path: Path) -> LabInbox:
    return inbox_at(tmp_path)


def send(inbox: LabInbox, *rows: Cells, form_id: str = FORM, who: str = "Wei Zhang") -> Sent:
    _, sent = send_rows(inbox, rows, form_id, who)
    assert sent is not None
    return sent


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_judging_writes_nothing(inbox: LabInbox) -> None:
    assert [one.outcome for one in judged(inbox, [GOOD])] == ["accepted"]
    assert judged_file(inbox, "a.csv", table(line("A"))).lines("accepted") == 1
    assert (files(inbox.inbox), files(inbox.accepted_folder), inbox.record.streams()) == ([], [], [])


def test_rows_become_a_file_that_is_taken_in_at_once_and_who_sent_it_is_noted_apart(inbox: LabInbox) -> None:
    sent = send(inbox, GOOD, {**GOOD, "sample_id": "ZAC-2", "dimension_mm": "3"})
    assert sent.intake is not None
    assert (sent.name, sent.intake.accepted_lines, sent.is_earlier) == (f"form-{FORM}.csv", (2, 3), False)
    assert samples_of(inbox) == ["ZAC-1", "ZAC-2"]
    assert files(inbox.inbox) == []
    (noted,) = audit_lines(inbox.record)
    assert (noted.who, noted.about) == ("Wei Zhang", {"file": sent.name, "sha256": sent.intake.sha256})
    assert b"Wei Zhang" not in (inbox.accepted_folder / sent.intake.file).read_bytes()


def test_rows_that_are_refused_stay_with_the_person(inbox: LabInbox) -> None:
    wrong = {**GOOD, "sample_id": "ZAC-2", "dimension_mm": "thick"}
    found, sent = send_rows(inbox, [wrong, GOOD, {}], FORM, "")
    assert [one.outcome for one in found] == ["refused", "accepted", "empty"]
    assert sent is not None
    assert sent.intake is not None
    assert (sent.intake.refused, samples_of(inbox)) == (0, ["ZAC-1"])
    assert send(inbox, {**wrong, "dimension_mm": "3"}, form_id=OTHER).intake is not None
    assert samples_of(inbox) == ["ZAC-1", "ZAC-2"]


@pytest.mark.parametrize("rows", [[], [{}], [{**GOOD, "verdict": "good"}], [{"note": "nothing else"}]])
def test_where_no_row_can_be_sent_nothing_is_written(inbox: LabInbox, rows: list[Cells]) -> None:
    assert send_rows(inbox, rows, FORM, "")[1] is None
    assert (files(inbox.inbox), inbox.record.streams()) == ([], [])


def test_a_form_that_is_sent_twice_leads_to_what_became_of_it(inbox: LabInbox) -> None:
    first, second = send(inbox, GOOD), send(inbox, GOOD)
    assert (second.is_earlier, second.intake) == (True, first.intake)
    assert (samples_of(inbox), files(inbox.rejected_folder), len(audit_lines(inbox.record))) == (["ZAC-1"], [], 1)


def test_a_form_that_is_sent_from_many_tabs_at_once_is_sent_once(inbox: LabInbox) -> None:
    begin = threading.Barrier(6)

    def one(_: int) -> Sent | None:
        begin.wait()
        return send_rows(inbox, [GOOD], FORM, "")[1]

    with ThreadPoolExecutor(6) as pool:
        sent = list(pool.map(one, range(6)))
    assert {one.intake.file for one in sent if one is not None and one.intake is not None} == {
        known_casts(inbox).intakes[0].file
    }
    assert (len(known_casts(inbox).intakes), samples_of(inbox)) == (1, ["ZAC-1"])


def test_the_same_form_with_other_rows_sends_those_that_are_new(inbox: LabInbox) -> None:
    """As after the back button."""
    send(inbox, GOOD)
    again = send(inbox, GOOD, {**GOOD, "sample_id": "ZAC-2"})
    assert (again.name, again.is_earlier, samples_of(inbox)) == (f"form-{FORM}-2.csv", False, ["ZAC-1", "ZAC-2"])


def test_two_people_who_report_the_same_report_it_once(inbox: LabInbox) -> None:
    send(inbox, GOOD)
    found, sent = send_rows(inbox, [GOOD], OTHER, "somebody else")
    assert (found[0].outcome, sent) == ("skipped", None)
    assert found[0].reason.startswith(f"equal to the report line 2 of form-{FORM}.")
    assert (samples_of(inbox), len(audit_lines(inbox.record))) == (["ZAC-1"], 1)


def test_what_somebody_else_reported_of_the_alloy_meanwhile_is_found(inbox: LabInbox) -> None:
    send(inbox, GOOD)
    since = intakes_until_now(inbox)
    mine = {**GOOD, "sample_id": "MINE"}
    assert cast_meanwhile(inbox, judged(inbox, [mine]), since, FORM) == ()
    send(
        inbox,
        {**GOOD, "sample_id": "THEIRS"},
        {**GOOD, "sample_id": "X", "composition_nominal": "Zr50Al10Cu40"},
        form_id=OTHER,
    )
    assert [one.sample_id for one in cast_meanwhile(inbox, judged(inbox, [mine]), since, FORM)] == ["THEIRS"]
    assert cast_meanwhile(inbox, judged(inbox, [mine]), intakes_until_now(inbox), FORM) == ()


def test_the_result_of_a_plan_is_no_cast_of_somebody_else(inbox: LabInbox) -> None:
    send(inbox, {**GOOD, "verdict": "planned"})
    assert cast_meanwhile(inbox, judged(inbox, [GOOD]), 0, FORM) == ()


def test_a_file_waits_while_others_are_taken_in_and_is_found_when_it_is_sent_again(
    inbox: LabInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "LONGEST_WAIT_S", 0.1)
    with filelock.FileLock(inbox.accepted_folder / LOCK):
        sent = send(inbox, GOOD)
        assert (sent.intake, files(inbox.inbox)) == (None, [sent.name])
        assert "try again" in sent.waits_because
        assert send(inbox, GOOD) == sent
    eager = inbox.model_copy(update={"settle_s": 0.0})
    assert take_in_now(eager, sent.name, "Eva Novak").intake is not None
    assert samples_of(inbox) == ["ZAC-1"]
    noted = [(one.who, one.what, one.about["file"]) for one in audit_lines(inbox.record)]
    assert noted == [("Wei Zhang", SENT_A_FILE, sent.name), ("Eva Novak", TOOK_A_FILE_IN, sent.name)]


def test_a_file_that_the_sensor_was_faster_to_take_in_is_found(
    inbox: LabInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in = LabInbox.take_in

    def taken_already(self: LabInbox, path: Path, wait_s: float = 0) -> Any:
        take_in(self, path)
        return take_in(self, path)

    monkeypatch.setattr(LabInbox, "take_in", taken_already)
    sent = send(inbox, GOOD)
    assert sent.intake is not None
    assert sent.intake.accepted_lines == (2,)


def cannot_write(errors: int) -> Callable[..., Any]:
    def write_bytes(self: Path, data: bytes) -> int:
        raise OSError(errors, "Read-only file system", str(self))

    return write_bytes


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES])
def test_an_inbox_that_cannot_be_written_is_said_in_one_sentence(
    inbox: LabInbox, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(Path, "write_bytes", cannot_write(number))
    with pytest.raises(NotSentError, match=r"Nothing was sent: .* could not be written because .* run again"):
        send(inbox, GOOD)
    monkeypatch.undo()
    assert (files(inbox.inbox), samples_of(inbox), list(audit_lines(inbox.record))) == ([], [], [])


def test_where_the_record_cannot_be_written_no_file_is_left(inbox: LabInbox, tmp_path: Path) -> None:
    (tmp_path / "record").write_bytes(b"a file where the folder would be")
    with pytest.raises((NotSentError, NotADirectoryError)):
        send(inbox, GOOD)
    assert files(inbox.inbox) == []


def test_an_empty_mount_point_gets_no_folder(inbox: LabInbox, tmp_path: Path) -> None:
    send(inbox, GOOD)
    (tmp_path / "lab_results").rename(tmp_path / "unmounted")
    with pytest.raises(reporting.BmgError, match="is the share that holds it mounted"):
        send(inbox, {**GOOD, "sample_id": "ZAC-2"}, form_id=OTHER)
    assert not (tmp_path / "lab_results").exists()


def test_a_machine_without_the_folder_of_the_laboratory_says_so(tmp_path: Path) -> None:
    inbox = LabInbox(root=str(tmp_path / "lab"), record=Record(url=str(tmp_path / "record")), is_elsewhere=True)
    with pytest.raises(NotSentError, match="main machine"):
        send_rows(inbox, [GOOD], FORM, "")


def test_five_hundred_rows_are_sent_and_one_more_is_a_matter_of_a_file(inbox: LabInbox) -> None:
    rows = [{**GOOD, "sample_id": f"S-{number}"} for number in range(MOST_ROWS + 1)]
    with pytest.raises(NotSentError, match="upload them as a file"):
        send_rows(inbox, rows, FORM, "")
    sent = send(inbox, *rows[1:])
    assert sent.intake is not None
    assert len(sent.intake.accepted_lines) == MOST_ROWS


@pytest.mark.parametrize("form_id", ["", "../../etc/x", "0123", "ABCDEF0123456789"])
def test_the_name_of_a_file_is_never_what_a_request_says(inbox: LabInbox, form_id: str) -> None:
    with pytest.raises(NotSentError, match="load the page again"):
        send_rows(inbox, [GOOD], form_id, "")
    with pytest.raises(NotSentError, match="load the page again"):
        send_file(inbox, "a.csv", table(line("A")), form_id, "")
    assert files(inbox.inbox) == []


@pytest.mark.parametrize(
    ("name", "received_as"),
    [
        ("zr.csv", f"upload-{FORM}-zr.csv"),
        ("C:\\lab\\zr.csv", f"upload-{FORM}-zr.csv"),
        ("../../../zr.csv", f"upload-{FORM}-zr.csv"),
        (".hidden.csv", f"upload-{FORM}-.hidden.csv"),
        ("a<b>:c.csv", f"upload-{FORM}-a_b__c.csv"),
        ("é" * 300 + ".csv", f"upload-{FORM}-{'é' * 48}.csv"),
    ],
)
def test_a_file_is_taken_in_as_it_is_under_a_harmless_name(inbox: LabInbox, name: str, received_as: str) -> None:
    data = table(line("A"), line("B", verdict="good"))
    sent = send_file(inbox, name, data, FORM, "Wei Zhang")
    assert sent.intake is not None
    assert (sent.intake.received_as, sent.intake.refused) == (received_as, 1)
    assert (inbox.accepted_folder / sent.intake.file).read_bytes() == data
    assert send_file(inbox, name, data, FORM, "") == Sent(received_as, sent.intake, is_earlier=True)
    assert [one.who for one in audit_lines(inbox.record)] == ["Wei Zhang"]


def test_a_file_that_was_taken_in_is_corrected_by_its_later_version(inbox: LabInbox) -> None:
    first = send_file(inbox, "zr.csv", table(line("A")), FORM, "")
    assert first.intake is not None
    later = table(line("A", verdict="crystalline"))
    second = send_file(inbox, first.intake.file, later, OTHER, "")
    assert second.intake is not None
    assert second.intake.in_place_of == first.intake.order
    assert send_file(inbox, first.intake.file, later, OTHER, "").is_earlier
    assert [str(one.verdict) for one in known_casts(inbox).accepted] == ["crystalline"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "not in UTF-8|is not UTF-8"),
        ("casts.zip", b"PK\x03\x04../../etc/passwd", "files that end in '.zip' are not read"),
        ("casts", b"x", "the file's name has no ending"),
        ("casts.xlsx", b"PK\x03\x04nothing else", "cannot be read|no XLSX|damaged"),
        ("casts.xlsx", zipped("../../etc/passwd", b"root"), "is no place inside the archive's folder"),
        ("casts.xlsx", zipped("xl/worksheets/sheet1.xml", bytes(5_000_000)), "the workbook is not opened"),
        ("empty.csv", b"", "the file is empty"),
    ],
)
def test_what_is_no_file_of_casts_is_judged_in_a_sentence(inbox: LabInbox, name: str, data: bytes, said: str) -> None:
    found = judged_file(inbox, name, data)
    assert [(row.line, row.outcome) for row in found.rows] in ([(0, "refused")], [(1, "refused")])
    assert re.search(said, found.rows[0].reason)


def test_a_file_is_judged_beside_what_was_accepted_and_by_its_content(inbox: LabInbox) -> None:
    data = table(line("A"), line("B", verdict="good"))
    inbox.take_in(drop(inbox, "a.csv", data))
    (again,) = judged_file(inbox, "b.csv", data).rows
    assert (again.outcome, "taken in already" in again.reason) == ("skipped", True)
    more = judged_file(inbox, "c.csv", table(line("A"), line("A", verdict="crystalline"), line("C")))
    assert [(row.line, row.outcome) for row in more.rows] == [(2, "skipped"), (3, "refused"), (4, "accepted")]


def test_a_file_of_more_than_ten_megabytes_is_refused_unread(inbox: LabInbox) -> None:
    data = table(line("A")) + b"#" * 10_000_000
    (row,) = judged_file(inbox, "big.csv", data).rows
    assert (row.outcome, row.reason) == ("refused", "the file is larger than 10 MB")
    sent = send_file(inbox, "big.csv", data, FORM, "")
    assert sent.intake is not None
    (told,) = report_on(inbox.rejected_folder / sent.intake.file)
    assert told["reason"] == row.reason


@pytest.mark.parametrize("name", ["link.csv", "whole.csv.part"])
def test_what_the_next_look_would_leave_is_not_taken_in_now_either(inbox: LabInbox, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.csv").write_bytes(table(line("A")))
    (inbox.inbox / "link.csv").symlink_to(tmp_path / "secret.csv")
    drop(inbox, "whole.csv.part", table(line("A")))
    sent = take_in_now(inbox.model_copy(update={"settle_s": 0.0}), name, "")
    assert sent.intake is None
    assert sent.waits_because.startswith("it is ")
    assert samples_of(inbox) == []


@pytest.mark.parametrize("name", ["..", "", "\0", "../record/record.json"])
def test_only_a_file_of_the_inbox_is_taken_in(inbox: LabInbox, name: str) -> None:
    with pytest.raises(NotSentError, match="neither in the inbox nor in the record"):
        take_in_now(inbox, name, "Wei Zhang")
    assert audit_lines(inbox.record) == ()
