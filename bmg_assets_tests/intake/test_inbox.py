"""Every file is taken in once and in its order, and what was accepted follows from the accepted files alone."""

import errno
import os
import shutil
import threading
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import filelock
import pytest

from bmg_assets.intake import accepted
from bmg_assets.intake import inbox as inbox_module
from bmg_assets.intake.accepted import LostCorrectionError
from bmg_assets.intake.file import is_file_of_casts, is_looked_at
from bmg_assets.intake.inbox import InboxBusyError, InboxLook, LabInbox, LaboratoryNotThereError, casts_in_no_run
from bmg_assets.intake.outcome import FileOutcome, read_file
from bmg_assets.intake.reading import READING_FILE
from bmg_assets.intake.record import NO_CASTS, SystemLines, all_intakes, file_of, fingerprint_of
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.casts.cast import Refusal
from bmg_assets.science.casts.lab_tables import as_frame, lab_casts_rows
from bmg_assets.store.folder import FolderError
from bmg_assets.store.record import Record, RecordDamagedError, Stream
from bmg_assets.store.store import Store
from bmg_assets.store.tables.arrow import empty_frame
from bmg_assets.store.tables.lab import LAB_CASTS
from bmg_assets_tests.intake.cast_files import (
    HEADER,
    LATER_S,
    drop,
    inbox_at,
    line,
    outcomes,
    report_on,
    samples_of,
    table,
)

ZR, MG = {"Zr", "Al", "Cu"}, {"Mg", "Zn", "Ca"}
SYSTEM = parse_system("Zr-Al-Cu")


@pytest.fixture
def inbox(tmp_path: Path) -> LabInbox:
    return inbox_at(tmp_path)


def later(inbox: LabInbox) -> InboxLook:
    """A look at a time when every file has been complete for long."""
    return inbox.take_in_complete(now=time.time() + LATER_S)


def magnesium(sample_id: str, **cells: str) -> str:
    return line(sample_id, composition_nominal="Mg60Zn35Ca5", **cells)


def test_the_name_has_the_hash_and_the_record_the_order(inbox: LabInbox) -> None:
    first = inbox.take_in(drop(inbox, "a.csv", table(line("A"), line("B", verdict="good"))))
    second = inbox.take_in(drop(inbox, "b.csv", table(magnesium("C"))))
    assert (first.accepted, first.refused, first.skipped) == (1, 1, 0)
    found = all_intakes(inbox.casts)
    assert [one.order for one in found] == [1, 2]
    assert [one.file for one in found] == [first.file.name, second.file.name]
    assert first.file.name == f"a.{found[0].sha256[:12]}.csv"
    assert found[0].systems == (SystemLines(("Zr", "Al", "Cu"), (2,)),)
    assert samples_of(inbox) == ["A", "C"]


