"""The folder of accepted files: everything that the group has cast, to be rebuilt from these files alone."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bmg_assets.intake.cast_judgement import Reading, read_file
from bmg_assets.intake.intake_names import RECORD_ENDING
from bmg_assets.intake.intake_record import IntakeRecord, IntakeRecordError
from bmg_assets.science.casts.cast import Cast, Refusal, Skipped
from bmg_assets.science.casts.merging import Merge, merge_casts
from bmg_assets.science.errors import BmgError


class ChangedFileError(BmgError):
    """An accepted file no longer holds what was accepted."""


@dataclass(frozen=True)
class AcceptedCasts:
    """What the accepted files say together.

    records: one per file, in the order of intake. history: the casts. lost: rows that were accepted at their intake
    and are not any more, since the rules, or the files beside them, are others now.
    """

    records: tuple[IntakeRecord, ...]
    history: Merge
    lost: tuple[Refusal, ...]


def all_records(folder: Path) -> tuple[IntakeRecord, ...]:
    """All readable records in the order of intake, those of files that are not there (yet) included."""
    return tuple(sorted(_readable(folder), key=lambda record: record.order))


def present_records(folder: Path) -> tuple[IntakeRecord, ...]:
    """The records that count, in the order of intake: those of files that are there."""
    return tuple(record for record in all_records(folder) if (folder / record.file).is_file())


def read_accepted(folder: Path, record: IntakeRecord) -> bytes:
    """What was accepted of a file; something may have been written behind it since.

    Raises ChangedFileError if it was changed otherwise.
    """
    with open(folder / record.file, "rb") as file:
        data = file.read(record.size)
    if sha256(data).hexdigest() != record.sha256:
        raise ChangedFileError(
            f"The accepted file {record.file} was changed after its intake; the inbox takes it in again at its next "
            "look, then materialize this again."
        )
    return data


def rebuild(folder: Path) -> AcceptedCasts:
    """Read all accepted files again. Raises ChangedFileError."""
    records = present_records(folder)
    casts: list[Cast] = []
    lost: list[Refusal] = []
    for record in records:
        reading = read_file(record.file, Path(record.file).suffix, read_accepted(folder, record), record.day)
        casts += [cast for cast in reading.casts if cast.line in record.accepted_lines]
        lost += _lost(record, reading)
    history = merge_casts((), casts)
    lost += [*history.refusals, *map(_as_refusal, history.skipped)]
    return AcceptedCasts(records, history, tuple(lost))


def _lost(record: IntakeRecord, reading: Reading) -> Iterator[Refusal]:
    """Why rows that were accepted are not read any more; where nothing is read, what is wrong with the file."""
    missing = set(record.accepted_lines) - {cast.line for cast in reading.casts}
    if missing:
        outcomes = (*reading.refusals, *map(_as_refusal, reading.skipped))
        yield from (one for one in outcomes if one.line in missing or not reading.casts)


def _as_refusal(one: Skipped) -> Refusal:
    return Refusal(one.line, "", one.sample_id or "", one.reason, "look at the file", one.source)


def _readable(folder: Path) -> Iterator[IntakeRecord]:
    for path in folder.glob(f"*{RECORD_ENDING}"):
        try:
            yield IntakeRecord.from_json(path.name, path.read_bytes())
        except FileNotFoundError:
            continue
        except IntakeRecordError as error:
            # Its file has no record then, and is taken in again: nothing is lost but its place in the order.
            logging.getLogger(__name__).warning("%s", error)
