"""Around its best compositions a coarse map is refined to 1 at.%: there alloys are chosen, and nowhere else it pays.

The table of a refined map holds both: the coarse grid, whole, and the points of the fine one. Each row says of which
step it is. What is a share of the map, or calibrated on maps of one step, is taken from the coarse points alone.
"""

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.regions import label_regions, top_share
from bmg_assets.science.alloys.simplex import simplex_points
from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray

FINE_STEP_AT_PCT = 1
WITHIN_AT_PCT = 2
"""How far from one of the best coarse points the map is refined, in at.% exchanged: a step of a quaternary's grid."""
MOST_FINE_POINTS = 4_000
"""A bound on time and memory; about the best 250 points of a quaternary have their surroundings then."""


def fine_points(points: IntArray, best_first: IntArray) -> IntArray:
    """Compositions at 1 at.% around the best ones of a coarse grid, without the points of the grid, shape (m, k).

    Args:
        points: the coarse grid in at.%, shape (n, k).
        best_first: rows of the grid around which it is refined while the bound allows it, the best first.

    Returns:
        In the order of the points that they surround; each contains every element.
    """
    nearby = exchanges(points.shape[1], WITHIN_AT_PCT)
    taken = set(map(tuple, points.tolist()))
    found: list[tuple[int, ...]] = []
    for row in best_first:
        around = [one for one in map(tuple, (points[row] + nearby).tolist()) if min(one) > 0 and one not in taken]
        if len(found) + len(around) > MOST_FINE_POINTS:
            break
        found += around
        taken.update(around)
    return np.array(found, dtype=np.int64).reshape(-1, points.shape[1])


def best_by_any(share: float, *values: FloatArray) -> IntArray:
    """Rows that are in the top share by one of several values, those best by any of them first.

    Args:
        share: of the rows, 0 to 1.
        values: more is better, each of shape (n,).
    """
    places = [np.empty(len(one), dtype=np.int64) for one in values]
    for place, one in zip(places, values, strict=True):
        place[np.argsort(-one, kind="stable")] = np.arange(len(one))
    best = np.min(places, axis=0)
    rows = np.flatnonzero(np.any([top_share(one, share) for one in values], axis=0))
    return np.asarray(rows[np.argsort(best[rows], kind="stable")], dtype=np.int64)


def top_of(values: FloatArray, is_coarse: BoolArray, share: float) -> BoolArray:
    """The top share of the coarse grid, and the fine points that reach its lowest value, shape (n,)."""
    marked = np.zeros(len(values), dtype=bool)
    marked[is_coarse] = top_share(values[is_coarse], share)
    return np.asarray(marked | (~is_coarse & (values >= values[marked].min())))


def regions_of(points: IntArray, marked: BoolArray, is_coarse: BoolArray, step: int) -> IntArray:
    """The connected regions of a map, numbered by how many coarse points they have, 1 for the largest, shape (n,).

    Two coarse points are neighbours at their step, and any two at 1 at.%.

    Args:
        points: shape (n, k).
        marked, is_coarse: shape (n,).
        step: of the coarse points, in at.%.
    """
    return label_regions(points, marked, step, None if is_coarse.all() else FINE_STEP_AT_PCT, is_coarse)


def is_of_coarse_grid(grid: pd.DataFrame) -> BoolArray:
    """Whether each row of a table `transfer_grid` is of its coarse grid, shape (n,)."""
    return np.asarray(grid["step_at_pct"] == grid["step_at_pct"].max())


def exchanges(n_elements: int, most_at_pct: int) -> IntArray:
    """Ways to exchange up to so many at.% in steps of 1, whichever elements give and take, shape (m, n_elements)."""
    both = [
        more - less
        for exchanged in range(1, most_at_pct + 1)
        for more in simplex_points(n_elements, exchanged)
        for less in simplex_points(n_elements, exchanged)
        if not (more * less).any()
    ]
    return np.array(both, dtype=np.int64)
