"""Statistics over left-out systems: means with intervals, and whether two surrogates differ.

Systems are few and unlike each other, so the unit that is resampled or exchanged is a system, never an alloy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bmg_assets.science.arrays import FloatArray

if TYPE_CHECKING:
    import pandas as pd

DRAWS = 10_000
CONFIDENCE = 0.95
EXACT_UP_TO = 14
"""Number of systems up to which all exchanges of signs are enumerated: 16,384 of them."""


@dataclass(frozen=True)
class Mean:
    """A mean over systems."""

    value: float
    low: float
    high: float
    """Ends of its 95 % interval."""
    systems: int
    """Number of systems with a value."""


def mean_over_systems(values: FloatArray, seed: int, weights: FloatArray | None = None, draws: int = DRAWS) -> Mean:
    """Weighted mean over systems with its 95 % percentile bootstrap interval (Efron); NaN without a value.

    Args:
        values: one per system, shape (n,); NaN is left out.
        seed: of the resampling.
        weights: one per system, shape (n,); equal by default.
        draws: bootstrap resamples.
    """
    from scipy.stats import bootstrap

    there = np.isfinite(values)
    known, weight = values[there], (np.ones(len(values)) if weights is None else weights)[there]
    if len(known) == 0:
        return Mean(float("nan"), float("nan"), float("nan"), 0)
    value = float(np.average(known, weights=weight))
    if len(known) == 1:
        return Mean(value, value, value, 1)
    interval = bootstrap(
        (known, weight),
        lambda values, weights, axis: np.average(values, weights=weights, axis=axis),
        paired=True,
        n_resamples=draws,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return Mean(value, float(interval.low), float(interval.high), len(known))


def paired_p_value(ours: FloatArray, theirs: FloatArray, seed: int, draws: int = DRAWS) -> float:
    """Two-sided p value of the mean difference between two surrogates on the same systems; NaN without a pair.

    Sign permutation test (Fisher): under the null hypothesis each difference is as likely to have the other sign. All
    exchanges are enumerated where they are few, else `draws` of them are drawn, the observed one included.

    Args:
        ours, theirs: one value per system, shape (n,); systems with NaN in either are left out.
        seed: of the drawn exchanges.
        draws: number of exchanges if not all are enumerated.
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
    # scipy.stats.permutation_test draws other exchanges, so the p values reported so far would move.
    # Sums that are equal but for rounding are as extreme as the observed one.
    observed = abs(difference.sum()) - 1e-12
    return float((np.abs(signs @ difference) >= observed).mean())


def paired_difference(
    ours: pd.Series, theirs: pd.Series | None, seed: int, draws: int = DRAWS
) -> tuple[float | None, float | None]:
    """Mean difference on the systems for which both have a value, and its p value; None without such a system.

    Args:
        ours, theirs: values by system.
        seed: of the exchanges of signs.
        draws: see `paired_p_value`.
    """
    import pandas as pd

    if theirs is None:
        return None, None
    both = pd.concat([ours, theirs], axis=1, join="inner").dropna()
    if both.empty:
        return None, None
    first, second = both.iloc[:, 0].to_numpy(np.float64), both.iloc[:, 1].to_numpy(np.float64)
    return float((first - second).mean()), paired_p_value(first, second, seed, draws)
