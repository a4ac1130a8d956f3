"""Where a composition stands in a triangle, a tetrahedron, or the net of a tetrahedron."""

import numpy as np

from bmg_assets.science.arrays import FloatArray

HALF_HEIGHT = np.sqrt(3) / 2
TRIANGLE = np.array([[0.5, HALF_HEIGHT], [0.0, 0.0], [1.0, 0.0]])
"""Corners of a triangle with sides of 1, in the order of the maps: top, left, right; shape (3, 2)."""
TETRAHEDRON = np.array(
    [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.5, HALF_HEIGHT, 0.0], [0.5, HALF_HEIGHT / 3, np.sqrt(2 / 3)]]
)
"""Corners of a tetrahedron with edges of 1, shape (4, 3)."""


def places(amounts: FloatArray, corners: FloatArray) -> FloatArray:
    """Places of compositions between corners, shape (n, d).

    Args:
        amounts: in any unit, each row with a sum above zero, shape (n, k).
        corners: of the k elements, shape (k, d).
    """
    return np.asarray(amounts / amounts.sum(axis=1, keepdims=True) @ corners)


def net_corners(face: int) -> FloatArray:
    """Corners of a face of the unfolded tetrahedron: those of the three elements other than `face`, shape (3, 2).

    The face without the last element lies in the middle, its corner of the first element below. The others are folded
    out, so the last element is at all three corners of the whole, a triangle with sides of 2.
    """
    outer = {0: 2 * TRIANGLE[0], 1: 2 * TRIANGLE[1], 2: 2 * TRIANGLE[2]}
    # Each corner of the middle face is the midpoint of the side that faces the outer corner of the same number.
    middle = np.array([(outer[(n + 1) % 3] + outer[(n + 2) % 3]) / 2 for n in range(3)])
    if face == 3:
        return middle
    corners = {n: middle[n] for n in range(3) if n != face} | {3: outer[face]}
    return np.array([corners[n] for n in range(4) if n != face])
