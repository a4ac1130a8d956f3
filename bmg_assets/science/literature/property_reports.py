"""Reading values of properties as sources report them: every one is kept, and the impossible ones with a reason.

Each report is of one row of a source. A derived property follows from the values of one row, never from those of two.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bmg_assets.science.alloys.compositions import FormulaError, composition_key, parse_formula
from bmg_assets.science.literature.curation import ReportOrigin
from bmg_assets.science.literature.properties import Property, PropertyColumn, property_named, scale_of
from bmg_assets.science.literature.years import year_of

if TYPE_CHECKING:
    import pandas as pd

REPORT_COLUMNS = (
    "property",
    "source",
    "source_row",
    "formula_reported",
    "value_reported",
    "composition",
    "elements",
    "at_pct",
    "value",
    "unit",
    "derived_from",
    "reference",
    "year",
    "licence",
    "status",
    "fault",
    "reason",
    "copy_of",
)
Report = dict[str, Any]


def each(reports: pd.DataFrame) -> Iterator[Any]:
    """The rows, each with the columns as attributes and its place in the frame as `Index`; no year is None."""
    years = reports["year"].astype(object)
    yield from reports.assign(year=years.mask(years.isna(), None)).itertuples()


def place_of(report: Any) -> str:
    """Where a report stands: the words that `copy_of` has for it."""
    return f"{report.source} row {report.source_row}"


class PropertyFault(StrEnum):
    """Why a reported value is refused; a formula that cannot be read has the names of FormulaFault."""

    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    OUT_OF_ORDER = "out_of_order"
    CONTRADICTS_ITSELF = "contradicts_itself"
    CELSIUS = "celsius"


def read_property_reports(
    raw: pd.DataFrame,
    origin: ReportOrigin,
    columns: Mapping[str, PropertyColumn],
    properties: Mapping[str, Property],
) -> pd.DataFrame:
    """REPORT_COLUMNS of one source: every value that it reports, accepted or refused with the reason.

    Args:
        raw: columns `source_row`, `formula`, `reference`, `year`, and one of text (None where nothing is reported) by
            the name of each property in `columns`. A row without a reference has no year: that of a compilation is not
            that of the paper.
        origin: the source, with the unit of the amounts in its formulas.
        columns: where the source reports each property, for the units.
        properties: the declared properties by name.

    Raises:
        PropertyError: a property is not declared, or a unit is not known.
    """
    import pandas as pd

    scales = {name: scale_of(column, property_named(properties, name)) for name, column in columns.items()}
    stated = raw[raw[list(columns)].notna().any(axis=1)]
    records = [
        report for row in stated.to_dict("records") for report in _reports_of_row(row, origin, scales, properties)
    ]
    return _typed(pd.DataFrame.from_records(records, columns=list(REPORT_COLUMNS)))


def no_property_reports() -> pd.DataFrame:
    """REPORT_COLUMNS without a row."""
    import pandas as pd

    return _typed(pd.DataFrame(columns=list(REPORT_COLUMNS)))


def _typed(reports: pd.DataFrame) -> pd.DataFrame:
    return reports.astype({"source_row": "int64", "value": "float64", "year": "Int64"})


def _reports_of_row(
    row: Mapping[Any, Any],
    origin: ReportOrigin,
    scales: Mapping[str, tuple[float, float]],
    properties: Mapping[str, Property],
) -> list[Report]:
    """The reports of properties in one row of a source, those that follow from others last."""
    common: Report = {
        **dict.fromkeys(REPORT_COLUMNS),
        "source": origin.source,
        "source_row": row["source_row"],
        "formula_reported": row["formula"] or "",
        "reference": row["reference"] or origin.reference,
        "year": year_of(row["reference"], year=row["year"]),
        "licence": origin.licence,
        "status": "accepted",
    }
    reports = {
        name: common | {"property": name, "value_reported": row[name], "unit": properties[name].unit}
        for name in scales
        if isinstance(row[name], str)
    }
    try:
        formula = parse_formula(row["formula"] or "", origin.unit)
    except FormulaError as error:
        return [report | refused(error.fault, str(error)) for report in reports.values()]
    alloy = {
        "composition": composition_key(formula.amounts),
        "elements": list(formula.amounts),
        "at_pct": list(formula.amounts.values()),
    }
    for name, report in reports.items():
        report |= alloy | _read_value(str(row[name]), scales[name], properties[name])
    _refuse_out_of_order(reports, properties)
    for name, derived in _derived(reports, properties):
        reports[name] = common | alloy | {"property": name, "unit": properties[name].unit} | derived
    return list(reports.values())


def _read_value(text: str, scale: tuple[float, float], prop: Property) -> Report:
    try:
        number = float(text)
    except ValueError:
        return refused(PropertyFault.NOT_A_NUMBER, f"'{text}' is not a number.")
    factor, offset = scale
    return _in_range(factor * number + offset, prop)


def _in_range(value: float, prop: Property) -> Report:
    low, high = prop.range
    if math.isfinite(value) and low <= value <= high:
        return {"value": value}
    reason = f"{value:g} {prop.unit} is outside the range that is read as {prop.symbol} ({low:g} to {high:g})."
    return refused(PropertyFault.OUT_OF_RANGE, reason)


def _refuse_out_of_order(reports: Mapping[str, Report], properties: Mapping[str, Property]) -> None:
    """Refuse both of two values in the wrong order: it is unknown which of them is wrong."""
    accepted = _accepted(reports)
    for name, value in accepted.items():
        for above in _above(name, properties):
            if above not in accepted or value < accepted[above]:
                continue
            symbols = properties[name].symbol, properties[above].symbol
            reason = f"{symbols[0]} ({value:g}) is not below {symbols[1]} ({accepted[above]:g})."
            for one in (name, above):
                reports[one].update(refused(PropertyFault.OUT_OF_ORDER, reason))


def _above(name: str, properties: Mapping[str, Property]) -> Iterator[str]:
    """All properties that must be larger: T_x and T_l of T_g."""
    above = properties[name].below
    while above is not None:
        yield above
        above = properties[above].below


def _derived(reports: Mapping[str, Report], properties: Mapping[str, Property]) -> Iterator[tuple[str, Report]]:
    """Properties that follow from accepted values of the row and are not in it."""
    accepted = _accepted(reports)
    for name, prop in properties.items():
        if prop.derived is None or not accepted.keys() >= set(prop.derived.of):
            continue
        first, second = (accepted[one] for one in prop.derived.of)
        value, formula = prop.derived.value(first, second), prop.derived.formula(properties)
        if name not in reports:
            yield name, {"derived_from": f"{formula} of {first:g} and {second:g}"} | _in_range(value, prop)
        elif name in accepted and not prop.agrees_within.holds(*sorted([value, accepted[name]])):
            reason = (
                f"{prop.symbol} ({accepted[name]:g}) contradicts {formula} of the same row ({value:.4g}) by more than "
                f"{prop.agrees_within.in_words(prop.unit)}."
            )
            for one in (name, *prop.derived.of):
                reports[one].update(refused(PropertyFault.CONTRADICTS_ITSELF, reason))


def _accepted(reports: Mapping[str, Report]) -> dict[str, float]:
    return {name: report["value"] for name, report in reports.items() if report["status"] == "accepted"}


def refused(fault: StrEnum, reason: str) -> Report:
    """The cells of a report that is refused."""
    return {"value": None, "status": "refused", "fault": fault.value, "reason": reason}
