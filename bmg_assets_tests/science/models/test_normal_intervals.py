"""Shares of a normal variable agree with its distribution function, and stay finite far out."""

import numpy as np
import pytest
from scipy.stats import norm

from bmg_assets.science.models.normal_intervals import density_ratio, log_share


def test_shares_are_those_of_the_distribution_function() -> None:
    a, b = np.array([-np.inf, -1.0, 0.5, 2.0]), np.array([0.0, 1.0, 3.0, np.inf])
    assert np.exp(log_share(a, b)) == pytest.approx(norm.cdf(b) - norm.cdf(a))
    assert density_ratio(b, log_share(a, b)) == pytest.approx(norm.pdf(b) / (norm.cdf(b) - norm.cdf(a)))


def test_far_out_nothing_is_lost() -> None:
    far = log_share(np.array([30.0, -np.inf]), np.array([31.0, -30.0]))
    assert far == pytest.approx(norm.logsf([30.0, 30.0]), rel=1e-3)
    assert density_ratio(np.array([30.0]), far[:1]) == pytest.approx(30.03, abs=0.05)
