"""The shards of the atlas: parts of all systems of so many elements, which are made one by one."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations

from bmg_assets.science.errors import BmgError


class AtlasError(BmgError):
    """An atlas that cannot be made, or a shard that it does not have."""


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
