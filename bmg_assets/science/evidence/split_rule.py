"""The rule that drew the splits in drawn_splits.py, on the recommended sources of version 0.2.

- A system qualifies if it has two elements or more and four alloys or more, bulk glasses and others among them. A bulk
  glass counts with or without a diameter.
- The 22 + 17 systems that were left out for version 0.1.0 have guided choices: development.
- Of the others, those that the paper's literature lacks are newcomers, whose maps are looked at: development.
- Of the rest, one half is the release split, drawn by a hash of the names; the other half joins development.
- Without bulk glass are ternaries of twenty alloys or more, none of them a bulk glass.
"""

from collections.abc import Collection
from hashlib import sha256


def release_half(systems: Collection[str]) -> frozenset[str]:
    """The half of the systems whose names have the smaller SHA-256, rounded down."""
    drawn = sorted(systems, key=lambda name: sha256(name.encode()).hexdigest())
    return frozenset(drawn[: len(drawn) // 2])
