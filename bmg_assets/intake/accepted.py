"""Everything that the group has cast, rebuilt from the record's files of casts alone.

The content of every file is compared with its entry whenever it is read. Its rows are read once: the outcomes are kept
in one file beside the laboratory's accepted files, and hold for the same content, name and day of intake, as long as
the code that reads is the same.
"""

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from pydantic import TypeAdapter

from bmg_assets.intake.outcome import FileOutcome, read_file
from bmg_assets.intake.reading import Reading, reading_of
from bmg_assets.intake.record import IntakeRecord, file_of
from bmg_assets.science import alloys, casts
from bmg_assets.science.casts.cast import Cast, Refusal, Skipped
from bmg_assets.science.casts.merging import Merge, merge_casts
from bmg_assets.science.errors import BmgError
from bmg_assets.store.folder import FolderError, write_durably
from bmg_assets.store.record import RecordDamagedError, Stream

OUTCOMES = ".outcomes.json"


class LostCorrectionError(BmgError):
    """A correction is not read any more, so that the report which it had replaced would count again."""


@dataclass(frozen=True)
class AcceptedCasts:
    """What follows from all accepted files together.

    records: one per file, in the order of intake. history: the casts. lost: rows that were accepted at their intake
    and are not any more, because the rules are others now. corrections: those of them that had replaced a report.
    """

    records: tuple[IntakeRecord, ...]
    history: Merge
    lost: tuple[Refusal, ...]
    corrections: tuple[Refusal, ...] = ()

    def refuse_lost_corrections(self, elements: Iterable[str]) -> None:
        """Raise LostCorrectionError if a report of this system would count again although it was corrected."""
        wanted = frozenset(elements)
        concerned = {one.file for one in self.records if wanted in map(frozenset, (s.elements for s in one.systems))}
        for one in self.corrections:
            if one.source in concerned:
                raise LostCorrectionError(
                    f"Line {one.line} of {one.source} corrected an earlier report, and is not accepted any more: "
                    f"{one.reason}. Training with the report that it had replaced would be wrong, so nothing was "
                    f"changed. {one.fix}: send the correction again in a new file."
                )


def read_accepted(stream: Stream, records: Sequence[IntakeRecord], copies: Path) -> AcceptedCasts:
    """Read all files that count, in the order of intake.

    Args:
        copies: the laboratory's folder of accepted files, from which a damaged file of the record is put back.

    Raises:
        RecordDamagedError: a file is damaged, and so is its copy.
        ReadingFileError: an intake was read in a way that this version does not know.
    """
    outcomes = _outcomes(stream, records, copies)
    read: list[Cast] = []
    lost: list[tuple[IntakeRecord, Refusal]] = []
    for record, outcome in zip(records, outcomes, strict=True):
        read += [one for one in outcome.casts if one.line in record.accepted_lines]
        lost += [(record, one) for one in _lost(record, outcome)]
    history = merge_casts((), read)
    by_file = {record.file: record for record in records}
    lost += [(by_file[one.source], one) for one in (*history.refusals, *map(_as_refusal, history.skipped))]
    return AcceptedCasts(
        tuple(records),
        history,
        tuple(one for _, one in lost),
        tuple(one for record, one in lost if _is_correction(record, one)),
    )


def read_further(
    stream: Stream, before: AcceptedCasts, records: Sequence[IntakeRecord], copies: Path
) -> AcceptedCasts | None:
    """Read files that were accepted after all others; the others are not read again.

    Returns:
        What `read_accepted` gives for all of them; None where that has to be asked, since rows are lost.

    Raises:
        RecordDamagedError, ReadingFileError: as `read_accepted`.
    """
    read: list[Cast] = []
    for record in records:
        data, reading = read_recorded(stream, record, copies), _reading_by(_content_of(record))
        outcome = read_file(record.file, Path(record.file).suffix, data, record.day, reading)
        if any(_lost(record, outcome)):
            return None
        read += [one for one in outcome.casts if one.line in record.accepted_lines]
    history = merge_casts(before.history.accepted, read)
    if before.lost or history.refusals or history.skipped:
        return None
    return AcceptedCasts((*before.records, *records), history, ())


