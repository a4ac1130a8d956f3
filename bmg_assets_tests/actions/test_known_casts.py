"""What is known of the casts is what the record says now."""

from pathlib import Path

import pytest

from bmg_assets.actions.known_casts import known_casts
from bmg_assets.intake.inbox import LabInbox
from bmg_assets_tests.intake.cast_files import HEADER, drop, inbox_at, line, table


@pytest.fixture
def inbox(tmp_path: Path) -> LabInbox:
    return inbox_at(tmp_path)


def test_each_intake_is_known_at_once(inbox: LabInbox) -> None:
    assert (known_casts(inbox).intakes, known_casts(inbox).accepted) == ((), ())
    inbox.take_in(drop(inbox, "a.csv", table(line("A"))))
    assert [one.sample_id for one in known_casts(inbox).accepted] == ["A"]
    inbox.take_in(drop(inbox, "b.csv", table(line("B", verdict="good"))))
    assert [one.received_as for one in known_casts(inbox).intakes] == ["a.csv", "b.csv"]
    assert known_casts(inbox).casts == inbox.accepted()


def test_the_report_that_counts_is_the_last_one_and_none_after_a_withdrawal(inbox: LabInbox) -> None:
    header = f"{HEADER},supersedes"
    for number, verdict in enumerate(["amorphous", "crystalline", "withdrawn"]):
        row = f"{line('A', verdict=verdict)},{'A' if number else ''}"
        inbox.take_in(drop(inbox, f"{number}.csv", table(row, header=header)))
        found = known_casts(inbox).current("A")
        assert (found.verdict if found else None) == (verdict if verdict != "withdrawn" else None)
    assert known_casts(inbox).current("B") is None
    assert known_casts(inbox).of_composition("Al5Cu45Zr50") == ()


def test_casts_of_an_alloy_can_be_asked_for_that_came_after_an_intake(inbox: LabInbox) -> None:
    inbox.take_in(drop(inbox, "a.csv", table(line("A"))))
    inbox.take_in(drop(inbox, "b.csv", table(line("B"), line("C", composition_nominal="Zr50Al10Cu40"))))
    known = known_casts(inbox)
    found = {after: [one.sample_id for one in known.of_composition("Al5Cu45Zr50", after)] for after in range(3)}
    assert found == {0: ["A", "B"], 1: ["B"], 2: []}
