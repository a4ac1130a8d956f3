"""A batch of casts: each pick is chosen for what it adds to those that were chosen before it.

The casts of a batch have one result each and are cast at once, so the second shall be good where the first turns out
bad. What the first may turn out to be is drawn; for each outcome the distribution of all other casts follows from
their correlation with it, and the value of the next pick is its mean over the outcomes (expected improvement of
several points at once: Ginsbourger, Le Riche and Carraro, in Computational Intelligence in Expensive Optimization
Problems, 2010, 131). Near the first pick little is left to gain, so no distance has to keep the picks apart. Casts
in the furnace count as chosen.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray
from bmg_assets.science.proposals.improvement import expected_improvement_mm, probability_of_improvement
from bmg_assets.science.surrogates.base import LogNormal

OUTCOMES = 64
"""Outcomes of the chosen casts that are drawn; a power of two."""
LEAST_VARIANCE = 1e-6
"""Share of its variance that a cast keeps whatever is known of others."""

Value = Callable[[LogNormal, FloatArray], FloatArray]
"""Value of n casts, shape (n,).

It follows from their distribution for each of d outcomes, shape (d, n), and from the diameters in mm of the q casts
that were chosen before, shape (d, q)."""

Narrow = Callable[[IntArray, Sequence[int]], IntArray]
"""Gives those of the rows that may be picked beside the picks so far; one at least."""


def all_of(rows: IntArray, picks: Sequence[int]) -> IntArray:
    """All rows: what a pick adds tells enough."""
    return rows


def added_improvement_mm(best_mm: float) -> Value:
    """What a cast adds to the best alloy beyond what the chosen ones add, in mm, as a mean over the outcomes."""

    def value(cast: LogNormal, chosen_mm: FloatArray) -> FloatArray:
        bar = np.maximum(chosen_mm.max(axis=1, initial=0.0), best_mm)
        return np.asarray(expected_improvement_mm(cast, bar[:, None]).mean(axis=0))

    return value


def added_probability(bar_mm: float) -> Value:
    """Probability that a cast is above the bar and none of the chosen ones is, as a mean over the outcomes."""

    def value(cast: LogNormal, chosen_mm: FloatArray) -> FloatArray:
        none_above = chosen_mm.max(axis=1, initial=0.0) <= bar_mm
        return np.asarray((probability_of_improvement(cast, bar_mm) * none_above[:, None]).mean(axis=0))

    return value


def values_beside(cast: LogNormal, factors: FloatArray, chosen: Sequence[int] | IntArray, value: Value) -> FloatArray:
    """The value of each cast beside those that are chosen, shape (n,).

    Args:
        cast: predictive distribution at n compositions.
        factors: their rows' products are the correlations of the logs of two casts, shape (n, r).
        chosen: rows of the q casts that are chosen; none of them: the value of a single cast.
        value: what is wanted of the batch.
    """
    if len(chosen) == 0:
        one = replace(cast, mean=cast.mean[None, :], spread=cast.spread[None, :])
        return value(one, np.empty((1, 0)))
    rows = np.asarray(chosen, dtype=np.int64)
    z, gain, left = _conditional(factors, rows)
    chosen_mm = np.exp(cast.mean[rows] + cast.spread[rows] * z) - cast.shift_mm
    given = replace(cast, mean=cast.mean + cast.spread * (z @ gain.T), spread=(cast.spread * left)[None, :])
    return value(given, np.clip(chosen_mm, 0.0, cast.largest_mm))


def best_together(
    cast: LogNormal,
    factors: FloatArray,
    value: Value,
    free: BoolArray,
    count: int,
    pending: Sequence[int] | IntArray = (),
    prices: FloatArray | float = 1.0,
    narrow: Narrow = all_of,
) -> IntArray:
    """The picks of a batch, the first for itself, each other for what it adds to those before it.

    Args:
        cast: predictive distribution at n compositions.
        factors: see `values_beside`.
        value: what is wanted of the batch.
        free: compositions that may be picked, shape (n,).
        count: picks; fewer where fewer are free.
        pending: rows of casts without a result yet.
        prices: by which values are divided, shape (n,).
        narrow: which of the rows that are left may be picked beside the picks so far.

    Returns:
        Rows, in the order in which they were picked.
    """
    chosen, rows = [int(row) for row in pending], np.flatnonzero(free)
    picks: list[int] = []
    for _ in range(min(count, len(rows))):
        left = narrow(rows[~np.isin(rows, picks)], picks)
        values = values_beside(cast, factors, chosen, value) / prices
        pick = int(left[np.argmax(values[left])])
        picks.append(pick)
        chosen.append(pick)
    return np.array(picks, dtype=np.int64)


def _conditional(factors: FloatArray, rows: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Outcomes of the chosen casts, and what they say of all: draws (d, q), gain (n, q), share of the spread left (n,).

    Draws and distributions are in units of the spread of each cast.
    """
    of_chosen = factors[rows] @ factors[rows].T
    np.fill_diagonal(of_chosen, 1.0)
    lower = np.linalg.cholesky(of_chosen + LEAST_VARIANCE * np.eye(len(rows)))
    to_chosen = factors @ factors[rows].T
    gain = np.linalg.solve(lower.T, np.linalg.solve(lower, to_chosen.T)).T
    left = np.sqrt(np.maximum(1 - (gain * to_chosen).sum(axis=1), LEAST_VARIANCE))
    return standard_normal(len(rows)) @ lower.T, gain, left


def standard_normal(dimensions: int) -> FloatArray:
    """Evenly spread draws of independent standard normal variables, always the same, shape (OUTCOMES, dimensions)."""
    from scipy.special import ndtri
    from scipy.stats.qmc import Sobol

    half = 0.5 / OUTCOMES
    if dimensions == 1:
        return np.asarray(ndtri(np.linspace(half, 1 - half, OUTCOMES)))[:, None]
    uniform = Sobol(dimensions, rng=np.random.default_rng(0)).random(OUTCOMES)
    return np.asarray(ndtri(np.clip(uniform, half, 1 - half)))
