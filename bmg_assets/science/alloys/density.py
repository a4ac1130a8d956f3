"""The density of an alloy, estimated from the volumes of its elements."""

from collections.abc import Mapping
from functools import cache

from bmg_assets.science.alloys.formulas.sums import atomic_mass

ROOM_KELVIN = 298.15


def estimated_density_g_cm3(amounts: Mapping[str, float]) -> float | None:
    """Mass over the sum of the molar volumes of the elements as they are at room temperature, in g/cm³.

    Metallic glasses lie within a few per cent of it (1 to 3 % below crystals of the same composition).

    Args:
        amounts: in at.%, or in any other unit of moles.

    Returns:
        None where an element has no molar volume or is a gas.
    """
    volumes = {element: _molar_volume_cm3(element) for element in amounts}
    if any(volume is None for volume in volumes.values()):
        return None
    mass = sum(amount * atomic_mass(element) for element, amount in amounts.items())
    return mass / sum(amount * (volumes[element] or 0) for element, amount in amounts.items())


@cache
def _molar_volume_cm3(element: str) -> float | None:
    """Molar volume of the solid or liquid element in cm³/mol; None for gases."""
    from pymatgen.core.periodic_table import Element

    found = Element(element)
    boiling, volume = found.boiling_point, found.molar_volume
    is_gas = boiling is not None and float(boiling) < ROOM_KELVIN
    return None if volume is None or is_gas else float(volume)
