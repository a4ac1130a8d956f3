"""A row that is filled in already says what is known, and only what a person changes changes."""

from datetime import date
from pathlib import Path

import pytest

from bmg_assets.actions.known_casts import known_casts
from bmg_assets.actions.prefilled_rows import (
    NoSuchCastError,
    changes_nothing,
    correction_of,
    further_columns,
    new_row,
    row_for,
    row_of,
    withdrawal_of,
)
from bmg_assets.actions.reporting import judged, send_rows
from bmg_assets.intake.inbox import LabInbox
from bmg_assets_tests.intake.cast_files import HEADER, drop, inbox_at, line, samples_of, table

TODAY = date(2026, 3, 1)
FULL = {
    "lab_id": "lab 3",
    "verdict_method": "XRD",
    "tg_K": "690.5",
    "tx_K": "745",
    "xrd_file": "xrd/A.xy",
    "note": "a note",
    "heat no.": "12",
}


@pytest.fixture
def inbox(tmp_path: Path) -> LabInbox:
    inbox = inbox_at(tmp_path)
    row = f"{line('A', dimension_mm='2.05')},{','.join(FULL.values())}"
    inbox.take_in(drop(inbox, "a.csv", table(row, header=f"{HEADER},{','.join(FULL)}")))
    return inbox


def test_a_row_says_what_the_report_says(inbox: LabInbox) -> None:
    (cast,) = known_casts(inbox).accepted
    row = row_of(cast)
    assert {column: row[column] for column in FULL} == FULL
    (same,) = judged(inbox, [row])
    assert same.reason.startswith("equal to the report line 2 of a.")


def test_a_correction_is_the_report_until_somebody_changes_it(inbox: LabInbox) -> None:
    row = correction_of(known_casts(inbox), "A")
    assert row["supersedes"] == "A"
    send_rows(inbox, [{**row, "verdict": "crystalline"}], "0123456789abcdef", "")
    current = known_casts(inbox).current("A")
    assert current is not None
    assert (current.verdict, current.extra, current.tg_K) == ("crystalline", (("heat no.", "12"),), 690.5)
    assert further_columns(known_casts(inbox), {"supersedes": "A"}) == {"heat no.": "12"}


def test_a_correction_that_changes_nothing_is_known_as_such(inbox: LabInbox) -> None:
    known, row = known_casts(inbox), correction_of(known_casts(inbox), "A")
    same, changed = judged(inbox, [row]), judged(inbox, [{**row, "heat no.": "13"}])
    assert [changes_nothing(known, one.cast) for (one,) in (same, changed) if one.cast] == [True, False]
    (new,) = judged(inbox, [{**row, "sample_id": "B", "supersedes": ""}])
    assert new.cast is not None
    assert not changes_nothing(known, new.cast)


@pytest.mark.parametrize(("note", "kept"), [("", "a note"), ("the label was swapped", "the label was swapped")])
def test_a_withdrawal_takes_the_report_back(inbox: LabInbox, note: str, kept: str) -> None:
    row = withdrawal_of(known_casts(inbox), "A", note)
    assert (row["verdict"], row["supersedes"], row["note"]) == ("withdrawn", "A", kept)
    send_rows(inbox, [row], "0123456789abcdef", "")
    assert known_casts(inbox).current("A") is None
    for deed in (correction_of, withdrawal_of):
        with pytest.raises(NoSuchCastError, match="no report of sample 'A' that counts"):
            deed(known_casts(inbox), "A")


def test_a_new_row_is_of_today_and_of_the_alloy(inbox: LabInbox) -> None:
    expected = {"composition_nominal": "Zr50Al10Cu40", "composition_unit": "at%", "test_date": "2026-03-01"}
    assert row_for(known_casts(inbox), "Zr50Al10Cu40", TODAY) == expected == new_row(TODAY, "Zr50Al10Cu40")
    assert row_for(known_casts(inbox), "Zr50Al5Cu45", TODAY)["composition_nominal"] == "Zr50Al5Cu45"
    assert "sample_id" not in row_for(known_casts(inbox), "Zr50Al5Cu45", TODAY)
    assert row_for(known_casts(inbox), "no alloy", TODAY)["composition_nominal"] == "no alloy"


def test_the_result_of_a_plan_begins_with_what_was_planned(inbox: LabInbox) -> None:
    plan = line("P", composition_nominal="Zr50Al10Cu40", verdict="planned", dimension_mm="3")
    inbox.take_in(drop(inbox, "p.csv", table(plan)))
    row = row_for(known_casts(inbox), "Cu40Zr50Al10", TODAY)
    assert (row["sample_id"], row["dimension_mm"], row["verdict"], row["test_date"]) == ("P", "3", "", "2026-03-01")
    assert row_for(known_casts(inbox), "Cu40Zr50Al10", TODAY, "P") == row
    other = row_for(known_casts(inbox), "Cu40Zr50Al10", TODAY, "another")
    assert (other["sample_id"], "dimension_mm" in other) == ("another", False)
    send_rows(inbox, [{**row, "verdict": "amorphous"}], "0123456789abcdef", "")
    assert samples_of(inbox) == ["A", "P", "P"]
    assert "sample_id" not in row_for(known_casts(inbox), "Zr50Al10Cu40", TODAY)
