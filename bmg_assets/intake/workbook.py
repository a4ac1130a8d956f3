"""XLSX workbooks as people keep them: the sheet of casts is the one with the header, wherever it stands.

Each cell is read as the text that a person would have typed. What a reader of the text would not see is said: hidden
and struck-out rows, comments, merged cells, formulas and dates that a spreadsheet made of a name.
"""

import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from bmg_assets.archives import ArchiveError, DamagedArchiveError, check_zip
from bmg_assets.intake.faults import FILL_IN, LONGEST_SHOWN, SAVE_AS_XLSX, SPLIT, CastFileError
from bmg_assets.intake.plausible import Fault
from bmg_assets.intake.reading import FORMULA_VALUES, READING_FILE, Reading
from bmg_assets.intake.rows import REQUIRED_COLUMNS, column_name
from bmg_assets.intake.table import Record, Table, below_header, header_of
from bmg_assets.intake.words import Words
from bmg_assets.intake.workbook_parts import LARGEST_UNPACKED_BYTES, read_parts
from bmg_assets.science.casts.cast import Refusal, Skipped

MOST_ROWS = 20_000
MOST_ROWS_WITH_BLANKS = 60_000
"""Rows of the XML that are looked at: cells with blanks or empty formulas may go on far below the casts."""
MOST_ROWS_FOR_HEADER = 200
MOST_CELLS_FILLED = 200_000
"""Cells below the first of merged ones that take its value."""
NAME_COLUMNS = frozenset({"sample_id", "supersedes"})
SEND_ALONE = "send it in a file of its own"
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_FORMULA_FIX = (
    f"write the value, not the formula; or write {FORMULA_VALUES}: true into {READING_FILE} in the laboratory's "
    "folder, so that the values count that the spreadsheet stored"
)


