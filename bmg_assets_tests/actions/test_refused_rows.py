"""A refused row is shown until its sample is accepted or a person set it aside."""

from pathlib import Path

import pytest

from bmg_assets.actions.audit import audit_lines
from bmg_assets.actions.refused_rows import NoSuchRowError, OpenRefusals, set_aside
from bmg_assets.actions.reporting import send_file
from bmg_assets.intake.inbox import LabInbox
from bmg_assets_tests.intake.cast_files import HEADER, drop, inbox_at, line, table


@pytest.fixture
def inbox(tmp_path: Path) -> LabInbox:
    return inbox_at(tmp_path)


def still_open(inbox: LabInbox) -> list[tuple[str, int]]:
    return [(row.intake.received_as, row.line) for row in OpenRefusals(inbox).all()]


def test_a_refused_row_is_shown_with_what_was_written_and_why(inbox: LabInbox) -> None:
    inbox.take_in(drop(inbox, "a.csv", table(line("A"), line("B", verdict="good", dimension_mm="thick"))))
    (row,) = OpenRefusals(inbox).all()
    assert (row.line, row.cells["sample_id"], row.cells["dimension_mm"]) == (3, "B", "thick")
    assert [reason.partition(":")[0] for reason in row.reasons] == ["dimension_mm", "verdict"]
    assert OpenRefusals(inbox).of(row.intake) == (row,)


def test_it_is_done_with_when_its_sample_is_accepted(inbox: LabInbox) -> None:
    inbox.take_in(drop(inbox, "a.csv", table(line("A", verdict="good"), line("B", verdict="good"), line("B"))))
    assert still_open(inbox) == [("a.csv", 2)]
    inbox.take_in(drop(inbox, "b.csv", table(line("A"))))
    assert still_open(inbox) == []


def test_a_contradiction_of_an_earlier_report_is_open_until_it_is_corrected(inbox: LabInbox) -> None:
    inbox.take_in(drop(inbox, "a.csv", table(line("A"))))
    inbox.take_in(drop(inbox, "b.csv", table(line("A", verdict="crystalline"))))
    assert still_open(inbox) == [("b.csv", 2)]
    correction = table(f"{line('A', verdict='crystalline')},A", header=f"{HEADER},supersedes")
    inbox.take_in(drop(inbox, "c.csv", correction))
    assert still_open(inbox) == []


def test_a_file_that_was_refused_as_a_whole_is_open_until_one_of_its_name_is_accepted(inbox: LabInbox) -> None:
    inbox.take_in(drop(inbox, "a.csv", b"\x89PNG\r\n\x1a\n\xff"))
    inbox.take_in(drop(inbox, "other.csv", table(line("A"))))
    assert [place[0] for place in still_open(inbox)] == ["a.csv"]
    inbox.take_in(drop(inbox, "a.csv", table(line("B"))))
    assert still_open(inbox) in ([], [("a.csv", 1)])


def test_a_file_that_came_in_twice_needs_nobody(inbox: LabInbox) -> None:
    for name in ("a.csv", "b.csv"):
        inbox.take_in(drop(inbox, name, table(line("A"))))
    assert still_open(inbox) == []


def test_a_person_can_set_a_row_aside_and_it_is_noted(inbox: LabInbox) -> None:
    sent = send_file(
        inbox, "a.csv", table(line("A", verdict="good"), line("B", verdict="good")), "0123456789abcdef", ""
    )
    assert sent.intake is not None
    set_aside(inbox, sent.intake.file, 2, "Wei Zhang")
    assert [place[1] for place in still_open(inbox)] == [3]
    noted = audit_lines(inbox.record)[-1]
    assert (noted.who, noted.about) == ("Wei Zhang", {"file": sent.intake.file, "line": 2})
    for file, number in ((sent.intake.file, 2), (sent.intake.file, 9), ("other.csv", 2)):
        with pytest.raises(NoSuchRowError, match="is no refused row"):
            set_aside(inbox, file, number, "")
