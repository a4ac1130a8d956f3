"""Rows of casts as a person fills them in, by column: judged as the intake would, and written as a lab file.

Semicolons stand between the cells of the file, so that a comma in a number can only be its decimal point. Belongs here:
nothing that is written anywhere, see `reporting`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bmg_assets.intake.check import cast_in_words
from bmg_assets.intake.outcome import compare_with_accepted, read_rows
from bmg_assets.intake.reading import Reading
from bmg_assets.intake.rows import COLUMNS, RawRow
from bmg_assets.science.casts.cast import Cast, Refusal
from bmg_assets.spreadsheets import csv_of

Cells = Mapping[str, str]
"""Text by column, `schema_version` left out: a form has the only one."""
SCHEMA_VERSION = "1"
FIRST_LINE = 1
"""So that messages count the rows as the person does; in the file, the header is line 1."""
THIS_FORM = "this form"
PRESET = frozenset({"test_date", "composition_unit", "method", "dimension_kind"})
"""Columns that a form fills in by itself, so that a row which has nothing else is empty."""


@dataclass(frozen=True)
class JudgedCells:
    """What would become of a row of a form.

    outcome: empty is a row that nobody filled in. faults: those of a refused row, by the column at fault; the column is
    empty where it is the whole row's. read_as: what an accepted row means. notes: how its cells were read, and what is
    odd about it. reason: why a row is skipped. cast: of an accepted row.
    """

    cells: Cells
    outcome: Literal["accepted", "refused", "skipped", "empty"]
    faults: tuple[Refusal, ...] = ()
    read_as: str = ""
    notes: tuple[str, ...] = ()
    reason: str = ""
    cast: Cast | None = None


def is_empty(cells: Cells) -> bool:
    """Whether nobody filled a row in."""
    return not any(text.strip() for column, text in cells.items() if column not in PRESET)


def judge_rows(rows: Sequence[Cells], known: Sequence[Cast], day: date, reading: Reading) -> tuple[JudgedCells, ...]:
    """Judge the rows of a form, one for one, beside each other and everything that was accepted before.

    Args:
        known: all casts that were accepted before, in the order of intake.
        day: the last on which a test can have been made.
        reading: how the laboratory wants its files read.
    """
    raw = [_raw(line, cells) for line, cells in enumerate(rows, FIRST_LINE) if not is_empty(cells)]
    outcome, _ = compare_with_accepted(read_rows(raw, day, THIS_FORM, reading), known)
    casts = {one.line: one for one in outcome.casts}
    skipped = {one.line: one.reason for one in outcome.skipped}
    faults: dict[int, list[Refusal]] = {}
    for refusal in outcome.refusals:
        faults.setdefault(refusal.line, []).append(refusal)
    judged = []
    for line, cells in enumerate(rows, FIRST_LINE):
        if line in casts:
            one = casts[line]
            judged.append(JudgedCells(cells, "accepted", read_as=cast_in_words(one), notes=one.remarks, cast=one))
        elif line in faults:
            judged.append(JudgedCells(cells, "refused", faults=tuple(faults[line])))
        elif line in skipped:
            judged.append(JudgedCells(cells, "skipped", reason=skipped[line]))
        else:
            judged.append(JudgedCells(cells, "empty"))
    return tuple(judged)


def file_of_rows(rows: Sequence[Cells]) -> bytes:
    """A lab file with these rows; columns that are no column of lab files come last."""
    columns = [column for column in COLUMNS if any(column in cells for cells in rows)]
    further = {column: None for cells in rows for column in cells if column not in COLUMNS}
    of_rows = [dict(_raw(0, cells).cells) for cells in rows]
    lines = [[SCHEMA_VERSION, *(row.get(column, "") for column in (*columns, *further))] for row in of_rows]
    return csv_of(["schema_version", *columns, *further], lines, separator=";").encode()


def _raw(line: int, cells: Cells) -> RawRow:
    """The row as the file has it: in one line, whatever was typed."""
    texts = tuple((column, " ".join(re.split("[\r\n]+", text)).strip()) for column, text in cells.items())
    return RawRow(line, (("schema_version", SCHEMA_VERSION), *texts), decimal_comma=True)
