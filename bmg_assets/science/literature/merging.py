"""From reports to alloys: one row per composition, with what was reported of it and how the reports disagree.

What a single report says is decided in curation.py; descriptors and pruning come after.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import numpy as np

from bmg_assets.science.alloys.compositions import chemical_system
from bmg_assets.science.alloys.labels import RANK, LabelRule
from bmg_assets.science.alloys.report_kinds import ReportKind
from bmg_assets.science.literature.reported import lines_of

if TYPE_CHECKING:
    import pandas as pd

ALLOY_COLUMNS = (
    "composition",
    "chemical_system",
    "n_elements",
    "elements",
    "at_pct",
    "glass_class",
    "kind",
    "dmax_mm",
    "dmax_mean_mm",
    "dmax_largest_mm",
    "dmax_smallest_mm",
    "dmax_low_mm",
    "dmax_high_mm",
    "n_reports",
    "n_copies",
    "first_year",
    "dmax_spread_mm",
    "conflict",
    "reported",
    "sources",
)

ReportedDmax = Literal["mean", "largest", "smallest"]
"""Which of the diameters reported of an alloy is its label for training; the paper's is the mean."""

SIZED_CASTINGS = (ReportKind.BULK, ReportKind.PLATE_OR_WEDGE, ReportKind.THIN_ROD)
"""Castings of a size without flux: where there is one, a fluxed melt says nothing of what a laboratory can cast."""

# A rule marks a report that stands for several that differ. An alloy has the worst conflict of its reports.
CONFLICTS = ("none", "value", "between_codes", "class")
CONFLICT_OF_RULE = {
    LabelRule.VALUES_IN_CELL.value: "value",
    LabelRule.LABEL_BETWEEN_CODES.value: "between_codes",
    LabelRule.RIBBON_CODE_AVERAGED.value: "between_codes",
    LabelRule.CLASSES_IN_CELL.value: "class",
}


def merge_alloys(reports: "pd.DataFrame", trains: str = "mean") -> "pd.DataFrame":
    """One row per composition of the accepted reports, in the order of its first report by source and row.

    That order, and not one of compositions, gives a published table the folds that its authors had: a fold is a draw
    of row numbers, and the score of a model moves by more than a percent with the draw.

    reports: REPORT_COLUMNS, of one source or of several together; copies stand for no report of their own.
    trains: which of the reported diameters becomes `dmax_mm`, the label for training; one of ReportedDmax.
    Returns ALLOY_COLUMNS:

    - `dmax_mean_mm`, `dmax_largest_mm` and `dmax_smallest_mm` are those of the reports that give a number, where a
      crystalline alloy counts 0 and a ribbon 0.2; null where none does. The mean is the paper's label. A fluxed melt
      counts only where no casting without flux has a size.
    - `glass_class` is the best class reported: a glass that was made once can be made, a failure may be one poor cast.
      `kind` is that of the report with this class and, among these, the largest diameter.
    - `dmax_low_mm` and `dmax_high_mm` hold the intervals of all reports together (high null: open).
    - `dmax_spread_mm` is the largest minus the smallest reported size; 0 for one report or none with a size.
    - `conflict` is the worst of: `class` (reports of different classes), `between_codes` (a published label that is
      itself a mean of a code with something else), `value` (different labels within a class), `none`.
    - `n_copies`, `first_year` and `sources` take the copies in: who copied a report has read of the alloy.
    """
    import pandas as pd

    counted, copies = _counted(reports), _copies(reports)
    groups = counted.groupby("composition", sort=False)
    first = groups[["elements", "at_pct"]].first()
    labels, sizes = groups["dmax_mm"], groups["cast_mm"]
    numbers = {"mean": labels.mean(), "largest": labels.max(), "smallest": labels.min()}
    spread = (sizes.max() - sizes.min()).fillna(0.0)
    best = groups["rank"].max()
    names = {rank: glass_class.value for glass_class, rank in RANK.items()}
    read = pd.concat([counted, copies])[["composition", "source", "year"]].groupby("composition", sort=False)
    alloys = pd.DataFrame(
        {
            "composition": first.index,
            "chemical_system": [chemical_system(elements) for elements in first["elements"]],
            "n_elements": first["elements"].map(len).astype("int64"),
            "elements": first["elements"],
            "at_pct": first["at_pct"],
            "glass_class": best.map(names),
            "kind": _deciding_kinds(counted),
            "dmax_mm": numbers[trains],
            **{f"dmax_{name}_mm": values for name, values in numbers.items()},
            "dmax_low_mm": groups["dmax_low_mm"].min(),
            "dmax_high_mm": groups["high"].max().replace(np.inf, np.nan),
            "n_reports": groups.size().astype("int64"),
            "n_copies": copies["composition"].value_counts().reindex(first.index, fill_value=0),
            "first_year": read["year"].min(),
            "dmax_spread_mm": spread,
            "conflict": _conflicts(groups["own_conflict"].max(), spread > 0, best > groups["rank"].min()),
            "reported": _reported(counted),
            "sources": read["source"].agg(lambda sources: sorted(set(sources))),
        },
        index=first.index,
        columns=list(ALLOY_COLUMNS),
    )
    return alloys.reset_index(drop=True)


