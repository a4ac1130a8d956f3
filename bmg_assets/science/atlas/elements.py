"""The elements of the atlas: those of which enough alloys are known."""

from dataclasses import dataclass
from math import comb

from bmg_assets.science.atlas.shards import AtlasError
from bmg_assets.science.surrogates.alloys import Alloys
from bmg_assets.science.surrogates.possible import possible_for

FEWEST_ALLOYS = 5
"""Known alloys that hold an element from which its systems are in the atlas."""


@dataclass(frozen=True)
class SupportedElements:
    """The elements of the atlas, and why others are not among them."""

    elements: tuple[str, ...]
    """In alphabetical order."""
    left_out: dict[str, str]
    """The reason for each other element of the literature."""


def supported_elements(alloys: Alloys) -> SupportedElements:
    """Elements that FEWEST_ALLOYS known alloys hold and that the surrogate can place.

    Raises:
        AtlasError: they are too few for any system.
    """
    counts = (alloys.compositions.fractions > 0).sum(axis=0)
    unplaced = set(possible_for(alloys.compositions.elements).unplaced)
    left_out = {}
    for element, count in zip(alloys.compositions.elements, counts.tolist(), strict=True):
        if element in unplaced:
            left_out[element] = "nothing is known of it that the surrogate could place it by"
        elif count < FEWEST_ALLOYS:
            left_out[element] = (
                f"{count} known alloy{'s hold' if count != 1 else ' holds'} it, {FEWEST_ALLOYS} are needed"
            )
    elements = tuple(sorted(set(alloys.compositions.elements) - left_out.keys()))
    if comb(len(elements), 3) == 0:
        raise AtlasError(
            f"Found {len(elements)} elements in {FEWEST_ALLOYS} known alloys or more, expected three; take in a source "
            "of literature (`bmg literature`)."
        )
    return SupportedElements(elements, left_out)
