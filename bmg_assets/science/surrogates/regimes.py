"""How much is known of a system: nothing, related alloys, some of its own, or all but one."""

from enum import StrEnum

import numpy as np

from bmg_assets.science.arrays import BoolArray
from bmg_assets.science.surrogates.alloys import Alloys


class Regime(StrEnum):
    """How much is known of the system of an alloy."""

    NOTHING_KNOWN = "nothing_known"
    """Neither it nor alloys that share two of its elements."""
    RELATED_KNOWN = "related_known"
    """Related alloys, and none of its own."""
    HALF_KNOWN = "half_known"
    """Some of its alloys; it is calibrated on systems of which half is known."""
    ALL_BUT_ONE_KNOWN = "all_but_one_known"
    """All other alloys of it."""


def regime_of(alloys: Alloys, target: frozenset[str]) -> Regime:
    """How much these alloys, own casts among them, say of a target system."""
    present = alloys.compositions.fractions > 0
    of_target = np.array([element in target for element in alloys.compositions.elements])
    if hidden_with(present, of_target, related_too=False).any():
        return Regime.HALF_KNOWN
    return Regime.RELATED_KNOWN if hidden_with(present, of_target, related_too=True).any() else Regime.NOTHING_KNOWN


def hidden_with(present: BoolArray, system: BoolArray, related_too: bool) -> BoolArray:
    """Alloys that are left out with a system, shape (n,).

    Args:
        present: elements that each alloy holds, shape (n, e).
        system: elements of the system, shape (e,).
        related_too: also leave out alloys of other systems that share two elements or more with it. As in the paper's
            sub-dataset (3), those that hold nothing else (binaries) stay.
    """
    own = (present == system).all(axis=1)
    if not related_too:
        return np.asarray(own)
    return np.asarray(own | (((present & system).sum(axis=1) >= 2) & (present & ~system).any(axis=1)))
