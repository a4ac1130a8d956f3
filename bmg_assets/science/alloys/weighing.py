"""What to weigh for a composition: weight percent, and the grams of each element in a button."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bmg_assets.science.alloys.formulas.sums import atomic_mass
from bmg_assets.science.errors import BmgError

LARGEST_MASS_G = 1e6
BALANCE_DIGITS = 4
"""Decimals of a gram that a laboratory's balance shows: 0.1 mg."""


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


@dataclass(frozen=True)
class Weighed:
    """What to put on the balance of one element.

    Attributes:
        at_pct: of the alloy.
        pure_g: grams of the element that the button shall hold, exact.
        loss_pct: what evaporates of it in melting, in percent of what the button shall hold.
        purity_pct: weight percent of the element in the stock.
        grams: of the stock, to 0.1 mg.
    """

    element: str
    at_pct: float
    pure_g: float
    loss_pct: float
    purity_pct: float
    grams: float

    @property
    def held_g(self) -> float:
        """Grams of the element in the button, from the rounded grams of the stock."""
        return self.grams * (self.purity_pct / 100) / (1 + self.loss_pct / 100)


def weighed(
    amounts: Mapping[str, float], mass_g: float, losses_pct: Mapping[str, float], purities_pct: Mapping[str, float]
) -> list[Weighed]:
    """What to weigh for a button, in the order of the elements: grams wanted * (1 + loss/100) / (purity/100).

    Impurities count as nothing: they are neither weighed for another element nor part of the button's mass.

    Args:
        amounts: in at.%; elements with 0 are left out.
        mass_g: of the elements in the button, in g.
        losses_pct: by element, 0 where it is not named.
        purities_pct: by element, 100 where it is not named.

    Raises:
        MassError: the mass is not above zero, or beyond a ton, or an element would be less than the balance shows.
    """
    held = {element: amount for element, amount in amounts.items() if amount > 0}
    rows = []
    for element, grams in grams_of_button(held, mass_g).items():
        loss, purity = losses_pct.get(element, 0.0), purities_pct.get(element, 100.0)
        stock = round(grams * (1 + loss / 100) / (purity / 100), BALANCE_DIGITS)
        if stock == 0:
            raise MassError(
                f"A button of {mass_g:g} g holds {grams:.2g} g of {element}, less than a balance shows; make it larger."
            )
        rows.append(Weighed(element, held[element], grams, loss, purity, stock))
    return rows


def at_pct_as_weighed(rows: list[Weighed]) -> dict[str, float]:
    """The composition in at.% that the rounded grams make."""
    moles = {row.element: row.held_g / atomic_mass(row.element) for row in rows}
    total = math.fsum(moles.values())
    return {element: 100 * amount / total for element, amount in moles.items()}
