"""A literature larger than a surrogate can be fitted to: what is related to the target stays, the rest is thinned out.

Of unrelated systems the largest give first, so that none vanishes and what everybody has cast counts less.
"""

import numpy as np

from bmg_assets.science.arrays import BoolArray
from bmg_assets.science.surrogates.alloys import Alloys


def thinned(alloys: Alloys, target: frozenset[str], most: int | None, seed: int) -> Alloys:
    """The alloys, or `most` of them: own casts, then those that share two elements with the target, then the others.

    Args:
        alloys: n known alloys.
        target: elements of the target.
        most: number to keep; None keeps all.
        seed: of the choice within a system.
    """
    if most is None or len(alloys) <= most:
        return alloys
    order = np.lexsort((_turn_in_system(alloys, seed), ~_shares_two(alloys, target), ~alloys.is_own))
    return alloys.take(np.sort(order[:most]))


def _shares_two(alloys: Alloys, target: frozenset[str]) -> BoolArray:
    of_target = np.array([element in target for element in alloys.compositions.elements])
    return np.asarray(((alloys.compositions.fractions > 0) & of_target).sum(axis=1) >= 2)


def _turn_in_system(alloys: Alloys, seed: int) -> np.ndarray:
    """The place of each alloy in a random order of its system, shape (n,): every system gives its first, and so on."""
    shuffled = np.random.default_rng(seed).permutation(len(alloys))
    place = np.unique(alloys.systems.astype(str), return_inverse=True)[1][shuffled]
    by_system = np.argsort(place, kind="stable")
    sorted_place = place[by_system]
    first = np.searchsorted(sorted_place, sorted_place)
    turns = np.empty(len(alloys), dtype=np.int64)
    turns[shuffled[by_system]] = np.arange(len(alloys)) - first
    return turns
