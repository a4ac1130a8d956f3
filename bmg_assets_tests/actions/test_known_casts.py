"""What is known of the casts is what the record says now."""

from pathlib import Path

import pytest

from bmg_assets.actions.known_casts import known_casts, read_ahead
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.store.folder import LocalFolder
from bmg_assets.store.record import RecordDamagedError
from bmg_assets_tests.intake.cast_files import HEADER, drop, inbox_at, line, table

FILES = 20


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of the record that are read from now on; seconds would say more about the machine."""
    found, read = list[str](), LocalFolder.read

    def noted(self: LocalFolder, name: str) -> bytes:
        found.append(name)
        return read(self, name)

    monkeypatch.setattr(LocalFolder, "read", noted)
    return found


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


def test_the_first_look_reads_each_file_of_the_record_once(inbox: LabInbox, reads: list[str]) -> None:
    for number in range(FILES):
        inbox.take_in(drop(inbox, f"{number}.csv", table(line(f"S-{number}"))))
    reads.clear()
    known_casts(inbox)
    assert len([name for name in reads if "/files/" in name]) == FILES
    assert len(reads) <= 2 * FILES + 4


def test_a_further_file_costs_its_own_reads_however_many_there_are(inbox: LabInbox, reads: list[str]) -> None:
    for number in range(FILES):
        inbox.take_in(drop(inbox, f"{number}.csv", table(line(f"S-{number}"))))
    known_casts(inbox)
    inbox.take_in(drop(inbox, "further.csv", table(line("A"), line("B", verdict="good"))))
    reads.clear()
    known = known_casts(inbox)
    assert len(reads) <= 8
    assert known.casts == inbox.accepted()
    assert [one.received_as for one in known.intakes][-2:] == [f"{FILES - 1}.csv", "further.csv"]


def test_whatever_comes_next_what_is_known_is_what_all_files_together_say(inbox: LabInbox) -> None:
    header = f"{HEADER},supersedes"
    first = inbox.take_in(drop(inbox, "a.csv", table(line("A"), line("B"))))
    assert known_casts(inbox).casts == inbox.accepted()
    later = table(line("A", verdict="crystalline"), line("B"))
    for name, data in {
        "correction.csv": table(f"{line('A', verdict='crystalline')},A", header=header),
        "the same again.csv": table(line("B"), line("C")),
        "nothing.csv": table(line("D", verdict="good")),
        first.file.name: later,
        "withdrawal.csv": table(f"{line('C', verdict='withdrawn')},C", header=header),
    }.items():
        inbox.take_in(drop(inbox, name, data))
        assert known_casts(inbox).casts == inbox.accepted()
        assert [one.order for one in known_casts(inbox).intakes] == list(range(1, len(known_casts(inbox).intakes) + 1))


def test_what_was_read_ahead_is_not_read_again(inbox: LabInbox, reads: list[str]) -> None:
    for number in range(FILES):
        inbox.take_in(drop(inbox, f"{number}.csv", table(line(f"S-{number}"))))
    read_ahead(inbox).join(60)
    reads.clear()
    assert len(known_casts(inbox).intakes) == FILES
    assert len(reads) <= 2


def test_reading_ahead_leaves_what_is_wrong_to_who_asks(inbox: LabInbox) -> None:
    inbox.take_in(drop(inbox, "a.csv", table(line("A"))))
    for path in (Path(inbox.record.url) / "casts" / "journal").iterdir():
        path.write_bytes(b"harmed")
    thread = read_ahead(inbox)
    thread.join(60)
    assert not thread.is_alive()
    with pytest.raises(RecordDamagedError):
        known_casts(inbox)
