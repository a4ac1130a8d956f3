"""What to weigh for a composition: weight percent, and the grams of each element in a button."""

import math
from collections.abc import Mapping

from bmg_assets.science.alloys.formulas.sums import atomic_mass
from bmg_assets.science.errors import BmgError

LARGEST_MASS_G = 1e6


class MassError(BmgError):
    """A mass that nobody can weigh."""


def weight_percent(amounts: Mapping[str, float]) -> dict[str, float]:
    """Weight percent of each element, in the order of the elements.

    Args:
        amounts: in at.%, or in any other unit of moles.
    """
    weights = {element: amount * atomic_mass(element) for element, amount in amounts.items()}
    total = math.fsum(weights.values())
    return {element: 100 * weight / total for element, weight in weights.items()}


def grams_of_button(amounts: Mapping[str, float], mass_g: float) -> dict[str, float]:
    """Grams of each element in a button of `mass_g` grams, in the order of the elements.

    Args:
        amounts: in at.%.

    Raises:
        MassError: the mass is not above zero, or beyond a ton.
    """
    if not 0 < mass_g <= LARGEST_MASS_G:
        raise MassError(
            f"A button of {mass_g:g} g cannot be weighed; give a mass above 0 and up to {LARGEST_MASS_G:g} g."
        )
    return {element: mass_g * percent / 100 for element, percent in weight_percent(amounts).items()}
