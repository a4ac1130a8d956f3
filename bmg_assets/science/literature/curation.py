"""From rows as published to alloys: every row kept as a report with its fate, then one row per composition.

Nothing is dropped in silence: a row that cannot be used stays in the reports with the name of the rule and the reason.
What a formula or a label means is decided in compositions.py and labels.py; descriptors and pruning come after.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bmg_assets.science.alloys.compositions import (
    AmountUnit,
    FormulaError,
    ParsedFormula,
    chemical_system,
    composition_key,
    parse_formula,
)
from bmg_assets.science.alloys.labels import RANK, Conventions, GlassClass, Label, LabelRule, NoLabel, read_label

if TYPE_CHECKING:
    import pandas as pd

RAW_COLUMNS = ("source_row", "formula", "class_reported", "value_reported", "method", "reference")
REPORT_COLUMNS = (
    "source",
    "source_row",
    "formula_reported",
    "composition",
    "elements",
    "at_pct",
    "class_reported",
    "value_reported",
    "method",
    "form",
    "kind",
    "is_glass",
    "glass_class",
    "dmax_mm",
    "dmax_low_mm",
    "dmax_high_mm",
    "thickness_mm",
    "reference",
    "licence",
    "year",
    "copy_of",
    "rules",
    "status",
    "reason",
)
ALLOY_COLUMNS = (
    "composition",
    "chemical_system",
    "n_elements",
    "elements",
    "at_pct",
    "glass_class",
    "dmax_mm",
    "dmax_low_mm",
    "dmax_high_mm",
    "n_reports",
    "dmax_spread_mm",
    "conflict",
    "sources",
)

REPORT_TYPES = {
    "source_row": "int64",
    "is_glass": "boolean",
    "dmax_mm": "float64",
    "dmax_low_mm": "float64",
    "dmax_high_mm": "float64",
    "thickness_mm": "float64",
    "year": "Int64",
}

UNREADABLE_LINE = "unreadable_line"
"""The fault of a line of a file whose cells cannot be told apart."""

# A rule marks a report that stands for several that differ. An alloy has the worst conflict of its reports.
CONFLICTS = ("none", "value", "between_codes", "class")
CONFLICT_OF_RULE = {
    LabelRule.VALUES_IN_CELL.value: "value",
    LabelRule.LABEL_BETWEEN_CODES.value: "between_codes",
    LabelRule.RIBBON_CODE_AVERAGED.value: "between_codes",
    LabelRule.CLASSES_IN_CELL.value: "class",
}


@dataclass(frozen=True)
class ReportOrigin:
    """Origin of the rows of one source, and how they are read.

    reference is used for rows that name none of their own; unit says what the amounts of the formulas are.
    """

    source: str
    reference: str
    licence: str
    unit: AmountUnit
    conventions: Conventions


def curate_reports(raw: "pd.DataFrame", origin: ReportOrigin) -> "pd.DataFrame":
    """Every row of a source as a report: composition, class, label in mm, interval, rules, status and reason.

    raw: columns RAW_COLUMNS; cells are text or None, `source_row` counts the rows of the file's data from 1. A further
    column `line_fault` has the reason for each line that cannot be read; its text is the `formula`.
    Returns REPORT_COLUMNS, one row per row of `raw`, in its order; `status` is accepted or refused, and refused rows
    have the reason in `reason` and its rule at the end of `rules`. Raises nothing for bad data.
    """
    import pandas as pd

    faults = raw["line_fault"] if "line_fault" in raw else [None] * len(raw)
    rows = raw[list(RAW_COLUMNS)].itertuples(index=False)
    records = [_report(row, origin, _text(fault)) for row, fault in zip(rows, faults, strict=True)]
    reports = pd.DataFrame.from_records(records, columns=list(REPORT_COLUMNS))
    return reports.astype(REPORT_TYPES)


def _report(row: Any, origin: ReportOrigin, line_fault: str | None) -> dict[str, object]:
    class_reported, value_reported = _text(row.class_reported), _text(row.value_reported)
    report: dict[str, object] = dict.fromkeys(REPORT_COLUMNS)
    report |= {
        "source": origin.source,
        "source_row": row.source_row,
        "formula_reported": _text(row.formula) or "",
        "class_reported": class_reported,
        "value_reported": value_reported,
        "method": _text(row.method),
        "reference": _text(row.reference) or origin.reference,
        "licence": origin.licence,
    }
    if line_fault is not None:
        return report | {"rules": [UNREADABLE_LINE], "status": "refused", "reason": line_fault}
    try:
        formula = parse_formula(_text(row.formula) or "", origin.unit)
    except FormulaError as error:
        return report | {"rules": [error.fault.value], "status": "refused", "reason": str(error)}
    report |= _composition_cells(formula)
    label = read_label(class_reported, value_reported, _text(row.method), origin.conventions)
    if isinstance(label, NoLabel):
        return report | {"rules": [*formula.rules, label.fault.value], "status": "refused", "reason": label.reason}
    rules = [*formula.rules, *(rule.value for rule in label.rules)]
    return report | _label_cells(label) | {"rules": rules, "status": "accepted"}


def _text(cell: object) -> str | None:
    """A cell's text; None for whatever a frame puts where there is none (None, NaN)."""
    return cell if isinstance(cell, str) else None


