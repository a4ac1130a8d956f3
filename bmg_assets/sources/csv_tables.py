"""A CSV file of a source as a header and rows of text, line by line.

A line that has more cells than the header is kept with its fault, so that one comma without quotation marks costs one
row and not the file. Belongs here: lines and cells. Does not belong here: which columns a source has (readers.py).
"""

import bz2
import csv
import gzip
import lzma
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bmg_assets.science.errors import BmgError

if TYPE_CHECKING:
    import pandas as pd

LINE_FAULT = "line_fault"
"""Column with what is wrong with a line as a whole; empty for a line that can be read."""


class CsvTableError(BmgError):
    """A file that is no CSV table; the message says why, as part of a sentence."""


@dataclass(frozen=True)
class CsvTable:
    """The names of the columns, without blanks around them, and a row of cells for each line of data."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    separator: str

    def repeated(self, names: Iterable[str]) -> list[str]:
        """Those of the names that two columns have."""
        return [name for name in names if self.header.count(name) > 1]

    def as_frame(self) -> "pd.DataFrame":
        """A column for each of the header, cells without text None, and LINE_FAULT."""
        import pandas as pd

        width = len(self.header)
        cells = [_fitted(row, width) if len(row) <= width else (None,) * width for row in self.rows]
        frame = pd.DataFrame(cells, columns=list(self.header), dtype=object)
        frame[LINE_FAULT] = pd.Series([self._fault(row) for row in self.rows], dtype=object)
        return frame

    def whole_line(self, row: int) -> str:
        """A line as it stands in the file, without quotation marks."""
        return self.separator.join(self.rows[row])

    def _fault(self, row: tuple[str, ...]) -> str | None:
        if len(row) <= len(self.header):
            return None
        return (
            f"The line has {len(row)} cells for {len(self.header)} columns; put quotation marks around the cell with "
            f"{self.separator!r} in it."
        )


def read_csv_table(path: Path, encoding: str, separator: str, columns: Iterable[str]) -> CsvTable:
    """Read a CSV file, compressed or not.

    Lines before the header that begin with "#" are remarks, unless they name one of the columns.

    Args:
        columns: names of columns that the file should have.

    Raises:
        CsvTableError: it is empty or no CSV.
        LookupError: there is no such encoding.
        UnicodeError, OSError, EOFError, LZMAError: it is in another encoding, or cannot be unpacked.
    """
    expected = set(columns)
    with _opened(path, encoding) as file:
        try:
            lines = [row for row in csv.reader(file, delimiter=separator, strict=True) if row]
        except csv.Error as error:
            raise CsvTableError(str(error)) from error
    while lines and lines[0][0].lstrip().startswith("#") and expected.isdisjoint(cell.strip() for cell in lines[0]):
        lines.pop(0)
    if not lines:
        raise CsvTableError("it is empty")
    header = tuple(name.strip() for name in lines[0])
    rows = tuple(_without_further_empty_cells(row, len(header)) for row in lines[1:])
    if rows and all(len(row) > len(header) for row in rows):
        raise CsvTableError("every line has more cells than the header")
    return CsvTable(header, rows, separator)


def _opened(path: Path, encoding: str) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding=encoding, newline="")
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding=encoding, newline="")
    if path.suffix == ".bz2":
        return bz2.open(path, "rt", encoding=encoding, newline="")
    return path.open(encoding=encoding, newline="")


def _without_further_empty_cells(row: list[str], width: int) -> tuple[str, ...]:
    return tuple(row[:width]) if not any(row[width:]) else tuple(row)


def _fitted(row: tuple[str, ...], width: int) -> tuple[str | None, ...]:
    return tuple(cell or None for cell in row) + (None,) * (width - len(row))
