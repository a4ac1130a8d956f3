"""The laboratory's inbox: files of casts are taken in, each once, whatever happens in between.

`inbox/` holds what was dropped, `accepted/` the files with at least one accepted cast, `rejected/` the others, each
under a name with the hash of its content and with a report beside it. A file is read first, then the report and the
record are written; the rename of the file into its folder is the moment of intake, and everything before it can be done
again. Folders in the inbox are ignored (they may hold diffraction patterns).
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import dagster as dg
import filelock
from pydantic import Field

from bmg_assets.intake.accepted import AcceptedCasts, ChangedFileError, read_accepted
from bmg_assets.intake.file import (
    give_back_unread,
    give_back_written_after_rejection,
    hash_of,
    is_looked_at,
    move_durably,
    name_with_hash,
    report_csv,
    report_of,
)
from bmg_assets.intake.outcome import FileOutcome, compare_with_accepted, read_file, systems_concerned
from bmg_assets.intake.read import has_end
from bmg_assets.intake.record import (
    ElementSet,
    IntakeRecord,
    WantedCasts,
    all_records,
    present_records,
    record_of,
    wanted_casts,
)
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.casts.cast import Cast, Refusal
from bmg_assets.science.casts.lab_tables import lab_casts_rows
from bmg_assets.science.errors import BmgError
from bmg_assets.settings import laboratory_day
from bmg_assets.store.folder import write_durably
from bmg_assets.store.store import Store
from bmg_assets.store.tables.lab import LAB_CASTS

LOCK = ".intake.lock"
LONGEST_LOOK_S = 25.0
"""Time after which a look at the inbox leaves the other files to the next one: Dagster gives a sensor a minute."""
LONGEST_WAIT_S = 60.0
LONGEST_WAIT_OF_LOOK_S = 5.0
UNFINISHED_ENDINGS = frozenset({".part", ".partial", ".tmp", ".crdownload", ".filepart", ".swp"})
"""Endings that programs give a file until they have copied all of it; then they rename it."""
IDENTITY_OF_REPORT = ("sample_id", "source_file", "line")
"""Columns of `lab_casts` that name a report."""


class InboxBusyError(BmgError):
    """Someone else is taking files in."""


class StillWrittenError(BmgError):
    """A file changed while it was read."""


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

    accepted: tuple[Cast, ...]
    file_by_hash: dict[str, str]
    last_order: int


class LabInbox(dg.ConfigurableResource[Any]):
    """The folders inbox, accepted and rejected. One intake at a time: others wait, or come back later."""

    root: str = Field(description="The folder that holds inbox, accepted and rejected.")
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
        """Files with at least one accepted cast, with records and reports."""
        return Path(self.root) / "accepted"

    @property
    def rejected_folder(self) -> Path:
        """Files without any accepted cast, with reports."""
        return Path(self.root) / "rejected"

    def take_in(self, path: Path) -> Intake:
        """Take one file of the inbox in, complete or not.

        Raises InboxBusyError, StillWrittenError, FolderError, FileNotFoundError; the file is then where it was.
        """
        with self._locked(LONGEST_WAIT_S):
            return self._take_in(path, self._ledger())

    def take_in_complete(self, now: float | None = None) -> InboxLook:
        """Take in all files that are complete, the oldest first. now: seconds since 1970, for tests.

        Raises InboxBusyError. A file that cannot be taken in waits, with the reason, and keeps no other out.
        """
        with self._locked(LONGEST_WAIT_OF_LOOK_S):
            give_back_unread(self.accepted_folder, self.inbox, self.patience_s, time.time() if now is None else now)
            give_back_written_after_rejection(self.rejected_folder, self.inbox)
            complete, waiting = self._sorted_by_completeness(now)
            if not complete:
                return InboxLook((), tuple(waiting))
            ledger, started, taken = self._ledger(), time.monotonic(), []
            for path in complete:
                if time.monotonic() - started > LONGEST_LOOK_S:
                    waiting.append(Waiting(path.name, "it is its turn at the next look"))
                    continue
                try:
                    taken.append(self._take_in(path, ledger))
                except FileNotFoundError:
                    continue
                except Exception as error:  # no file may keep others out, whatever is wrong with it
                    logging.getLogger(__name__).warning("%s stays in the inbox", path.name, exc_info=error)
                    waiting.append(Waiting(path.name, str(error) or type(error).__name__))
            return InboxLook(tuple(taken), tuple(waiting))

    def accepted(self) -> AcceptedCasts:
        """Everything accepted so far, rebuilt from the accepted files. Raises InboxBusyError, ChangedFileError."""
        with self._locked(LONGEST_WAIT_S):
            return self._rebuilt()

    def wanted(self) -> dict[ElementSet, WantedCasts]:
        """What every system should have been trained with; no lab file is read for it."""
        return wanted_casts(present_records(self.accepted_folder))

    @contextmanager
    def _locked(self, timeout_s: float) -> Iterator[None]:
        for folder in (self.inbox, self.accepted_folder, self.rejected_folder):
            folder.mkdir(parents=True, exist_ok=True)
        try:
            with filelock.FileLock(self.accepted_folder / LOCK, timeout=timeout_s):
                yield
        except filelock.Timeout:
            raise InboxBusyError(
                f"Another process has been taking casts in at {self.root} for more than {timeout_s:g} s; try again."
            ) from None

    def _rebuilt(self) -> AcceptedCasts:
        try:
            return read_accepted(self.accepted_folder)
        except ChangedFileError:
            # The modification time can be unchanged although the content differs; compare hashes.
            give_back_unread(self.accepted_folder, self.inbox, self.patience_s, time.time(), trust_times=False)
            raise

    def _ledger(self) -> _Ledger:
        known = self._rebuilt()
        orders = [record.order for record in all_records(self.accepted_folder)]
        return _Ledger(
            known.history.accepted, {record.sha256: record.file for record in known.records}, max(orders, default=0)
        )

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
        name, day = name_with_hash(path.name, digest), laboratory_day()
        by_itself = self._refused_unread(name, data, digest, ledger) or read_file(name, path.suffix, data or b"", day)
        outcome, history = compare_with_accepted(by_itself, ledger.accepted)
        file = (self.accepted_folder if outcome.casts else self.rejected_folder) / name
        write_durably(report_of(file), report_csv(outcome))
        refused, skipped = ({one.line for one in rows} for rows in (outcome.refusals, outcome.skipped))
        intake = Intake(path.name, file, len(outcome.casts), len(refused), len(skipped))
        if outcome.casts:
            record = IntakeRecord(
                order=ledger.last_order + 1,
                file=name,
                received_as=path.name,
                sha256=digest,
                size=found.st_size,
                modified_ns=found.st_mtime_ns,
                taken_in_at=datetime.now(UTC).isoformat(timespec="seconds"),
                day=day,
                accepted_lines=tuple(cast.line for cast in outcome.casts),
                refused=intake.refused,
                skipped=intake.skipped,
                systems=systems_concerned(outcome.casts, history),
            )
            write_durably(record_of(file), record.to_json())
        move_durably(path, file)
        if outcome.casts:
            ledger.accepted = history.accepted
            ledger.file_by_hash[digest] = name
            ledger.last_order += 1
        return intake

    def _read(self, path: Path, size: int) -> tuple[str, bytes | None]:
        """Hash and content of a file; no content where it is too large."""
        if size <= self.largest_mb * 1e6:
            data = path.read_bytes()
            return sha256(data).hexdigest(), data
        return hash_of(path), None

    def _refused_unread(self, name: str, data: bytes | None, digest: str, ledger: _Ledger) -> FileOutcome | None:
        """The refusal of a file that is too large, or whose content was taken in already; None for any other."""
        if data is None:
            reason = f"the file is larger than {self.largest_mb:g} MB"
            fix = "send the casts alone, in several files if need be"
        elif digest in ledger.file_by_hash:
            reason = f"a file with this very content was taken in already, as {ledger.file_by_hash[digest]}"
            fix = "nothing; to bring a refused row again, send it in a file of its own"
        else:
            return None
        return FileOutcome(refusals=(Refusal(0, "", "", reason, fix, name),))


def casts_in_no_run(store: Store, inbox: LabInbox, system: TargetSystem) -> list[dict[str, Any]]:
    """Rows of the table `lab_casts` that the stored one does not hold yet, in the order of intake.

    These casts were accepted since the system's last run, or before its first.

    Raises:
        InboxBusyError, ChangedFileError: as `LabInbox.accepted`.
    """
    if not inbox.accepted_folder.is_dir():  # the store is here, the laboratory elsewhere
        return []
    known = set()
    if store.has_table(LAB_CASTS.name, system.key):
        stored = store.read_table(LAB_CASTS.name, system.key)
        known = {tuple(row[name] for name in IDENTITY_OF_REPORT) for row in stored.to_dict("records")}
    rows = lab_casts_rows(system, inbox.accepted().history)
    return [row for row in rows if tuple(row[name] for name in IDENTITY_OF_REPORT) not in known]


def _reason_to_wait(path: Path, settle_s: float, patience_s: float, now: float | None = None) -> str | None:
    """Why a file is not complete yet, None if it is.

    A file is complete when nothing about it has changed for `settle_s` seconds and it has an end: the end of its last
    line, or that of a workbook's archive. A file without an end is complete after `patience_s` seconds.
    """
    ending = path.suffix.lower()
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
