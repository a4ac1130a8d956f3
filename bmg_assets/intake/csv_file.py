"""CSV files: UTF-8 with or without a byte order mark, any line ends, comma or semicolon, quotation marks.

A quotation mark that is never closed costs its own line, not those below it.
"""

import codecs
import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bmg_assets.intake.faults import FILL_IN, LONGEST_SHOWN, SAVE_AS_CSV, SPLIT, CastFileError
from bmg_assets.intake.rows import REQUIRED_COLUMNS
from bmg_assets.intake.table import FEWEST_NAMES_OF_HEADER, MOST_ABOVE_HEADER, Record, Table, below_header, names_in
from bmg_assets.science.casts.cast import Refusal

MOST_LINES = 20_000
MOST_LINES_OF_CELL = 50
DELIMITERS = ",;"
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)


@dataclass(frozen=True)
class CsvRecords:
    """The records of a CSV file, the refusals of lines that are none, and what stands between the cells.

    is_cut_off: whether the last line has no end.
    """

    records: list[Record]
    refusals: list[Refusal]
    delimiter: str
    is_cut_off: bool


def read_csv(data: bytes) -> Table:
    """The rows of a CSV file; raises CastFileError where none can be read."""
    found = csv_records(data)
    return below_header(
        found.records, found.refusals, decimal_comma=found.delimiter == ";", is_cut_off=found.is_cut_off
    )


def csv_records(data: bytes) -> CsvRecords:
    """The records of a CSV file, whatever it is about; raises CastFileError where it is no text or too long."""
    lines = lines_of(data)
    is_cut_off = lines[-1] != ""
    if not is_cut_off:
        lines.pop()
    if len(lines) > MOST_LINES:
        raise CastFileError(f"the file has {len(lines)} lines, more than {MOST_LINES}", SPLIT)
    begin, header, delimiter = _place_of_header(lines)
    records = [_raw(number, lines[number], delimiter) for number in range(begin, header)]
    refusals: list[Refusal] = []
    number = header
    while number < len(lines):
        cells, taken = _record(lines[number : number + MOST_LINES_OF_CELL], delimiter)
        if cells is None:
            reason = "the quotation marks of this line do not match, so that its cells cannot be separated"
            fix = 'close each quotation mark, and write one within a cell twice ("")'
            refusals.append(Refusal(number + 1, "", lines[number][:LONGEST_SHOWN], reason, fix))
        else:
            records.append(_as_record(number + 1, cells))
        number += taken
    return CsvRecords(records, refusals, delimiter, is_cut_off)


def lines_of(data: bytes) -> list[str]:
    """The lines of a text in UTF-8, the last one empty if the text has an end; raises CastFileError."""
    return re.split("\r\n|\n|\r", _decoded(data))


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


def _place_of_header(lines: Sequence[str]) -> tuple[int, int, str]:
    """Numbers of the lines, from 0, at which the text and the header begin, and what stands between the cells.

    Without a header, it is the first line that holds something.
    """
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    separator = _SEPARATOR_LINE.fullmatch(lines[first].strip()) if lines else None
    said = separator[1] if separator is not None and separator[1] in DELIMITERS else ""
    begin = first + 1 if said else first
    looked_at = [number for number in range(begin, len(lines)) if lines[number].strip()][:MOST_ABOVE_HEADER]
    for number in looked_at:
        named = {one: names_in(cell.strip('" ') for cell in lines[number].split(one)) for one in said or DELIMITERS}
        best = max(named, key=lambda one: named[one])
        if named[best] >= FEWEST_NAMES_OF_HEADER:
            return begin, number, best
    return begin, begin, said or DELIMITERS[0]


def _raw(number: int, line: str, delimiter: str) -> Record:
    """A line above the header, whose quotation marks may mean anything."""
    return _as_record(number + 1, line.split(delimiter))


def _as_record(line: int, cells: Sequence[str]) -> Record:
    return Record(line, {place: cell for place, cell in enumerate(cells) if cell.strip()}, len(cells))


def _record(lines: Sequence[str], delimiter: str) -> tuple[list[str] | None, int]:
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
