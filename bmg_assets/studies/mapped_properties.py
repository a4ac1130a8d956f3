"""The maps of properties that exist for a system, each with its own errors and whether it is older than its values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.literature.properties import Property, Scale
from bmg_assets.store.store import Store

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class MappedProperty:
    """A property with a map.

    Attributes:
        system: the key under which it was mapped.
        grid: its rows of the table `property_maps`.
        error: root-mean-square error in `error_unit`, on systems left out whole where that is known.
        of_left_out: whether the error is that; else it is of alloys left out at random, which flatters a map.
        coverage: nominal coverage of the intervals.
        n_since: values that have come, gone or changed since the map was made.
    """

    prop: Property
    system: str
    grid: pd.DataFrame
    error: float
    of_left_out: bool
    coverage: float
    n_since: int

    @property
    def error_in_words(self) -> str:
        """Like "errs by 27 K (systems left out)"."""
        where = "systems left out" if self.of_left_out else "alloys left out at random"
        return f"errs by {self.error:.2g} {self.prop.error_unit} ({where})"

    @property
    def older_in_words(self) -> str:
        """That it is older than its values, as a sentence; empty where it is not."""
        if not self.n_since:
            return ""
        return (
            f"The map of {self.prop.symbol} is older than what is known: {self.n_since} values have come, gone or "
            f"changed since. `bmg property {self.prop.typed} {self.system}` makes it anew."
        )


def mapped_properties(
    store: Store,
    declared: Mapping[str, Property],
    elements: Collection[str],
    values: Callable[[], pd.DataFrame | None],
) -> dict[str, MappedProperty]:
    """The properties that are mapped in the system of these elements, by name, in the order of their declaration.

    Args:
        declared: the properties of properties.yaml by name.
        values: gives the table `property_values`; called where there is a map.

    Raises:
        BmgError: a table cannot be read.
    """
    key = _key_of(store, elements)
    if key is None:
        return {}
    scores = {str(row["property"]): row for row in store.read_table("property_scores", key).to_dict("records")}
    return {
        name: _mapped(store, key, prop, scores[name], values)
        for name, prop in declared.items()
        if name in scores and store.has_table("property_maps", key, name)
    }


def names_of_mapped(store: Store, elements: Collection[str]) -> frozenset[str]:
    """Names of the properties that are mapped in the system of these elements."""
    key = _key_of(store, elements)
    return frozenset(() if key is None else store.read_table("property_scores", key)["property"])


def _key_of(store: Store, elements: Collection[str]) -> str | None:
    """The key under which properties of these elements are mapped, in whatever order it names them."""
    keys = store.partitions_of("property_scores")
    return next((key for key in keys if set(key.split(SEPARATOR)) == set(elements)), None)


def _mapped(
    store: Store,
    key: str,
    prop: Property,
    scores: Mapping[Hashable, Any],
    values: Callable[[], pd.DataFrame | None],
) -> MappedProperty:
    import pandas as pd

    left_out = scores["rmse_without_system"]
    of_left_out = not pd.isna(left_out)
    return MappedProperty(
        prop=prop,
        system=key,
        grid=store.read_table("property_maps", key, prop.name),
        error=float(left_out if of_left_out else scores["rmse_fusion"]),
        of_left_out=of_left_out,
        coverage=float(scores["coverage"]),
        n_since=_values_since(store, key, prop, int(scores["n_not_described"]), values()),
    )


def _values_since(store: Store, key: str, prop: Property, n_not_described: int, values: pd.DataFrame | None) -> int:
    from bmg_assets.science.alloys.systems import parse_system
    from bmg_assets.science.evidence.property_map import alloys_with_property, values_since
    from bmg_assets.store.tables.lab import LAB_CASTS

    if values is None:
        return 0
    known = alloys_with_property(parse_system(key), prop, values, store.read_all(LAB_CASTS.name))
    return values_since(known, store.read_table("property_alloys", key, prop.name), n_not_described)


def error_at(one: MappedProperty, value: float) -> float:
    """The error of a map at a value, in the property's unit; on a log scale a factor becomes a difference there."""
    return one.error if one.prop.scale is Scale.LINEAR else value * (10**one.error - 1)