def test_a_day_counts_where_the_laboratory_is(inbox: LabInbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The two zones are 25 hours apart, so the day of the first is always one that the second has not reached.

    The file waits until the day has come, or the clock is right.
    """
    day = datetime.now(ZoneInfo("Pacific/Kiritimati")).date()
    monkeypatch.setenv("BMG_TIME_ZONE", "Pacific/Pago_Pago")
    drop(inbox, "a.csv", table(line("A", test_date=str(day)), line("B", test_date="2025-01-31")))
    look = later(inbox)
    assert look.taken == ()
    assert "line 2: the test date" in look.waiting[0].reason
    assert "taken in on that day" in look.waiting[0].reason
    monkeypatch.setenv("BMG_TIME_ZONE", "Pacific/Kiritimati")
    assert [one.accepted for one in later(inbox).taken] == [2]
    assert all_intakes(inbox.casts)[0].day == day


def test_a_day_far_in_the_future_is_refused(inbox: LabInbox) -> None:
    taken = inbox.take_in(drop(inbox, "a.csv", table(line("A", test_date="2999-01-31"), line("B"))))
    assert (taken.accepted, taken.refused) == (1, 1)
    assert "lies in the future" in report_on(taken.file)[0]["reason"]


def test_a_link_is_not_followed(inbox: LabInbox, tmp_path: Path) -> None:
    """Whoever can write into the inbox could read any file of the server in `rejected` else."""
    secret = tmp_path / "secret.csv"
    secret.write_bytes(table(line("A")))
    (inbox.inbox / "casts.csv").symlink_to(secret)
    look = later(inbox)
    assert look.taken == ()
    assert "put the file itself here" in look.waiting[0].reason
    assert samples_of(inbox) == []


def test_files_are_taken_in_oldest_first(inbox: LabInbox) -> None:
    """So that a correction that was dropped together with what it corrects is understood."""
    correction = drop(inbox, "a.csv", table(f"{line('A', dimension_mm='3')},A", header=f"{HEADER},supersedes"))
    withdrawal = drop(inbox, "b.csv", table(f"{line('Z', verdict='withdrawn')},B", header=f"{HEADER},supersedes"))
    original = drop(inbox, "c.csv", table(line("A"), line("B")))
    for age, path in enumerate((withdrawal, correction, original)):
        os.utime(path, ns=(0, 10**18 - age * 10**9))
    look = later(inbox)
    assert [one.received_as for one in look.taken] == ["c.csv", "a.csv", "b.csv"]
    history = inbox.accepted().history
    assert [(one.cast.sample_id, one.cast.dimension_mm, one.by.sample_id) for one in history.superseded] == [
        ("A", 2.5, "A"),
        ("B", 2.5, "Z"),
    ]
    assert [cast.dimension_mm for cast in history.current if cast.sample_id == "A"] == [3]


def test_a_plan_makes_way_for_its_result_and_comes_not_back(inbox: LabInbox) -> None:
    planned = table(line("A", verdict="requested"))
    first = inbox.take_in(drop(inbox, "plan.csv", planned))
    result = inbox.take_in(drop(inbox, "result.csv", table(line("A", dimension_mm="3"))))
    late = inbox.take_in(drop(inbox, "late.csv", table(line("A", verdict="planned"), line("A", verdict="planned"))))
    assert [(one.accepted, one.refused, one.skipped) for one in (first, result, late)] == [
        (1, 0, 0),
        (1, 0, 0),
        (0, 0, 2),
    ]
    other = inbox.take_in(drop(inbox, "other.csv", table(line("A", verdict="planned", dimension_mm="4"))))
    (refused,) = report_on(other.file)
    assert (refused["outcome"], refused["column"]) == ("refused", "sample_id")
    assert refused["mend"].startswith("leave the row out, since a plan takes the place of no result")
    history = inbox.accepted().history
    assert [(cast.sample_id, cast.dimension_mm, cast.verdict) for cast in history.current] == [("A", 3, "amorphous")]
    assert [one.cast.verdict for one in history.superseded] == ["planned"]


def test_the_order_of_intake_outlives_names_and_the_laboratorys_folder(inbox: LabInbox, tmp_path: Path) -> None:
    for number, size in enumerate((2, 3, 1.5)):
        row = f"{line('A', dimension_mm=str(size))},{'A' if number else ''}"
        inbox.take_in(drop(inbox, f"{9 - number}.csv", table(row, header=f"{HEADER},supersedes")))
    before, wanted = inbox.accepted(), inbox.wanted()
    shutil.rmtree(inbox.root)
    elsewhere = LabInbox(root=str(tmp_path / "elsewhere"), record=inbox.record)
    assert elsewhere.accepted() == before
    assert [cast.dimension_mm for cast in before.history.accepted] == [2, 3, 1.5]
    assert elsewhere.wanted() == wanted
    assert elsewhere.fill_from_record() == 3
    assert later(elsewhere).taken == ()
    assert elsewhere.accepted() == before


def test_the_same_content_is_set_aside_and_counted_once(inbox: LabInbox) -> None:
    data = table(line("A"), line("B", verdict="good"))
    first = inbox.take_in(drop(inbox, "a.csv", data))
    before = inbox.wanted()
    again = inbox.take_in(drop(inbox, "other name.csv", data))
    assert again.file.parent == inbox.rejected_folder
    assert again.file.read_bytes() == first.file.read_bytes() == data
    (only,) = report_on(again.file)
    assert f"a file with this very content was taken in already, as {first.file.name}" in only["reason"]
    assert samples_of(inbox) == ["A"]
    assert inbox.wanted() == before


def test_a_file_comes_back_with_more_rows(inbox: LabInbox) -> None:
    inbox.take_in(drop(inbox, "casts.csv", table(line("A"))))
    second = inbox.take_in(drop(inbox, "casts.csv", table(line("A"), line("B"), line("A", verdict="crystalline"))))
    report = report_on(second.file)
    assert outcomes(report) == [(2, "skipped"), (3, "accepted"), (4, "refused")]
    assert "write A in supersedes" in report[2]["mend"]
    assert samples_of(inbox) == ["A", "B"]
    assert len(list(inbox.accepted_folder.glob("casts.*.csv"))) == 4  # two files and their reports


def test_what_was_rejected_is_judged_anew(inbox: LabInbox) -> None:
    correction = table(f"{line('A2')},A", header=f"{HEADER},supersedes")
    assert not inbox.take_in(drop(inbox, "early.csv", correction)).accepted
    inbox.take_in(drop(inbox, "first.csv", table(line("A"))))
    assert inbox.take_in(drop(inbox, "early.csv", correction)).accepted
    assert samples_of(inbox) == ["A", "A2"]


def test_a_file_waits_until_it_is_complete(inbox: LabInbox) -> None:
    data = table(line("A"), line("B"))
    path = drop(inbox, "casts.csv", data[:-1])
    now = path.stat().st_ctime
    for seconds, reason in ((0.0, "it changed a moment ago"), (1.9, "a moment ago"), (59, "its last line has no end")):
        look = inbox.take_in_complete(now + seconds)
        assert look.taken == ()
        assert [one.name for one in look.waiting] == ["casts.csv"]
        assert reason in look.waiting[0].reason
    with open(path, "ab") as file:
        file.write(data[-1:])
    assert inbox.take_in_complete(path.stat().st_ctime + 1.9).taken == ()
    assert inbox.take_in_complete(path.stat().st_ctime + 2.1).taken[0].accepted == 2


def test_a_last_line_without_an_end_is_read_after_a_minute(inbox: LabInbox) -> None:
    path = drop(inbox, "casts.csv", table(line("A"))[:-1])
    assert inbox.take_in_complete(path.stat().st_ctime + 61).taken[0].accepted == 1


def test_a_copy_that_keeps_an_old_time_settles_too(inbox: LabInbox) -> None:
    path = drop(inbox, "casts.csv", table(line("A")))
    os.utime(path, (1, 1))
    assert inbox.take_in_complete(path.stat().st_ctime + 1).taken == ()
    os.utime(path, (time.time() + 9e6,) * 2)
    assert inbox.take_in_complete(path.stat().st_ctime + 3).taken[0].accepted


def test_half_a_workbook_waits(inbox: LabInbox) -> None:
    path = drop(inbox, "casts.xlsx", b"PK\x03\x04 and so on")
    assert inbox.take_in_complete(path.stat().st_ctime + 30).waiting[0].reason == "it has no end"
    assert inbox.take_in_complete(path.stat().st_ctime + 61).taken[0].refused == 1


def test_what_is_not_for_the_inbox_stays(inbox: LabInbox) -> None:
    for name in (".gitkeep", ".casts.csv.Xy12", "~$casts.xlsx", "casts.csv.part"):
        drop(inbox, name, b"something")
    (inbox.inbox / "xrd").mkdir()
    drop(inbox, "xrd/pattern.csv", b"1,2\n")
    look = later(inbox)
    assert look.taken == ()
    assert [(one.name, one.reason) for one in look.waiting] == [
        ("casts.csv.part", "it is still being copied, by its name")
    ]
    assert len(list(inbox.inbox.rglob("*"))) == 6


def test_rows_written_after_the_intake_are_not_lost(inbox: LabInbox) -> None:
    """A writer that paused for longer than the settling time has the very file open that was moved."""
    path = inbox.inbox / "casts.csv"
    with open(path, "wb", buffering=0) as writer:
        writer.write(table(line("A")))
        first = later(inbox).taken[0]
        writer.write(f"{line('B')}\n".encode())
        assert samples_of(inbox) == ["A"]
        later(inbox)
        writer.write(f"{line('C')}\n".encode())
        later(inbox)
        later(inbox)
    later(inbox)
    assert samples_of(inbox) == ["A", "B", "C"]
    assert not first.file.exists()
    (only,) = (path for path in inbox.accepted_folder.iterdir() if is_looked_at(path) and is_file_of_casts(path))
    assert only.read_bytes() == table(line("A"), line("B"), line("C"))
    assert list(inbox.inbox.iterdir()) == []


def test_rows_written_after_a_rejection_are_not_lost(inbox: LabInbox) -> None:
    with open(inbox.inbox / "casts.csv", "wb", buffering=0) as writer:
        writer.write(table())
        assert not later(inbox).taken[0].accepted
        assert later(inbox).taken == ()
        time.sleep(0.02)
        writer.write(f"{line('A')}\n".encode())
        assert later(inbox).taken[0].accepted
    assert samples_of(inbox) == ["A"]


@pytest.mark.parametrize("damage", [b"", b"other", None])
def test_a_damaged_file_of_the_record_is_put_back_from_its_copy(inbox: LabInbox, damage: bytes | None) -> None:
    taken = inbox.take_in(drop(inbox, "casts.csv", table(line("A"), line("B"))))
    recorded = Path(inbox.record.url) / "casts" / "files" / taken.file.name
    recorded.unlink() if damage is None else recorded.write_bytes(damage)
    assert samples_of(inbox) == ["A", "B"]
    assert recorded.read_bytes() == taken.file.read_bytes()
    recorded.write_bytes(b"other")
    taken.file.write_bytes(b"other")
    with pytest.raises(RecordDamagedError, match=r"is not what was written.*`bmg restore`"):
        inbox.accepted()


def judged_by(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the accepted files that are judged from now on."""
    names: list[str] = []
    monkeypatch.setattr(accepted, "read_file", lambda name, *rest: names.append(name) or read_file(name, *rest))
    return names


def test_an_accepted_file_is_judged_once_for_all_systems(inbox: LabInbox, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = judged_by(monkeypatch)
    header = f"{HEADER},supersedes,tg_K,note,atmosphere"
    rows = [f"{line('A', dimension_mm='2.5 mm')},,690,é,argon", f"{line('B', verdict='?')},,,,", f"{line('A')},A,,,"]
    first = inbox.take_in(drop(inbox, "zr.csv", table(*rows, header=header)))
    second = inbox.take_in(drop(inbox, "mg.csv", table(magnesium("C"))))
    fresh = inbox.accepted()
    assert judged == [first.file.name, second.file.name]
    assert all(inbox.accepted() == fresh for _ in range(3))
    assert LabInbox(root=inbox.root, record=inbox.record).accepted() == fresh
    assert judged == [first.file.name, second.file.name]
    assert fresh.history.superseded[0].cast.extra == (("atmosphere", "argon"),)


@pytest.mark.parametrize("kept", [b"", b"{", b"[]", b'{"code": "", "files": {}}', b'{"files": 1}'])
def test_outcomes_that_cannot_be_used_are_made_again(inbox: LabInbox, kept: bytes) -> None:
    inbox.take_in(drop(inbox, "a.csv", table(line("A"))))
    fresh = inbox.accepted()
    (inbox.accepted_folder / accepted.OUTCOMES).write_bytes(kept)
    assert inbox.accepted() == fresh


def test_outcomes_of_other_code_are_made_again(inbox: LabInbox, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = inbox.take_in(drop(inbox, "a.csv", table(line("A"))))
    inbox.accepted()
    judged = judged_by(monkeypatch)
    monkeypatch.setattr(accepted, "_code", lambda: "other")
    inbox.accepted()
    inbox.accepted()
    assert judged == [taken.file.name]


def test_an_accepted_file_that_was_edited_is_judged_again(inbox: LabInbox) -> None:
    taken = inbox.take_in(drop(inbox, "casts.csv", table(line("A"), line("B"))))
    inbox.take_in(drop(inbox, "more.csv", table(line("C"))))
    before = inbox.wanted()
    taken.file.write_bytes(table(line("A"), line("B", dimension_mm="40000")))
    look = later(inbox)
    assert [(one.received_as, one.accepted, one.refused) for one in look.taken] == [("casts.csv", 0, 1)]
    assert sorted(samples_of(inbox)) == ["A", "B", "C"], "a slip in the new version takes no cast with it"
    assert inbox.wanted() == before
    taken.file.write_bytes(table(line("A"), line("B", dimension_mm="4")))
    assert [(one.received_as, one.accepted, one.refused) for one in later(inbox).taken] == [("casts.csv", 2, 0)]
    assert {cast.sample_id: cast.dimension_mm for cast in inbox.accepted().history.current}["B"] == 4
    assert inbox.wanted() != before


def test_a_later_version_of_a_file_takes_its_place(inbox: LabInbox) -> None:
    """A correction that came after the file still corrects it."""
    first = inbox.take_in(drop(inbox, "casts.csv", table(line("A"), line("B"))))
    correction = table(f"{line('A', dimension_mm='3')},A", header=f"{HEADER},supersedes")
    inbox.take_in(drop(inbox, "correction.csv", correction))
    first.file.write_bytes(table(line("A"), line("B"), line("C")))
    (look,) = later(inbox).taken
    assert (look.accepted, look.refused) == (3, 0)
    assert not first.file.exists()
    history = inbox.accepted().history
    assert [cast.sample_id for cast in history.accepted] == ["A", "B", "C", "A"]
    assert {cast.sample_id: cast.dimension_mm for cast in history.current} == {"A": 3, "B": 2.5, "C": 2.5}
    assert [one.in_place_of for one in all_intakes(inbox.casts)] == [None, None, 1]


def test_a_later_version_that_leaves_casts_out_takes_none_with_it(inbox: LabInbox) -> None:
    """A copy of an accepted file, with its hash in the name, may serve somebody as a template for new rows."""
    first = inbox.take_in(drop(inbox, "casts.csv", table(line("A"), line("B"))))
    taken = inbox.take_in(drop(inbox, first.file.name, table(line("A"), line("C"))))
    assert (taken.accepted, taken.skipped) == (1, 1)
    assert sorted(samples_of(inbox)) == ["A", "B", "C"]
    assert first.file.exists()
    assert [one.in_place_of for one in all_intakes(inbox.casts)] == [None, None]


def test_a_later_version_without_a_good_row_changes_nothing(inbox: LabInbox) -> None:
    taken = inbox.take_in(drop(inbox, "casts.csv", table(line("A"))))
    before = inbox.wanted()
    taken.file.write_bytes(table(line("A", verdict="?")))
    assert [one.file.parent for one in later(inbox).taken] == [inbox.rejected_folder]
    assert taken.file.read_bytes() == table(line("A"))
    assert inbox.wanted() == before


def test_an_accepted_file_that_was_only_touched_stays(inbox: LabInbox) -> None:
    taken = inbox.take_in(drop(inbox, "casts.csv", table(line("A"))))
    before, modified = inbox.wanted(), taken.file.stat().st_mtime_ns
    os.utime(taken.file)
    assert later(inbox).taken == ()
    assert taken.file.stat().st_mtime_ns == modified
    assert inbox.wanted() == before


def test_a_file_put_among_the_accepted_ones_is_taken_in(inbox: LabInbox) -> None:
    (inbox.accepted_folder / "casts.csv").write_bytes(table(line("A")))
    assert samples_of(inbox) == []
    look = later(inbox)
    assert [one.accepted for one in look.taken] == [1]
    assert samples_of(inbox) == ["A"]


def test_an_accepted_file_that_was_removed_counts_all_the_same(inbox: LabInbox) -> None:
    """People take a cast back by a report that withdraws it; a file that vanishes takes nothing with it."""
    taken = inbox.take_in(drop(inbox, "casts.csv", table(line("A"))))
    inbox.take_in(drop(inbox, "more.csv", table(line("B"))))
    before = inbox.wanted()
    taken.file.unlink()
    assert later(inbox).taken == ()
    assert samples_of(inbox) == ["A", "B"]
    assert inbox.wanted() == before
    assert inbox.fill_from_record() == 1
    assert taken.file.read_bytes() == table(line("A"))


def test_a_machine_without_the_folder_reads_the_record(inbox: LabInbox, tmp_path: Path) -> None:
    inbox.take_in(drop(inbox, "casts.csv", table(line("A"))))
    elsewhere = LabInbox(root=str(tmp_path / "not here"), record=inbox.record, is_elsewhere=True)
    elsewhere.check_there()
    assert elsewhere.accepted() == inbox.accepted()
    assert elsewhere.wanted() == inbox.wanted()
    assert not Path(elsewhere.root).exists()


def test_a_share_that_is_not_mounted_is_no_empty_laboratory(inbox: LabInbox) -> None:
    inbox.take_in(drop(inbox, "casts.csv", table(line("A"))))
    wanted, away = inbox.wanted(), Path(f"{inbox.root} away")
    Path(inbox.root).rename(away)
    for make_mount_point in (lambda: None, Path(inbox.root).mkdir):
        make_mount_point()
        for attempt in (inbox.check_there, lambda: later(inbox)):
            with pytest.raises(LaboratoryNotThereError, match="is the share that holds it mounted"):
                attempt()
        assert inbox.wanted() == wanted
        assert samples_of(inbox) == ["A"]
        assert not inbox.inbox.exists()
    Path(inbox.root).rmdir()
    away.rename(inbox.root)
    assert later(inbox).taken == ()


def test_rejected_files_are_in_the_record_too(inbox: LabInbox) -> None:
    inbox.take_in(drop(inbox, "casts.csv", table(line("A", verdict="?"))))
    (intake,) = all_intakes(inbox.casts)
    assert (intake.is_accepted, intake.refused) == (False, 1)
    assert inbox.casts.read(file_of(intake)) == table(line("A", verdict="?"))
    assert samples_of(inbox) == []


def stricter(monkeypatch: pytest.MonkeyPatch, sample: str) -> None:
    """From now on the rules refuse the rows of a sample."""

    def reads(*arguments: object) -> FileOutcome:
        found = read_file(*arguments)  # type: ignore[arg-type]
        lost = [one for one in found.casts if one.sample_id == sample]
        refusals = tuple(Refusal(one.line, "note", "", "a new rule", "mend it", one.source) for one in lost)
        return FileOutcome(tuple(one for one in found.casts if one not in lost), (*found.refusals, *refusals))

    monkeypatch.setattr(accepted, "_code", lambda: "other")
    monkeypatch.setattr(accepted, "read_file", reads)


def test_rows_that_count_no_longer_are_named(inbox: LabInbox, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.take_in(drop(inbox, "casts.csv", table(line("A"), line("B"))))
    assert inbox.accepted().lost == ()
    stricter(monkeypatch, "B")
    found = inbox.accepted()
    assert [(one.line, one.reason) for one in found.lost] == [(3, "a new rule")]
    found.refuse_lost_corrections(ZR)


def test_a_correction_that_is_not_read_any_more_blocks_its_system(
    inbox: LabInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the report that it had replaced would be trained on again."""
    inbox.take_in(drop(inbox, "casts.csv", table(line("A"), magnesium("M"))))
    correction = table(f"{line('A2', verdict='withdrawn')},A", header=f"{HEADER},supersedes")
    inbox.take_in(drop(inbox, "correction.csv", correction))
    stricter(monkeypatch, "A2")
    found = inbox.accepted()
    found.refuse_lost_corrections(MG)
    with pytest.raises(LostCorrectionError, match=r"Line 2 of correction\..*corrected an earlier report"):
        found.refuse_lost_corrections(ZR)


def test_a_file_is_read_by_the_words_of_its_intake(inbox: LabInbox) -> None:
    """A word that the laboratory takes out of its file later takes no cast with it."""
    words = Path(inbox.root) / READING_FILE
    words.write_text("words:\n  verdict:\n    amorphous: [glassy-looking]\n")
    inbox.take_in(drop(inbox, "casts.csv", table(line("A", verdict="glassy-looking"))))
    words.unlink()
    assert [cast.verdict.value for cast in inbox.accepted().history.current] == ["amorphous"]
    assert inbox.accepted().lost == ()
    refused = inbox.take_in(drop(inbox, "more.csv", table(line("B", verdict="glassy-looking"))))
    assert (refused.accepted, refused.refused) == (0, 1)


def test_only_the_systems_concerned_change(inbox: LabInbox) -> None:
    inbox.take_in(drop(inbox, "zr.csv", table(line("A"))))
    zirconium = fingerprint_of(inbox.wanted(), ZR)
    inbox.take_in(drop(inbox, "mg.csv", table(magnesium("B"))))
    magnesium_alone = fingerprint_of(inbox.wanted(), MG)
    assert fingerprint_of(inbox.wanted(), ZR) == zirconium
    # The alloy of sample A was another one: that concerns the system that loses the cast, too.
    moved = table(f"{magnesium('A')},A", header=f"{HEADER},supersedes")
    inbox.take_in(drop(inbox, "moved.csv", moved))
    assert fingerprint_of(inbox.wanted(), ZR) not in {zirconium, NO_CASTS}
    assert fingerprint_of(inbox.wanted(), MG) != magnesium_alone


def test_200_files_at_once_are_all_accounted_for(inbox: LabInbox) -> None:
    for number in range(200):
        size = str(1 + number % 3)
        rows = [line(f"S{number}", dimension_mm=size), line(f"S{number - 1}", dimension_mm=str(1 + (number - 1) % 3))]
        drop(
            inbox,
            f"{number:03}.csv",
            table(*rows) if number % 4 else table(line("bad", verdict="bad")) + b"\n" * number,
        )
    started = time.monotonic()
    look = later(inbox)
    assert time.monotonic() - started < 20
    assert look.waiting == ()
    assert len(look.taken) == 200
    assert list(inbox.inbox.iterdir()) == []
    assert all(one.report.exists() for one in look.taken)
    assert sum(not one.accepted for one in look.taken) == 50
    expected = {f"S{number}" for number in range(200) if number % 4} | {f"S{n - 1}" for n in range(200) if n % 4}
    assert sorted(samples_of(inbox)) == sorted(expected)
    assert inbox.accepted().lost == ()
    assert [record.order for record in all_intakes(inbox.casts)] == list(range(1, 201))
    assert len(inbox.accepted().records) == 150


def test_two_looks_at_once_take_every_file_in_once(inbox: LabInbox) -> None:
    for number in range(30):
        drop(inbox, f"{number}.csv", table(line(f"S{number}")))
    looks: list[InboxLook] = []
    threads = [threading.Thread(target=lambda: looks.append(later(inbox))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looks) == 2
    assert sum(len(look.taken) for look in looks) == 30
    assert [one for look in looks for one in look.taken if not one.accepted] == []
    assert sorted(samples_of(inbox)) == sorted(f"S{number}" for number in range(30))


@pytest.mark.parametrize("step", ["report", "record"])
def test_an_intake_that_ends_half_way_is_done_again(
    inbox: LabInbox, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    inbox.take_in(drop(inbox, "first.csv", table(line("A"))))
    path = drop(inbox, "casts.csv", table(line("B"), f"{line('C')}"))
    before = inbox.wanted()

    def dies(*arguments: object) -> None:
        raise KeyboardInterrupt

    place, name = {"report": (inbox_module, "report_csv"), "record": (Stream, "append")}[step]
    with monkeypatch.context() as patch:
        patch.setattr(place, name, dies)
        with pytest.raises(KeyboardInterrupt):
            inbox.take_in(path)
    assert path.exists()
    assert samples_of(inbox) == ["A"]
    assert inbox.wanted() == before
    assert [one.accepted for one in later(inbox).taken] == [2]
    assert samples_of(inbox) == ["A", "B", "C"]


def test_an_intake_that_ends_before_the_move_counts_and_is_finished(
    inbox: LabInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.take_in(drop(inbox, "first.csv", table(line("A"))))
    path = drop(inbox, "casts.csv", table(line("B"), line("C", verdict="?")))

    def dies(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(inbox_module, "move_durably", dies)
        with pytest.raises(KeyboardInterrupt):
            inbox.take_in(path)
    assert samples_of(inbox) == ["A", "B"]
    (taken,) = later(inbox).taken
    assert (taken.accepted, taken.refused, taken.file.parent) == (1, 1, inbox.accepted_folder)
    assert outcomes(report_on(taken.file)) == [(2, "accepted"), (3, "refused")]
    assert later(inbox).taken == ()
    assert samples_of(inbox) == ["A", "B"]
    assert len(all_intakes(inbox.casts)) == 2


def test_a_look_does_not_wait_for_ever(inbox: LabInbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "LONGEST_WAIT_OF_LOOK_S", 0.05)
    with filelock.FileLock(inbox.accepted_folder / inbox_module.LOCK), pytest.raises(InboxBusyError, match="try again"):
        later(inbox)


def test_a_file_that_cannot_be_taken_in_keeps_no_other_out(inbox: LabInbox, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(inbox, "a.csv", table(line("A")))
    drop(inbox, "b.csv", table(line("B")))
    read = inbox_module.read_file

    def fails(name: str, *arguments: object) -> object:
        if name.startswith("a."):
            raise ZeroDivisionError("a mistake of ours")
        return read(name, *arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(inbox_module, "read_file", fails)
        look = later(inbox)
    assert [one.received_as for one in look.taken] == ["b.csv"]
    assert [(one.name, one.reason) for one in look.waiting] == [("a.csv", "a mistake of ours")]
    assert [one.received_as for one in later(inbox).taken] == ["a.csv"]


def test_a_look_that_takes_too_long_leaves_files_to_the_next(inbox: LabInbox, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(inbox, "a.csv", table(line("A")))
    with monkeypatch.context() as slow:
        slow.setattr(inbox_module, "LONGEST_LOOK_S", -1.0)
        assert later(inbox).waiting[0].reason == "it is its turn at the next look"
    assert later(inbox).taken[0].accepted


def take_in(inbox: LabInbox, name: str, *samples: str) -> None:
    lines = [line(sample, composition_nominal="Zr50Al5Cu45") for sample in samples]
    inbox.take_in(drop(inbox, name, table(*lines)))


def test_casts_wait_until_a_run_has_stored_them(tmp_path: Path) -> None:
    inbox, store = inbox_at(tmp_path), Store(url=str(tmp_path / "store"))
    assert casts_in_no_run(store, inbox, SYSTEM) == []
    take_in(inbox, "first.csv", "ZAC-1")
    assert [row["sample_id"] for row in casts_in_no_run(store, inbox, SYSTEM)] == ["ZAC-1"]
    assert casts_in_no_run(store, inbox, parse_system("Mg-Zn-Ca")) == []

    rows = lab_casts_rows(SYSTEM, inbox.accepted().history)
    store.write_table(LAB_CASTS.name, SYSTEM.key, as_frame(rows, empty_frame(LAB_CASTS)))
    assert casts_in_no_run(store, inbox, SYSTEM) == []
    take_in(inbox, "second.csv", "ZAC-2", "ZAC-3")
    assert [row["sample_id"] for row in casts_in_no_run(store, inbox, SYSTEM)] == ["ZAC-2", "ZAC-3"]


def test_a_laboratory_elsewhere_is_not_made_here(tmp_path: Path) -> None:
    inbox = LabInbox(root=str(tmp_path / "lab_results"), record=Record(url=str(tmp_path / "record")))
    assert casts_in_no_run(Store(url=str(tmp_path / "store")), inbox, SYSTEM) == []
    assert not inbox.accepted_folder.exists()


def test_a_disk_that_is_full_or_can_only_be_read_is_said_with_file_and_remedy(
    inbox: LabInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))

    drop(inbox, "a.csv", table(line("A")))
    with monkeypatch.context() as patch:
        patch.setattr(inbox_module, "move_durably", full)
        (waiting,) = later(inbox).waiting
    assert str(inbox.accepted_folder) in waiting.reason
    assert "the disk is full" in waiting.reason
    assert "free some space and run again" in waiting.reason

    def read_only(lock: filelock.FileLock) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), lock.lock_file)

    with monkeypatch.context() as patch:
        patch.setattr(filelock.FileLock, "__enter__", read_only)
        with pytest.raises(FolderError, match=r"intake\.lock could not be written because read-only file system"):
            later(inbox)
    later(inbox)
    assert samples_of(inbox) == ["A"]
