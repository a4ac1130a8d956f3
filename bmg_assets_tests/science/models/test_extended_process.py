"""Rows on top of a process count as if it had been fitted with them."""

import numpy as np
import pytest

from bmg_assets.science.models.extended_process import ExtendedProcess, left_by
from bmg_assets.science.models.gaussian_process import GaussianProcess

RNG = np.random.default_rng(1)
POINTS, MORE, NEW = RNG.normal(size=(30, 2)), RNG.normal(size=(4, 2)), RNG.normal(size=(6, 2))
TARGETS = np.sin(POINTS[:, :1])
MORE_TARGETS = np.full((4, 1), 0.7)


def covariance(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.exp(-((a[:, None] - b) ** 2).sum(axis=2) / 2)


def extended(noise: np.ndarray) -> ExtendedProcess:
    process = GaussianProcess.fit(covariance(POINTS, POINTS), np.full(30, 0.1), TARGETS)
    to_known = covariance(MORE, POINTS)
    solved, left = left_by(process, to_known, covariance(MORE, MORE))
    return ExtendedProcess.with_rows(process, solved, left, noise, MORE_TARGETS - process.predict(to_known))


def test_it_is_the_process_of_all_rows() -> None:
    noise = np.array([0.02, 0.05, 0.1, 0.3])
    found, both = extended(noise), np.vstack([POINTS, MORE])
    inverse = np.linalg.inv(covariance(both, both) + np.diag([*np.full(30, 0.1), *noise]))
    k = covariance(NEW, both)
    residuals = np.vstack([TARGETS, MORE_TARGETS]) - TARGETS.mean()
    to_known, to_more = covariance(NEW, POINTS), covariance(NEW, MORE)
    assert found.predict(to_known, to_more) == pytest.approx(k @ inverse @ residuals + TARGETS.mean())
    explained = k @ inverse @ k.T
    roots = found.explained_roots(to_known, to_more)
    assert roots @ roots.T == pytest.approx(explained)


def test_without_more_rows_it_is_the_process() -> None:
    process = GaussianProcess.fit(covariance(POINTS, POINTS), np.full(30, 0.1), TARGETS)
    none = np.empty((6, 0))
    k = covariance(NEW, POINTS)
    assert ExtendedProcess.of(process).predict(k, none) == pytest.approx(process.predict(k))
    roots = ExtendedProcess.of(process).explained_roots(k, none)
    assert (roots**2).sum(axis=1) == pytest.approx(process.explained_variance(k))
