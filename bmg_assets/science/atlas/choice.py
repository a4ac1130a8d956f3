"""Which systems of the atlas a person wants to see, and in which order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from bmg_assets.science.alloys.systems import FEWEST_ELEMENTS, known_symbols
from bmg_assets.science.errors import BmgError
from bmg_assets.science.validation import on_one_line

LARGEST, SMALLEST = False, True
"""Which end of a column comes first, as pandas takes it: whether values ascend."""
RANKED_BY: Mapping[str, tuple[str, bool]] = {
    "chance": ("chance_bulk", LARGEST),
    "dmax": ("dmax_mm", LARGEST),
    "extent": ("extent", LARGEST),
    "gain": ("gain_over_faces_mm", LARGEST),
    "price": ("price_per_kg", SMALLEST),
    "density": ("density_g_cm3", SMALLEST),
    "liquidus": ("liquidus_kelvin", SMALLEST),
    "distance": ("nearest_at_pct", SMALLEST),
    "explained": ("explained", LARGEST),
    "probability": ("probability_bulk", LARGEST),
    "score": ("score", LARGEST),
    "regions": ("n_regions", LARGEST),
    "known": ("n_known", LARGEST),
    "best-known": ("best_known_mm", LARGEST),
    "best-cast": ("best_cast_mm", LARGEST),
}
"""What systems can be ranked by: the column, and which end of it comes first."""


class AtlasChoiceError(BmgError):
    """A choice of systems that cannot be made."""


@dataclass(frozen=True)
class AtlasChoice:
    """Which systems are wanted, in which order, and how many.

    Raises:
        AtlasChoiceError: an unknown element or column, an element both wanted and refused, or a number out of bounds.
    """

    wanted: tuple[str, ...] = ()
    """Elements that each system holds."""
    refused: tuple[str, ...] = ()
    """Elements that none holds."""
    n_elements: int | None = None
    """Elements of each system; None: any number."""
    new_only: bool = False
    """Only where nobody reported an alloy and there is no own cast."""
    trusted_only: bool = False
    """Only where the best composition is near enough to what is known."""
    allowed_only: bool = False
    """Only without the elements that the laboratory does not cast."""
    least_chance: float | None = None
    """Least chance that the system holds a bulk glass, from 0 to 1."""
    least_dmax_mm: float | None = None
    by: str = "chance"
    """A key of RANKED_BY."""
    most: int | None = None
    """How many systems; None: all."""

    def __post_init__(self) -> None:
        _check_elements(self.wanted, self.refused)
        if self.by not in RANKED_BY:
            raise AtlasChoiceError(
                f"Systems cannot be ranked by '{on_one_line(self.by)}'; expected one of {', '.join(RANKED_BY)}."
            )
        if self.n_elements is not None and self.n_elements < max(FEWEST_ELEMENTS, len(set(self.wanted))):
            raise AtlasChoiceError(
                f"Systems of {self.n_elements} elements were asked for; expected {FEWEST_ELEMENTS} or more, and no "
                "fewer than are to be in each."
            )
        if self.least_chance is not None and not 0 <= self.least_chance <= 1:
            raise AtlasChoiceError(f"The least chance is {self.least_chance:g}; expected a number from 0 to 1.")
        if self.least_dmax_mm is not None and not 0 <= self.least_dmax_mm < np.inf:
            raise AtlasChoiceError(f"The least D_max is {self.least_dmax_mm:g} mm; expected 0 mm or more.")
        if self.most is not None and self.most < 1:
            raise AtlasChoiceError(f"{self.most} systems were asked for; expected 1 or more.")


def _check_elements(wanted: Iterable[str], refused: Iterable[str]) -> None:
    unknown = [one for one in (*wanted, *refused) if one not in known_symbols()]
    if unknown:
        raise AtlasChoiceError(
            f"'{on_one_line(unknown[0])}' is not an element symbol; expected symbols such as Zr, several joined by ','."
        )
    both = sorted(set(wanted) & set(refused))
    if both:
        raise AtlasChoiceError(f"{both[0]} is both wanted and refused; leave it out on one side.")
