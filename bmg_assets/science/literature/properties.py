"""Properties of a glass other than D_max: their declaration, their reports, and one value per composition.

Belongs here: reading values as sources write them, and merging them. Does not belong here: the declarations on disk
(`sources`), and the map of a property (`science/evidence`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bmg_assets.science.alloys.compositions import FormulaError, composition_key, parse_formula
from bmg_assets.science.errors import BmgError
from bmg_assets.science.literature.curation import ReportOrigin
from bmg_assets.science.literature.pruning import EXCLUDED

if TYPE_CHECKING:
    import pandas as pd

Text = Annotated[str, Field(min_length=1)]
NOTHING_LEFT_OUT = 0
"""The sub-dataset of a property that holds all alloys, those of the system too; the paper's are 1 to 5."""
ZERO_CELSIUS_K = 273.15
SCALES: dict[tuple[str, str], tuple[float, float]] = {
    ("°C", "K"): (1.0, ZERO_CELSIUS_K),
    ("MPa", "GPa"): (1e-3, 0.0),
}
"""Factor and offset that bring a source's unit to a property's."""
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
    "reference",
    "licence",
    "status",
    "fault",
    "reason",
)
VALUE_COLUMNS = ("property", "composition", "elements", "at_pct", "value", "unit", "n_reports", "spread", "sources")


class PropertyError(BmgError):
    """A property that nobody declared, or that cannot be read or mapped as declared."""


class PropertyFault(StrEnum):
    """Why a reported value is refused; a formula that cannot be read has the names of FormulaFault."""

    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    OUT_OF_ORDER = "out_of_order"


class Property(BaseModel):
    """One property; the keys are explained in data/literature/properties.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    name: str = Field(exclude=True)
    title: Text
    symbol: Text
    unit: Text
    range: tuple[float, float]
    """Lowest and highest plausible value in `unit`."""
    below: str | None = None
    """Name of the property that must be larger."""
    own_casts: str | None = None
    """Column of the table `lab_casts`."""
    sub_dataset: int = NOTHING_LEFT_OUT
    budget: str | None = None

    @field_validator("range", mode="before")
    @classmethod
    def _ascends(cls, given: Any) -> Any:
        is_pair = isinstance(given, list | tuple) and len(given) == 2 and all(isinstance(n, int | float) for n in given)
        if not is_pair or not given[0] < given[1]:
            raise ValueError("two numbers, the smaller first")
        return given

    @field_validator("sub_dataset")
    @classmethod
    def _exists(cls, number: int) -> int:
        if number not in (NOTHING_LEFT_OUT, *EXCLUDED):
            raise ValueError("0 (nothing left out) to 5")
        return number


class PropertyColumn(BaseModel):
    """Where a source reports a property."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: Text
    unit: Text | None = None
    """None: the property's own."""

    @model_validator(mode="before")
    @classmethod
    def _may_be_named_alone(cls, given: Any) -> Any:
        return {"column": given} if isinstance(given, str) else given


def property_named(properties: Mapping[str, Property], wanted: str) -> Property:
    """The property of this name or symbol; raises PropertyError, which names those there are."""
    for one in properties.values():
        if wanted in (one.name, one.symbol):
            return one
    known = ", ".join(f"{one.symbol} ({one.name})" for one in properties.values())
    raise PropertyError(f"There is no property '{wanted}'; choose one of {known}, or declare it in properties.yaml.")


def scale_of(column: PropertyColumn, prop: Property) -> tuple[float, float]:
    """Factor and offset from the column's unit to the property's; raises PropertyError where nobody knows them."""
    if column.unit is None or column.unit == prop.unit:
        return 1.0, 0.0
    if (column.unit, prop.unit) not in SCALES:
        known = ", ".join(sorted({there for there, here in SCALES if here == prop.unit} | {prop.unit}))
        raise PropertyError(
            f"Column '{column.column}' gives {prop.symbol} in {column.unit}, which is not converted to {prop.unit}; "
            f"expected one of {known}: correct the unit in sources.yaml."
        )
    return SCALES[column.unit, prop.unit]


def read_property_reports(
    raw: pd.DataFrame,
    origin: ReportOrigin,
    columns: Mapping[str, PropertyColumn],
    properties: Mapping[str, Property],
) -> pd.DataFrame:
    """REPORT_COLUMNS of one source: every value that it reports, accepted or refused with the reason.

    Args:
        raw: columns `source_row`, `formula`, `reference`, and one of text (None where nothing is reported) by the name
            of each property in `columns`.
        origin: the source, with the unit of the amounts in its formulas.
        columns: where the source reports each property, for the units.
        properties: the declared properties by name.

    Raises:
        PropertyError: a property is not declared, or a unit is not known.
    """
    import pandas as pd

    scales = {name: scale_of(column, property_named(properties, name)) for name, column in columns.items()}
    records = [
        report
        for row in raw.to_dict("records")
        for report in _reports_of_row(row, origin, scales, {name: properties[name] for name in columns})
    ]
    return pd.DataFrame.from_records(records, columns=list(REPORT_COLUMNS)).astype(
        {"source_row": "int64", "value": "float64"}
    )


