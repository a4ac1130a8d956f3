"""Whether the record is as it was written, and what brings a damaged file back."""

from collections.abc import Iterator
from pathlib import Path

from bmg_assets.store.record import CASTS, IDENTITY_FILE, Problem, Record, RecordDamagedError, RecordedFile
from bmg_assets.upkeep.copying import size_and_digest
from bmg_assets.upkeep.findings import Finding

MEND = "`bmg verify --mend` writes it anew from its copy"
FROM_BACKUP = "`bmg restore` brings it back from a backup"
FROM_LAB = "`bmg verify --mend` writes it anew from the laboratory's copy"
IS_MISSING = "is missing"
FOREIGN = "move it away: nothing of the platform reads it"


def findings_of_record(record: Record, lab: Path) -> Iterator[Finding]:
    """Everything in the record that is not as it was written; all of it is read.

    Args:
        record: it need not exist.
        lab: the laboratory's folder, whose files are copies of those in the record.

    Raises:
        RecordFormatError: a newer version wrote the record.
    """
    problems = _problems(record)
    in_lab = _copies_in_lab(record, lab) if problems else {}
    for problem in problems:
        remedy = MEND if problem.can_be_mended else FROM_LAB if problem.file in in_lab else FROM_BACKUP
        yield Finding(record.folder.path_of(problem.file), problem.what, remedy)
    for name in record.folder.files():
        if name != IDENTITY_FILE and "/journal/" not in name and "/files/" not in name:
            yield Finding(record.folder.path_of(name), "does not belong to the record", FOREIGN)


def mend_record(record: Record, lab: Path) -> list[str]:
    """Write anew what has a second copy in the record or in the laboratory's folder; the paths of what was mended."""
    damaged = {problem.file for problem in _problems(record)}
    if not damaged:
        return []
    left = {problem.file for problem in record.mend()}
    copies = _copies_in_lab(record, lab)
    for name in sorted(left & copies.keys()):
        file, path = copies[name]
        if record.stream(CASTS).put_back(file, path.read_bytes()):
            left.discard(name)
    return [record.folder.path_of(name) for name in sorted(damaged - left)]


def _problems(record: Record) -> list[Problem]:
    """The record's problems, without an entry whose writer was killed: whoever reads it finishes it."""
    return [one for one in record.problems() if one.what != IS_MISSING or not record.folder.exists(one.file)]


def _copies_in_lab(record: Record, lab: Path) -> dict[str, tuple[RecordedFile, Path]]:
    """The recorded files of casts that the laboratory's folder has, by their names in the record."""
    paths = [path for folder in ("accepted", "rejected") for path in sorted((lab / folder).glob("[!.]*"))]
    by_digest = {_digest(path): path for path in paths if path.is_file()}
    try:
        files = [file for entry in record.stream(CASTS).entries() for file in entry.files]
    except RecordDamagedError:
        return {}
    return {f"{CASTS}/files/{file.name}": (file, by_digest[file.sha256]) for file in files if file.sha256 in by_digest}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return size_and_digest(file)[1]
