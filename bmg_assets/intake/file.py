"""Lab files that have been read: names, the report beside a file, moves between inbox, accepted and rejected.

What counts is in the record; the folders accepted and rejected show people what became of their files. What lies in
them otherwise than it was read goes back into the inbox, so that late rows and later versions are not lost.
"""

import errno
import re
import shutil
import uuid
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from bmg_assets.intake.outcome import FileOutcome
from bmg_assets.intake.record import IntakeRecord, that_count
from bmg_assets.science.casts.cast import Cast
from bmg_assets.spreadsheets import csv_of
from bmg_assets.store.folder import replacing, set_modified, sync, write_durably

HASH_DIGITS = 12
LONGEST_STEM_BYTES = 120
LONGEST_ENDING = 16
ENDING_OF_NONE = ".bin"
REPORT_ENDING = ".report.csv"
INTAKE_ENDING = ".intake.json"
"""Ending by which versions before the record kept the record of an intake beside the file."""
REPORT_COLUMNS = ("line", "outcome", "column", "value", "reason", "mend", "note")
_FORBIDDEN = frozenset('<>:"/\\|?*')


def name_with_hash(name: str, digest: str) -> str:
    """`zr.csv` to `zr.0123456789ab.csv`; signs that a file name cannot have everywhere are replaced.

    A name without an ending gets one, so that the hash is not mistaken for it.
    """
    path = Path(name)
    ending = _plain(path.suffix.lower())[:LONGEST_ENDING] or ENDING_OF_NONE
    stem = _plain(_bare_stem(path)).encode()[:LONGEST_STEM_BYTES].decode("utf-8", "ignore")
    stem = re.sub(r"^\.+", "_", stem)  # a hidden file would be overlooked
    return f"{stem}.{digest[:HASH_DIGITS]}{ending}"


def plain_name(name: str) -> str:
    """The last part of a path of any system, as a file name that every system can have."""
    return _plain(re.split(r"[/\\]", name)[-1]).strip()


def name_without_hash(name: str) -> str:
    """`zr.0123456789ab.csv` to `zr.csv`; other names stay."""
    return f"{_bare_stem(Path(name))}{Path(name).suffix}"


def hash_of(file: Path) -> str:
    """SHA-256 of a file of any size."""
    digest = sha256()
    with open(file, "rb") as opened:
        while piece := opened.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def report_of(file: Path) -> Path:
    """The report beside a file that was taken in."""
    return file.with_name(f"{file.stem}{REPORT_ENDING}")


def is_looked_at(path: Path) -> bool:
    """Whether a name is a file for the intake: no hidden file, and no lock file of a spreadsheet program."""
    return not path.name.startswith((".", "~$")) and path.is_file()


def is_file_of_casts(path: Path) -> bool:
    """Whether a name in accepted or rejected is that of a lab file, not of a report or of an older version's record."""
    return not path.name.endswith((INTAKE_ENDING, REPORT_ENDING))


def has_files(folder: Path) -> bool:
    """Whether a folder of accepted files has any; a report counts, which comes before its file."""
    return folder.is_dir() and any(is_looked_at(path) for path in folder.iterdir())


def report_csv(outcome: FileOutcome) -> bytes:
    """The report of a file: a line for each accepted and skipped row, and for each fault of a refused one.

    It is CSV in UTF-8, with a byte order mark by which spreadsheets know it. Line 0 is the file as a whole.
    """
    lines: list[tuple[int, str, str, str, str, str, str]] = [
        *((cast.line, "accepted", "", "", _remark(cast), "", "; ".join(cast.remarks)) for cast in outcome.casts),
        *((one.line, "refused", one.column, one.value, one.reason, one.fix, "") for one in outcome.refusals),
        *((one.line, "skipped", "", one.sample_id or "", one.reason, "", "") for one in outcome.skipped),
    ]
    text = csv_of(REPORT_COLUMNS, sorted(lines, key=lambda line: line[0]))
    return text.encode("utf-8-sig", errors="backslashreplace")


