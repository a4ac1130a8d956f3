"""Acquisition values: what a cast can be expected to add to the best alloy so far.

Expected improvement (Mockus, Tiesis and Zilinskas, in Towards Global Optimisation 2, 1978, 117; Jones, Schonlau and
Welch, J. Global Optim. 13 (1998) 455, eq. 15) and probability of improvement (Kushner, J. Basic Eng. 86 (1964) 97).
Here the logarithm of the shifted D_max is normal, not D_max: the improvement in mm is that of a shifted log-normal
variable, in closed form. Of two compositions with the same mean, the one of which less is known may improve more.
"""

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.surrogates.base import LogNormal


def expected_improvement_mm(cast: LogNormal, best_mm: float | FloatArray) -> FloatArray:
    """E[max(min(D_max, largest) - best, 0)] in mm, shape (n,).

    Args:
        cast: predictive distribution at n compositions, with the largest diameter that is believed.
        best_mm: the best D_max so far in mm, 0 or more; an array is broadcast against the distribution.
    """
    improvement = _expected_above(cast, best_mm)
    if np.isfinite(cast.largest_mm):
        improvement = improvement - _expected_above(cast, np.maximum(cast.largest_mm, best_mm))
    # Far below the best, the difference of two small numbers may fall short of zero by a rounding error.
    return np.asarray(np.maximum(improvement, 0.0))


def probability_of_improvement(cast: LogNormal, best_mm: float) -> FloatArray:
    """P(D_max > best_mm), shape (n,)."""
    from scipy.special import ndtr

    return np.asarray(ndtr((cast.mean - np.log(cast.shift_mm + best_mm)) / cast.spread))


def _expected_above(cast: LogNormal, bound_mm: float | FloatArray) -> FloatArray:
    """E[max(D_max - bound, 0)] in mm, shape (n,).

    With m and s of the logarithm, B the shifted bound, b its logarithm and the normal distribution function F:
    exp(m + s²/2) F((m - b)/s + s) - B F((m - b)/s).
    """
    from scipy.special import ndtr

    shifted = np.maximum(cast.shift_mm + np.asarray(bound_mm), np.finfo(np.float64).tiny)
    distance = (cast.mean - np.log(shifted)) / cast.spread
    return np.asarray(np.exp(cast.mean + cast.spread**2 / 2) * ndtr(distance + cast.spread) - shifted * ndtr(distance))
