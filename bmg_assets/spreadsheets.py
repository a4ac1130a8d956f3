"""Cells that people open in a spreadsheet program: none of them is run as a formula there, and numbers stay numbers.

Text from lab files and sources may begin like a formula, by accident or because somebody meant harm. It gets an
apostrophe before it, which `plain` takes away again.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

LINE_END = "\r\n"
"""With both signs in it, `csv` quotes cells that hold one of them; a bare carriage return would end the line."""
_FORMULA = re.compile(r"[=@＝＠].|[+\-＋－].|[\t\r\n]", re.DOTALL)
"""How a formula begins; the wide signs are those of East Asian keyboards. One sign alone is none."""
_NUMBER = re.compile(r"[+-]\s*(\d[\d.,]*|[.,]\d+)([eE][+-]?\d+)?\s*%?")


def harmless(value: Any) -> Any:
    """A value as a cell that no spreadsheet runs, and without NUL, which ends a file for some programs."""
    if not isinstance(value, str):
        return value
    shown = value.replace("\0", "␀")
    return f"'{shown}" if _FORMULA.match(shown) and not _NUMBER.fullmatch(shown) else shown


def plain(cell: str) -> str:
    """The text of a cell as it was before `harmless`."""
    return cell[1:] if cell[:1] == "'" and harmless(cell[1:]) != cell[1:] else cell


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[Any]], separator: str = ",") -> str:
    """A table as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=LINE_END)
    writer.writerow(map(harmless, columns))
    writer.writerows(map(harmless, row) for row in rows)
    return text.getvalue()


def csv_of_frame(frame: "pd.DataFrame", float_format: str | None = None) -> str:
    """A frame as CSV, without its index."""
    shown = frame.rename(columns=harmless)
    for name in shown.select_dtypes(exclude=["number", "bool", "datetime", "datetimetz"]):
        shown[name] = shown[name].map(harmless)
    text: str = shown.to_csv(index=False, float_format=float_format, lineterminator=LINE_END)
    return text


def xlsx_of(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str) -> bytes:
    """A table as an XLSX workbook of one sheet; texts are texts, also where they look like a number or a date."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for number, row in enumerate([columns, *rows], start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column, harmless(value))
            if isinstance(value, str):
                cell.number_format = "@"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
