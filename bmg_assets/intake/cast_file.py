"""One file in the inbox: whether it is complete, and its rows, by the ending of its name."""

import os
import time
from pathlib import Path

from bmg_assets.intake.cast_rows import CastFileError, CastRows, rows_of
from bmg_assets.intake.csv_records import csv_records, ends_a_line
from bmg_assets.intake.xlsx_records import is_whole_workbook, xlsx_records

UNFINISHED_ENDINGS = frozenset({".part", ".partial", ".tmp", ".crdownload", ".filepart", ".swp"})
"""What programs call a file until they have copied all of it; then they rename it."""


def is_looked_at(path: Path) -> bool:
    """Whether a name in the inbox is a file for it: no hidden file, and no lock file of a spreadsheet program."""
    return not path.name.startswith((".", "~$")) and path.is_file()


def reason_to_wait(path: Path, settle_s: float, patience_s: float, now: float | None = None) -> str | None:
    """Why a file is not complete yet, None if it is.

    A file is complete when nothing about it has changed for `settle_s` seconds and it has an end: the end of its last
    line, or that of a workbook's archive. Without one it is complete after `patience_s` seconds.
    """
    if path.suffix.lower() in UNFINISHED_ENDINGS:
        return "it is still being copied, by its name"
    found = path.stat()
    now = time.time() if now is None else now
    # The time of last change cannot be set from outside, that of last writing may be kept by a copy or lie ahead.
    changed = max((moment for moment in (found.st_mtime, found.st_ctime) if moment <= now), default=now)
    if now - changed < settle_s:
        return "it changed a moment ago"
    if now - changed < patience_s and not _has_end(path, found.st_size):
        return "its last line has no end" if path.suffix.lower() == ".csv" else "it has no end"
    return None


def read_cast_file(ending: str, data: bytes) -> CastRows:
    """The rows of a file whose name ends so. Raises CastFileError where none can be read."""
    match ending.lower():
        case ".csv":
            return rows_of(csv_records(data))
        case ".xlsx":
            return rows_of(xlsx_records(data))
        case _:
            found = f"files that end in {ending!r} are not read" if ending else "the file's name has no ending"
            raise CastFileError(found, "save the casts as CSV in UTF-8 or as XLSX")


def _has_end(path: Path, size: int) -> bool:
    match path.suffix.lower():
        case ".csv":
            with open(path, "rb") as file:
                file.seek(-min(size, 2), os.SEEK_END)
                return ends_a_line(file.read())
        case ".xlsx":
            return is_whole_workbook(path.read_bytes())
        case _:
            return True
