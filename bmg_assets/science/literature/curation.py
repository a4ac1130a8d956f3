"""From rows as published to reports: every row is kept with its fate.

Nothing is dropped in silence: a row that cannot be used stays in the reports with the name of the rule and the reason.
What a formula or a label means is decided in compositions.py and labels.py; merging.py makes one row per composition.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any

from bmg_assets.science.alloys.compositions import (
    AmountUnit,
    FormulaError,
    composition_key,
    parse_formula,
)
from bmg_assets.science.alloys.labels import Conventions, Label, LabelFault, NoLabel, Reported, read_label
from bmg_assets.science.alloys.report_kinds import APART
from bmg_assets.science.literature.known_rows import KnownRow, known_row
from bmg_assets.science.literature.papers import papers_of
from bmg_assets.science.literature.years import year_of

if TYPE_CHECKING:
    import pandas as pd

RAW_COLUMNS = (
    "source_row",
    "formula",
    "class_reported",
    "value_reported",
    "method",
    "reference",
    "form",
    "thickness",
    "year",
    "shows_glass",
)
"""Cells of a source: text or None, but for the number `source_row` and the truth `shows_glass`."""
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

FORMULAS_KEPT = 50_000
"""Readings of formulas that are kept, more than all public sets have."""
UNREADABLE_LINE = "unreadable_line"
"""The fault of a line of a file whose cells cannot be told apart."""
KNOWN_TO_BE_WRONG = "known_to_be_wrong"
"""The fault of a row that the source's declaration names."""
DOES_NOT_TEACH = "does_not_teach"
"""The rule of a report of a source that gives no diameter to learn from."""
ROW_OF_ONE_ALLOY = "row_of_one_alloy"
"""The rule of a further row of a composition that its source has once, however often it was tested."""


@dataclass(frozen=True)
class ReportOrigin:
    """Origin of the rows of one source, and how they are read.

    reference is used for rows that name none of their own; unit says what the amounts of the formulas are. known_rows
    are rows of which more is known than they say. Reports of a source that does not teach have class and interval, but
    no diameter to learn from. compilations are references in its rows that are compilations themselves: a row that
    names one alone may be a copy, and its year is not known.
    """

    source: str
    reference: str
    licence: str
    unit: AmountUnit
    conventions: Conventions
    known_rows: tuple[KnownRow, ...] = ()
    teaches: bool = True
    compilations: tuple[str, ...] = ()

    def papers_of_row(self, reference: str | None) -> frozenset[str]:
        """The papers that a row of this source names, see `papers_of`; none where it names a compilation alone."""
        return _papers_but(reference, self.compilations) if reference and reference != self.reference else frozenset()


@lru_cache(maxsize=10_000)
def _papers_but(reference: str, compilations: tuple[str, ...]) -> frozenset[str]:
    return papers_of(reference).difference(*map(papers_of, compilations))


@dataclass(frozen=True)
class _Composition:
    composition: str
    elements: tuple[str, ...]
    at_pct: tuple[float, ...]
    rules: tuple[str, ...]


def curate_reports(raw: "pd.DataFrame", origin: ReportOrigin) -> "pd.DataFrame":
    """Every row of a source as a report: composition, class, label in mm, interval, rules, status and reason.

    raw: columns RAW_COLUMNS; `source_row` counts the rows of the file's data from 1. A further column `line_fault` has
    the reason for each line that cannot be read; its text is the `formula`.
    Returns REPORT_COLUMNS, one row per row of `raw`, in its order. `status` is accepted; set_apart for films and
    powders; copied for a further row of an alloy that the source has once; or refused, with the reason in `reason` and
    its rule at the end of `rules`. Raises nothing for bad data.
    """
    import pandas as pd

    faults = raw["line_fault"] if "line_fault" in raw else [None] * len(raw)
    rows = raw[list(RAW_COLUMNS)].itertuples(index=False)
    # Few different cells stand in many rows: each is read once.
    label_of = cache(partial(read_label, conventions=origin.conventions))
    records = [_report(row, origin, label_of, _text(fault)) for row, fault in zip(rows, faults, strict=True)]
    if origin.conventions.once:
        _mark_further_rows(records)
    reports = pd.DataFrame.from_records(records, columns=list(REPORT_COLUMNS))
    return reports.astype(REPORT_TYPES)


def _report(
    row: Any, origin: ReportOrigin, label_of: Callable[[Reported], Label | NoLabel], line_fault: str | None
) -> dict[str, Any]:
    report = dict.fromkeys(REPORT_COLUMNS) | _cells_as_written(row, origin)
    if line_fault is not None:
        return report | _refused([UNREADABLE_LINE], line_fault)
    formula_reported = _text(row.formula) or ""
    formula = _read_formula(formula_reported, origin.unit)
    if isinstance(formula, FormulaError):
        return report | _refused([formula.fault.value], str(formula))
    report |= {
        "composition": formula.composition,
        "elements": list(formula.elements),
        "at_pct": list(formula.at_pct),
    }
    known = known_row(origin.known_rows, formula_reported, _text(row.value_reported))
    if known is not None and known.meaning == "wrong":
        return report | _refused([*formula.rules, KNOWN_TO_BE_WRONG], known.reason)
    label = label_of(_reported(row, known))
    if isinstance(label, NoLabel):
        return report | _refused([*formula.rules, label.fault.value], label.reason)
    rules = [*formula.rules, *(rule.value for rule in label.rules)]
    report |= {"reason": known.reason if known else None, "status": "set_apart" if label.kind in APART else "accepted"}
    if origin.teaches or label.dmax_mm is None:
        return report | _label_cells(label) | {"rules": rules}
    return report | _label_cells(label) | {"rules": [*rules, DOES_NOT_TEACH], "dmax_mm": None}


