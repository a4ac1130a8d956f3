"""Probability of an interval of a normal variable, also far out in its tails, and what its gradients need."""

import numpy as np

from bmg_assets.science.arrays import FloatArray


def log_share(a: FloatArray, b: FloatArray) -> FloatArray:
    """log of the probability of a standard normal variable between a and b, a below b, shape as theirs."""
    from scipy.special import log_ndtr

    is_right = a > 0
    lower, upper = np.where(is_right, -b, a), np.where(is_right, -a, b)
    log_lower, log_upper = log_ndtr(lower), log_ndtr(upper)
    return np.asarray(log_upper + np.log1p(-np.exp(np.minimum(log_lower - log_upper, -1e-12))))


def density_ratio(at: FloatArray, log_share: FloatArray) -> FloatArray:
    """Density of the standard normal distribution at an end of each interval, over the probability of the interval."""
    return np.where(np.isfinite(at), np.exp(-0.5 * at**2 - 0.5 * np.log(2 * np.pi) - log_share), 0.0)
