"""How good the map of a left-out system is: whether its top share lies where bulk glasses were found.

A bulk glass counts as within the top region if it is at most `NEAR_AT_PCT` away, the distance of the paper's pairs.
"""

import numpy as np

from bmg_assets.science.alloys.distances import exchanged_at_pct, nearest_known
from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray

NEAR_AT_PCT = 5.0
"""Atoms of a hundred exchanged."""
SEPARATE_AT_PCT = 10.0
"""Bulk glasses further apart than this, with none in between, belong to separate optima."""


def near_region(points: FloatArray, marked: BoolArray, others: FloatArray) -> BoolArray:
    """Marks the other compositions that lie near the marked points, shape (m,).

    Args:
        points: grid in at.%, shape (n, k).
        marked: its top share, shape (n,).
        others: compositions in at.%, shape (m, k).
    """
    return nearest_known(others, points[marked])[1] <= NEAR_AT_PCT


def region_enrichment(points: FloatArray, marked: BoolArray, bulk_at_pct: FloatArray) -> float:
    """How many times more bulk glasses lie near the top region than if they were spread evenly over the grid.

    Args:
        points: grid in at.%, shape (n, k).
        marked: its top share, shape (n,).
        bulk_at_pct: the reported bulk glasses in at.%, shape (m, k), m > 0.
    """
    covered = near_region(points, marked, points).mean()
    return float(near_region(points, marked, bulk_at_pct).mean() / covered)


def separate_optima(bulk_at_pct: FloatArray) -> IntArray:
    """Number of the optimum of each bulk glass, from 0, shape (m,): chains of steps of at most `SEPARATE_AT_PCT`."""
    from scipy.sparse.csgraph import connected_components

    near = exchanged_at_pct(bulk_at_pct, bulk_at_pct) <= SEPARATE_AT_PCT
    return np.asarray(connected_components(near, directed=False)[1], dtype=np.int64)


def optima_found(points: FloatArray, marked: BoolArray, bulk_at_pct: FloatArray) -> float:
    """Share of the separate optima that have a bulk glass near the top region; arguments as of `region_enrichment`."""
    optima = separate_optima(bulk_at_pct)
    found = np.unique(optima[near_region(points, marked, bulk_at_pct)])
    return len(found) / (int(optima.max()) + 1)