def _reports_of_row(
    row: Mapping[Any, Any],
    origin: ReportOrigin,
    scales: Mapping[str, tuple[float, float]],
    properties: Mapping[str, Property],
) -> list[dict[str, object]]:
    """The reports of properties in one row of a source."""
    reports = {
        name: {
            **dict.fromkeys(REPORT_COLUMNS),
            "property": name,
            "source": origin.source,
            "source_row": row["source_row"],
            "formula_reported": row["formula"] or "",
            "value_reported": row[name],
            "unit": properties[name].unit,
            "reference": row["reference"] or origin.reference,
            "licence": origin.licence,
            "status": "accepted",
        }
        for name in properties
        if row[name] is not None
    }
    try:
        formula = parse_formula(row["formula"] or "", origin.unit)
    except FormulaError as error:
        return [report | _refused(error.fault, str(error)) for report in reports.values()]
    alloy = {
        "composition": composition_key(formula.amounts),
        "elements": list(formula.amounts),
        "at_pct": list(formula.amounts.values()),
    }
    for name, report in reports.items():
        report |= alloy | _read_value(str(row[name]), scales[name], properties[name])
    _refuse_out_of_order(reports, properties)
    return list(reports.values())


def _read_value(text: str, scale: tuple[float, float], prop: Property) -> dict[str, object]:
    try:
        number = float(text)
    except ValueError:
        return _refused(PropertyFault.NOT_A_NUMBER, f"'{text}' is not a number.")
    factor, offset = scale
    value, (low, high) = factor * number + offset, prop.range
    if not math.isfinite(value) or not low <= value <= high:
        reason = f"{value:g} {prop.unit} is not credible for {prop.symbol} ({low:g} to {high:g} are)."
        return _refused(PropertyFault.OUT_OF_RANGE, reason)
    return {"value": value}


def _refuse_out_of_order(reports: dict[str, dict[str, object]], properties: Mapping[str, Property]) -> None:
    """Refuse both of two values in the wrong order: it is unknown which of them is wrong."""
    accepted = {name: report["value"] for name, report in reports.items() if report["status"] == "accepted"}
    for name, value in accepted.items():
        above = properties[name].below
        if above not in accepted or value < accepted[above]:  # type: ignore[operator]
            continue
        symbols = properties[name].symbol, properties[above].symbol
        reason = f"{symbols[0]} ({value:g}) is not below {symbols[1]} ({accepted[above]:g})."
        for one in (name, above):
            reports[one] |= _refused(PropertyFault.OUT_OF_ORDER, reason)


def _refused(fault: StrEnum, reason: str) -> dict[str, object]:
    return {"value": None, "status": "refused", "fault": fault.value, "reason": reason}


def merge_property_reports(reports: pd.DataFrame) -> pd.DataFrame:
    """VALUE_COLUMNS: one row per property and composition of the accepted reports, in the order of the first of them.

    `value` is the mean of the reports and `spread` the largest minus the smallest, both in `unit`.
    """
    import pandas as pd

    groups = reports[reports["status"] == "accepted"].groupby(["property", "composition"], sort=False)
    values = groups["value"]
    merged = pd.DataFrame(
        {
            **{name: groups[name].first() for name in ("elements", "at_pct", "unit")},
            "value": values.mean(),
            "n_reports": groups.size().astype("int64"),
            "spread": (values.max() - values.min()).astype("float64"),
            "sources": groups["source"].agg(lambda sources: sorted(set(sources))),
        }
    )
    return merged.reset_index()[list(VALUE_COLUMNS)]


def values_of_casts(casts: pd.DataFrame, prop: Property) -> pd.DataFrame:
    """The group's own values: `composition`, `elements`, `at_pct` and `value`, the mean of a composition's casts.

    Args:
        casts: the table `lab_casts` of one or more systems; casts that others have replaced do not count.

    Raises:
        PropertyError: the casts have no such column.
    """
    import pandas as pd

    columns = ["composition", "elements", "at_pct", "value"]
    if prop.own_casts is None:
        return pd.DataFrame(columns=columns)
    if prop.own_casts not in casts.columns:
        raise PropertyError(
            f"properties.yaml names '{prop.own_casts}' as the column of own casts with {prop.symbol}, which the "
            "table lab_casts does not have; correct own_casts, or leave it out."
        )
    values = casts[prop.own_casts]
    usable = casts[(casts["state"] == "current") & values.between(*prop.range)]
    groups = usable.assign(value=usable[prop.own_casts]).groupby("composition", sort=False)
    merged = pd.DataFrame(
        {"elements": groups["elements"].first(), "at_pct": groups["at_pct"].first(), "value": groups["value"].mean()}
    )
    return merged.reset_index()[columns]