def _counted(reports: "pd.DataFrame") -> "pd.DataFrame":
    """The accepted reports in the order of their sources and rows, with what merging needs of each.

    `size_mm` is the label, or the diameter of a source that does not teach, which stands in the interval alone;
    `cast_mm` is that without fluxed melts where there are castings.
    """
    accepted = reports[reports["status"] == "accepted"].sort_values(["source", "source_row"], kind="stable")
    kinds = accepted["kind"]
    cast = accepted["composition"].where(kinds.isin(SIZED_CASTINGS))
    left_out = (kinds == ReportKind.FLUXED) & accepted["composition"].isin(cast.dropna())
    diameters = accepted["dmax_low_mm"].where(kinds.isin([ReportKind.BULK, ReportKind.FLUXED]))
    sizes = accepted["dmax_mm"].fillna(diameters)
    return accepted.assign(
        rank=accepted["glass_class"].map(RANK).astype("int64"),
        own_conflict=[_own_conflict(rules) for rules in accepted["rules"]],
        high=accepted["dmax_high_mm"].fillna(np.inf),
        dmax_mm=accepted["dmax_mm"].mask(left_out),
        dmax_low_mm=accepted["dmax_low_mm"].mask(left_out),
        size_mm=sizes,
        cast_mm=sizes.mask(left_out),
    )


def _copies(reports: "pd.DataFrame") -> "pd.DataFrame":
    """The copies of accepted reports, at the composition of the report that counts."""
    accepted = reports[reports["status"] == "accepted"]
    names = [f"{source} row {row}" for source, row in zip(accepted["source"], accepted["source_row"], strict=True)]
    composition_of = dict(zip(names, accepted["composition"], strict=True))
    copied = reports[reports["status"] == "copied"]
    copied = copied.assign(composition=copied["copy_of"].map(composition_of))
    return copied[copied["composition"].notna()]


def _deciding_kinds(counted: "pd.DataFrame") -> "pd.Series":
    """The kind of each composition's report with the best class and, among these, the largest diameter."""
    ordered = counted.assign(size=counted["cast_mm"].fillna(-1.0))
    ordered = ordered.sort_values(["rank", "size"], ascending=False, kind="stable")
    return ordered.groupby("composition", sort=False)["kind"].first()


def _reported(counted: "pd.DataFrame") -> "pd.Series":
    """Who reported what and when, one line for each report of a composition."""
    return counted.assign(lines=lines_of(counted)).groupby("composition", sort=False)["lines"].agg(list)


def _own_conflict(rules: Iterable[str]) -> int:
    return max((CONFLICTS.index(CONFLICT_OF_RULE[rule]) for rule in rules if rule in CONFLICT_OF_RULE), default=0)


def _conflicts(own: "pd.Series", values_differ: "pd.Series", classes_differ: "pd.Series") -> list[str]:
    by_value = np.where(values_differ, CONFLICTS.index("value"), 0)
    by_class = np.where(classes_differ, CONFLICTS.index("class"), 0)
    worst = np.maximum(np.maximum(own.to_numpy(dtype=np.int64), by_value), by_class)
    return [CONFLICTS[index] for index in worst]
