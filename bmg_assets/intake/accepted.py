"""The folder of accepted files: everything that the group has cast, rebuilt from these files alone.

The content of every file is compared with its record at each look, because the modification time can be unchanged
although the content differs. Its rows are judged once: the judgement is kept in one file beside the accepted ones, and
holds for the same content, name and day of intake, as long as the code that judges is the same.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from pydantic import TypeAdapter

from bmg_assets.intake.file import write_durably
from bmg_assets.intake.judge import Judgement, read_file
from bmg_assets.intake.record import IntakeRecord, present_records
from bmg_assets.science.alloys import compositions, systems
from bmg_assets.science.casts import cast
from bmg_assets.science.casts.cast import Cast, Refusal, Skipped
from bmg_assets.science.casts.merging import Merge, merge_casts
from bmg_assets.science.errors import BmgError
from bmg_assets.store.folder import FolderError

JUDGEMENTS = ".judgements.json"


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
    judgements = _judgements(folder, records)
    casts: list[Cast] = []
    lost: list[Refusal] = []
    for record, judgement in zip(records, judgements, strict=True):
        casts += [one for one in judgement.casts if one.line in record.accepted_lines]
        lost += _lost(record, judgement)
    history = merge_casts((), casts)
    lost += [*history.refusals, *map(_as_refusal, history.skipped)]
    return AcceptedCasts(records, history, tuple(lost))


@dataclass(frozen=True)
class _Kept:
    """The judgements of the last time: the code that made them, and each by content, day and name of its file."""

    code: str = ""
    files: dict[str, Judgement] = field(default_factory=dict)


_KEPT = TypeAdapter(_Kept)


def _judgements(folder: Path, records: tuple[IntakeRecord, ...]) -> list[Judgement]:
    """The judgement of each accepted file by itself; only files that are new since the last time are judged."""
    kept = _read_kept(folder / JUDGEMENTS)
    judged = {}
    for record in records:
        data, key = _content(folder, record), f"{record.sha256} {record.day} {record.file}"
        judged[key] = kept.files.get(key) or read_file(record.file, Path(record.file).suffix, data, record.day)
    if judged.keys() != kept.files.keys():
        # A judgement that cannot be kept (a full disk, text that is no Unicode) is made again the next time.
        with contextlib.suppress(FolderError, ValueError):
            write_durably(folder / JUDGEMENTS, _KEPT.dump_json(_Kept(_code(), judged)))
    return list(judged.values())


def _read_kept(file: Path) -> _Kept:
    """The judgements of the last time; none if other code made them, or they cannot be read."""
    try:
        kept = _KEPT.validate_json(file.read_bytes())
    except (OSError, ValueError):
        return _Kept()
    return kept if kept.code == _code() else _Kept()


@cache
def _code() -> str:
    """Identity of the code and data by which rows are judged."""
    digest = sha256(version("pymatgen").encode())
    beside = (Path(str(module.__file__)) for module in (compositions, systems, cast))
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


def _lost(record: IntakeRecord, judgement: Judgement) -> Iterator[Refusal]:
    """Why rows that were accepted are not read any more; where nothing is read, what is wrong with the file."""
    missing = set(record.accepted_lines) - {one.line for one in judgement.casts}
    if missing:
        outcomes = (*judgement.refusals, *map(_as_refusal, judgement.skipped))
        yield from (one for one in outcomes if one.line in missing or not judgement.casts)


def _as_refusal(one: Skipped) -> Refusal:
    return Refusal(one.line, "", one.sample_id or "", one.reason, "look at the file", one.source)