@dataclass
class _Row:
    """What is found in a row of a sheet; cells by their place from 0."""

    cells: dict[int, str] = field(default_factory=dict)
    days: dict[int, date] = field(default_factory=dict)
    struck: list[int] = field(default_factory=list)
    faults: list[tuple[int, Fault]] = field(default_factory=list)
    remarks: list[tuple[int | None, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Sheet:
    """A sheet as read; is_whole: whether these are all of its records."""

    title: str
    is_hidden: bool
    records: Sequence[Record]
    is_whole: bool

    @property
    def has_casts(self) -> bool:
        """Whether it has a header and something below it."""
        header = header_of(self.records)
        return header is not None and any(one.line > header.line for one in self.records)


def sheets_of(data: bytes, reading: Reading) -> list[Sequence[Record]]:
    """The first records of each sheet, whatever they are about; raises CastFileError where it is no workbook."""
    _check_archive(data)
    return [one.records for one in _opened(data, lambda _: MOST_ROWS, reading)]


def read_workbook(data: bytes, reading: Reading) -> Table:
    """The rows of a workbook; raises CastFileError where none can be read."""
    _check_archive(data)
    sheets = _opened(data, lambda _: MOST_ROWS_FOR_HEADER, reading)
    chosen = _chosen(sheets)
    if not chosen.is_whole:
        wanted = {chosen.title: MOST_ROWS_WITH_BLANKS}
        sheets = _opened(data, lambda title: wanted.get(title, MOST_ROWS_FOR_HEADER), reading)
        chosen = next(one for one in sheets if one.title == chosen.title)
    if not chosen.is_whole or len(chosen.records) > MOST_ROWS:
        raise CastFileError(f"the sheet {chosen.title!r} has more than {MOST_ROWS} rows", SPLIT)
    table = below_header(chosen.records)
    _say_of_sheets(chosen, sheets, table)
    return table


def _check_archive(data: bytes) -> None:
    if not data:
        raise CastFileError("the file is empty", FILL_IN)
    try:
        check_zip(data, LARGEST_UNPACKED_BYTES)
    except DamagedArchiveError:
        raise CastFileError("the file is no XLSX workbook, or is damaged", SAVE_AS_XLSX) from None
    except ArchiveError as error:
        raise CastFileError(
            f"the workbook is not opened: {error.found}", "send the casts alone, without other sheets"
        ) from error


def _opened(data: bytes, most_rows: Callable[[str], int], reading: Reading) -> list[_Sheet]:
    """The sheets of a workbook, with so many rows of each as are wanted by its title."""
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of everything that it does not know
            parts = read_parts(data, most_rows)
            book = load_workbook(parts.archive(), rich_text=True, keep_links=False)
            values = None
            if reading.formula_values:
                values = load_workbook(parts.archive(), rich_text=True, keep_links=False, data_only=True)
            return [
                _Sheet(
                    sheet.title,
                    sheet.sheet_state != "visible",
                    _records(
                        sheet,
                        None if values is None else values[sheet.title],
                        parts.sheets[sheet.title].merged,
                        reading.words,
                    ),
                    parts.sheets[sheet.title].is_whole,
                )
                for sheet in book.worksheets
            ]
    except CastFileError:
        raise
    except Exception as error:  # a damaged file raises whatever its innermost parser does
        raise CastFileError(f"the workbook cannot be read ({type(error).__name__})", SAVE_AS_XLSX) from error


def _chosen(sheets: Sequence[_Sheet]) -> _Sheet:
    """The sheet of casts: the first that shows a header, or else the first that hides one."""
    if not any(one.records for one in sheets):
        raise CastFileError("the file is empty", FILL_IN)
    with_header = [one for one in sheets if header_of(one.records)]
    filled = [one for one in sheets if one.records]
    if not with_header and len(filled) > 1:
        fix = f"begin a sheet with the columns {', '.join(REQUIRED_COLUMNS)}"
        raise CastFileError("no sheet of the workbook has a header of casts", fix)
    with_casts = [one for one in with_header if one.has_casts] or with_header or filled
    return next((one for one in with_casts if not one.is_hidden), with_casts[0])


def _say_of_sheets(chosen: _Sheet, sheets: Sequence[_Sheet], table: Table) -> None:
    if chosen.is_hidden:
        table.skipped.append(Skipped(0, None, f"the sheet {chosen.title!r}, which was read, is hidden"))
    for other in sheets:
        if other is chosen or not other.records:
            continue
        if other.has_casts:
            reason = f"the sheet {other.title!r} was not read, because the sheet {chosen.title!r} was"
            table.refusals.append(Refusal(0, "", other.title, reason, SEND_ALONE))
        else:
            table.skipped.append(Skipped(0, None, f"the sheet {other.title!r} holds no casts and was not read"))


def _records(sheet: Any, values: Any, merged: Sequence[str], words: Words) -> list[Record]:
    """The rows of a sheet with text. values: the same sheet with the values of formulas, where they count."""
    rows: dict[int, _Row] = {}
    # The cells that are there, not the rectangle around them, which one stray cell makes as large as it likes.
    for (line, column), cell in sorted(sheet._cells.items()):
        _read_cell(rows.setdefault(line, _Row()), column - 1, cell, values, words)
    # Where values count, formulas below the casts that give nothing are no rows.
    rows = {line: row for line, row in rows.items() if row.cells or (row.faults and values is None)}
    names = _column_names(rows)
    for line, row in rows.items():
        if line > names.line:
            _refuse_spoilt_names(row, names)
    _fill_merged(rows, merged, names.line)
    for line, row in rows.items():
        _say_of_row(row, line in sheet.row_dimensions and bool(sheet.row_dimensions[line].hidden))
    return [
        Record(line, row.cells, max(row.cells, default=-1) + 1, tuple(row.faults), tuple(row.remarks))
        for line, row in rows.items()
    ]


@dataclass(frozen=True)
class _Names:
    """The line of the header, 0 where there is none, and the columns that it names, by their places."""

    line: int = 0
    columns: dict[int, str] = field(default_factory=dict)


def _column_names(rows: dict[int, _Row]) -> _Names:
    header = header_of([Record(line, row.cells) for line, row in rows.items()])
    return _Names() if header is None else _Names(header.line, {p: column_name(one) for p, one in header.cells.items()})


def _read_cell(row: _Row, place: int, cell: Any, values: Any, words: Words) -> None:
    value = cell.value
    if cell.comment is not None:
        row.remarks.append((place, _of_comment(cell.comment.text, _text(value), words)))
    if cell.data_type == "f":
        formula = str(getattr(value, "text", None) or value)[:LONGEST_SHOWN]
        formula = formula if formula.startswith("=") else f"={formula}"
        value = None if values is None else values._cells[cell.row, cell.column].value
        if value is None:
            stored = "" if values is None else ", and the spreadsheet stored no value with it"
            fix = _FORMULA_FIX if values is None else "write the value, or calculate the sheet and save it again"
            row.faults.append(
                (place, Fault("", f"the cell holds a spreadsheet formula, as it begins with '='{stored}", fix, formula))
            )
            return
        row.remarks.append((place, f"the formula {formula!r} was read as its stored value {_text(value)!r}"))
    text = _text(value)
    if not text.strip():
        return
    row.cells[place] = text
    if isinstance(value, date):
        row.days[place] = value
    if (cell.has_style and cell.font.strike) or _has_struck_part(value):
        row.struck.append(place)


def _of_comment(comment: str, text: str, words: Words) -> str:
    """What is said of a cell's comment; one that names another verdict than the cell contradicts it."""
    plain = " ".join(comment.split())
    verdict = words.find("verdict", text)
    named = {words.find("verdict", one) for one in (plain, *re.split(r"[\s,;:.!]+", plain))} - {None, verdict}
    contradicts = ", which contradicts the cell; correct the row if the comment is right" if verdict and named else ""
    return f"it has the comment {plain[:LONGEST_SHOWN]!r}{contradicts}"


def _refuse_spoilt_names(row: _Row, names: _Names) -> None:
    """A date where a name belongs: the name that was typed is gone."""
    for place, day in row.days.items():
        column = names.columns.get(place, "")
        if column in NAME_COLUMNS:
            shown = f"{day.day}-{day:%b}"
            reason = f"a spreadsheet turned the name into a date, shown as {shown!r}"
            row.faults.append(
                (place, Fault(column, reason, "format the column as text and write the name again", shown))
            )
            del row.cells[place]


def _fill_merged(rows: dict[int, _Row], merged: Sequence[str], header: int) -> None:
    """The first of cells that are merged from above to below holds for all their rows."""
    from openpyxl.utils.cell import range_boundaries

    lines, filled = sorted(rows), 0
    for one in merged:
        left, top, _, bottom = (int(bound or 0) for bound in range_boundaries(one))
        first = rows.get(top)
        if top <= header or bottom == top or first is None or left - 1 not in first.cells:
            continue
        text = first.cells[left - 1]
        for line in lines[bisect_right(lines, top) : bisect_left(lines, bottom + 1)]:
            if left - 1 not in rows[line].cells:
                rows[line].cells[left - 1] = text
                rows[line].remarks.append(
                    (left - 1, f"{text!r} holds for the lines {top} to {bottom}, merged in the sheet")
                )
                filled += 1
        if filled > MOST_CELLS_FILLED:
            raise CastFileError("the workbook has too many merged cells", "write each cell by itself")


def _say_of_row(row: _Row, is_hidden: bool) -> None:
    if is_hidden:
        row.remarks.append((None, "the row is hidden in the sheet, and was read"))
    if row.struck and len(row.struck) == len(row.cells):
        row.remarks.append((None, "the row is struck out in the sheet, and was read"))
    else:
        row.remarks.extend((place, "it is struck out in the sheet, and was read") for place in row.struck)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float():
            # Fifteen digits are what a spreadsheet keeps and shows; more would be noise of the binary number.
            return format(value, ".15g")
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case list():  # rich text: runs with formats of their own
            return "".join(_run(one) for one in value)
        case _:
            return str(value)


def _run(run: Any) -> str:
    """The text of a run; what is raised stays so, because it is no part of a number."""
    font = getattr(run, "font", None)
    if getattr(font, "vertAlign", None) != "superscript":
        return str(run)
    raised = str(run).translate(_RAISED)
    return raised if re.fullmatch(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻\s]*", raised) else f"^{raised}"


def _has_struck_part(value: Any) -> bool:
    return isinstance(value, list) and any(getattr(getattr(run, "font", None), "strike", False) for run in value)
