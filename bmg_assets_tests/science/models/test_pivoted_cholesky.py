"""Factors approach a covariance from below, and few are enough where it is smooth."""

import numpy as np
import pytest

from bmg_assets.science.models.pivoted_cholesky import pivoted_cholesky

POINTS = np.linspace(0, 1, 60)[:, None]
SMOOTH = np.exp(-((POINTS - POINTS.T) ** 2) / 0.1)


def factors(most: int, enough: float = 0.0) -> np.ndarray:
    return pivoted_cholesky(np.diag(SMOOTH).copy(), lambda row: SMOOTH[:, row], most, enough)


def test_few_factors_give_a_smooth_covariance() -> None:
    found = factors(12)
    assert found @ found.T == pytest.approx(SMOOTH, abs=1e-3)


def test_no_variance_is_exceeded() -> None:
    found = factors(3)
    assert found.shape == (60, 3)
    assert ((found**2).sum(axis=1) <= np.diag(SMOOTH) + 1e-12).all()


def test_it_ends_where_enough_is_explained() -> None:
    found = factors(60, enough=0.01)
    assert found.shape[1] < 15
    assert (found**2).sum() >= 0.99 * 60
