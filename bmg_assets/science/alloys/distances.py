"""The distance between compositions: how many of a hundred atoms differ."""

import numpy as np

from bmg_assets.science.arrays import FloatArray, IntArray

TIE_AT_PCT = 1e-7
"""Distances that differ by less are equal but for rounding."""


def exchanged_at_pct(points: FloatArray, amounts: FloatArray) -> FloatArray:
    """Distances of compositions of a system from known alloys: how many of a hundred atoms differ, shape (n, m).

    Half the sum of the absolute differences in all elements: 0 for the same composition, 100 for alloys that have no
    element in common.

    Args:
        points: compositions of the system in at.%, rows summing to 100, shape (n, k).
        amounts: amounts of the system's elements in the known alloys, in at.%, shape (m, k).
    """
    outside = 100 - amounts.sum(axis=1)
    inside = np.abs(points[:, np.newaxis, :] - amounts[np.newaxis, :, :]).sum(axis=2)
    exchanged: FloatArray = (inside + outside) / 2
    return exchanged


def nearest_known(points: FloatArray, amounts: FloatArray) -> tuple[IntArray, FloatArray]:
    """Row of the nearest known alloy for each point, and its distance in at.% exchanged, both of shape (n,).

    The first of equally near alloys counts. Arguments as of `exchanged_at_pct`; there is at least one alloy.
    """
    from scipy.spatial import KDTree

    nearest, distance = np.zeros(len(points), dtype=np.int64), np.full(len(points), 100.0)
    sharing = np.flatnonzero(amounts.sum(axis=1) > 0)
    if len(sharing) == 0:
        return nearest, distance
    # With all other elements as one more, twice the distance is the sum of the absolute differences.
    tree = KDTree(np.column_stack([amounts[sharing], 100 - amounts[sharing].sum(axis=1)]))
    places = np.column_stack([points, np.zeros(len(points))])
    least, _ = tree.query(places, p=1)
    equally_near = tree.query_ball_point(places, least + TIE_AT_PCT, p=1, return_sorted=True)
    for row in np.flatnonzero(least < 200 - TIE_AT_PCT):
        nearest[row] = sharing[equally_near[row][0]]
        distance[row] = exchanged_at_pct(points[[row]], amounts[[nearest[row]]])[0, 0]
    return nearest, distance
