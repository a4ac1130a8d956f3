"""Workbooks for tests: as openpyxl writes them, and with the XML of a sheet replaced."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

from openpyxl import Workbook

from bmg_assets.intake.outcome import FileOutcome, read_file
from bmg_assets.intake.reading import Reading
from bmg_assets.intake.rows import REQUIRED_COLUMNS
from bmg_assets_tests.science.casts.examples import GOOD_ROW, TODAY

HEADER = list(REQUIRED_COLUMNS)
SHEET = "xl/worksheets/sheet1.xml"


def cells(**changed: Any) -> list[Any]:
    """The cells of a good row, typed as a spreadsheet has them."""
    good = {**GOOD_ROW, "schema_version": 1, "dimension_mm": 2.5, "test_date": date(2026, 2, 27)}
    return [(good | changed)[name] for name in HEADER]


def book_of(*rows: list[Any], title: str = "Casts") -> Workbook:
    """A workbook with one sheet."""
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def with_parts_changed(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A workbook whose parts are changed, by their names."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return changed.getvalue()


def with_rows_added(data: bytes, rows: bytes) -> bytes:
    """A workbook with XML behind the last row of its first sheet."""
    end = b"</sheetData>"
    return with_parts_changed(
        data, lambda name, content: content.replace(end, rows + end) if name == SHEET else content
    )


def read(data: bytes, reading: Reading | None = None) -> FileOutcome:
    """The outcome of a workbook by itself."""
    return read_file("casts.xlsx", ".xlsx", data, TODAY, reading)