def read_recorded(stream: Stream, record: IntakeRecord, copies: Path) -> bytes:
    """The file of an intake; where the record's own is damaged, it is put back from its copy in the laboratory.

    Raises:
        RecordDamagedError: the copy is not the same file either, or is not there.
    """
    file = file_of(record)
    try:
        return stream.read(file)
    except RecordDamagedError:
        try:
            data = (copies / record.file).read_bytes()
        except OSError:
            data = b""
        if not stream.put_back(file, data):
            raise
        return data


@dataclass(frozen=True)
class _Kept:
    """The outcomes of the last time: the code that made them, and each by content, day and name of its file."""

    code: str = ""
    files: dict[str, FileOutcome] = field(default_factory=dict)


_KEPT = TypeAdapter(_Kept)


def _outcomes(stream: Stream, records: Sequence[IntakeRecord], copies: Path) -> list[FileOutcome]:
    """The outcome of each accepted file by itself; only files that are new since the last time are read."""
    kept = _read_kept(copies / OUTCOMES)
    readings = {content: _reading_by(content) for content in {_content_of(record) for record in records}}
    identities = {content: reading.identity() for content, reading in readings.items()}
    read = {}
    for record, found in zip(records, stream.read_many([file_of(record) for record in records]), strict=True):
        data, content = found if found is not None else read_recorded(stream, record, copies), _content_of(record)
        key, reading = f"{record.sha256} {record.day} {record.file} {identities[content]}", readings[content]
        read[key] = kept.files.get(key) or read_file(record.file, Path(record.file).suffix, data, record.day, reading)
    if read.keys() != kept.files.keys() and copies.is_dir():
        # An outcome that cannot be kept (a full disk, text that is no Unicode) is made again the next time.
        with contextlib.suppress(FolderError, ValueError):
            write_durably(copies / OUTCOMES, _KEPT.dump_json(_Kept(_code(), read)))
    return list(read.values())


def _content_of(record: IntakeRecord) -> str:
    return json.dumps(record.reading, sort_keys=True)


def _reading_by(content: str) -> Reading:
    """How a file was read at its intake; raises ReadingFileError if this version knows no such content."""
    return reading_of(json.loads(content), "The reading.yaml of an intake in the record")


def _read_kept(file: Path) -> _Kept:
    """The outcomes of the last time; none if other code made them, or they cannot be read."""
    try:
        kept = _KEPT.validate_json(file.read_bytes())
    except (OSError, ValueError):
        return _Kept()
    return kept if kept.code == _code() else _Kept()


@cache
def _code() -> str:
    """Identity of the code and data by which rows are read."""
    digest = sha256(version("pymatgen").encode())
    folders = (Path(__file__).parent, Path(alloys.__path__[0]), Path(casts.__path__[0]))
    for path in (path for folder in folders for path in sorted(folder.rglob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _lost(record: IntakeRecord, outcome: FileOutcome) -> Iterator[Refusal]:
    """Why rows that were accepted are not read any more; where nothing is read, what is wrong with the file."""
    missing = set(record.accepted_lines) - {one.line for one in outcome.casts}
    if missing:
        not_accepted = (*outcome.refusals, *map(_as_refusal, outcome.skipped))
        yield from (one for one in not_accepted if one.line in missing or not outcome.casts)


def _is_correction(record: IntakeRecord, lost: Refusal) -> bool:
    """Whether a lost row had replaced a report; line 0 is the whole file."""
    return lost.line in record.correcting_lines or (lost.line == 0 and bool(record.correcting_lines))


def _as_refusal(one: Skipped) -> Refusal:
    return Refusal(one.line, "", one.sample_id or "", one.reason, "look at the file", one.source)
