"""Acquisition values: what a cast can be expected to add to the best alloy so far.

Expected improvement (Mockus, Tiesis and Zilinskas, in Towards Global Optimisation 2, 1978, 117; Jones, Schonlau and
Welch, J. Global Optim. 13 (1998) 455, eq. 15) and probability of improvement (Kushner, J. Basic Eng. 86 (1964) 97).
Here log(1 + D_max) is normal, not D_max: the improvement in mm is that of a shifted log-normal variable, in closed
form. Of two compositions with the same mean, the one of which less is known may improve more.
"""

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.surrogates.base import LogNormal


def expected_improvement_mm(cast: LogNormal, best_mm: float) -> FloatArray:
    """E[max(D_max - best, 0)] in mm, shape (n,).

    With m and s of log(1 + D_max), b = log(1 + best) and the normal distribution function F:
    exp(m + s²/2) F((m - b)/s + s) - exp(b) F((m - b)/s).

    Args:
        cast: predictive distribution at n compositions.
        best_mm: the best D_max so far in mm, 0 or more.
    """
    from scipy.special import ndtr

    distance = (cast.mean - np.log1p(best_mm)) / cast.spread
    gain = np.exp(cast.mean + cast.spread**2 / 2) * ndtr(distance + cast.spread) - (1 + best_mm) * ndtr(distance)
    # Far below the best, the difference of two small numbers may fall short of zero by a rounding error.
    improvement: FloatArray = np.maximum(gain, 0.0)
    return improvement


def probability_of_improvement(cast: LogNormal, best_mm: float) -> FloatArray:
    """P(D_max > best_mm), shape (n,)."""
    from scipy.special import ndtr

    return np.asarray(ndtr((cast.mean - np.log1p(best_mm)) / cast.spread))
