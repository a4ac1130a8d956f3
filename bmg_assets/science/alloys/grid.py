"""The grid of compositions of a target system on which D_max is predicted."""

from collections.abc import Sequence
from math import comb

import numpy as np

from bmg_assets.science.alloys.simplex import simplex_points
from bmg_assets.science.arrays import FloatArray, IntArray
from bmg_assets.science.errors import BmgError

STEPS_AT_PCT = (1, 2, 4, 5, 10)
"""Steps that divide 100 at.%, the finest first."""
MOST_POINTS = 20_000
"""A ternary at 1 at.% has 4,851 interior points; more elements get the finest step that stays below this."""
MOST_ELEMENTS = 9
"""With more, a grid below `MOST_POINTS` is a handful of points around the centre."""


class GridError(BmgError):
    """A grid that cannot be made."""


def interior_points(n_elements: int, step_at_pct: int) -> int:
    """Number of compositions that contain every element, at this step."""
    return comb(100 // step_at_pct - 1, n_elements - 1)


def default_step(n_elements: int) -> int:
    """The finest step in at.% that keeps the grid below `MOST_POINTS`; 1 for a ternary, 2 for a quaternary.

    Raises:
        GridError: there are too many elements.
    """
    if n_elements > MOST_ELEMENTS:
        raise GridError(
            f"{n_elements} elements are too many for a grid; "
            f"target systems of up to {MOST_ELEMENTS} elements can be mapped."
        )
    return next(step for step in STEPS_AT_PCT if interior_points(n_elements, step) <= MOST_POINTS)


def composition_grid(n_elements: int, step_at_pct: int | None = None) -> IntArray:
    """All compositions that contain every element, in at.%, shape (n, n_elements).

    Args:
        step_at_pct: distance of neighbouring points; `default_step` where it is not given.

    Raises:
        GridError: the step is not one of those offered, or no composition at this step contains every element.
    """
    step = default_step(n_elements) if step_at_pct is None else step_at_pct
    if step not in STEPS_AT_PCT:
        raise GridError(f"A grid step of {step} at.% was asked for; choose one of {', '.join(map(str, STEPS_AT_PCT))}.")
    if interior_points(n_elements, step) == 0:
        raise GridError(f"At steps of {step} at.% no composition contains all {n_elements} elements; use a finer step.")
    return simplex_points(n_elements, 100 // step, smallest=1) * step


def step_of_points(points: IntArray) -> int:
    """The step of a grid in at.%: every amount of its points is a multiple of it.

    Args:
        points: whole amounts in at.%, shape (n, k).
    """
    return int(np.gcd.reduce(points, axis=None))


def grid_keys(points: IntArray, elements: Sequence[str]) -> list[str]:
    """The `composition_key` of each point of a grid, shape (n, k); whole amounts that sum to 100 need no rounding."""
    order = sorted(range(len(elements)), key=lambda column: elements[column])
    form = "".join(f"{elements[column]}%d" for column in order)
    return [form % tuple(point) for point in points[:, order].tolist()]


def scale_to_unit(dmax_mm: FloatArray) -> FloatArray:
    """Predictions scaled to 0-1 within the system, as the paper draws them; all zero where they are all equal."""
    spread = dmax_mm.max() - dmax_mm.min()
    return (dmax_mm - dmax_mm.min()) / spread if spread > 0 else np.zeros_like(dmax_mm)
