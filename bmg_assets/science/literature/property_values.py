"""One value of a property for each composition: of the reports in the literature, and of own casts.

Nothing is averaged in silence: a row says how its value follows from the reports, and whether they contradict.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

from bmg_assets.science.literature.properties import Choice, Property, PropertyError
from bmg_assets.science.literature.property_reports import each, place_of

if TYPE_CHECKING:
    import pandas as pd

VALUE_COLUMNS = (
    "property",
    "composition",
    "elements",
    "at_pct",
    "value",
    "value_is",
    "mean",
    "smallest",
    "largest",
    "unit",
    "n_reports",
    "n_copies",
    "spread",
    "conflict",
    "first_year",
    "reported",
    "sources",
)
ONLY_REPORT = "only_report"
"""What a value is that is no choice among several."""


def merge_property_reports(reports: pd.DataFrame, properties: Mapping[str, Property]) -> pd.DataFrame:
    """VALUE_COLUMNS: one row per property and composition of the accepted reports, in the order of the first of them.

    All values are in `unit`; the mean and the median of a property with a log scale are those of its logarithm.

    Args:
        reports: REPORT_COLUMNS, copies marked.
        properties: the declared properties by name.
    """
    import pandas as pd

    copied_in = defaultdict(list)
    for one in each(reports[reports["status"] == "copied"]):
        copied_in[one.property, one.copy_of].append(one.source)
    groups = _by_alloy(reports[reports["status"] == "accepted"])
    rows = [_merged(properties[name], of_alloy, copied_in) for (name, _), of_alloy in groups.items()]
    return pd.DataFrame(rows, columns=list(VALUE_COLUMNS)).astype({"first_year": "Int64"})


def contradictions(reports: pd.DataFrame, properties: Mapping[str, Property]) -> pd.DataFrame:
    """How often each source contradicts the others: `source`, `property`, `n_compared` and `n_contradicted` alloys.

    A source contradicts the others on an alloy where none of them agrees with it; copies are read, too.

    Args:
        reports: REPORT_COLUMNS, copies marked.
        properties: the declared properties by name.
    """
    import pandas as pd

    compared: Counter[tuple[str, str]] = Counter()
    contradicted: Counter[tuple[str, str]] = Counter()
    for (name, _), of_alloy in _by_alloy(reports[reports["status"] != "refused"]).items():
        values = defaultdict(list)
        for one in of_alloy:
            values[one.source].append(one.value)
        for source, own in values.items():
            pairs = [
                sorted(pair) for other, theirs in values.items() if other != source for pair in product(own, theirs)
            ]
            if pairs:
                compared[source, name] += 1
                contradicted[source, name] += not any(properties[name].agrees_within.holds(*pair) for pair in pairs)
    rows = [(*key, count, contradicted[key]) for key, count in compared.items()]
    return pd.DataFrame(rows, columns=["source", "property", "n_compared", "n_contradicted"])


def _by_alloy(reports: pd.DataFrame) -> dict[tuple[str, str], list[Any]]:
    """The reports by property and composition: a dictionary, since pandas is slow with thousands of small groups."""
    groups = defaultdict(list)
    for one in each(reports):
        groups[one.property, one.composition].append(one)
    return groups


def _merged(prop: Property, reports: list[Any], copied_in: Mapping[tuple[str, str], list[str]]) -> dict[str, Any]:
    """The row of one composition.

    Args:
        copied_in: the sources that repeat a report, by property and place of the report.
    """
    import numpy as np

    first, values = reports[0], np.array([one.value for one in reports])
    on_scale = prop.scale.to_scale(values)
    chosen = {
        Choice.MEDIAN: float(prop.scale.to_unit(np.median(on_scale))),
        Choice.MEAN: float(prop.scale.to_unit(np.mean(on_scale))),
        Choice.SMALLEST: float(values.min()),
        Choice.LARGEST: float(values.max()),
    }
    smallest, largest = chosen[Choice.SMALLEST], chosen[Choice.LARGEST]
    copies = [source for one in reports for source in copied_in.get((prop.name, place_of(one)), [])]
    return {
        **{name: getattr(first, name) for name in ("property", "composition", "elements", "at_pct", "unit")},
        "value": chosen[prop.maps] if len(reports) > 1 else first.value,
        "value_is": prop.maps.value if len(reports) > 1 else ONLY_REPORT,
        "mean": chosen[Choice.MEAN],
        "smallest": smallest,
        "largest": largest,
        "n_reports": len(reports),
        "n_copies": len(copies),
        "spread": largest - smallest,
        "conflict": "none" if prop.agrees_within.holds(smallest, largest) else "value",
        "first_year": min((one.year for one in reports if one.year is not None), default=None),
        "reported": [_in_words(one, prop) for one in reports],
        "sources": sorted({*(one.source for one in reports), *copies}),
    }


def _in_words(report: Any, prop: Property) -> str:
    """Like "688 K: mdf_v5, 10.1016/j.example (2004)"."""
    derived = f" ({report.derived_from})" if isinstance(report.derived_from, str) else ""
    is_dated = report.year is not None and str(report.year) not in report.reference
    year = f" ({report.year})" if is_dated else ""
    return f"{report.value:.6g} {prop.unit}{derived}: {report.source}, {report.reference}{year}"


def values_of_casts(casts: pd.DataFrame, prop: Property) -> pd.DataFrame:
    """The group's own values: `composition`, `elements`, `at_pct` and `value`, the mean of a composition's casts.

    Args:
        casts: the table `lab_casts` of one or more systems; casts that others have replaced do not count.

    Raises:
        PropertyError: the casts have no such column.
    """
    import pandas as pd

    columns = ["composition", "elements", "at_pct", "value"]
    if not prop.own_casts:
        return pd.DataFrame(columns=columns)
    _require_columns(list(casts.columns), prop)
    first = casts[prop.own_casts[0]]
    values = prop.derived.value(first, casts[prop.own_casts[1]]) if prop.derived else first
    usable = casts.assign(value=values)[(casts["state"] == "current") & values.between(*prop.range)]
    groups = usable.groupby("composition", sort=False)
    merged = pd.DataFrame(
        {"elements": groups["elements"].first(), "at_pct": groups["at_pct"].first(), "value": groups["value"].mean()}
    )
    return merged.reset_index()[columns]


def _require_columns(present: Collection[str], prop: Property) -> None:
    for column in prop.own_casts:
        if column not in present:
            raise PropertyError(
                f"properties.yaml names '{column}' as the column of own casts with {prop.symbol}, which the "
                "table lab_casts does not have; correct own_casts, or leave it out."
            )
