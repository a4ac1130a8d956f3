"""The objectives of the compositions of a map: by the surrogate, the elements, prices, and maps of properties."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.density import estimated_density_g_cm3
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.literature.properties import Property
from bmg_assets.science.proposals.casting_practice import CastingPractice
from bmg_assets.science.proposals.objectives import Objective, ObjectiveTable

DMAX, CHANCE, GAIN, DENSITY, PRICE, LIQUIDUS = "dmax", "chance", "gain", "density", "price", "liquidus"
REDUCED_TG = "trg"
LESS_IS_BETTER = frozenset({"critical_cooling_rate", "liquidus_temperature"})
"""Properties of which glass formers have less."""
GLASS_TRANSITION, CRYSTALLISATION, LIQUIDUS_MAP = (
    "glass_transition_temperature",
    "crystallisation_temperature",
    "liquidus_temperature",
)
SUPERCOOLED = "supercooled_liquid_region"


@dataclass(frozen=True)
class PropertyValues:
    """The map of a property.

    Attributes:
        grid: rows of the table `property_maps`.
        about: its errors, a sentence like "Its map errs by 27 K (systems left out)."
    """

    prop: Property
    grid: pd.DataFrame
    about: str


def typed_name(prop: Property) -> str:
    """What a property is called as an objective: its shortest symbol in small letters, like `tg` or `dtx`."""
    return min((_plain(one) for one in (prop.symbol, *prop.also) if one.isascii()), key=len, default=_plain(prop.name))


def objectives_on(
    grid: pd.DataFrame,
    system: TargetSystem,
    practice: CastingPractice,
    mapped: Sequence[PropertyValues],
    declared: Mapping[str, Property],
) -> ObjectiveTable:
    """The objectives of every point of a map.

    Args:
        grid: the table `transfer_grid` of the system.
        practice: its prices.
        mapped: properties that are mapped in the system; where a map lacks a point, the value is missing.
        declared: all properties by name, for what is said of those without a map.
    """
    at_pct = np.array(grid["at_pct"].tolist(), dtype=np.float64)
    found = [*_of_surrogate(grid), *_of_elements(at_pct, system)]
    absent = _absent(system, practice, {one.prop.name for one in mapped}, declared)
    if grid["interval_low_mm"].isna().any():
        few = f"Too few bulk glasses are known for the map of {system.key} to be in mm; take in a larger source."
        absent |= dict.fromkeys((DMAX, CHANCE, GAIN), few)
    if PRICE not in absent:
        prices = practice.alloy_prices_per_kg(at_pct, system)
        found.append(Objective(PRICE, "price of the metals", "per kg", False, prices, about="Without losses."))
    found += _of_properties(mapped, list(grid["composition"]))
    return ObjectiveTable(system.key, list(grid["composition"]), {one.name: one for one in found}, absent)


def _of_surrogate(grid: pd.DataFrame) -> list[Objective]:
    """D_max, the chance of a bulk glass and the expected gain; none where the scores have no meaning in mm."""
    if grid["interval_low_mm"].isna().any():
        return []
    strategy = str(grid["strategy"].iloc[0])
    low, high = (grid[name].to_numpy(np.float64) for name in ("interval_low_mm", "interval_high_mm"))
    about = f"By {strategy}; its intervals are calibrated on systems left out, and wide."
    best = f"{grid['best_known_mm'].iloc[0]:g} mm"
    columns: list[tuple[str, str, str, str, Any]] = [
        (DMAX, "D_max", "mm", "dmax_mm", 1),
        (CHANCE, "chance of a bulk glass", "%", "probability_bulk", 100),
        (GAIN, f"expected gain over {best}", "mm", "expected_gain_mm", 1),
    ]
    return [
        Objective(
            name,
            title,
            unit,
            True,
            grid[column].to_numpy(np.float64) * factor,
            low if name == DMAX else None,
            high if name == DMAX else None,
            about,
        )
        for name, title, unit, column, factor in columns
        if grid[column].notna().all()
    ]


def _of_elements(at_pct: FloatArray, system: TargetSystem) -> list[Objective]:
    """What follows from the elements alone."""
    from bmg_assets.science.melt.elements import melt_elements
    from bmg_assets.science.melt.liquidus import melting_temperatures

    found = []
    unit = [estimated_density_g_cm3({element: 1.0}) for element in system.elements]
    if all(one is not None for one in unit):
        density = _densities(at_pct, system)
        about = "Estimated from the volumes of the elements; glasses lie within a few per cent of it."
        found.append(Objective(DENSITY, "density", "g/cm³", False, density, about=about))
    members = list(range(len(system.elements)))
    liquidus = melting_temperatures(at_pct / 100, members, melt_elements(system.elements)).max(axis=1)
    rough = "Estimated from the elements: it ranks compositions, its kelvins can be hundreds off."
    found.append(Objective(LIQUIDUS, "estimated liquidus", "K", False, np.asarray(liquidus), about=rough))
    return found


def _densities(at_pct: FloatArray, system: TargetSystem) -> FloatArray:
    """As `estimated_density_g_cm3`, for all compositions at once: mass over volume, shape (n,)."""
    from bmg_assets.science.alloys.formulas.sums import atomic_mass

    masses = np.array([atomic_mass(element) for element in system.elements])
    own = np.array([estimated_density_g_cm3({element: 1.0}) for element in system.elements], dtype=np.float64)
    return np.asarray((at_pct @ masses) / (at_pct @ (masses / own)))


def _of_properties(mapped: Sequence[PropertyValues], compositions: list[str]) -> list[Objective]:
    """The mapped properties, and what follows from two of them."""
    found = {one.prop.name: _of_property(one, compositions) for one in mapped}
    tg, tx, tl = (found.get(name) for name in (GLASS_TRANSITION, CRYSTALLISATION, LIQUIDUS_MAP))
    objectives = list(found.values())
    if SUPERCOOLED not in found and tg is not None and tx is not None:
        about = f"The difference of two maps. T_g: {tg.about} T_x: {tx.about}"
        objectives.append(Objective("dtx", "ΔT_x = T_x − T_g", "K", True, tx.values - tg.values, about=about))
    if tg is not None and tl is not None:
        about = f"The ratio of two maps. T_g: {tg.about} T_l: {tl.about}"
        objectives.append(Objective(REDUCED_TG, "T_rg = T_g / T_l", "", True, tg.values / tl.values, about=about))
    return objectives


def _of_property(one: PropertyValues, compositions: list[str]) -> Objective:
    rows = one.grid.set_index("composition")[["value", "interval_low", "interval_high"]].reindex(compositions)
    values, low, high = (rows[name].to_numpy(np.float64) for name in rows.columns)
    is_more_better = one.prop.name not in LESS_IS_BETTER
    return Objective(typed_name(one.prop), one.prop.symbol, one.prop.unit, is_more_better, values, low, high, one.about)


def check_names(
    names: Sequence[str],
    system: TargetSystem,
    practice: CastingPractice,
    there: Collection[str],
    declared: Mapping[str, Property],
) -> None:
    """Refuse names that are no objectives of a system, before there is a map of it.

    Args:
        there: names of the properties that are mapped in it.

    Raises:
        ObjectiveError: with what would make it one.
    """
    absent = _absent(system, practice, there, declared)
    possible = [DMAX, CHANCE, GAIN, DENSITY, LIQUIDUS, PRICE, *map(typed_name, declared.values()), REDUCED_TG]
    nothing = np.zeros(0)
    usable = {name: Objective(name, name, "", True, nothing) for name in possible if name not in absent}
    table = ObjectiveTable(system.key, [], usable, absent)
    for name in names:
        table.named(name)


def _absent(
    system: TargetSystem, practice: CastingPractice, there: Collection[str], declared: Mapping[str, Property]
) -> dict[str, str]:
    """Why names that could be objectives are none."""
    absent = {
        typed_name(
            prop
        ): f"{prop.symbol} is not mapped in {system.key}; `bmg property {prop.typed} {system.key}` does it."
        for name, prop in declared.items()
        if name not in there and not (name == SUPERCOOLED and {GLASS_TRANSITION, CRYSTALLISATION} <= set(there))
    }
    lacking = [name for name in (GLASS_TRANSITION, LIQUIDUS_MAP) if name not in there and name in declared]
    if lacking:
        first = declared[lacking[0]]
        absent[REDUCED_TG] = (
            f"T_rg needs the maps of T_g and T_l in {system.key}; `bmg property {first.typed} {system.key}` makes one."
        )
    unpriced = [element for element in system.elements if element not in practice.prices_per_kg]
    if unpriced:
        lacking_prices = ", ".join(unpriced)
        absent[PRICE] = (
            f"Of {lacking_prices} no price is known, so alloys of {system.key} have none; say them under `prices` in "
            "casting.yaml."
        )
    return absent


def _plain(text: str) -> str:
    return text.replace("_", "").lower()
