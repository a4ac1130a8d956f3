"""Observations that are intervals, as the normal ones that stand for them best in a Gaussian process.

A cast says that the critical diameter lies between the largest amorphous rung and the smallest that is not, or above
the largest. Expectation propagation replaces each such statement by a value with a noise of its own, so that mean and
variance of the process agree with those of the exact statement (Rasmussen and Williams, Gaussian Processes for Machine
Learning, 2006, section 3.6; Minka, UAI 2001, 362). The likelihood of an interval is log-concave, so that no noise is
negative and the result is unique.
"""

from dataclasses import dataclass

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.models.normal_intervals import density_ratio, log_share

MOST_SWEEPS = 50
SETTLED = 1e-6
"""Change of a site's precision, and of its precision times its value, at which the sweeps end."""
STEP = 0.8
"""Share of the way to the new sites that each sweep goes; all sites are renewed at once."""
LEAST_PRECISION = 1e-9
"""Of a site. An open interval that the process already fulfils says nothing."""


@dataclass(frozen=True)
class Sites:
    """Normal observations that stand for k intervals."""

    values: FloatArray
    """Shape (k,)."""
    noise: FloatArray
    """Variance of each, above zero, shape (k,)."""


def sites_of_intervals(mean: FloatArray, covariance: FloatArray, bounds: FloatArray, noise: FloatArray) -> Sites:
    """The normal observations that stand for intervals of the observed values, function value plus noise.

    Args:
        mean: of k function values before the observations, shape (k,).
        covariance: of these, shape (k, k).
        bounds: lower and upper bound of each observed value, infinite where open, shape (k, 2).
        noise: variance of the noise of each, above zero, shape (k,).
    """
    precision, shift = np.full(len(mean), LEAST_PRECISION), np.zeros(len(mean))
    for _ in range(MOST_SWEEPS):
        posterior_mean, variance = _posterior(mean, covariance, precision, shift)
        new_precision, new_shift = _renewed(posterior_mean, variance, precision, shift, bounds, noise)
        change = max(np.abs(new_precision - precision).max(), np.abs(new_shift - shift).max())
        precision, shift = precision + STEP * (new_precision - precision), shift + STEP * (new_shift - shift)
        if change < SETTLED:
            break
    return Sites(shift / precision, 1 / precision)


def _posterior(
    mean: FloatArray, covariance: FloatArray, precision: FloatArray, shift: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Mean and variance of the function values, given the sites, both of shape (k,)."""
    noise, values = 1 / precision, shift / precision
    gain = np.linalg.solve(covariance + np.diag(noise), covariance).T
    return mean + gain @ (values - mean), np.maximum(np.diag(covariance - gain @ covariance), 1e-12)


def _renewed(
    mean: FloatArray,
    variance: FloatArray,
    precision: FloatArray,
    shift: FloatArray,
    bounds: FloatArray,
    noise: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Precision of each site and its precision times its value, from what all others say, both of shape (k,)."""
    left_precision = np.maximum(1 / variance - precision, 1e-12)
    left_variance = 1 / left_precision
    left_mean = left_variance * (mean / variance - shift)
    spread = np.sqrt(left_variance + noise)
    a, b = ((bounds - left_mean[:, None]) / spread[:, None]).T
    share = log_share(a, b)
    at_low, at_high = density_ratio(a, share), density_ratio(b, share)
    slope = (at_low - at_high) / spread
    finite_a, finite_b = np.where(np.isfinite(a), a, 0), np.where(np.isfinite(b), b, 0)
    bend = slope**2 + (finite_b * at_high - finite_a * at_low) / spread**2
    bend = np.clip(bend, LEAST_PRECISION, (1 - 1e-9) / left_variance)
    new_precision = np.maximum(bend / (1 - bend * left_variance), LEAST_PRECISION)
    return new_precision, new_precision * (left_mean + slope / bend)
