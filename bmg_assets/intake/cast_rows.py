"""The rows of a file of casts, whatever its format: where they stand, and which column each cell belongs to.

Belongs here: the header and what is wrong with a file as a whole. How bytes become records is a matter of
csv_records.py and xlsx_records.py, what a row says that of `science.casts`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bmg_assets.science.casts.cast import Refusal
from bmg_assets.science.casts.columns import COLUMNS, REQUIRED_COLUMNS, column_name
from bmg_assets.science.casts.reading import FEWEST_NAMES_OF_HEADER
from bmg_assets.science.errors import BmgError

MOST_LINES = 20_000
LONGEST_VALUE = 200


class CastFileError(BmgError):
    """A file none of whose rows can be read: at which line, what was found and expected, and what to do."""

    def __init__(self, reason: str, mend: str, line: int = 0, column: str = "", value: str = "") -> None:
        super().__init__(f"{reason}; {mend}.")
        self.refusal = Refusal(line, column, value[:LONGEST_VALUE], reason, mend)


@dataclass(frozen=True)
class Record:
    """The cells of one row of a file, which may take several lines."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Records:
    """A file as records in the order of their lines, and the places that could not be read."""

    records: tuple[Record, ...]
    refusals: tuple[Refusal, ...]
    is_cut_off: bool = False
    """Whether the last record has no end."""


@dataclass(frozen=True)
class CastRows:
    """Rows as `read_casts` takes them, one for each line from `first_line` on.

    lines: those on which a row begins; what `rows` holds for the other lines is empty and says nothing.
    refusals: of places that are in no row.
    """

    rows: tuple[Mapping[Any, Any], ...]
    first_line: int
    lines: frozenset[int]
    refusals: tuple[Refusal, ...]


def rows_of(found: Records) -> CastRows:
    """Give each cell its column, by the header.

    Raises CastFileError where there is no header, a required column is missing, or nothing stands below it.
    """
    header, records = _split(found.records)
    names = _header_names(header)
    refusals = list(found.refusals)
    by_line: dict[int, Mapping[Any, Any]] = {}
    for record in records:
        if found.is_cut_off and record is records[-1] and len(record.cells) < len(names):
            refusals.append(_cut_off(record))
        else:
            by_line[record.line] = _row(names, record.cells)
    if not by_line and not refusals:
        raise CastFileError("the file has a header and no rows", "fill in a row per cast", header.line)
    first_line = header.line + 1
    last_line = max(by_line, default=header.line)
    rows = tuple(by_line.get(line, {}) for line in range(first_line, last_line + 1))
    return CastRows(rows, first_line, frozenset(by_line), tuple(refusals))


def check_length(lines: int) -> None:
    """See that a file is no longer than any lab's; raises CastFileError."""
    if lines > MOST_LINES:
        raise CastFileError(f"the file has {lines} lines, more than {MOST_LINES}", "split it into several files")


def _split(records: Sequence[Record]) -> tuple[Record, Sequence[Record]]:
    """The header, and what is below it; records without text may stand above."""
    for number, record in enumerate(records):
        if any(cell.strip() for cell in record.cells):
            return record, records[number + 1 :]
    raise CastFileError("the file is empty", "fill in a header and a row per cast")


def _header_names(header: Record) -> list[str]:
    """Names of the columns, each another text: one that stands twice gets blanks, which `read_casts` takes off.

    A mapping by name would keep one of two equal columns only, and in silence.
    """
    known = {column_name(cell) for cell in header.cells} & set(COLUMNS)
    if len(known) < FEWEST_NAMES_OF_HEADER:
        shown = ", ".join(header.cells)
        raise CastFileError(
            "the first line is no header",
            f"begin with the columns {', '.join(REQUIRED_COLUMNS)}",
            header.line,
            "",
            shown,
        )
    missing = [column for column in REQUIRED_COLUMNS if column not in known]
    if missing:
        raise CastFileError(
            f"the header lacks {', '.join(missing)}, so that no row can be read",
            "add the column and fill it in",
            header.line,
            missing[0],
        )
    names: list[str] = []
    for cell in header.cells:
        name = cell.strip()
        while name in names:
            name += " "
        names.append(name)
    return names


def _row(names: Sequence[str], cells: Sequence[str]) -> Mapping[Any, Any]:
    """Cells by column; those beyond the header under None, as `read_casts` expects them."""
    beyond = _without_blank_end(cells[len(names) :])
    return dict(zip(names, cells, strict=False)) | ({None: beyond} if beyond else {})


def _without_blank_end(cells: Iterable[str]) -> list[str]:
    kept = list(cells)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def _cut_off(record: Record) -> Refusal:
    return Refusal(
        record.line,
        "",
        ", ".join(record.cells)[:LONGEST_VALUE],
        "the last line has no end and fewer cells than the header: the file was cut off",
        "send the row again, in a file of its own",
    )
