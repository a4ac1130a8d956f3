"""The laboratory's inbox: files of casts are taken in, each once, whatever happens in between.

`inbox/` holds what was dropped, `accepted/` the files with at least one accepted cast, `rejected/` the others, each
under a name with the hash of its content and with a report beside it. A file is read first, then the report is written,
then the record, which is the moment of intake; everything before it can be done again. Then the file is moved, which a
later look makes good. What counts is in the record alone. Folders in the inbox are ignored (they may hold diffraction
patterns).
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import dagster as dg
import filelock
from pydantic import Field

from bmg_assets.intake.accepted import AcceptedCasts, read_accepted, read_recorded
from bmg_assets.intake.file import (
    give_back_unread,
    give_back_written_after_rejection,
    has_files,
    hash_in,
    hash_of,
    is_looked_at,
    move_durably,
    name_with_hash,
    remove_durably,
    report_csv,
    report_of,
)
from bmg_assets.intake.outcome import (
    FileOutcome,
    compare_with_accepted,
    correcting_lines,
    read_file,
    systems_concerned,
)
from bmg_assets.intake.read import has_end
from bmg_assets.intake.reading import Reading, ReadingFileError, read_reading
from bmg_assets.intake.record import (
    ElementSet,
    IntakeRecord,
    WantedCasts,
    all_intakes,
    numbered,
    that_count,
    wanted_casts,
)
from bmg_assets.intake.takeover import has_older_intakes, take_over_intakes
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.casts.cast import Cast, Refusal
from bmg_assets.science.casts.lab_tables import lab_casts_rows
from bmg_assets.science.errors import BmgError
from bmg_assets.settings import laboratory_day
from bmg_assets.store.folder import FolderError, not_written, set_modified, write_durably
from bmg_assets.store.record import CASTS, Record, Stream
from bmg_assets.store.store import Store
from bmg_assets.store.tables.lab import LAB_CASTS

LOCK = ".intake.lock"
LONGEST_LOOK_S = 25.0
"""Time after which a look at the inbox leaves the other files to the next one: Dagster gives a sensor a minute."""
LONGEST_READ_S = 20.0
"""Time that the rows of one file may take."""
LONGEST_WAIT_S = 60.0
LONGEST_WAIT_OF_LOOK_S = 5.0
UNFINISHED_ENDINGS = frozenset({".part", ".partial", ".tmp", ".crdownload", ".filepart", ".swp"})
"""Endings that programs give a file until they have copied all of it; then they rename it."""
DAYS_OF_CLOCKS = timedelta(days=2)
"""How far a computer's day may be behind that of the laboratory, by its clock or its time zone."""
IDENTITY_OF_REPORT = ("sample_id", "source_file", "line")
"""Columns of `lab_casts` that name a report."""


class InboxBusyError(BmgError):
    """Someone else is taking files in."""


class StillWrittenError(BmgError):
    """A file changed while it was read."""


class TooEarlyError(BmgError):
    """A file holds a test of tomorrow: this computer's clock may be behind, or its time zone another."""


class LaboratoryNotThereError(BmgError):
    """The laboratory's folder is missing or empty, although casts were accepted in it before."""


@dataclass(frozen=True)
class Intake:
    """What became of one file of the inbox; counts are of rows."""

    received_as: str
    file: Path
    """Where it is now."""
    accepted: int
    refused: int
    skipped: int

    @property
    def report(self) -> Path:
        """The report beside it."""
        return report_of(self.file)


@dataclass(frozen=True)
class Waiting:
    """A file that stays in the inbox for now."""

    name: str
    reason: str


@dataclass(frozen=True)
class InboxLook:
    """One look at the inbox: files taken in, in their order, and those that wait."""

    taken: tuple[Intake, ...]
    waiting: tuple[Waiting, ...]


