"""Temperatures that a compilation took from a paper in °C and wrote down as K, found by the same alloy elsewhere."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from bmg_assets.science.literature.properties import ZERO_CELSIUS_K
from bmg_assets.science.literature.property_reports import PropertyFault, each, place_of, refused

if TYPE_CHECKING:
    import pandas as pd

WITHIN_K = 1.0
"""How far a difference of 273.15 K is off where both values were rounded."""
FEWEST = 2
"""So many temperatures of a row are 273 K below another's only where both rows have the same numbers."""


def refuse_celsius(reports: pd.DataFrame) -> pd.DataFrame:
    """The reports of all sources, with temperatures refused that are 273 K below those of the same alloy elsewhere.

    One temperature alone may differ by chance; differences of two, such as T_x − T_g, stay as they are.

    Args:
        reports: REPORT_COLUMNS.
    """
    found = {
        index: refused(
            PropertyFault.CELSIUS,
            f"{low.value:g} {low.unit} is 273 below what {place_of(high)} has, as other temperatures of this row "
            "are: it is in °C.",
        )
        for rows in _temperatures(reports).values()
        for index, low, high in _in_celsius(list(rows.values()))
    }
    marked = reports.copy()
    for index, cells in found.items():
        for name, cell in cells.items():
            marked.at[index, name] = cell
    return marked


def _temperatures(reports: pd.DataFrame) -> dict[str, dict[str, dict[str, Any]]]:
    """Accepted temperatures by composition, place and property."""
    chosen = reports[(reports["status"] == "accepted") & (reports["unit"] == "K") & reports["derived_from"].isna()]
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for one in each(chosen):
        found[one.composition][place_of(one)][one.property] = one
    return found


def _in_celsius(rows: list[dict[str, Any]]) -> list[tuple[Any, Any, Any]]:
    """Index of each value in °C, the value, and the one that it is compared with."""
    found = []
    for low in rows:
        for high in rows:
            pairs = [(low[name], high[name]) for name in low.keys() & high.keys()]
            lower = [(one.Index, one, other) for one, other in pairs if _is_celsius(one.value, other.value)]
            if len(lower) >= FEWEST:
                found += lower
    return found


def _is_celsius(low: float, high: float) -> bool:
    return abs(high - low - ZERO_CELSIUS_K) <= WITHIN_K
