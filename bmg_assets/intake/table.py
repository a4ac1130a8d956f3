"""The table within a file: its header, wherever it stands, the rows below it, and what else is written around them.

Belongs here: what CSV files and workbooks have in common. How bytes become records is in csv_file.py and workbook.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bmg_assets.intake.faults import FILL_IN, LONGEST_SHOWN, CastFileError
from bmg_assets.intake.plausible import Fault
from bmg_assets.intake.rows import COLUMNS, REQUIRED_COLUMNS, RawRow, column_name
from bmg_assets.science.casts.cast import Refusal, Skipped

FEWEST_NAMES_OF_HEADER = 5
"""Cells that name a column before a row is taken for a header; no cast has so many."""
MOST_ABOVE_HEADER = 100
"""Records with text among which the header is looked for."""
MOST_COLUMNS = 300
FEWEST_CELLS_OF_CAST = len(REQUIRED_COLUMNS) - 1
_ERROR_VALUES = ("#n/", "#na", "#nv", "#re", "#va", "#di", "#nu", "#we", "#be")
ROW_NAMES = ("sample_id", "composition_nominal", "verdict")
"""Without any of these a row below the header says nothing of a cast."""


@dataclass(frozen=True)
class Record:
    """One row of a file: the line on which it begins, and the text of each cell that has any, by its place from 0.

    width: how many cells it has, empty ones among them. faults, remarks: as in a `RawRow`; a fault's column is the
    cell's place until the header is known.
    """

    line: int
    cells: Mapping[int, str]
    width: int = 0
    faults: tuple[tuple[int, Fault], ...] = ()
    remarks: tuple[tuple[int | None, str], ...] = ()


@dataclass(frozen=True)
class Table:
    """What a file holds: the rows below its header, and the refusals and skips of what is in no row."""

    rows: list[RawRow] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def names_in(cells: Iterable[str]) -> int:
    """How many columns the cells name, each counted once."""
    return len({column_name(cell) for cell in cells} & set(COLUMNS))


def header_of(records: Sequence[Record]) -> Record | None:
    """The first record that names columns; None where none of the first does."""
    looked_at = (one for one in records if one.cells)
    for _, one in zip(range(MOST_ABOVE_HEADER), looked_at, strict=False):
        if names_in(one.cells.values()) >= FEWEST_NAMES_OF_HEADER:
            return one
    return None


def below_header(
    records: Sequence[Record], refused: Sequence[Refusal] = (), *, decimal_comma: bool = False, is_cut_off: bool = False
) -> Table:
    """Put each cell below its header.

    refused: lines that are no records. decimal_comma: see `RawRow`. is_cut_off: whether the last record has no end.

    Raises CastFileError where there is no header, it lacks a column, or nothing stands below it.
    """
    if not any(one.cells for one in records):
        raise CastFileError("the file is empty", FILL_IN)
    header = header_of(records)
    if header is None:
        first = next(one for one in records if one.cells)
        fix = f"begin with the columns {', '.join(REQUIRED_COLUMNS)}"
        raise CastFileError("the first line is no header, nor is one below it", fix, first.line, "", _shown(first))
    _check_header(header)
    table = Table(refusals=[*refused])
    for one in records:
        if one.line < header.line and one.cells:
            _above(one, table)
    below = [one for one in records if one.line > header.line]
    if is_cut_off and below and below[-1].width < header.width:
        table.refusals.append(_cut_off(below.pop()))
    _sort(header, below, table, decimal_comma)
    if not below and not table.refusals:
        raise CastFileError("the file has a header and no rows", "fill in a row per cast", header.line)
    return table


def _check_header(header: Record) -> None:
    if len(header.cells) > MOST_COLUMNS:
        reason = f"the header has {len(header.cells)} cells, more than {MOST_COLUMNS}"
        raise CastFileError(reason, "send the columns of the template, and few others", header.line)
    known = {column_name(cell) for cell in header.cells.values()}
    missing = [column for column in REQUIRED_COLUMNS if column not in known]
    if missing:
        reason = f"the header lacks {', '.join(missing)}, so that no row can be read"
        raise CastFileError(reason, "add the column and fill it in", header.line, missing[0])


def _above(one: Record, table: Table) -> None:
    """Titles and remarks may stand above the header; what has as many cells as a cast is no title."""
    if len(one.cells) >= FEWEST_CELLS_OF_CAST and not _is_comment(one, ""):
        reason = "the row stands above the header, so that its columns are unknown"
        table.refusals.append(Refusal(one.line, "", _shown(one), reason, "put it below the header"))
    else:
        table.skipped.append(Skipped(one.line, None, f"it stands above the header: {_shown(one)}"))


def _cut_off(last: Record) -> Refusal:
    reason = "the last line has no end and fewer cells than the header: the file was cut off"
    return Refusal(last.line, "", _shown(last), reason, "send the row again, in a file of its own")


def _sort(header: Record, below: Sequence[Record], table: Table, decimal_comma: bool) -> None:
    """Each record below the header becomes a row, or is skipped as a remark or a line of units."""
    is_first = True
    first_column = column_name(header.cells.get(0, ""))
    for one in below:
        if _is_comment(one, first_column):
            table.skipped.append(Skipped(one.line, None, f"the line is a remark: {_shown(one)}"))
            continue
        if one.cells and is_first and _is_explanation(header, one):
            table.skipped.append(Skipped(one.line, None, f"the line explains the header: {_shown(one)}"))
        else:
            table.rows.append(_row(header, one, decimal_comma))
        is_first = is_first and not one.cells


def _is_comment(one: Record, first_column: str) -> bool:
    text = one.cells.get(0, "").strip().casefold()
    return text.startswith("#") and not text.startswith(_ERROR_VALUES) and first_column != "sample_id"


def _is_explanation(header: Record, one: Record) -> bool:
    """Whether a record gives units or the like: it names neither sample, alloy nor verdict, and has no digit."""
    named = {column_name(header.cells.get(place, "")) for place in one.cells}
    return not named & set(ROW_NAMES) and not any(letter.isdigit() for cell in one.cells.values() for letter in cell)


def _row(header: Record, one: Record, decimal_comma: bool) -> RawRow:
    names = {place: header.cells.get(place, "") for place in (*one.cells, *(place for place, _ in one.faults))}
    cells = tuple((names[place], text) for place, text in one.cells.items())
    faults = tuple(fault._replace(column=column_name(names[place])) for place, fault in one.faults)
    remarks = tuple(
        text if place is None else f"{column_name(header.cells.get(place, '')) or f'cell {place + 1}'}: {text}"
        for place, text in one.remarks
    )
    return RawRow(one.line, cells, decimal_comma, faults, remarks)


def _shown(one: Record) -> str:
    return ", ".join(one.cells.values())[:LONGEST_SHOWN]
