"""CSV files of casts: bytes to records, with every line accounted for.

UTF-8 with or without a byte order mark, any line ends, comma or semicolon, quotation marks as spreadsheets write them.
A quotation mark that is never closed costs its own line, not those below it.
"""

import codecs
import csv
import re
from collections.abc import Sequence

from bmg_assets.intake.cast_rows import LONGEST_VALUE, CastFileError, Record, Records, check_length
from bmg_assets.science.casts.cast import Refusal
from bmg_assets.science.casts.columns import COLUMNS, REQUIRED_COLUMNS, column_name

DELIMITERS = ",;"
MOST_LINES_OF_CELL = 50
SAVE_AS = "save the file as CSV in UTF-8, with commas or semicolons"
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)


def csv_records(data: bytes) -> Records:
    """The records of a file. Raises CastFileError for an empty file and for any encoding but UTF-8."""
    lines = re.split("\r\n|\n|\r", _decoded(data))
    is_cut_off = lines[-1] != ""
    if not is_cut_off:
        lines.pop()
    check_length(len(lines))
    first, delimiter = _delimiter(lines)
    return _Splitter(lines, delimiter).split(first, is_cut_off)


def ends_a_line(data: bytes) -> bool:
    """Whether the last line of a file has an end; no file of casts ends otherwise when it is complete."""
    return data.endswith((b"\n", b"\r"))


def _decoded(data: bytes) -> str:
    if not data:
        raise CastFileError("the file is empty", "fill in a header and a row per cast")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or data[:400].count(0) > len(data[:400]) // 4:
        raise CastFileError("the file is in UTF-16, not in UTF-8", SAVE_AS, 1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        found = f"the byte 0x{data[error.start]:02X} is not UTF-8, so the letters cannot be told"
        raise CastFileError(found, SAVE_AS, line) from None


def _delimiter(lines: Sequence[str]) -> tuple[int, str]:
    """Number of the line, from 0, at which the table begins, and what stands between its cells."""
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    separator = _SEPARATOR_LINE.fullmatch(lines[first].strip()) if lines else None
    if separator is not None and separator[1] in DELIMITERS:
        return first + 1, separator[1]
    header = lines[first] if lines else ""
    return first, max(DELIMITERS, key=lambda delimiter: _columns_named(header, delimiter))


def _columns_named(header: str, delimiter: str) -> int:
    return sum(column_name(cell.strip('" ')) in COLUMNS for cell in header.split(delimiter))


class _Splitter:
    def __init__(self, lines: Sequence[str], delimiter: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._records: list[Record] = []
        self._refusals: list[Refusal] = []

    def split(self, first: int, is_cut_off: bool) -> Records:
        number = first
        while number < len(self._lines):
            number = self._take(number)
        return Records(tuple(self._records), tuple(self._refusals), is_cut_off)

    def _take(self, number: int) -> int:
        """Take the record that begins on a line (from 0); the line on which the next one does."""
        reader = csv.reader(
            (line + "\n" for line in self._lines[number : number + MOST_LINES_OF_CELL]),
            delimiter=self._delimiter,
            strict=True,
        )
        try:
            cells = next(reader)
        except csv.Error:
            cells = None
        if cells is None or any(self._holds_rows(cell) for cell in cells):
            self._refusals.append(_unclosed(number + 1, self._lines[number]))
            return number + 1
        self._records.append(Record(number + 1, tuple(cells)))
        return number + reader.line_num

    def _holds_rows(self, cell: str) -> bool:
        """Whether whole rows lie within a cell: the quotation mark that should end it was forgotten."""
        return any(line.count(self._delimiter) >= len(REQUIRED_COLUMNS) - 1 for line in cell.split("\n")[1:])


def _unclosed(line: int, text: str) -> Refusal:
    return Refusal(
        line,
        "",
        text[:LONGEST_VALUE],
        "the quotation marks of this line do not match, so that its cells cannot be told",
        'close each quotation mark, and write one within a cell twice ("")',
    )
