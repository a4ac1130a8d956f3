"""What the left-out systems together say: means with intervals, and whether two strategies differ.

Systems are few and unlike each other, so they are what is drawn and exchanged, never single alloys.
"""

from dataclasses import dataclass

import numpy as np

from bmg_assets.science.arrays import FloatArray

DRAWS = 10_000
CONFIDENCE = 0.95
EXACT_UP_TO = 14
"""Systems up to which every exchange of signs is tried: 16,384 of them."""


@dataclass(frozen=True)
class Mean:
    """A mean over systems."""

    value: float
    low: float
    high: float
    """Ends of its 95 % interval."""
    systems: int
    """Systems that could tell."""


def mean_over_systems(values: FloatArray, seed: int, weights: FloatArray | None = None, draws: int = DRAWS) -> Mean:
    """The mean over systems with its percentile interval by bootstrap (Efron).

    Args:
        values: one of each system, shape (n,); those that are not a number are left out.
        weights: of the systems, shape (n,); equal by default. A share of alloys over all systems has their numbers.
    """
    can_tell = np.isfinite(values)
    told, weight = values[can_tell], (np.ones(len(values)) if weights is None else weights)[can_tell]
    if len(told) == 0:
        return Mean(float("nan"), float("nan"), float("nan"), 0)
    drawn = np.random.default_rng(seed).integers(0, len(told), size=(draws, len(told)))
    means = (told * weight)[drawn].sum(axis=1) / weight[drawn].sum(axis=1)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return Mean(float(np.average(told, weights=weight)), float(low), float(high), len(told))


def paired_p_value(ours: FloatArray, theirs: FloatArray, seed: int, draws: int = DRAWS) -> float:
    """Two-sided p value of the mean difference between two strategies on the same systems.

    Permutation of signs (Fisher): were both alike, each difference could as well have the other sign. All exchanges are
    tried where they are few, else `draws` of them, the observed one included.

    Args:
        ours, theirs: one value of each system, shape (n,); systems that either cannot tell are left out.
    """
    difference = ours - theirs
    difference = difference[np.isfinite(difference)]
    if len(difference) == 0:
        return float("nan")
    if len(difference) <= EXACT_UP_TO:
        codes = np.arange(2 ** len(difference))[:, np.newaxis]
        signs = 1 - 2 * ((codes >> np.arange(len(difference))) & 1)
    else:
        signs = np.random.default_rng(seed).choice([-1, 1], size=(draws, len(difference)))
        signs[0] = 1
    # Sums that are equal but for rounding are as extreme as the observed one.
    observed = abs(difference.sum()) - 1e-12
    return float((np.abs(signs @ difference) >= observed).mean())