def _cells_as_written(row: Any, origin: ReportOrigin) -> dict[str, Any]:
    reference = _text(row.reference)
    return {
        "source": origin.source,
        "source_row": row.source_row,
        "formula_reported": _text(row.formula) or "",
        "class_reported": _text(row.class_reported),
        "value_reported": _text(row.value_reported),
        "method": _text(row.method),
        "form": _text(row.form),
        "reference": reference or origin.reference,
        "licence": origin.licence,
        "year": year_of(reference if origin.papers_of_row(reference) else None, year=_text(row.year)),
    }


def _reported(row: Any, known: KnownRow | None) -> Reported:
    return Reported(
        glass_class=_text(row.class_reported),
        size=_text(row.value_reported),
        method=_text(row.method),
        form=_text(row.form),
        thickness=_text(row.thickness),
        shows_glass=row.shows_glass is True,
        is_fluxed=known is not None and known.meaning == "fluxed",
    )


def _refused(rules: list[str], reason: str) -> dict[str, Any]:
    return {"rules": rules, "status": "refused", "reason": reason}


def _mark_further_rows(records: list[dict[str, Any]]) -> None:
    """Let the first accepted row of each composition count, and the others be copies of it."""
    first: dict[str, dict[str, Any]] = {}
    for record in records:
        if record["status"] != "accepted":
            continue
        counted = first.setdefault(record["composition"], record)
        if counted is not record:
            record["status"] = "copied"
            record["copy_of"] = f"{counted['source']} row {counted['source_row']}"
            record["rules"] = [*record["rules"], ROW_OF_ONE_ALLOY]


def _text(cell: object) -> str | None:
    """A cell's text; None for whatever a frame puts where there is none (None, NaN)."""
    return cell if isinstance(cell, str) else None


@lru_cache(maxsize=FORMULAS_KEPT)
def _read_formula(text: str, unit: AmountUnit) -> _Composition | FormulaError:
    """The composition behind a formula, or why there is none; compilations write most of them alike."""
    try:
        formula = parse_formula(text, unit)
    except FormulaError as error:
        return error
    amounts = formula.amounts
    return _Composition(composition_key(amounts), tuple(amounts), tuple(amounts.values()), formula.rules)


def _label_cells(label: Label) -> dict[str, object]:
    return {
        "kind": label.kind.value,
        "is_glass": label.is_glass,
        "glass_class": None if label.glass_class is None else label.glass_class.value,
        "dmax_mm": label.dmax_mm,
        "dmax_low_mm": label.low_mm,
        "dmax_high_mm": label.high_mm,
        "thickness_mm": label.thickness_mm,
    }


@dataclass(frozen=True)
class CurationSummary:
    """What curation did, in numbers: for the metadata of the assets and for whoever reads the profile."""

    n_reports: int
    n_accepted: int
    n_copied: int
    n_set_apart: int
    n_refused: int
    rules: dict[str, int]
    refusals: dict[str, int]
    classes: dict[str, int]
    kinds: dict[str, int]


def summarise_reports(reports: "pd.DataFrame") -> CurationSummary:
    """Counts of reports by rule, by reason of refusal (the rule at the end of a refused row), by class and by kind."""
    refused = reports[reports["status"] == "refused"]
    accepted = reports[reports["status"] == "accepted"]
    applied = Counter(rule for rules in accepted["rules"] for rule in rules)
    applied.update(rule for rules in refused["rules"] for rule in rules[:-1])
    return CurationSummary(
        n_reports=len(reports),
        n_accepted=len(accepted),
        n_copied=int((reports["status"] == "copied").sum()),
        n_set_apart=int((reports["status"] == "set_apart").sum()),
        n_refused=len(refused),
        rules=dict(sorted(applied.items())),
        refusals=dict(sorted(Counter(rules[-1] for rules in refused["rules"]).items())),
        classes=dict(sorted(Counter(accepted["glass_class"]).items())),
        kinds=dict(sorted(Counter(reports["kind"].dropna()).items())),
    )


def undeclared_classes(reports: "pd.DataFrame") -> list[str]:
    """A sentence for each class code that a source has and its declaration does not."""
    unknown = [rules[-1:] == [LabelFault.UNKNOWN_CLASS.value] for rules in reports["rules"]]
    codes = Counter(zip(reports["source"][unknown], reports["class_reported"][unknown], strict=True))
    return [
        f"{source} has the class {code!r} in {count} rows, which its codes in sources.yaml do not declare; these rows "
        "are refused."
        for (source, code), count in sorted(codes.items())
    ]
