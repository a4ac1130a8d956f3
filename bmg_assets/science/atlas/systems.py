"""The systems of the atlas: all that can be made of the elements of which enough alloys are known, in shards."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations
from math import comb

from bmg_assets.science.errors import BmgError
from bmg_assets.science.surrogates.alloys import Alloys
from bmg_assets.science.surrogates.possible import possible_for

FEWEST_ALLOYS = 5
"""Known alloys that hold an element from which its systems are in the atlas."""


class AtlasError(BmgError):
    """An atlas that cannot be made, or a shard that it does not have."""


@dataclass(frozen=True)
class SupportedElements:
    """The elements of the atlas, and why others are not among them."""

    elements: tuple[str, ...]
    """In alphabetical order."""
    left_out: dict[str, str]
    """The reason for each other element of the literature."""


@dataclass(frozen=True)
class Shard:
    """A part of the atlas: every so-manieth system of so many elements."""

    name: str
    """Like ternaries-07: the partition key."""
    n_elements: int
    number: int
    of: int
    """Shards of systems of as many elements."""

    def systems_of(self, elements: Collection[str]) -> list[tuple[str, ...]]:
        """Its systems, each in alphabetical order."""
        return list(combinations(sorted(elements), self.n_elements))[self.number :: self.of]


SHARDS = tuple(
    Shard(f"{kind}-{number:0{digits}}", n_elements, number, of)
    for kind, n_elements, of, digits in (("ternaries", 3, 48, 2), ("quaternaries", 4, 240, 3))
    for number in range(of)
)
"""Their number does not depend on the elements, so that keys stay when a literature is added."""


def shards_of(n_elements: int) -> list[Shard]:
    """The shards of systems of so many elements; none where the atlas has no such systems."""
    return [shard for shard in SHARDS if shard.n_elements == n_elements]


def shard_named(name: str) -> Shard:
    """The shard of this partition key; raises AtlasError."""
    found = next((shard for shard in SHARDS if shard.name == name), None)
    if found is None:
        raise AtlasError(f"The atlas has no shard '{name}', expected one from {SHARDS[0].name} to {SHARDS[-1].name}.")
    return found


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
