"""The compositions at which a system is looked at, and those at which the surrogate is asked.

The score of a surrogate is smooth but for small steps of its estimates of the melt, and what it leaves open is smoother
still. So both are computed at nodes and interpolated between them, the score at closer nodes than what is left open;
where the interpolated score is highest the surrogate is asked again, at every composition (see scan.py).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.alloys.systems import TERNARY
from bmg_assets.science.arrays import FloatArray, IntArray

SMOOTH_OVER = 4.0
"""Length of the interpolation in distances of neighbouring nodes."""
JITTER = 1e-6
"""Added to the diagonal, so that the nodes' matrix can be inverted."""


@dataclass(frozen=True)
class Nodes:
    """Some of the points of a grid, and how all of them follow from these."""

    rows: IntArray
    """Rows of the grid, shape (k,)."""
    weights: FloatArray
    """Shape (n, k): the values at the points are `weights` times those at the nodes."""

    @classmethod
    def every(cls, points: IntArray, spacing_at_pct: int, least_at_pct: int) -> "Nodes":
        """Nodes of this spacing, from the corner on where all elements but the last have the least amount."""
        above = points - least_at_pct
        is_node = (above >= 0).all(axis=1) & (above[:, :-1] % spacing_at_pct == 0).all(axis=1)
        rows = np.flatnonzero(is_node)
        nodes = points[rows]
        among = _covariance(nodes, nodes, SMOOTH_OVER * spacing_at_pct)
        among[np.diag_indices_from(among)] += JITTER
        to_points = _covariance(points, nodes, SMOOTH_OVER * spacing_at_pct)
        return cls(rows, np.asarray(np.linalg.solve(among, to_points.T).T, dtype=np.float64))


@dataclass(frozen=True)
class Lattice:
    """The compositions of a system with so many elements, and the nodes among them."""

    points: IntArray
    """In at.%, shape (n, elements)."""
    step_at_pct: int
    scored: Nodes
    """Where the score is computed."""
    opened: Nodes
    """Where what the known alloys leave open is computed."""
    top: int
    """Points of the highest interpolated scores at which the surrogate is asked again."""

    @classmethod
    def of(
        cls, points: IntArray, step_at_pct: int, scored: tuple[int, int], opened: tuple[int, int], top: int
    ) -> "Lattice":
        """A lattice with these nodes, each by spacing and least amount in at.%."""
        return cls(points, step_at_pct, Nodes.every(points, *scored), Nodes.every(points, *opened), top)


@cache
def lattice_of(n_elements: int) -> Lattice:
    """Ternaries at 1 at.%, with scores every 3 and what is left open every 16; quaternaries at 5, 10 and 40 at.%."""
    if n_elements == TERNARY:
        return Lattice.of(composition_grid(n_elements, 1), 1, scored=(3, 1), opened=(16, 1), top=200)
    return Lattice.of(composition_grid(n_elements, 5), 5, scored=(10, 5), opened=(40, 15), top=60)


def _covariance(a: IntArray, b: IntArray, length_at_pct: float) -> FloatArray:
    """Matérn covariance of order 5/2 between compositions, shape (n, m)."""
    squared = ((a[:, np.newaxis, :] - b[np.newaxis]).astype(np.float64) ** 2).sum(axis=2) / 2
    reach = np.sqrt(5 * squared) / length_at_pct
    return np.asarray((1 + reach + reach**2 / 3) * np.exp(-reach))
