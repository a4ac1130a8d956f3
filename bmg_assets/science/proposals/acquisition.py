"""Rules that choose compositions by their acquisition value: the paper's pair, or the best at a distance.

An acquisition value (predicted diameter, probability of improvement, expected improvement, the latter per price) is
computed before; here compositions are only chosen. A composition that was cast or is about to be cast is not free.
"""

from collections.abc import Callable, Sequence

import numpy as np

from bmg_assets.science.alloys.distances import exchanged_at_pct
from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray

AROUND = 6
"""Points around the first pick among which the paper takes the second; a ternary grid has six at each distance."""


def paper_order(values: FloatArray, start: BoolArray, around: Callable[[int], IntArray]) -> IntArray:
    """Rows by the paper's rule: the best of where it starts, then the points around it, the best first.

    Args:
        values: acquisition values, more is better, shape (n,).
        start: rows among which the first pick is sought, shape (n,).
        around: gives the rows around the first pick.

    Returns:
        The first two rows are the pair to cast; none where no row may start.
    """
    rows = np.flatnonzero(start)
    if len(rows) == 0:
        return rows
    first = int(rows[np.argmax(values[rows])])
    near = around(first)
    return np.concatenate([[first], near[np.argsort(-values[near], kind="stable")]]).astype(np.int64)


def paper_pair(at_pct: FloatArray, values: FloatArray, free: BoolArray) -> IntArray:
    """The paper's pair where compositions lie on no grid: the best of all, and the best of the six nearest to it.

    Args:
        at_pct: compositions in at.%, shape (n, k).
        values: acquisition values, more is better, shape (n,).
        free: which of them may be cast, shape (n,).

    Returns:
        Two rows, fewer where fewer are free.
    """

    def around(first: int) -> IntArray:
        others = np.flatnonzero(free & (np.arange(len(free)) != first))
        distance = exchanged_at_pct(at_pct[others], at_pct[[first]])[:, 0]
        return others[np.argsort(distance, kind="stable")[:AROUND]]

    return paper_order(values, free, around)[:2]


def far_enough(at_pct: FloatArray, rows: IntArray, chosen: Sequence[int], apart_at_pct: float) -> IntArray:
    """Those of the rows that lie far enough from all that are chosen; the farthest if none does.

    Args:
        at_pct: compositions, shape (n, k).
        rows: one at least, shape (m,).
        chosen: rows of the compositions to keep away from.
        apart_at_pct: least distance in at.% exchanged.
    """
    if len(chosen) == 0 or apart_at_pct <= 0:
        return rows
    distance = exchanged_at_pct(at_pct[rows], at_pct[list(chosen)]).min(axis=1)
    return np.asarray(rows[distance >= min(apart_at_pct, distance.max()) - 1e-9], dtype=np.int64)


def best_apart(at_pct: FloatArray, values: FloatArray, free: BoolArray, count: int, apart_at_pct: float) -> IntArray:
    """The best of all, then the best that is far enough from those chosen, and so on.

    If no free composition is far enough, the farthest comes next.

    Args:
        at_pct, values, free: as of `paper_pair`, shapes (n, k), (n,) and (n,).
        count: compositions to choose, fewer where fewer are free.
        apart_at_pct: least distance of those chosen, in at.% exchanged.
    """
    rows = np.flatnonzero(free)
    chosen: list[int] = []
    for _ in range(min(count, len(rows))):
        left = far_enough(at_pct, rows[~np.isin(rows, chosen)], chosen, apart_at_pct)
        chosen.append(int(left[np.argmax(values[left])]))
    return np.array(chosen, dtype=np.int64)
