"""Which compositions to cast next, from what each is worth: the paper's pair, or the best at a distance.

What a cast is worth (the predicted diameter, the chance of beating the best so far, the gain to be expected, divided by
what the alloy costs) is worked out before; here compositions are only chosen. What has been cast or is about to be cast
is not free.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.alloys.distances import exchanged_at_pct
from bmg_assets.science.arrays import FloatArray, IntArray

PairRule = Callable[[FloatArray, FloatArray, NDArray[np.bool_]], IntArray]
"""Rows to be cast, from compositions in at.% (n, k), what each is worth (n,), and which of them are free (n,)."""
AROUND = 6
"""Points around the first pick among which the paper takes the second; a ternary grid has six at each distance."""


def paper_pair(at_pct: FloatArray, worth: FloatArray, free: NDArray[np.bool_]) -> IntArray:
    """The best of all, and the best of the six nearest to it; fewer where fewer are free.

    Args:
        at_pct: compositions, shape (n, k).
        worth: shape (n,), more is better.
        free: which of them may be cast, shape (n,).
    """
    rows = np.flatnonzero(free)
    if len(rows) <= 1:
        return rows
    first = rows[np.argmax(worth[rows])]
    others = rows[rows != first]
    nearest = others[np.argsort(exchanged_at_pct(at_pct[others], at_pct[[first]])[:, 0], kind="stable")[:AROUND]]
    return np.array([first, nearest[np.argmax(worth[nearest])]])


def best_two(at_pct: FloatArray, worth: FloatArray, free: NDArray[np.bool_]) -> IntArray:
    """The best two, wherever they are; arguments as of `paper_pair`."""
    return best_apart(at_pct, worth, free, count=2, apart_at_pct=0.0)


def best_apart(
    at_pct: FloatArray, worth: FloatArray, free: NDArray[np.bool_], count: int, apart_at_pct: float
) -> IntArray:
    """The best of all, then the best that is far enough from those chosen, and so on.

    Where nothing free is far enough any more, the one that is farthest away comes next.

    Args:
        count: compositions to choose, fewer where fewer are free.
        apart_at_pct: atoms of a hundred by which those chosen differ.
    """
    rows = np.flatnonzero(free)
    chosen: list[int] = []
    for _ in range(min(count, len(rows))):
        left = rows[~np.isin(rows, chosen)]
        if chosen:
            distance = exchanged_at_pct(at_pct[left], at_pct[chosen]).min(axis=1)
            far = distance >= min(apart_at_pct, distance.max()) - 1e-9
            left = left[far]
        chosen.append(int(left[np.argmax(worth[left])]))
    return np.array(chosen, dtype=np.int64)