def move_durably(source: Path, target: Path) -> None:
    """Move a file, over another one of that name.

    Where it cannot be renamed (another file system) it is copied first, so that for a moment it is in both.
    Raises FileNotFoundError.
    """
    if not _renamed(source, target):
        with replacing(target) as temporary:
            shutil.copyfile(source, temporary)
        source.unlink()
    for folder in {source.parent, target.parent}:
        sync(folder)


def give_back_unread(
    accepted: Path, inbox: Path, intakes: Sequence[IntakeRecord], recorded: Callable[[IntakeRecord], bytes]
) -> None:
    """Move every accepted file that is not as it was taken in, or never was, back into the inbox.

    These are files whose writer went on after the intake, edited ones, and those that somebody put there. A later
    version keeps its name with the hash, by which the intake knows what it takes the place of.

    Args:
        recorded: what the record holds of an intake.
    """
    counted = {one.file for one in that_count(intakes)}
    by_name = {one.file: one for one in intakes if one.is_accepted}
    for path in _files_in(accepted):
        found, intake = path.stat(), by_name.get(path.name)
        if intake is None:
            move_durably(path, _free_name(inbox, path.name))
        elif (found.st_size, found.st_mtime_ns) != (intake.size, intake.modified_ns) or path.name not in counted:
            _give_back_changed(path, intake, inbox, path.name in counted, recorded)


def remove_durably(file: Path) -> None:
    """Remove an accepted file whose later version took its place, and its report; the record keeps it."""
    for path in (file, report_of(file)):
        path.unlink(missing_ok=True)
    sync(file.parent)


def give_back_written_after_rejection(rejected: Path, inbox: Path) -> None:
    """Move every rejected file that was written to after its report back into the inbox.

    A header alone may have been the beginning of a file.
    """
    for path in _files_in(rejected):
        report = report_of(path)
        if not report.exists() or path.stat().st_mtime_ns <= report.stat().st_mtime_ns:
            continue
        if hash_of(path)[:HASH_DIGITS] != path.stem.rpartition(".")[2]:
            move_durably(path, _free_name(inbox, name_without_hash(path.name)))


def _files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if is_looked_at(path) and is_file_of_casts(path))


def _give_back_changed(
    path: Path, intake: IntakeRecord, inbox: Path, counts: bool, recorded: Callable[[IntakeRecord], bytes]
) -> None:
    if hash_of(path) != intake.sha256:
        # The very file goes back, since its writer may still have it open.
        move_durably(path, _free_name(inbox, path.name))
        if counts:
            write_durably(path, recorded(intake))
            set_modified(path, intake.modified_ns)
    elif counts:
        # Only touched, by a backup perhaps: with its time given back, it need not be read at every look.
        set_modified(path, intake.modified_ns)
    else:
        remove_durably(path)


def hash_in(name: str) -> str | None:
    """The digits of the hash that a name has, None without."""
    stem, _, last = Path(name).stem.rpartition(".")
    is_hash = len(last) == HASH_DIGITS and set(last) <= set("0123456789abcdef")
    return last if stem and is_hash else None


def _bare_stem(path: Path) -> str:
    return path.stem if hash_in(path.name) is None else path.stem.rpartition(".")[0]


def _plain(text: str) -> str:
    return "".join(sign if sign.isprintable() and sign not in _FORBIDDEN else "_" for sign in text)


def _free_name(inbox: Path, name: str) -> Path:
    path = inbox / name
    return path.with_name(f"{path.stem}.{uuid.uuid4().hex[:8]}{path.suffix}") if path.exists() else path


def _remark(cast: Cast) -> str:
    remarks = [f"fixed: {', '.join(cast.rules)}"] if cast.rules else []
    if cast.supersedes is not None:
        remarks.append(f"{'withdraws' if cast.is_withdrawal else 'supersedes'} {cast.supersedes}")
    return "; ".join(remarks)


def _renamed(source: Path, target: Path) -> bool:
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return False
    return True