def _composition_cells(formula: ParsedFormula) -> dict[str, object]:
    return {
        "composition": composition_key(formula.amounts),
        "elements": list(formula.amounts),
        "at_pct": list(formula.amounts.values()),
    }


def _label_cells(label: Label) -> dict[str, object]:
    return {
        "kind": label.kind.value,
        "is_glass": label.glass_class is not GlassClass.CRYSTALLINE,
        "glass_class": label.glass_class.value,
        "dmax_mm": label.dmax_mm,
        "dmax_low_mm": label.low_mm,
        "dmax_high_mm": label.high_mm,
    }


def merge_alloys(reports: "pd.DataFrame") -> "pd.DataFrame":
    """One row per composition of the accepted reports, in the order of its first report by source and row.

    That order, and not one of compositions, gives a published table the folds that its authors had: a fold is a draw
    of row numbers, and the score of a model moves by more than a percent with the draw.

    reports: REPORT_COLUMNS, of one source or of several together.
    Returns ALLOY_COLUMNS:

    - `dmax_mm` is the paper's label: the mean of the reports that give a number; null where none does.
    - `glass_class` is the best class reported: a glass that was made once can be made, a failure may be one poor cast.
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
    spread = (groups["dmax_mm"].max() - groups["dmax_mm"].min()).fillna(0.0)
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
            "dmax_mm": groups["dmax_mm"].mean(),
            "dmax_low_mm": groups["dmax_low_mm"].min(),
            "dmax_high_mm": groups["high"].max().replace(np.inf, np.nan),
            "n_reports": groups.size().astype("int64"),
            "dmax_spread_mm": spread,
            "conflict": _conflicts(groups["own_conflict"].max(), spread > 0, best > groups["rank"].min()),
            "sources": groups["source"].agg(lambda sources: sorted(set(sources))),
        },
        columns=list(ALLOY_COLUMNS),
    )
    return alloys.reset_index(drop=True)


def _own_conflict(rules: Iterable[str]) -> int:
    return max((CONFLICTS.index(CONFLICT_OF_RULE[rule]) for rule in rules if rule in CONFLICT_OF_RULE), default=0)


def _conflicts(own: "pd.Series", values_differ: "pd.Series", classes_differ: "pd.Series") -> list[str]:
    by_value = np.where(values_differ, CONFLICTS.index("value"), 0)
    by_class = np.where(classes_differ, CONFLICTS.index("class"), 0)
    worst = np.maximum(np.maximum(own.to_numpy(dtype=np.int64), by_value), by_class)
    return [CONFLICTS[index] for index in worst]


@dataclass(frozen=True)
class CurationSummary:
    """What curation did, in numbers: for the metadata of the assets and for whoever reads the profile."""

    n_reports: int
    n_accepted: int
    n_refused: int
    rules: dict[str, int]
    refusals: dict[str, int]
    classes: dict[str, int]


def summarise_reports(reports: "pd.DataFrame") -> CurationSummary:
    """Counts of reports by rule, by reason of refusal (the rule at the end of a refused row) and by class."""
    refused = reports[reports["status"] == "refused"]
    accepted = reports[reports["status"] == "accepted"]
    applied = Counter(rule for rules in accepted["rules"] for rule in rules)
    applied.update(rule for rules in refused["rules"] for rule in rules[:-1])
    return CurationSummary(
        n_reports=len(reports),
        n_accepted=len(accepted),
        n_refused=len(refused),
        rules=dict(sorted(applied.items())),
        refusals=dict(sorted(Counter(rules[-1] for rules in refused["rules"]).items())),
        classes=dict(sorted(Counter(accepted["glass_class"]).items())),
    )
