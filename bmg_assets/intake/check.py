"""What would become of a file, row by row, without taking it in: of a lab file, or of a table of formulas.

Nothing is written, and bad input is a judgement, never an exception. The command `bmg check` and pages show it.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Literal

from bmg_assets.intake.faults import CastFileError
from bmg_assets.intake.formula_table import formulas_of
from bmg_assets.intake.outcome import FileOutcome, compare_with_accepted, read_file
from bmg_assets.intake.reading import Reading
from bmg_assets.intake.rows import REQUIRED_COLUMNS
from bmg_assets.science.alloys.compositions import FormulaError, formula_in_order, parse_formula
from bmg_assets.science.casts.cast import Cast


@dataclass(frozen=True)
class JudgedRow:
    """What would become of a row; one that is refused for several faults has several, with its line.

    line: 0 is the file as a whole. outcome: read is that of a formula. column, value: the cell at fault. read_as: what
    a row that is accepted or read means. note: how it was read, and what is odd about it. reason, mend: of a refusal;
    a row that is skipped has a reason alone.
    """

    line: int
    outcome: Literal["accepted", "read", "refused", "skipped"]
    column: str = ""
    value: str = ""
    read_as: str = ""
    note: str = ""
    reason: str = ""
    mend: str = ""


@dataclass(frozen=True)
class Judged:
    """A file as judged. kind: what it was taken for. rows: in the order of their lines."""

    kind: Literal["casts", "formulas"]
    rows: tuple[JudgedRow, ...]

    def lines(self, outcome: str) -> int:
        """How many lines have this outcome."""
        return len({row.line for row in self.rows if row.outcome == outcome})


def judge(
    name: str,
    data: bytes,
    day: date,
    reading: Reading,
    known: Sequence[Cast] | None = None,
    seconds: float = math.inf,
) -> Judged:
    """Judge a file.

    Args:
        name: the file's name; its ending says how it is read.
        day: the last on which a test can have been made.
        reading: how the laboratory wants its files read.
        known: all casts that were accepted before, in the order of intake, beside which it is judged; None: by itself.
        seconds: as `read_file`.
    """
    ending = PurePath(name).suffix
    outcome = read_file(name, ending, data, day, reading, seconds)
    if known is not None:
        outcome, _ = compare_with_accepted(outcome, known)
    formulas = None
    if not _has_rows_of_casts(outcome):
        with suppress(CastFileError):  # the same is said of it as a lab file
            formulas = formulas_of(ending, data, reading)
    if formulas is not None:
        return Judged("formulas", tuple(_judged_formula(line, text) for line, text in formulas))
    return Judged("casts", tuple(sorted(rows_of(outcome), key=lambda row: row.line)))


def _has_rows_of_casts(outcome: FileOutcome) -> bool:
    """Whether a header of casts was found, on whatever sheet: then some cell below it was read or refused by name."""
    return bool(outcome.casts) or any(one.column in REQUIRED_COLUMNS for one in outcome.refusals)


def rows_of(outcome: FileOutcome) -> Iterator[JudgedRow]:
    """What became of each row, the accepted ones first."""
    for cast in outcome.casts:
        yield JudgedRow(cast.line, "accepted", read_as=cast_in_words(cast), note="; ".join(cast.remarks))
    for one in outcome.refusals:
        yield JudgedRow(one.line, "refused", one.column, one.value, reason=one.reason, mend=one.fix)
    for skip in outcome.skipped:
        yield JudgedRow(skip.line, "skipped", value=skip.sample_id or "", reason=skip.reason)


def cast_in_words(cast: Cast) -> str:
    """What a cast says, in a line: sample, alloy, method, size, verdict, day, temperatures."""
    size = f"{cast.dimension_kind} {cast.dimension_mm:g} mm"
    temperatures = (("Tg", cast.tg_K), ("Tx", cast.tx_K), ("Tl", cast.tl_K))
    measured = [f"{name} {kelvin:g} K" for name, kelvin in temperatures if kelvin is not None]
    alloy = f"{cast.sample_id}: {alloy_of(cast)} at.%"
    return ", ".join((alloy, cast.method, size, cast.verdict, str(cast.test_date), *measured))


def alloy_of(cast: Cast) -> str:
    """The composition of a cast in at.%, with the elements in the order in which they were written."""
    amounts = dict(zip(cast.elements, cast.at_pct, strict=True))
    return formula_in_order(cast.elements_as_written, [amounts[element] for element in cast.elements_as_written])


def _judged_formula(line: int, text: str) -> JudgedRow:
    if not text.strip():
        return JudgedRow(line, "skipped", reason="the cell is empty")
    try:
        parsed = parse_formula(text)
    except FormulaError as error:
        return JudgedRow(line, "refused", value=text, reason=error.found, mend=error.remedy)
    return JudgedRow(line, "read", value=text, read_as=f"{parsed.in_order} at.%", note="; ".join(parsed.notes))
