"""Systems for which no run is asked, because none could end well: the descriptors do not know their elements."""

from collections.abc import Iterable

from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.surrogates.possible import possible_for


def untrainable(systems: Iterable[str]) -> dict[str, str]:
    """Map each system that cannot be trained to the reason, with what is possible for it."""
    possible = {system: possible_for(system.split(SEPARATOR)) for system in systems}
    return {system: " ".join(one.sentences) for system, one in possible.items() if not one.trains_sub_models}
