"""Intervals seen through a Gaussian process, against numerical integration of what they say."""

import numpy as np
import pytest
from scipy.stats import norm

from bmg_assets.science.models.interval_sites import sites_of_intervals

INFINITE = np.inf


def posterior(mean: np.ndarray, covariance: np.ndarray, bounds: list[list[float]], noise: float) -> tuple:
    """Mean and variance of the function values after the observations."""
    sites = sites_of_intervals(mean, covariance, np.array(bounds), np.full(len(mean), noise))
    gain = covariance @ np.linalg.inv(covariance + np.diag(sites.noise))
    return mean + gain @ (sites.values - mean), np.diag(covariance - gain @ covariance)


@pytest.mark.parametrize("bounds", [[1.0, 1.5], [1.0, INFINITE], [-INFINITE, -0.5], [4.0, 4.2]])
def test_one_interval_is_exact(bounds: list[float]) -> None:
    f = np.linspace(-8, 8, 20001)
    weight = norm.pdf(f, 0.2, 0.9) * (norm.cdf((bounds[1] - f) / 0.3) - norm.cdf((bounds[0] - f) / 0.3))
    mean = (f * weight).sum() / weight.sum()
    variance = ((f - mean) ** 2 * weight).sum() / weight.sum()
    found = posterior(np.array([0.2]), np.array([[0.81]]), [bounds], 0.09)
    assert found[0] == pytest.approx([mean], abs=1e-4)
    assert found[1] == pytest.approx([variance], rel=1e-3)


def test_two_intervals_of_correlated_values() -> None:
    rng = np.random.default_rng(0)
    covariance = np.array([[1.0, 0.7], [0.7, 1.0]])
    draws = rng.multivariate_normal([0, 0], covariance, 400_000)
    seen = draws + 0.2 * rng.normal(size=draws.shape)
    kept = draws[(seen[:, 0] > 0.5) & (seen[:, 1] < 0.2)]
    found = posterior(np.zeros(2), covariance, [[0.5, INFINITE], [-INFINITE, 0.2]], 0.04)
    assert found[0] == pytest.approx(kept.mean(axis=0), abs=0.02)
    assert found[1] == pytest.approx(kept.var(axis=0), abs=0.02)


def test_an_open_interval_that_is_fulfilled_says_nothing() -> None:
    found = posterior(np.array([3.0]), np.array([[0.1]]), [[-1.0, INFINITE]], 0.02)
    assert found[0] == pytest.approx([3.0], abs=1e-3)
    assert found[1] == pytest.approx([0.1], rel=1e-3)


def test_casts_that_contradict_each_other_meet_in_between() -> None:
    covariance = np.full((2, 2), 1.0) + 1e-6 * np.eye(2)
    mean, variance = posterior(np.zeros(2), covariance, [[2.0, 2.1], [0.0, 0.1]], 0.02)
    assert mean == pytest.approx([1.05, 1.05], abs=0.05)
    assert (variance > 0).all()