@dataclass
class _Ledger:
    """What is known while files are taken in one after the other."""

    intakes: tuple[IntakeRecord, ...]
    accepted: tuple[Cast, ...]
    reading: Reading
    """How the laboratory wants its files read today."""

    def same_content(self, digest: str) -> IntakeRecord | None:
        """The intake that counts and had this very content."""
        return next((one for one in that_count(self.intakes) if one.sha256 == digest), None)

    def samples_of(self, intake: IntakeRecord) -> set[str]:
        """The samples whose reports were accepted from a file."""
        return {cast.sample_id for cast in self.accepted if cast.source == intake.file}

    def earlier_version(self, name: str, digest: str) -> IntakeRecord | None:
        """The intake that counts and whose hash a name carries, though the content is another now."""
        found = hash_in(name)
        if found is None or digest.startswith(found):
            return None
        return next((one for one in that_count(self.intakes) if one.sha256.startswith(found)), None)


class LabInbox(dg.ConfigurableResource[Any]):
    """The folders inbox, accepted and rejected. One intake at a time: others wait, or come back later."""

    root: str = Field(description="The folder that holds inbox, accepted and rejected.")
    record: Record
    is_elsewhere: bool = Field(default=False, description="Whether only another machine has the folder and takes in.")
    settle_s: float = Field(default=2.0, description="Seconds for which a file must not change to be complete.", ge=0)
    patience_s: float = Field(
        default=60.0, description="Seconds after which a file whose last line has no end is complete.", ge=0
    )
    largest_mb: float = Field(default=10.0, description="Size above which a file is rejected unread, in MB.", gt=0)

    @property
    def inbox(self) -> Path:
        """Where files are dropped."""
        return Path(self.root) / "inbox"

    @property
    def accepted_folder(self) -> Path:
        """Files with at least one accepted cast, with reports."""
        return Path(self.root) / "accepted"

    @property
    def rejected_folder(self) -> Path:
        """Files without any accepted cast, with reports."""
        return Path(self.root) / "rejected"

    @property
    def casts(self) -> Stream:
        """The record's files of casts."""
        return self.record.stream(CASTS)

    def take_in(self, path: Path, wait_s: float = LONGEST_WAIT_S) -> Intake:
        """Take one file of the inbox in, complete or not, after at most `wait_s` seconds in which others do so.

        Raises InboxBusyError, StillWrittenError, TooEarlyError, FolderError, FileNotFoundError,
        LaboratoryNotThereError; the file is then where it was. Raises RecordDamagedError, RecordFormatError.
        """
        with self._locked(wait_s):
            return self._take_in(path, self._ledger())

    def take_in_complete(self, now: float | None = None) -> InboxLook:
        """Take in all files that are complete, the oldest first. now: seconds since 1970, for tests.

        A file that cannot be taken in waits, with the reason, and keeps no other out.
        Raises InboxBusyError, LaboratoryNotThereError, RecordDamagedError, RecordFormatError.
        """
        with self._locked(LONGEST_WAIT_OF_LOOK_S):
            give_back_unread(self.accepted_folder, self.inbox, all_intakes(self.casts), self._recorded)
            give_back_written_after_rejection(self.rejected_folder, self.inbox)
            complete, waiting = self._sorted_by_completeness(now)
            if not complete:
                return InboxLook((), tuple(waiting))
            try:
                ledger, started, taken = self._ledger(), time.monotonic(), list[Intake]()
            except ReadingFileError as error:
                return InboxLook((), (*waiting, *(Waiting(path.name, str(error)) for path in complete)))
            for path in complete:
                if time.monotonic() - started > LONGEST_LOOK_S:
                    waiting.append(Waiting(path.name, "it is its turn at the next look"))
                    continue
                try:
                    taken.append(self._take_in(path, ledger))
                except FileNotFoundError:
                    continue
                except OSError as error:
                    waiting.append(Waiting(path.name, not_written(_place_of(error, path), error)))
                except Exception as error:  # no file may keep others out, whatever is wrong with it
                    logging.getLogger(__name__).warning("%s stays in the inbox", path.name, exc_info=error)
                    waiting.append(Waiting(path.name, str(error) or type(error).__name__))
            return InboxLook(tuple(taken), tuple(waiting))

    def waiting(self) -> tuple[Waiting, ...]:
        """The files that are in the inbox now, with the reason; one that is complete waits for the next look."""
        try:
            complete, waiting = self._sorted_by_completeness(None)
        except FileNotFoundError:
            return ()
        return (*(Waiting(path.name, "it is complete and is taken in at the next look") for path in complete), *waiting)

    def accepted(self) -> AcceptedCasts:
        """Everything accepted so far, rebuilt from the record.

        Raises RecordDamagedError, RecordFormatError; InboxBusyError where an older version's intakes are taken over.
        """
        self._take_over()
        return read_accepted(self.casts, that_count(all_intakes(self.casts)), self.accepted_folder)

    def wanted(self) -> dict[ElementSet, WantedCasts]:
        """What every system should have been trained with; no lab file is read for it. Raises as `accepted`."""
        self._take_over()
        return wanted_casts(that_count(all_intakes(self.casts)))

    def check_there(self) -> None:
        """Raise LaboratoryNotThereError if casts were accepted here before and the folder is missing or empty now.

        So it looks where the share that holds it is not mounted: nothing may be made in the empty mount point then.
        A machine of which the laboratory's folder is not has the record alone.
        """
        if self.is_elsewhere:
            return
        if has_files(self.accepted_folder):
            return
        accepted = len(that_count(all_intakes(self.casts)))
        if accepted:
            raise LaboratoryNotThereError(
                f"Casts of {accepted} files were accepted here before, and now {self.accepted_folder} is missing or "
                "empty: is the share that holds it mounted? Mount it, and all goes on by itself; if somebody emptied "
                "the folder, `bmg rebuild --lab` fills it from the record. Nothing was changed."
            )

    def fill_from_record(self) -> int:
        """Write the accepted files that are missing from the record; their number. Raises as `accepted`."""
        missing = [one for one in that_count(all_intakes(self.casts)) if not self._copy_of(one).exists()]
        for one in missing:
            write_durably(self._copy_of(one), self._recorded(one))
            set_modified(self._copy_of(one), one.modified_ns)
        return len(missing)

    @contextmanager
    def _locked(self, timeout_s: float) -> Iterator[None]:
        self.check_there()
        try:
            for folder in (self.inbox, self.accepted_folder, self.rejected_folder):
                folder.mkdir(parents=True, exist_ok=True)
            with filelock.FileLock(self.accepted_folder / LOCK, timeout=timeout_s):
                take_over_intakes(self.accepted_folder, self.casts)
                yield
        except filelock.Timeout:
            raise InboxBusyError(
                f"Another process has been taking casts in at {self.root} for more than {timeout_s:g} s; try again."
            ) from None
        except FileNotFoundError:
            raise
        except OSError as error:
            raise FolderError(not_written(_place_of(error, Path(self.root)), error)) from error

    def _take_over(self) -> None:
        if has_older_intakes(self.accepted_folder):
            with self._locked(LONGEST_WAIT_S):
                pass

    def _recorded(self, intake: IntakeRecord) -> bytes:
        return read_recorded(self.casts, intake, self.accepted_folder)

    def _copy_of(self, intake: IntakeRecord) -> Path:
        return self.accepted_folder / intake.file

    def _ledger(self) -> _Ledger:
        intakes = all_intakes(self.casts)
        known = read_accepted(self.casts, that_count(intakes), self.accepted_folder)
        return _Ledger(intakes, known.history.accepted, read_reading(Path(self.root)))

    def _sorted_by_completeness(self, now: float | None) -> tuple[list[Path], list[Waiting]]:
        complete, waiting = [], []
        for path in self.inbox.iterdir():
            try:
                if not is_looked_at(path):
                    continue
                age, reason = path.stat().st_mtime_ns, _reason_to_wait(path, self.settle_s, self.patience_s, now)
            except FileNotFoundError:
                continue
            except OSError as error:
                waiting.append(Waiting(path.name, f"it cannot be read: {error.strerror}"))
                continue
            if reason is None:
                complete.append((age, path))
            else:
                waiting.append(Waiting(path.name, reason))
        return [path for _, path in sorted(complete)], sorted(waiting, key=lambda one: one.name)

    def _take_in(self, path: Path, ledger: _Ledger) -> Intake:
        """Read a file, write down what was found, and move it; in this order, so that it can be done again."""
        found = path.stat()
        digest, data = self._read(path, found.st_size)
        if (path.stat().st_size, path.stat().st_mtime_ns) != (found.st_size, found.st_mtime_ns):
            raise StillWrittenError(f"{path.name} changed while it was read; it waits until it is complete.")
        known = ledger.same_content(digest)
        if known is not None and not self._copy_of(known).exists():
            return self._finish(path, known)
        name, day = name_with_hash(path.name, digest), laboratory_day()
        earlier = ledger.earlier_version(path.name, digest)
        received_as = path.name if earlier is None else earlier.received_as
        by_itself = self._refused_unread(name, data, known) or _read_in_time(
            name, path.suffix, data or b"", day, ledger.reading
        )
        if earlier is not None and not ledger.samples_of(earlier) <= {cast.sample_id for cast in by_itself.casts}:
            earlier = None  # it would take casts with it that nobody withdrew
        before = ledger.accepted if earlier is None else self._casts_before(earlier)
        outcome, history = compare_with_accepted(by_itself, before)
        file = (self.accepted_folder if outcome.casts else self.rejected_folder) / name
        write_durably(report_of(file), report_csv(outcome))
        refused, skipped = ({one.line for one in rows} for rows in (outcome.refusals, outcome.skipped))
        intake = IntakeRecord(
            file=name,
            received_as=received_as,
            sha256=digest,
            size=found.st_size,
            modified_ns=found.st_mtime_ns,
            taken_in_at=datetime.now(UTC).isoformat(timespec="seconds"),
            day=day,
            accepted_lines=tuple(cast.line for cast in outcome.casts),
            refused=len(refused),
            skipped=len(skipped),
            systems=systems_concerned(outcome.casts, history),
            correcting_lines=correcting_lines(outcome.casts, history),
            reading=ledger.reading.content,
            in_place_of=earlier.order if earlier is not None and outcome.casts else None,
        )
        entry = self.casts.append({} if data is None else {name: data}, intake.as_json())
        move_durably(path, file)
        ledger.intakes = (*ledger.intakes, numbered(intake, entry.number, ledger.intakes))
        if outcome.casts and earlier is not None:
            remove_durably(self._copy_of(earlier))
            ledger.accepted = self._ledger().accepted
        elif outcome.casts:
            ledger.accepted = history.accepted
        return Intake(received_as, file, len(outcome.casts), len(refused), len(skipped))

    def _finish(self, path: Path, intake: IntakeRecord) -> Intake:
        """Move a file whose intake was recorded and then interrupted."""
        file = self._copy_of(intake)
        move_durably(path, file)
        set_modified(file, intake.modified_ns)
        return Intake(intake.received_as, file, len(intake.accepted_lines), intake.refused, intake.skipped)

    def _casts_before(self, intake: IntakeRecord) -> tuple[Cast, ...]:
        """What was accepted before a file: a later version of it is compared with that."""
        before = [one for one in that_count(all_intakes(self.casts)) if one.place < intake.place]
        return read_accepted(self.casts, before, self.accepted_folder).history.accepted

    def _read(self, path: Path, size: int) -> tuple[str, bytes | None]:
        """Hash and content of a file; no content where it is too large."""
        if size <= self.largest_mb * 1e6:
            data = path.read_bytes()
            return sha256(data).hexdigest(), data
        return hash_of(path), None

    def _refused_unread(self, name: str, data: bytes | None, known: IntakeRecord | None) -> FileOutcome | None:
        """The refusal of a file that is too large, or whose content was taken in already; None for any other."""
        if data is None:
            reason = f"the file is larger than {self.largest_mb:g} MB"
            fix = "send the casts alone, in several files if need be"
        elif known is not None:
            reason = f"a file with this very content was taken in already, as {known.file}"
            fix = "nothing; to bring a refused row again, send it in a file of its own"
        else:
            return None
        return FileOutcome(refusals=(Refusal(0, "", "", reason, fix, name),))


