"""Lab files: bytes to rows of text with their lines, from CSV and XLSX, and what is wrong with a file as a whole.

CSV is UTF-8 with or without a byte order mark, any line ends, comma or semicolon, quotation marks as spreadsheets write
them; a quotation mark that is never closed costs its own line, not those below it. A workbook is read from
its first sheet, each cell as the text that a person would have typed; a date that stands where a name belongs is
written as spreadsheets show it, so that it is refused as the spoilt name that it is.
"""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import zip_longest
from typing import Any

from bmg_assets.archives import ArchiveError, DamagedArchiveError, check_zip
from bmg_assets.intake.rows import COLUMNS, LONGEST_SHOWN, REQUIRED_COLUMNS, RawRow, column_name, columns_named
from bmg_assets.science.casts.cast import Refusal
from bmg_assets.science.errors import BmgError

FEWEST_NAMES_OF_HEADER = 5
"""Cells that name a column before a row is taken for a header; no cast has so many."""
MOST_LINES = 20_000
MOST_LINES_OF_CELL = 50
DELIMITERS = ",;"
NAME_COLUMNS = frozenset({"sample_id", "supersedes"})
SAVE_AS_CSV = "save the file as CSV in UTF-8, with commas or semicolons"
SAVE_AS_XLSX = "open it in a spreadsheet program and save it again as XLSX, or as CSV in UTF-8"
SEND_ALONE = "send it in a file of its own"
FILL_IN = "fill in a header and a row per cast"
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)


class CastFileError(BmgError):
    """A file none of whose rows can be read: at which line, what was found and expected, and what to do."""

    def __init__(self, reason: str, fix: str, line: int = 0, column: str = "", value: str = "") -> None:
        super().__init__(f"{reason}; {fix}.")
        self.refusal = Refusal(line, column, value[:LONGEST_SHOWN], reason, fix)


Records = dict[int, Sequence[str]]
"""The cells of each row of a file, its header among them, by the line on which the row begins."""


def read_bytes(ending: str, data: bytes) -> tuple[list[RawRow], list[Refusal]]:
    """The rows below the header of a file whose name ends so, and the refusals of places that are in no row.

    Raises CastFileError where no row can be read: no known format or encoding, no header, a required column missing,
    nothing below the header, or too many lines.
    """
    match ending.lower():
        case ".csv":
            return _below_header(*_csv_records(data))
        case ".xlsx":
            return _below_header(*_xlsx_records(data))
        case _:
            found = f"files that end in {ending!r} are not read" if ending else "the file's name has no ending"
            raise CastFileError(found, "save the casts as CSV in UTF-8 or as XLSX")


def has_end(ending: str, data: bytes) -> bool:
    """Whether a file, or its last bytes if it is CSV, ends as a complete one does; other formats always do."""
    match ending.lower():
        case ".csv":
            return data.endswith((b"\n", b"\r"))
        case ".xlsx":
            return zipfile.is_zipfile(io.BytesIO(data))
        case _:
            return True


def _below_header(
    records: Records, refusals: list[Refusal], is_cut_off: bool = False
) -> tuple[list[RawRow], list[Refusal]]:
    """Put each cell below its header. Records without text may stand above the header.

    is_cut_off: whether the last record has no end.
    """
    first = next((line for line, cells in records.items() if any(cell.strip() for cell in cells)), None)
    if first is None:
        raise CastFileError("the file is empty", FILL_IN)
    header = records[first]
    _check_header(first, header)
    last = max(records)
    if is_cut_off and last > first and len(records[last]) < len(header):
        cut = ", ".join(records.pop(last))[:LONGEST_SHOWN]
        reason = "the last line has no end and fewer cells than the header: the file was cut off"
        refusals.append(Refusal(last, "", cut, reason, "send the row again, in a file of its own"))
    rows = [
        RawRow(line, tuple(zip_longest(header, cells, fillvalue=""))) for line, cells in records.items() if line > first
    ]
    if not rows and not refusals:
        raise CastFileError("the file has a header and no rows", "fill in a row per cast", first)
    return rows, refusals


def _check_header(line: int, cells: Sequence[str]) -> None:
    known = {column_name(cell) for cell in cells} & set(COLUMNS)
    if len(known) < FEWEST_NAMES_OF_HEADER:
        fix = f"begin with the columns {', '.join(REQUIRED_COLUMNS)}"
        raise CastFileError("the first line is no header", fix, line, "", ", ".join(cells))
    missing = [column for column in REQUIRED_COLUMNS if column not in known]
    if missing:
        reason = f"the header lacks {', '.join(missing)}, so that no row can be read"
        raise CastFileError(reason, "add the column and fill it in", line, missing[0])


