"""The inbox is shown as it is: what waits, what was taken in page by page, and what needs a person."""

from pathlib import Path

import pytest

from bmg_assets.actions import inbox_view
from bmg_assets.actions.inbox_view import NoSuchFileError, file_now, inbox_now
from bmg_assets.actions.reporting import send_file, send_rows
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.store.record import Record, Stream
from bmg_assets_tests.actions.test_form_rows import GOOD
from bmg_assets_tests.intake.cast_files import drop, inbox_at, line, table


@pytest.fixture
def inbox(tmp_path: Path) -> LabInbox:
    return inbox_at(tmp_path)


def test_an_inbox_in_which_nothing_happened_is_empty(inbox: LabInbox, tmp_path: Path) -> None:
    nowhere = LabInbox(root=str(tmp_path / "nowhere"), record=Record(url=str(tmp_path / "no record")))
    for one in (inbox, nowhere):
        now = inbox_now(one)
        assert (now.waiting, now.intakes, now.of, now.page, now.pages) == ((), (), 0, 1, 1)
    assert not (tmp_path / "nowhere").exists()


def test_files_are_shown_the_newest_first_and_page_by_page(inbox: LabInbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_view, "PAGE_LENGTH", 2)
    for number in range(5):
        inbox.take_in(drop(inbox, f"{number}.csv", table(line(f"S-{number}"))))
    pages = [[one.received_as for one in inbox_now(inbox, page).intakes] for page in (1, 2, 3)]
    assert pages == [["4.csv", "3.csv"], ["2.csv", "1.csv"], ["0.csv"]]
    assert [(inbox_now(inbox, page).page, inbox_now(inbox, page).pages) for page in (-1, 9)] == [(1, 3), (3, 3)]


def test_a_file_that_waits_says_why(inbox: LabInbox) -> None:
    drop(inbox, "cut.csv", table(line("A"))[:-3])
    drop(inbox, "a.csv.part", b"")
    reasons = {one.name: one.reason for one in inbox_now(inbox).waiting}
    assert reasons == {"cut.csv": "it changed a moment ago", "a.csv.part": "it is still being copied, by its name"}
    waiting = file_now(inbox, "a.csv.part")
    assert (waiting.intake, waiting.waits_because) == (None, reasons["a.csv.part"])
    eager = inbox.model_copy(update={"settle_s": 0.0, "patience_s": 0.0})
    assert {one.name: one.reason for one in eager.waiting()}["cut.csv"].startswith("it is complete")


def test_a_file_is_found_by_either_name_with_its_report_and_who_sent_it(inbox: LabInbox) -> None:
    _, sent = send_rows(inbox, [GOOD], "0123456789abcdef", "Wei Zhang")
    assert sent is not None
    assert sent.intake is not None
    for name in (sent.name, sent.intake.file):
        found = file_now(inbox, name)
        assert (found.name, found.sent_by, [one.outcome for one in found.report]) == (
            sent.intake.file,
            "Wei Zhang",
            ["accepted"],
        )
    assert inbox_now(inbox).sent_by == {1: "Wei Zhang"}
    for name in ("other.csv", "../record.json", ""):
        with pytest.raises(NoSuchFileError, match="No file"):
            file_now(inbox, name)


def test_a_file_that_nobody_sent_has_no_sender_and_a_later_version_its_own(inbox: LabInbox) -> None:
    taken = inbox.take_in(drop(inbox, "a.csv", table(line("A"))))
    send_file(inbox, taken.file.name, table(line("A", verdict="crystalline")), "0123456789abcdef", "Wei Zhang")
    now = inbox_now(inbox)
    assert [one.received_as for one in now.intakes] == ["a.csv", "a.csv"]
    assert now.sent_by == {1: "", 2: "Wei Zhang"}


def test_casts_that_contradict_each_other_are_on_top_with_both_samples(inbox: LabInbox) -> None:
    rows = [
        line("A", dimension_mm="2", verdict="crystalline"),
        line("B", dimension_mm="3"),
        line("C", composition_nominal="Zr50Al10Cu40"),
    ]
    inbox.take_in(drop(inbox, "a.csv", table(*rows)))
    (alloy,) = inbox_now(inbox).quarantined
    assert (alloy.formula, [one.sample_id for one in alloy.casts]) == ("Zr50Al5Cu45", ["A", "B"])
    assert "check both and withdraw one" in alloy.label.reasons[0]


def test_a_second_look_reads_no_entry_of_the_record_again(inbox: LabInbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        send_rows(inbox, [{**GOOD, "sample_id": f"S-{number}"}], f"{number:016}", "Wei Zhang")
    first = inbox_now(inbox)

    def entries(self: Stream) -> None:
        pytest.fail(f"{self.name} was read again")

    monkeypatch.setattr(Stream, "entries", entries)
    assert inbox_now(inbox) == first
    assert len(file_now(inbox, first.intakes[0].file).report) == 1


def test_refused_rows_are_on_top(inbox: LabInbox) -> None:
    inbox.take_in(drop(inbox, "a.csv", table(line("A", verdict="good"))))
    (row,) = inbox_now(inbox).refused
    assert row == file_now(inbox, "a.csv").refused[0]
