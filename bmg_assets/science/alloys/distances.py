"""The distance between compositions: how many of a hundred atoms differ."""

import numpy as np

from bmg_assets.science.arrays import FloatArray, IntArray

POINTS_AT_ONCE = 256


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
    nearest = np.empty(len(points), dtype=np.int64)
    distance = np.empty(len(points))
    for start in range(0, len(points), POINTS_AT_ONCE):
        block = slice(start, start + POINTS_AT_ONCE)
        exchanged = exchanged_at_pct(points[block], amounts)
        nearest[block] = exchanged.argmin(axis=1)
        distance[block] = exchanged.min(axis=1)
    return nearest, distance
