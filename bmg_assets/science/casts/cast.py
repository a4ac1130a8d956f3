"""One cast as it is kept, and the two other ends that a row of a file can have: refused, or skipped.

Belongs here: the values and how two reports of one sample are compared. How they are read is in reading.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bmg_assets.science.casts.columns import CompositionUnit, DimensionKind, Method, Verdict


class CastRule(StrEnum):
    """What was mended while a row was read, besides its formula (FormulaRule); stored with the cast."""

    COMPOSITION_UNIT_SYNONYM = "composition_unit_synonym"
    METHOD_SYNONYM = "method_synonym"
    DIMENSION_KIND_SYNONYM = "dimension_kind_synonym"
    VERDICT_SYNONYM = "verdict_synonym"
    TIME_REMOVED = "time_of_day_removed"
    UNIT_REMOVED = "unit_removed_from_number"
    PATH_SEPARATORS = "path_separators_mended"


@dataclass(frozen=True)
class Cast:
    """One cast: a sample of one composition, made by one method at one size, with its verdict.

    A sample is identified by its sample_id alone, whatever the lab and the file.
    """

    sample_id: str
    test_date: date
    composition: str
    """Identity of the composition, as `composition_key` gives it."""
    elements: tuple[str, ...]
    """Symbols in the order of the key, alphabetical."""
    at_pct: tuple[float, ...]
    """Amounts in at.%, in the order of `elements`; sum 100, not rounded."""
    elements_as_written: tuple[str, ...]
    """The same symbols in the order of the nominal composition."""
    method: Method
    dimension_kind: DimensionKind
    dimension_mm: float
    verdict: Verdict
    composition_nominal: str
    """The composition as written in the file."""
    composition_unit: CompositionUnit
    line: int
    """Line of the file."""
    source: str = ""
    """Name of the file."""
    rules: tuple[str, ...] = ()
    """Names of what was mended: FormulaRule and CastRule."""
    lab_id: str | None = None
    batch_id: str | None = None
    operator: str | None = None
    verdict_method: str | None = None
    xrd_file: str | None = None
    """Path below the folder of the file, with forward slashes."""
    xrd_sha256: str | None = None
    """64 hexadecimal digits in lower case."""
    tg_K: float | None = None  # noqa: N815  (the unit is part of the name)
    tx_K: float | None = None  # noqa: N815
    tl_K: float | None = None  # noqa: N815
    heating_rate_K_min: float | None = None  # noqa: N815
    supersedes: str | None = None
    """sample_id of the report that this one replaces; its own, where it corrects an earlier report of itself."""
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
        """What the report says, by column; not where it stands, nor how it was written."""
        yield "composition_nominal", self.composition
        for column in _COMPARED:
            yield column, getattr(self, column)
        yield from self.extra


_COMPARED = (
    "sample_id",
    "test_date",
    "method",
    "dimension_kind",
    "dimension_mm",
    "verdict",
    "supersedes",
    "verdict_method",
    "tg_K",
    "tx_K",
    "tl_K",
    "heating_rate_K_min",
    "xrd_file",
    "xrd_sha256",
    "lab_id",
    "batch_id",
    "operator",
    "note",
)


@dataclass(frozen=True)
class Refusal:
    """One reason for which a row is refused; a row with several faults has several, all with its line.

    line, source: where the row stands. column, value: the cell at fault, column empty where it is the whole row.
    reason: what was found and expected. mend: what to do.
    """

    line: int
    column: str
    value: str
    reason: str
    mend: str
    source: str = ""


@dataclass(frozen=True)
class Skipped:
    """A row that is left out because nothing is lost by it; sample_id is None where the row names no sample."""

    line: int
    sample_id: str | None
    reason: str
    source: str = ""


def differing_column(one: Cast, other: Cast) -> str | None:
    """The first column in which two reports of a sample differ, None where they say the same."""
    first, second = dict(one.content()), dict(other.content())
    for column in [*first, *(column for column in second if column not in first)]:
        if first.get(column) != second.get(column):
            return column
    return None


def system_elements(cast: Cast) -> tuple[str, ...]:
    """Elements of the alloy in the order in which its composition is written: the corners of a system not yet known."""
    return cast.elements_as_written
