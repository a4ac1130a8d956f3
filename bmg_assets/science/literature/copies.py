"""One report counts once: reports that compilations copied from each other, or from a paper, are marked as copies.

Two reports are the same where they are of one alloy (or of a rounding of it, see roundings.py), name the same paper or
at least one names none, and say the same: the same number of the same kind, or, for one of the two, no number and
nothing that the other does not say. Two named papers are two reports, also where they agree.

Of several that are the same the one counts that says more: fluxed before cast, a number before none; then the one whose
source teaches, so that what is not learnt from one source is learnt from another; then the better written composition;
then the one that names its paper; then the source that is declared first; then the first row.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bmg_assets.science.alloys.report_kinds import ReportKind
from bmg_assets.science.literature.curation import ReportOrigin
from bmg_assets.science.literature.roundings import Composition, better_written

if TYPE_CHECKING:
    import pandas as pd

COUNTED = ("accepted", "set_apart")
"""Status of the reports that count, for castings and apart from them."""
SAYS_LESS = {
    ReportKind.BULK_WITHOUT_DIAMETER: {ReportKind.BULK, ReportKind.FLUXED, ReportKind.PLATE_OR_WEDGE},
    ReportKind.GLASS_OF_UNKNOWN_FORM: {ReportKind.RIBBON, ReportKind.PLATE_OR_WEDGE, ReportKind.THIN_ROD},
    ReportKind.BULK: {ReportKind.FLUXED},
}
"""Kinds that say nothing which these others do not say; of bulk glasses only where the diameter is the same."""
MOST_IN_A_MEAN = 3
"""Most numbers of which a value is looked for as their mean; with more, any value would be one."""
MOST_ROUNDED = 0.1
"""Share of a size above which it is another size and no rounding: 1.6 mm is not 2 mm."""
MOST_DECIMALS = 6


@dataclass(frozen=True)
class _Report:
    """What of a report decides whether it is a copy.

    alloy: the composition, or the one it is a rounding of.
    seen: class, and whether the sample was a glass.
    """

    place: int
    name: str
    alloy: str
    composition: str
    kind: ReportKind
    seen: tuple[str | None, bool]
    size_mm: float | None
    papers: frozenset[str]
    is_mean: bool
    teaches: bool
    source_order: int
    source_row: int

    @property
    def order(self) -> tuple[bool, bool, bool, bool, bool, int, int]:
        """Which of several that are the same counts: the one with the least."""
        return (
            self.kind is not ReportKind.FLUXED,
            self.size_mm is None,
            not self.teaches,
            self.composition != self.alloy,
            not self.papers,
            self.source_order,
            self.source_row,
        )


def mark_copies(reports: "pd.DataFrame", origins: Sequence[ReportOrigin]) -> "pd.DataFrame":
    """The reports with `status` copied, and in `copy_of` the report that counts, for each that is a copy.

    Args:
        reports: REPORT_COLUMNS, of all sources together.
        origins: of the sources, in the order in which they count.

    What was a copy before, within its source, is one of the report that counts now.
    """
    copies = _copies(_of_frame(reports, origins))
    status, copy_of = reports["status"].tolist(), reports["copy_of"].tolist()
    names = [f"{source} row {row}" for source, row in zip(reports["source"], reports["source_row"], strict=True)]
    for place, counted in copies.items():
        status[place], copy_of[place] = "copied", counted
    counts = {names[place]: counted for place, counted in copies.items()}
    return reports.assign(status=status, copy_of=[counts.get(one, one) for one in copy_of])


def _of_frame(reports: "pd.DataFrame", origins: Sequence[ReportOrigin]) -> Iterator[_Report]:
    of_source = {origin.source: (place, origin) for place, origin in enumerate(origins)}
    counted = reports["status"].isin(COUNTED).to_numpy()
    roundings = better_written(_compositions(reports[counted]))
    sizes = reports["dmax_mm"].fillna(reports["thickness_mm"])
    # A source that does not teach gives no number, but the diameter stands in the interval.
    sizes = sizes.fillna(reports["dmax_low_mm"].where(reports["kind"].isin([ReportKind.BULK, ReportKind.FLUXED])))
    columns = ("source", "source_row", "composition", "kind", "glass_class", "is_glass", "reference")
    rows = zip(*(reports[name].tolist() for name in columns), sizes.tolist(), strict=True)
    for place, (source, row, composition, kind, glass_class, is_glass, reference, size_mm) in enumerate(rows):
        if not counted[place]:
            continue
        source_order, origin = of_source[source]
        yield _Report(
            place=place,
            name=f"{source} row {row}",
            alloy=roundings.get(composition, composition),
            composition=composition,
            kind=ReportKind(kind),
            seen=(glass_class, is_glass),
            size_mm=None if math.isnan(size_mm) else size_mm,
            papers=origin.papers_of_row(reference),
            is_mean=origin.conventions.averaged,
            teaches=origin.teaches,
            source_order=source_order,
            source_row=row,
        )


def _compositions(counted: "pd.DataFrame") -> list[Composition]:
    first = counted.drop_duplicates("composition").set_index("composition")
    sources = counted.groupby("composition")["source"].agg(frozenset)
    return [
        Composition(key, dict(zip(elements, at_pct, strict=True)), sources[key])
        for key, elements, at_pct in zip(first.index, first["elements"], first["at_pct"], strict=True)
    ]


def _copies(reports: Iterable[_Report]) -> dict[int, str]:
    """For the place of each copy the name of the report that counts."""
    by_alloy: dict[str, list[_Report]] = {}
    for report in sorted(reports, key=lambda one: one.order):
        by_alloy.setdefault(report.alloy, []).append(report)
    found: dict[int, str] = {}
    for group in by_alloy.values():
        counted: list[_Report] = []
        for report in group:
            original = next((one for one in counted if _is_copy(report, one)), None) or _mean_of(report, counted)
            if original is None:
                counted.append(report)
            else:
                found[report.place] = original.name
    return found


def _is_copy(report: _Report, counted: _Report) -> bool:
    """Whether a report says nothing that a counted one does not say, and may come from the same paper."""
    are_of_two_papers = report.papers and counted.papers and not report.papers & counted.papers
    is_alike = report.kind is counted.kind or counted.kind in SAYS_LESS.get(report.kind, ())
    if are_of_two_papers or not is_alike or report.seen != counted.seen:
        return False
    if report.size_mm is None:
        return counted.size_mm is None or report.composition == counted.composition
    return counted.size_mm is not None and _same_size(report.size_mm, counted.size_mm)


def _mean_of(report: _Report, counted: Sequence[_Report]) -> _Report | None:
    """The first of the counted reports whose numbers the report is the mean of; None where it is no such mean."""
    if not report.is_mean or report.size_mm is None:
        return None
    numbers = sorted({one.size_mm for one in counted if one.size_mm is not None})
    for count in range(2, MOST_IN_A_MEAN + 1):
        for several in itertools.combinations(numbers, count):
            if math.isclose(sum(several) / count, report.size_mm, rel_tol=1e-6):
                return next(one for one in counted if one.size_mm in several)
    return None


def _same_size(one: float, other: float) -> bool:
    """Whether two sizes in mm are the same within half a unit of the rougher writing, and within a tenth."""
    half_unit: float = 0.5 * 10.0 ** -min(_decimals(one), _decimals(other))
    is_rounding = abs(one - other) < half_unit - 1e-9 and abs(one - other) <= MOST_ROUNDED * max(one, other)
    return is_rounding or math.isclose(one, other, abs_tol=1e-9)


def _decimals(size: float) -> int:
    return next((n for n in range(MOST_DECIMALS) if abs(round(size, n) - size) < 1e-9), MOST_DECIMALS)
