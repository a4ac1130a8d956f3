"""The laboratory's inbox: files of casts are taken in, each once, whatever happens in between.

`inbox/` holds what was dropped, `accepted/` the files of which at least one cast was accepted, `rejected/` the others,
each under a name with the hash of its content and beside a report. Intake is judged first and written second; the one
rename of the file into its folder is the moment at which it happened, and everything before can be done again. Folders
in the inbox are not looked into (they may hold diffraction patterns).
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import dagster as dg
import filelock
from pydantic import Field

from bmg_assets.intake.accepted_casts import AcceptedCasts, ChangedFileError, all_records, present_records, rebuild
from bmg_assets.intake.cast_file import is_looked_at, reason_to_wait
from bmg_assets.intake.cast_judgement import Judgement, Reading, judge_file, read_file, systems_concerned
from bmg_assets.intake.cast_report import ReportLine, report_csv, report_lines
from bmg_assets.intake.giving_back import give_back_unjudged, give_back_written_after_rejection
from bmg_assets.intake.intake_names import hash_of, name_with_hash, record_of, report_of
from bmg_assets.intake.intake_record import ElementSet, IntakeRecord, WantedCasts, wanted_casts
from bmg_assets.intake.moving import move_durably
from bmg_assets.science.casts.cast import Cast, Refusal
from bmg_assets.science.errors import BmgError
from bmg_assets.settings import laboratory_day
from bmg_assets.store.folder import replacing

LOCK = ".intake.lock"
LONGEST_LOOK_S = 25.0
"""Time after which a look at the inbox leaves the other files to the next one: Dagster gives a sensor a minute."""
LONGEST_WAIT_S = 60.0
LONGEST_WAIT_OF_LOOK_S = 5.0


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
    def is_accepted(self) -> bool:
        """Whether at least one cast was accepted."""
        return self.accepted > 0

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

    def note(self, judgement: Judgement, digest: str, name: str) -> None:
        """Take note of a file that was accepted."""
        self.accepted = judgement.history.accepted
        self.file_by_hash[digest] = name
        self.last_order += 1


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
        """Files of which at least one cast was accepted, with records and reports."""
        return Path(self.root) / "accepted"

    @property
    def rejected_folder(self) -> Path:
        """Files of which nothing was accepted, with reports."""
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
            give_back_unjudged(self.accepted_folder, self.inbox, self.patience_s, time.time() if now is None else now)
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
        """Everything accepted so far, read from the accepted files. Raises InboxBusyError, ChangedFileError."""
        with self._locked(LONGEST_WAIT_S):
            return self._rebuilt()

    def wanted(self) -> dict[ElementSet, WantedCasts]:
        """What every system should have been trained with, without reading any file of casts."""
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
            return rebuild(self.accepted_folder)
        except ChangedFileError:
            # Its time may be that of its intake all the same, so that only its content tells.
            give_back_unjudged(self.accepted_folder, self.inbox, self.patience_s, time.time(), trust_times=False)
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
                age, reason = path.stat().st_mtime_ns, reason_to_wait(path, self.settle_s, self.patience_s, now)
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
        """Judge a file, write down what was found, and move it; in this order, so that it can be done again."""
        found = path.stat()
        digest, data = self._read(path, found.st_size)
        if (path.stat().st_size, path.stat().st_mtime_ns) != (found.st_size, found.st_mtime_ns):
            raise StillWrittenError(f"{path.name} changed while it was read; it waits until it is complete.")
        name = name_with_hash(path.name, digest)
        day = laboratory_day()
        judgement = self._judge(path, name, data, digest, ledger, day)
        folder = self.accepted_folder if judgement.accepted else self.rejected_folder
        lines = report_lines(judgement.accepted, judgement.refusals, judgement.skipped)
        _write(report_of(folder / name), report_csv(lines))
        intake = Intake(
            path.name, folder / name, len(judgement.accepted), _rows(lines, "refused"), _rows(lines, "skipped")
        )
        if judgement.accepted:
            record = _record(intake, judgement, found, digest, ledger.last_order + 1, day)
            _write(record_of(folder / name), record.to_json())
        move_durably(path, folder / name)
        if judgement.accepted:
            ledger.note(judgement, digest, name)
        return intake

    def _read(self, path: Path, size: int) -> tuple[str, bytes | None]:
        """Hash and content of a file; no content where it is too large."""
        if size <= self.largest_mb * 1e6:
            data = path.read_bytes()
            return sha256(data).hexdigest(), data
        return hash_of(path), None

    def _judge(self, path: Path, name: str, data: bytes | None, digest: str, ledger: _Ledger, day: date) -> Judgement:
        if data is None:
            reason = f"the file is larger than {self.largest_mb:g} MB"
            return _refused(name, reason, "send the casts alone, in several files if need be", ledger)
        if digest in ledger.file_by_hash:
            reason = f"a file with this very content was taken in already, as {ledger.file_by_hash[digest]}"
            return _refused(name, reason, "nothing; to bring a refused row again, send it in a file of its own", ledger)
        return judge_file(read_file(name, path.suffix, data, day), ledger.accepted)


def _record(
    intake: Intake, judgement: Judgement, found: os.stat_result, digest: str, order: int, day: date
) -> IntakeRecord:
    return IntakeRecord(
        order=order,
        file=intake.file.name,
        received_as=intake.received_as,
        sha256=digest,
        size=found.st_size,
        modified_ns=found.st_mtime_ns,
        taken_in_at=datetime.now(UTC).isoformat(timespec="seconds"),
        day=day,
        accepted_lines=tuple(cast.line for cast in judgement.accepted),
        refused=intake.refused,
        skipped=intake.skipped,
        systems=systems_concerned(judgement.accepted, judgement.history),
    )


def _refused(name: str, reason: str, mend: str, ledger: _Ledger) -> Judgement:
    return judge_file(Reading((), (Refusal(0, "", "", reason, mend, name),), ()), ledger.accepted)


def _write(path: Path, data: bytes) -> None:
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def _rows(lines: tuple[ReportLine, ...], outcome: str) -> int:
    return len({line.line for line in lines if line.outcome == outcome})
