"""Points of a lattice on a simplex: compositions at fixed steps, and weights at fixed steps."""

from itertools import combinations
from math import comb

import numpy as np

from bmg_assets.science.arrays import IntArray


def simplex_points(parts: int, total: int, smallest: int = 0) -> IntArray:
    """All ways to write `total` as an ordered sum of `parts` whole numbers of at least `smallest`.

    Args:
        parts: numbers in a sum, one or more.
        total: the sum, in steps of the lattice.
        smallest: lower bound of each number.

    Returns:
        Shape (n, parts), first part descending, then the second, and so on; no rows where no sum is possible.
    """
    free = total - parts * smallest
    if free < 0:
        return np.empty((0, parts), dtype=np.int64)
    # Stars and bars: where parts - 1 bars stand among free + parts - 1 places.
    count = comb(free + parts - 1, parts - 1)
    bars = np.fromiter(
        (place for bars in combinations(range(free + parts - 1), parts - 1) for place in bars),
        dtype=np.int64,
        count=count * (parts - 1),
    ).reshape(count, parts - 1)
    edges = np.hstack([np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), free + parts - 1)])
    return (np.diff(edges, axis=1) - 1 + smallest)[::-1]
