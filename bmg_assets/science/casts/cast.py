"""One cast as it is kept, and the two other outcomes of a row of a lab file: refused, or skipped.

Belongs here: the values, and how two reports of one sample are compared. How rows are read is the matter of the intake.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum


class CompositionUnit(StrEnum):
    """What the amounts of a nominal composition are."""

    AT_PCT = "at%"
    WT_PCT = "wt%"


class Method(StrEnum):
    """How the melt was quenched."""

    MELT_SPINNING = "melt_spinning"
    SUCTION_CASTING = "suction_casting"
    INJECTION_CASTING = "injection_casting"
    TILT_CASTING = "tilt_casting"
    WEDGE_CASTING = "wedge_casting"
    WATER_QUENCH = "water_quench"
    SPUTTERING = "sputtering"
    OTHER = "other"


class DimensionKind(StrEnum):
    """The size of the cast that dimension_mm gives."""

    ROD_DIAMETER = "rod_diameter"
    PLATE_THICKNESS = "plate_thickness"
    WEDGE_THICKNESS = "wedge_thickness"
    RIBBON_THICKNESS = "ribbon_thickness"


class Verdict(StrEnum):
    """What the cast turned out to be."""

    AMORPHOUS = "amorphous"
    PARTIALLY_CRYSTALLINE = "partially_crystalline"
    CRYSTALLINE = "crystalline"
    UNCLEAR = "unclear"
    FAILED_CAST = "failed_cast"
    PLANNED = "planned"
    """Not cast yet: the laboratory has taken the composition up."""


@dataclass(frozen=True)
class Cast:
    """One cast: a sample of one composition, made by one method at one size, with its verdict.

    A sample is identified by its sample_id alone, whatever the laboratory and the file.
    """

    sample_id: str
    test_date: date
    method: Method
    dimension_kind: DimensionKind
    dimension_mm: float
    verdict: Verdict
    composition: str
    """Identity of the composition, as `composition_key` gives it."""
    elements: tuple[str, ...]
    """Symbols in the order of the key, alphabetical."""
    at_pct: tuple[float, ...]
    """Amounts in at.%, in the order of `elements`; sum 100, not rounded."""
    elements_as_written: tuple[str, ...]
    """The same symbols in the order of the nominal composition: the corners of a system that is not registered yet."""
    composition_nominal: str
    """The composition as written in the file."""
    composition_unit: CompositionUnit
    line: int
    """Line of the file."""
    source: str = ""
    """Name of the file."""
    rules: tuple[str, ...] = ()
    """Names of the rules (FormulaRule, CellRule) by which something was read that was not written as expected."""
    remarks: tuple[str, ...] = ()
    """Sentences for the report: how a cell was read that was not written as expected, and what is odd about the row."""
    supersedes: str | None = None
    """sample_id of the report that this one replaces; its own, where it corrects an earlier report of itself."""
    verdict_method: str | None = None
    tg_K: float | None = None  # noqa: N815  (the unit is part of the name)
    tx_K: float | None = None  # noqa: N815
    tl_K: float | None = None  # noqa: N815
    heating_rate_K_min: float | None = None  # noqa: N815
    xrd_file: str | None = None
    """Path below the folder of the file, with forward slashes."""
    xrd_sha256: str | None = None
    """64 hexadecimal digits in lower case."""
    lab_id: str | None = None
    batch_id: str | None = None
    operator: str | None = None
    note: str | None = None
    extra: tuple[tuple[str, str], ...] = ()
    """Name and cell of the file's further columns, by name; empty cells left out."""

    @property
    def is_withdrawal(self) -> bool:
        """Whether the row takes an earlier report back without a new result."""
        return self.supersedes is not None and self.verdict is Verdict.FAILED_CAST

    @property
    def is_plan(self) -> bool:
        """Whether nothing was cast yet."""
        return self.verdict is Verdict.PLANNED

    def content(self) -> Iterator[tuple[str, object]]:
        """What the report says, by column; without its place in a file and the way in which it was written."""
        yield "composition_nominal", self.composition
        for field in fields(self):
            if field.name not in _NOT_COMPARED:
                yield field.name, getattr(self, field.name)
        yield from self.extra


_NOT_COMPARED = frozenset(
    {
        "composition",  # compared as composition_nominal, the column in which a user finds it
        "elements",
        "at_pct",
        "elements_as_written",
        "composition_nominal",
        "composition_unit",
        "line",
        "source",
        "rules",
        "remarks",
        "extra",
    }
)


@dataclass(frozen=True)
class Refusal:
    """One reason for which a row is refused; a row with several faults has several refusals with its line.

    line, source: where the row stands; line 0 is the file as a whole. column, value: the cell at fault; the column is
    empty where the whole row is at fault. reason: what was found and expected. fix: what to do.
    """

    line: int
    column: str
    value: str
    reason: str
    fix: str
    source: str = ""


@dataclass(frozen=True)
class Skipped:
    """A row that is left out because nothing is lost by it; sample_id is None where the row names no sample."""

    line: int
    sample_id: str | None
    reason: str
    source: str = ""


def differing_column(one: Cast, other: Cast) -> str | None:
    """The first column in which two reports of a sample differ; None where they report the same."""
    first, second = dict(one.content()), dict(other.content())
    for column in [*first, *(column for column in second if column not in first)]:
        if first.get(column) != second.get(column):
            return column
    return None
