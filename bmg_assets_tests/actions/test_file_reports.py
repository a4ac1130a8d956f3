"""The report on a file and its rows are what was said and written at its intake."""

from pathlib import Path

import pytest

from bmg_assets.actions.file_reports import report_on, rows_of
from bmg_assets.actions.known_casts import known_casts
from bmg_assets.intake.file import report_of
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.intake.rows import REQUIRED_COLUMNS
from bmg_assets_tests.intake.cast_files import HEADER, drop, inbox_at, line, table
from bmg_assets_tests.intake.workbooks import book_of, cells, saved


@pytest.fixture
def inbox(tmp_path: Path) -> LabInbox:
    return inbox_at(tmp_path, largest_mb=0.1)


def test_a_report_is_read_with_every_fault_of_a_row(inbox: LabInbox) -> None:
    bad = line("=B", verdict="good", dimension_mm="thick")
    inbox.take_in(drop(inbox, "a.csv", table(line("A", method="suction"), bad, line("A", method="suction"))))
    (intake,) = known_casts(inbox).intakes
    rows = report_on(inbox, intake)
    assert [(one.line, one.outcome, one.column) for one in rows] == [
        (2, "accepted", ""),
        (3, "refused", "sample_id"),
        (4, "skipped", ""),
    ]
    assert rows[0].note == "method: 'suction' was read as suction_casting: method synonym"
    assert rows[1].value == "=B"


def test_without_the_report_there_is_none(inbox: LabInbox) -> None:
    taken = inbox.take_in(drop(inbox, "a.csv", table(line("A"))))
    report_of(taken.file).unlink()
    assert report_on(inbox, known_casts(inbox).intakes[0]) == ()


def test_rows_are_given_as_they_were_written(inbox: LabInbox) -> None:
    inbox.take_in(drop(inbox, "a.csv", table(f"{line('A', verdict='good')},<b>", header=f"{HEADER},Note")))
    inbox.take_in(drop(inbox, "b.xlsx", saved(book_of(list(REQUIRED_COLUMNS), cells(sample_id="B", verdict="good")))))
    first, second = known_casts(inbox).intakes
    row = rows_of(inbox, first)[2]
    assert (row["sample_id"], row["verdict"], row["note"]) == ("A", "good", "<b>")
    assert [one["sample_id"] for one in rows_of(inbox, second).values()] == ["B"]


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n", b"x" * 200_000])
def test_what_is_no_table_or_was_too_large_has_no_rows(inbox: LabInbox, data: bytes) -> None:
    inbox.take_in(drop(inbox, "a.csv", data))
    (intake,) = known_casts(inbox).intakes
    assert rows_of(inbox, intake) == {}
    assert report_on(inbox, intake)[0].outcome == "refused"