def _check_length(lines: int) -> None:
    if lines > MOST_LINES:
        raise CastFileError(f"the file has {lines} lines, more than {MOST_LINES}", "split it into several files")


def _csv_records(data: bytes) -> tuple[Records, list[Refusal], bool]:
    lines = re.split("\r\n|\n|\r", _decoded(data))
    is_cut_off = lines[-1] != ""
    if not is_cut_off:
        lines.pop()
    _check_length(len(lines))
    number, delimiter = _delimiter(lines)
    records: Records = {}
    refusals = []
    while number < len(lines):
        cells, taken = _csv_record(lines[number : number + MOST_LINES_OF_CELL], delimiter)
        if cells is None:
            reason = "the quotation marks of this line do not match, so that its cells cannot be separated"
            fix = 'close each quotation mark, and write one within a cell twice ("")'
            refusals.append(Refusal(number + 1, "", lines[number][:LONGEST_SHOWN], reason, fix))
        else:
            records[number + 1] = cells
        number += taken
    return records, refusals, is_cut_off


def _decoded(data: bytes) -> str:
    if not data:
        raise CastFileError("the file is empty", FILL_IN)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or data[:400].count(0) > len(data[:400]) // 4:
        raise CastFileError("the file is in UTF-16, not in UTF-8", SAVE_AS_CSV, 1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        found = f"the byte 0x{data[error.start]:02X} is not UTF-8, so the letters are unknown"
        raise CastFileError(found, SAVE_AS_CSV, line) from None


def _delimiter(lines: Sequence[str]) -> tuple[int, str]:
    """Number of the line, from 0, at which the table begins, and what stands between its cells."""
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    separator = _SEPARATOR_LINE.fullmatch(lines[first].strip()) if lines else None
    if separator is not None and separator[1] in DELIMITERS:
        return first + 1, separator[1]
    header = lines[first] if lines else ""
    return first, max(DELIMITERS, key=lambda one: columns_named(cell.strip('" ') for cell in header.split(one)))


def _csv_record(lines: Sequence[str], delimiter: str) -> tuple[list[str] | None, int]:
    """Cells of the record that begins on the first line, and how many lines it takes.

    The cells are None where a quotation mark of the first line is not closed, or only rows below.
    """
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, strict=True)
    try:
        cells = next(reader)
    except csv.Error:
        return None, 1
    # Whole rows within a cell: the quotation mark that should end it was forgotten.
    if any(line.count(delimiter) >= len(REQUIRED_COLUMNS) - 1 for cell in cells for line in cell.split("\n")[1:]):
        return None, 1
    return cells, reader.line_num


def _xlsx_records(data: bytes) -> tuple[Records, list[Refusal]]:
    if not data:
        raise CastFileError("the file is empty", FILL_IN)
    _check_archive(data)
    from openpyxl import load_workbook

    try:
        # Formulas are wanted as such, to be refused: a value computed by a spreadsheet cannot be seen in its file.
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        sheets = [(sheet.title, _sheet_rows(sheet)) for sheet in workbook.worksheets]
    except CastFileError:
        raise
    except Exception as error:  # a damaged file raises whatever its innermost parser does
        raise CastFileError(f"the workbook cannot be read ({type(error).__name__})", SAVE_AS_XLSX) from error
    if not sheets:
        raise CastFileError("the workbook has no sheets", FILL_IN)
    names: list[str] = []
    records: Records = {}
    for line, cells in sheets[0][1]:
        texts = [_text(cell, column) for cell, column in zip_longest(cells, names[: len(cells)], fillvalue="")]
        names = names or [column_name(text) for text in texts]
        records[line] = texts
    refusals = [
        Refusal(0, "", title, f"the sheet {title!r} was not read, because it is not the first", SEND_ALONE)
        for title, rows in sheets[1:]
        if rows
    ]
    return records, refusals


def _check_archive(data: bytes) -> None:
    try:
        check_zip(data)
    except DamagedArchiveError:
        raise CastFileError("the file is no XLSX workbook, or is damaged", SAVE_AS_XLSX) from None
    except ArchiveError as error:
        found = f"the workbook is not read, because {error.found}"
        raise CastFileError(found, "send the casts alone, without other sheets") from None


def _sheet_rows(sheet: Any) -> list[tuple[int, tuple[Any, ...]]]:
    """Rows that hold something, with their numbers."""
    # Some programs write a wrong size of the sheet; without it all cells are read.
    sheet.reset_dimensions()
    rows = []
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        _check_length(number)
        if any(cell is not None for cell in cells):
            rows.append((number, cells))
    return rows


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
