"""The folder of accepted files: everything that the group has cast, rebuilt from these files alone.

The content of every file is compared with its record at each look, because the modification time can be unchanged
although the content differs. Its rows are read once: the outcome is kept in one file beside the accepted ones, and
holds for the same content, name and day of intake, as long as the code that reads is the same.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from pydantic import TypeAdapter

from bmg_assets.intake.outcome import FileOutcome, read_file
from bmg_assets.intake.record import IntakeRecord, present_records
from bmg_assets.science.alloys import compositions, systems
from bmg_assets.science.casts import cast, merging
from bmg_assets.science.casts.cast import Cast, Refusal, Skipped
from bmg_assets.science.casts.merging import Merge, merge_casts
from bmg_assets.science.errors import BmgError
from bmg_assets.store.folder import FolderError, write_durably

OUTCOMES = ".outcomes.json"


class ChangedFileError(BmgError):
    """An accepted file no longer holds what was accepted."""


@dataclass(frozen=True)
class AcceptedCasts:
    """What follows from all accepted files together.

    records: one per file, in the order of intake. history: the casts. lost: rows that were accepted at their intake
    and are not any more, because the rules or the files beside them are others now.
    """

    records: tuple[IntakeRecord, ...]
    history: Merge
    lost: tuple[Refusal, ...]


def read_accepted(folder: Path) -> AcceptedCasts:
    """Read all accepted files. Raises ChangedFileError."""
    records = present_records(folder)
    outcomes = _outcomes(folder, records)
    casts: list[Cast] = []
    lost: list[Refusal] = []
    for record, outcome in zip(records, outcomes, strict=True):
        casts += [one for one in outcome.casts if one.line in record.accepted_lines]
        lost += _lost(record, outcome)
    history = merge_casts((), casts)
    lost += [*history.refusals, *map(_as_refusal, history.skipped)]
    return AcceptedCasts(records, history, tuple(lost))


@dataclass(frozen=True)
class _Kept:
    """The outcomes of the last time: the code that made them, and each by content, day and name of its file."""

    code: str = ""
    files: dict[str, FileOutcome] = field(default_factory=dict)


_KEPT = TypeAdapter(_Kept)


def _outcomes(folder: Path, records: tuple[IntakeRecord, ...]) -> list[FileOutcome]:
    """The outcome of each accepted file by itself; only files that are new since the last time are read."""
    kept = _read_kept(folder / OUTCOMES)
    read = {}
    for record in records:
        data, key = _content(folder, record), f"{record.sha256} {record.day} {record.file}"
        read[key] = kept.files.get(key) or read_file(record.file, Path(record.file).suffix, data, record.day)
    if read.keys() != kept.files.keys():
        # An outcome that cannot be kept (a full disk, text that is no Unicode) is made again the next time.
        with contextlib.suppress(FolderError, ValueError):
            write_durably(folder / OUTCOMES, _KEPT.dump_json(_Kept(_code(), read)))
    return list(read.values())


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
    beside = (Path(str(module.__file__)) for module in (compositions, systems, cast, merging))
    for path in (*beside, *sorted(Path(__file__).parent.glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _content(folder: Path, record: IntakeRecord) -> bytes:
    """What was accepted of a file, without what may have been appended since; raises ChangedFileError."""
    with open(folder / record.file, "rb") as file:
        data = file.read(record.size)
    if sha256(data).hexdigest() != record.sha256:
        raise ChangedFileError(
            f"The accepted file {record.file} was changed after its intake; the inbox takes it in again at its next "
            "look, then materialize this again."
        )
    return data


def _lost(record: IntakeRecord, outcome: FileOutcome) -> Iterator[Refusal]:
    """Why rows that were accepted are not read any more; where nothing is read, what is wrong with the file."""
    missing = set(record.accepted_lines) - {one.line for one in outcome.casts}
    if missing:
        not_accepted = (*outcome.refusals, *map(_as_refusal, outcome.skipped))
        yield from (one for one in not_accepted if one.line in missing or not outcome.casts)


def _as_refusal(one: Skipped) -> Refusal:
    return Refusal(one.line, "", one.sample_id or "", one.reason, "look at the file", one.source)
