"""What a plane can show of a system with four elements or more: sections of its grid, and the best that lies behind.

A section holds one element at an amount. A projection shows, for the ratios of some elements, the best of all amounts
of the others.
"""

import numpy as np

from bmg_assets.science.alloys.regions import exchange_directions
from bmg_assets.science.alloys.simplex import simplex_points
from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray


def steadiest_element(at_pct: FloatArray, marked: BoolArray) -> int:
    """The element whose amount varies least among the marked compositions: its sections show most of them at once.

    Args:
        at_pct: compositions, shape (n, k).
        marked: one of them at least, shape (n,).

    Returns:
        Its column, the first of equal ones.
    """
    return int(np.argmin(at_pct[marked].std(axis=0).round(9)))


def nearest_level(levels: FloatArray, amounts: FloatArray) -> IntArray:
    """The section nearest to each amount, the lower one of two; its place in the ascending levels, shape (n,)."""
    return np.asarray(np.abs(amounts[:, None] - levels[None, :]).argmin(axis=1), dtype=np.int64)


def best_behind(at_pct: FloatArray, values: FloatArray, column: int, step_pct: int) -> tuple[FloatArray, IntArray]:
    """For each ratio of the other elements, the composition with the largest value, whatever the amount of this one.

    Ratios are the others' shares among themselves. Each composition counts for the nearest point of a lattice of such
    shares, since grid points of different amounts lie at different ratios.

    Args:
        at_pct: compositions, shape (n, k).
        values: more is better, shape (n,).
        column: of the element whose amount does not count.
        step_pct: step of the lattice, a divisor of 100.

    Returns:
        The m lattice points that hold compositions, in %, shape (m, k - 1), and the row of the best one of each.
    """
    from scipy.spatial import KDTree

    others = np.delete(at_pct, column, axis=1)
    shares = 100 * others / others.sum(axis=1, keepdims=True)
    lattice = simplex_points(others.shape[1], 100 // step_pct) * float(step_pct)
    cell = KDTree(lattice).query(shares)[1]
    best_first = np.lexsort((np.arange(len(values)), -values))
    cells, first = np.unique(cell[best_first], return_index=True)
    return lattice[cells], best_first[first].astype(np.int64)


def best_of_two_amounts(
    at_pct: FloatArray, values: FloatArray, pair: tuple[int, int]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The largest value over all other elements, for each pair of amounts of two of them.

    Args:
        at_pct: points of a grid, shape (n, k).
        values: shape (n,).
        pair: columns of the two.

    Returns:
        The amounts of the first that occur (a,), those of the second (b,), both ascending, and the largest values,
        shape (a, b); NaN where no composition has both.
    """
    amounts = [np.unique(at_pct[:, column], return_inverse=True) for column in pair]
    (first, in_first), (second, in_second) = amounts
    largest = np.full((len(first), len(second)), -np.inf)
    np.maximum.at(largest, (in_first, in_second), values)
    return first, second, np.where(np.isneginf(largest), np.nan, largest)


def after_exchange(at_pct: FloatArray, values: FloatArray, row: int, step_at_pct: float) -> FloatArray:
    """What becomes of a value when one step of an element is exchanged for another.

    Args:
        at_pct: points of a grid, shape (n, k).
        values: shape (n,).
        row: the composition from which is exchanged.
        step_at_pct: how much.

    Returns:
        Shape (k, k): more of the element of the row, less of that of the column; the value itself on the diagonal,
        NaN where the grid has no such point.
    """
    k = at_pct.shape[1]
    place = {tuple(point): value for point, value in zip(at_pct.round(6).tolist(), values.tolist(), strict=True)}
    exchanged = np.full((k, k), np.nan)
    np.fill_diagonal(exchanged, values[row])
    for direction in exchange_directions(k):
        there = tuple((at_pct[row] + step_at_pct * direction).round(6).tolist())
        exchanged[int(direction.argmax()), int(direction.argmin())] = place.get(there, np.nan)
    return exchanged
