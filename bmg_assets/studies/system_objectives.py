"""The objectives of a system that are at hand: by its map, its elements, prices, and maps of properties."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bmg_assets.studies.mapped_properties import mapped_properties, names_of_mapped

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.alloys.systems import TargetSystem
    from bmg_assets.science.proposals.casting_practice import CastingPractice
    from bmg_assets.science.proposals.objectives import ObjectiveTable
    from bmg_assets.settings import Locations
    from bmg_assets.store.store import Store


def objectives_at_hand(
    store: Store,
    places: Locations,
    system: TargetSystem,
    transfer_grid: pd.DataFrame,
    practice: CastingPractice,
    values: Callable[[], pd.DataFrame | None],
) -> tuple[ObjectiveTable, list[str]]:
    """The objectives, and a sentence for each map that is older than its values.

    Args:
        practice: its prices.
        values: gives the table `property_values`; called where a property is mapped.

    Raises:
        BmgError: a table or properties.yaml cannot be read.
    """
    from bmg_assets.science.proposals.objective_values import PropertyValues, objectives_on
    from bmg_assets.sources.properties import FILE, read_properties

    declared = read_properties(places.literature / FILE)
    mapped = mapped_properties(store, declared, system.elements, values)
    found = [PropertyValues(one.prop, one.grid, f"Its map {one.error_in_words}.") for one in mapped.values()]
    table = objectives_on(transfer_grid, system, practice, found, declared)
    return table, [one.older_in_words for one in mapped.values() if one.older_in_words]


def check_objectives(
    store: Store, places: Locations, system: TargetSystem, practice: CastingPractice, names: Sequence[str]
) -> None:
    """Refuse objectives that a system has not, before its map is made.

    Raises:
        ObjectiveError: there is no such objective, or it is not mapped, or lacks a price.
        BmgError: a table or properties.yaml cannot be read.
    """
    from bmg_assets.science.proposals.objective_values import check_names
    from bmg_assets.sources.properties import FILE, read_properties

    if names:
        check_names(
            names, system, practice, names_of_mapped(store, system.elements), read_properties(places.literature / FILE)
        )
