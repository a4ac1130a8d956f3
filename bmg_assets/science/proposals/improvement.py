"""What a cast can be expected to add to the best so far, from a mean and an uncertainty of each composition.

Expected improvement (Mockus, Tiesis and Zilinskas, in Towards Global Optimisation 2, 1978, 117; Jones, Schonlau and
Welch, J. Global Optim. 13 (1998) 455, eq. 15) and probability of improvement (Kushner, J. Basic Eng. 86 (1964) 97).
Here log(1 + D_max) is normal, not D_max: the improvement in mm is then that of a shifted log-normal variable, in closed
form. Two compositions of the same mean differ in it: the one of which less is known may gain more.
"""

import numpy as np

from bmg_assets.science.arrays import FloatArray


def expected_gain_mm(mean: FloatArray, deviation: FloatArray, best_mm: float) -> FloatArray:
    """Expected improvement E[max(D_max - best, 0)] in mm, shape (n,).

    With m and s of log(1 + D_max), b = log(1 + best) and the normal distribution function F:
    exp(m + s²/2) F((m - b)/s + s) - exp(b) F((m - b)/s).

    Args:
        mean: of log(1 + D_max), shape (n,).
        deviation: standard deviation of log(1 + D_max), above zero, shape (n,).
        best_mm: the best D_max so far, 0 or more.
    """
    from scipy.special import ndtr

    distance = (mean - np.log1p(best_mm)) / deviation
    gain = np.exp(mean + deviation**2 / 2) * ndtr(distance + deviation) - (1 + best_mm) * ndtr(distance)
    # Far below the best, the difference of two small numbers may fall short of zero by a rounding error.
    improvement: FloatArray = np.maximum(gain, 0.0)
    return improvement


def chance_above(mean: FloatArray, deviation: FloatArray, dmax_mm: float) -> FloatArray:
    """Probability of a D_max above this one, shape (n,); other arguments as of `expected_gain_mm`."""
    from scipy.special import ndtr

    return np.asarray(ndtr((mean - np.log1p(dmax_mm)) / deviation))