def _read_in_time(name: str, ending: str, data: bytes, day: date, reading: Reading) -> FileOutcome:
    """The rows of a file by themselves; raises TooEarlyError while some of them are of a day that is still to come.

    Refused today, they would stay so although they are right.
    """
    found = read_file(name, ending, data, day, reading, LONGEST_READ_S)
    if any(one.column == "test_date" for one in found.refusals):
        soon = read_file(name, ending, data, day + DAYS_OF_CLOCKS, reading, LONGEST_READ_S)
        early = next((one for one in found.refusals if one not in soon.refusals and one.column == "test_date"), None)
        if early is not None and len(soon.casts) > len(found.casts):
            raise TooEarlyError(
                f"line {early.line}: {early.reason}; it is taken in on that day, or as soon as the clock or the time "
                "zone (BMG_TIME_ZONE) is right"
            )
    return found


def casts_in_no_run(store: Store, inbox: LabInbox, system: TargetSystem) -> list[dict[str, Any]]:
    """Rows of the table `lab_casts` that the stored one does not hold yet, in the order of intake.

    These casts were accepted since the system's last run, or before its first.

    Raises:
        InboxBusyError, RecordDamagedError, RecordFormatError: as `LabInbox.accepted`.
    """
    known = set()
    if store.has_table(LAB_CASTS.name, system.key):
        stored = store.read_table(LAB_CASTS.name, system.key)
        known = {tuple(row[name] for name in IDENTITY_OF_REPORT) for row in stored.to_dict("records")}
    rows = lab_casts_rows(system, inbox.accepted().history)
    return [row for row in rows if tuple(row[name] for name in IDENTITY_OF_REPORT) not in known]


