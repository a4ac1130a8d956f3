"""From rows as published to reports: every row is kept with its fate.

Nothing is dropped in silence: a row that cannot be used stays in the reports with the name of the rule and the reason.
What a formula or a label means is decided in compositions.py and labels.py; merging.py makes one row per composition.
"""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bmg_assets.science.alloys.compositions import (
    AmountUnit,
    FormulaError,
    ParsedFormula,
    composition_key,
    parse_formula,
)
from bmg_assets.science.alloys.labels import Conventions, GlassClass, Label, NoLabel, read_label

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
