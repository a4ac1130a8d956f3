"""The Pareto front of alloys: those that no other alloy beats in one objective without losing in another."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bmg_assets.science.arrays import BoolArray, FloatArray

SWEPT = 3
"""Objectives up to which a single sweep finds the front."""
AT_ONCE = 512
"""Rows that are compared with the front at once: 512 with 20,000 rows of a front take 10 MB per objective."""


@dataclass(frozen=True)
class ParetoFront:
    """The front of n alloys."""

    is_on_front: BoolArray
    """Shape (n,). Alloys with the same values are all on it, or none is."""
    n_incomplete: int
    """Alloys that lack a value; they are on no front, and beat nobody."""


def pareto_front(values: FloatArray, maximise: Sequence[bool]) -> ParetoFront:
    """The exact front: a row is on it unless another is no worse in all objectives and better in one.

    With up to three objectives the cost is n log n; with more it grows with n times the rows of the front.

    Args:
        values: n alloys in m objectives, shape (n, m), m being one or more; NaN where a value is missing.
        maximise: whether more is better, for each objective.

    Raises:
        ValueError: `maximise` does not fit the columns.
    """
    if values.ndim != 2 or values.shape[1] != len(maximise) or not len(maximise):
        raise ValueError(f"found values of shape {values.shape} for {len(maximise)} objectives; expected a column each")
    is_complete = ~np.isnan(values).any(axis=1)
    better = values[is_complete] * np.where(np.asarray(maximise, dtype=bool), 1.0, -1.0)
    is_on_front = np.zeros(len(values), dtype=bool)
    is_on_front[is_complete] = _front_of(better)
    return ParetoFront(is_on_front, int((~is_complete).sum()))


def _front_of(better: FloatArray) -> BoolArray:
    """Marks the rows of the front, more being better everywhere; rows with the same values stand or fall together."""
    if len(better) == 0:
        return np.zeros(0, dtype=bool)
    different, row_of = np.unique(better, axis=0, return_inverse=True)
    best_first = different[::-1]  # by the first objective, then by the next: none is beaten by one that comes later
    found = _swept(best_first) if better.shape[1] <= SWEPT else _compared(best_first)
    return np.asarray(found[::-1][row_of.ravel()])


def _swept(best_first: FloatArray) -> BoolArray:
    """The front of different rows of up to three objectives, which come in descending lexicographic order.

    Of the rows before, those that matter form a stair: the higher in the second objective, the lower in the third.
    """
    padded = np.zeros((len(best_first), SWEPT))
    padded[:, : best_first.shape[1]] = best_first
    seconds: list[float] = []
    thirds: list[float] = []
    found = np.zeros(len(best_first), dtype=bool)
    for row, (second, third) in enumerate(padded[:, 1:].tolist()):
        place = bisect_left(seconds, second)
        if place < len(seconds) and thirds[place] >= third:
            continue
        found[row] = True
        stop = bisect_right(seconds, second, lo=place)
        start = place
        while start > 0 and thirds[start - 1] <= third:
            start -= 1
        seconds[start:stop], thirds[start:stop] = [second], [third]
    return found


def _compared(best_first: FloatArray) -> BoolArray:
    """The same for any number of objectives: each row is compared with the front of those before it."""
    front = np.empty((0, best_first.shape[1]))
    found = np.zeros(len(best_first), dtype=bool)
    for start in range(0, len(best_first), AT_ONCE):
        part = best_first[start : start + AT_ONCE]
        left = np.flatnonzero(~_is_beaten(part, front))
        left = left[~_is_beaten(part[left], part[left])]
        found[start + left] = True
        front = np.vstack([front, part[left]])
    return found


def _is_beaten(rows: FloatArray, others: FloatArray) -> BoolArray:
    """Marks rows to which another row is no worse in all objectives; a row does not beat itself."""
    no_worse = np.ones((len(rows), len(others)), dtype=bool)
    better = np.zeros_like(no_worse)
    for of_rows, of_others in zip(rows.T, others.T, strict=True):
        no_worse &= of_others >= of_rows[:, None]
        better |= of_others > of_rows[:, None]
    return np.asarray((no_worse & better).any(axis=1))
