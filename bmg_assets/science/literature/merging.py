"""From reports to alloys: one row per composition, with what was reported of it and how the reports disagree.

What a single report says is decided in curation.py; descriptors and pruning come after.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import numpy as np

from bmg_assets.science.alloys.compositions import chemical_system
from bmg_assets.science.alloys.labels import RANK, LabelRule

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

# A rule marks a report that stands for several that differ. An alloy has the worst conflict of its reports.
CONFLICTS = ("none", "value", "between_codes", "class")
CONFLICT_OF_RULE = {
    LabelRule.VALUES_IN_CELL.value: "value",
    LabelRule.LABEL_BETWEEN_CODES.value: "between_codes",
    LabelRule.RIBBON_CODE_AVERAGED.value: "between_codes",
    LabelRule.CLASSES_IN_CELL.value: "class",
}


def merge_alloys(reports: "pd.DataFrame", trains: ReportedDmax = "mean") -> "pd.DataFrame":
    """One row per composition of the accepted reports, in the order of its first report by source and row.

    That order, and not one of compositions, gives a published table the folds that its authors had: a fold is a draw
    of row numbers, and the score of a model moves by more than a percent with the draw.

    reports: REPORT_COLUMNS, of one source or of several together.
    trains: which of the reported diameters becomes `dmax_mm`, the label for training.
    Returns ALLOY_COLUMNS:

    - `dmax_mean_mm`, `dmax_largest_mm` and `dmax_smallest_mm` are those of the reports that give a number, where a
      crystalline alloy counts 0 and a ribbon 0.2; null where none does. The mean is the paper's label.
    - `glass_class` is the best class reported: a glass that was made once can be made, a failure may be one poor cast.
      `kind` is that of the report with this class and, among these, the largest diameter.
    - `dmax_low_mm` and `dmax_high_mm` hold the intervals of all reports together (high null: open).
    - `dmax_spread_mm` is the largest minus the smallest reported label; 0 for one report or none with a number.
    - `conflict` is the worst of: `class` (reports of different classes), `between_codes` (a published label that is
      itself a mean of a code with something else), `value` (different labels within a class), `none`.
    """
    import pandas as pd

    accepted = reports[reports["status"] == "accepted"]
    accepted = accepted.sort_values(["source", "source_row"], kind="stable")
    accepted = accepted.assign(
        rank=accepted["glass_class"].map(RANK).astype("int64"),
        own_conflict=[_own_conflict(rules) for rules in accepted["rules"]],
        high=accepted["dmax_high_mm"].fillna(np.inf),
    )
    groups = accepted.groupby("composition", sort=False)
    first = groups[["elements", "at_pct"]].first()
    numbers = {
        "mean": groups["dmax_mm"].mean(),
        "largest": groups["dmax_mm"].max(),
        "smallest": groups["dmax_mm"].min(),
    }
    spread = (numbers["largest"] - numbers["smallest"]).fillna(0.0)
    best = groups["rank"].max()
    names = {rank: glass_class.value for glass_class, rank in RANK.items()}
    alloys = pd.DataFrame(
        {
            "composition": first.index,
            "chemical_system": [chemical_system(elements) for elements in first["elements"]],
            "n_elements": first["elements"].map(len).astype("int64"),
            "elements": first["elements"],
            "at_pct": first["at_pct"],
            "glass_class": best.map(names),
            "kind": _deciding_kinds(accepted),
            "dmax_mm": numbers[trains],
            **{f"dmax_{name}_mm": values for name, values in numbers.items()},
            "dmax_low_mm": groups["dmax_low_mm"].min(),
            "dmax_high_mm": groups["high"].max().replace(np.inf, np.nan),
            "n_reports": groups.size().astype("int64"),
            "n_copies": pd.Series(0, first.index, dtype="int64"),
            "first_year": groups["year"].min(),
            "dmax_spread_mm": spread,
            "conflict": _conflicts(groups["own_conflict"].max(), spread > 0, best > groups["rank"].min()),
            "reported": _reported(accepted),
            "sources": groups["source"].agg(lambda sources: sorted(set(sources))),
        },
        index=first.index,
        columns=list(ALLOY_COLUMNS),
    )
    return alloys.reset_index(drop=True)


def _deciding_kinds(accepted: "pd.DataFrame") -> "pd.Series":
    """The kind of each composition's report with the best class and, among these, the largest diameter."""
    ordered = accepted.assign(size=accepted["dmax_mm"].fillna(-1.0))
    ordered = ordered.sort_values(["rank", "size"], ascending=False, kind="stable")
    return ordered.groupby("composition", sort=False)["kind"].first()


def _reported(accepted: "pd.DataFrame") -> "pd.Series":
    """Who reported what, one text for each report of a composition."""
    words = [
        f"{kind if np.isnan(dmax_mm) else f'{dmax_mm:g} mm as {kind}'}, {source}, {reference}"
        for kind, dmax_mm, source, reference in zip(
            *(accepted[name] for name in ("kind", "dmax_mm", "source", "reference")), strict=True
        )
    ]
    return accepted.assign(words=words).groupby("composition", sort=False)["words"].agg(list)


def _own_conflict(rules: Iterable[str]) -> int:
    return max((CONFLICTS.index(CONFLICT_OF_RULE[rule]) for rule in rules if rule in CONFLICT_OF_RULE), default=0)


def _conflicts(own: "pd.Series", values_differ: "pd.Series", classes_differ: "pd.Series") -> list[str]:
    by_value = np.where(values_differ, CONFLICTS.index("value"), 0)
    by_class = np.where(classes_differ, CONFLICTS.index("class"), 0)
    worst = np.maximum(np.maximum(own.to_numpy(dtype=np.int64), by_value), by_class)
    return [CONFLICTS[index] for index in worst]
