"""XLSX workbooks of casts: bytes to records, cells as the text that a person would have typed.

The first sheet is read. A date that stands where a name belongs is written as spreadsheets show it, so that it is
refused as the spoilt name that it is.
"""

import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from bmg_assets.intake.cast_rows import CastFileError, Record, Records, check_length
from bmg_assets.science.casts.cast import Refusal
from bmg_assets.science.casts.columns import column_name

LARGEST_UNPACKED_BYTES = 100_000_000
"""What a workbook may take when it is unpacked: more is a bomb, not a lab book."""
NAME_COLUMNS = frozenset({"sample_id", "supersedes"})
SAVE_AS = "open it in a spreadsheet program and save it again as XLSX, or as CSV in UTF-8"


def is_whole_workbook(data: bytes) -> bool:
    """Whether the end of the archive is there, without which nothing of it can be read."""
    return zipfile.is_zipfile(io.BytesIO(data))


def xlsx_records(data: bytes) -> Records:
    """The records of the first sheet. Raises CastFileError for an empty file and one that is no workbook."""
    if not data:
        raise CastFileError("the file is empty", "fill in a header and a row per cast")
    _check_unpacked_size(data)
    from openpyxl import load_workbook

    try:
        # Formulas are wanted as such, to be refused: a value computed by a spreadsheet cannot be seen in its file.
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        sheets = [(sheet.title, _cells(sheet)) for sheet in workbook.worksheets]
    except CastFileError:
        raise
    except Exception as error:  # a damaged file raises whatever its innermost parser does
        raise CastFileError(f"the workbook cannot be read ({type(error).__name__})", SAVE_AS) from error
    if not sheets:
        raise CastFileError("the workbook has no sheets", "fill in a header and a row per cast")
    refusals = tuple(_not_read(title) for title, rows in sheets[1:] if rows)
    return Records(_records(sheets[0][1]), refusals)


def _check_unpacked_size(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile:
        raise CastFileError("the file is no XLSX workbook, or is damaged", SAVE_AS) from None
    if unpacked > LARGEST_UNPACKED_BYTES:
        raise CastFileError(f"the workbook unpacks to {unpacked} bytes", "send the casts alone, without other sheets")


def _cells(sheet: Any) -> list[tuple[int, tuple[Any, ...]]]:
    """Rows that hold something, with their numbers."""
    # Some programs write a wrong size of the sheet; without it all cells are read.
    sheet.reset_dimensions()
    rows = []
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        check_length(number)
        if any(cell is not None for cell in cells):
            rows.append((number, cells))
    return rows


def _records(rows: Iterable[tuple[int, tuple[Any, ...]]]) -> tuple[Record, ...]:
    records: list[Record] = []
    names: list[str] = []
    for number, cells in rows:
        texts = tuple(_text(cell, names[place] if place < len(names) else "") for place, cell in enumerate(cells))
        names = names or [column_name(text) for text in texts]
        records.append(Record(number, texts))
    return tuple(records)


def _text(cell: Any, column: str) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).upper()
        case float():
            # Fifteen digits are what a spreadsheet keeps and shows; more would be noise of the binary number.
            return format(cell, ".15g")
        case datetime() if cell.time() == time():
            return _day(cell.date(), column)
        case date():
            return _day(cell, column)
        case _:
            return str(cell)


def _day(day: date, column: str) -> str:
    return f"{day.day}-{day:%b}" if column in NAME_COLUMNS else day.isoformat()


def _not_read(title: str) -> Refusal:
    return Refusal(
        0, "", title, f"the sheet {title!r} was not read, because it is not the first", "send it in a file of its own"
    )