def _place_of(error: OSError, otherwise: Path) -> str:
    """The file that could not be written, where the operating system names it."""
    return str(error.filename or otherwise)


def _reason_to_wait(path: Path, settle_s: float, patience_s: float, now: float | None = None) -> str | None:
    """Why a file is not complete yet, None if it is.

    A file is complete when nothing about it has changed for `settle_s` seconds and it has an end: the end of its last
    line, or that of a workbook's archive. A file without an end is complete after `patience_s` seconds.
    """
    ending = path.suffix.lower()
    if path.is_symlink():
        return "it is a link, which may lead anywhere on this computer; put the file itself here"
    if ending in UNFINISHED_ENDINGS:
        return "it is still being copied, by its name"
    found = path.stat()
    now = time.time() if now is None else now
    # The time of last change cannot be set from outside; that of last writing may be kept by a copy or lie ahead.
    changed = max((moment for moment in (found.st_mtime, found.st_ctime) if moment <= now), default=now)
    if now - changed < settle_s:
        return "it changed a moment ago"
    if now - changed < patience_s and not _has_end(path, ending, found.st_size):
        return "its last line has no end" if ending == ".csv" else "it has no end"
    return None


def _has_end(path: Path, ending: str, size: int) -> bool:
    with open(path, "rb") as file:
        if ending == ".csv":
            file.seek(-min(size, 2), os.SEEK_END)
        return has_end(ending, file.read() if ending in {".csv", ".xlsx"} else b"")
