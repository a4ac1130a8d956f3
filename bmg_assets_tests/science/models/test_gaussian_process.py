"""Predictions against the textbook's formula; leaving rows out equals fitting without them."""

from dataclasses import replace

import numpy as np
import pytest

from bmg_assets.science.models.gaussian_process import (
    DIRECTIONS,
    MIRRORED_AT_ONCE,
    CovarianceError,
    GaussianProcess,
    explained_by,
)

RNG = np.random.default_rng(0)
POINTS = RNG.normal(size=(40, 3))
TARGETS = np.column_stack([np.sin(POINTS[:, 0]), POINTS[:, 1] ** 2])
NOISE = np.full(40, 0.1)


def covariance(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.exp(-((a[:, None] - b) ** 2).sum(axis=2) / 2)


def fitted() -> GaussianProcess:
    return GaussianProcess.fit(covariance(POINTS, POINTS), NOISE, TARGETS)


def test_predictions_are_the_textbooks() -> None:
    process = fitted()
    new = RNG.normal(size=(5, 3))
    k = covariance(new, POINTS)
    solved = np.linalg.solve(covariance(POINTS, POINTS) + 0.1 * np.eye(40), TARGETS - TARGETS.mean(0))
    assert process.predict(k) == pytest.approx(k @ solved + TARGETS.mean(0))
    inverse = np.linalg.inv(covariance(POINTS, POINTS) + 0.1 * np.eye(40))
    assert process.explained_variance(k) == pytest.approx(np.diag(k @ inverse @ k.T))


def test_what_hidden_rows_would_explain_stays_open() -> None:
    hidden, new = np.array([3, 17, 18, 30]), RNG.normal(size=(5, 3))
    rest = np.setdiff1d(np.arange(40), hidden)
    alone = GaussianProcess.fit(covariance(POINTS[rest], POINTS[rest]), NOISE[rest], TARGETS[rest])
    expected = alone.explained_variance(covariance(new, POINTS[rest]))
    given = covariance(new, POINTS)
    assert fitted().explained_variance(given, hidden) == pytest.approx(expected)
    assert (given == covariance(new, POINTS)).all(), "the caller's covariance was written over"


@pytest.mark.parametrize(("precision", "tolerance"), [(np.float64, 1e-9), (np.float32, 1e-4)])
def test_what_many_points_are_explained_by_half_of_the_inverse(precision: type, tolerance: float) -> None:
    process, new = fitted(), RNG.normal(size=(50, 3))
    process = replace(process, inverse=process.inverse.astype(precision))
    k = covariance(new, POINTS).astype(precision)
    expected = process.explained_variance(k)
    half = process.half_inverse()
    assert half.dtype == precision
    assert half @ half.T == pytest.approx(process.inverse, abs=tolerance)
    assert explained_by(half, k) == pytest.approx(expected, abs=tolerance)


def test_many_points_see_the_rows_from_few_directions() -> None:
    process, new = fitted(), RNG.normal(size=(2 * DIRECTIONS + 10, 3))
    k = covariance(new, POINTS)
    roots = process.explained_roots(k)
    assert roots.shape[1] <= DIRECTIONS
    assert roots @ roots.T == pytest.approx(k @ process.inverse @ k.T, abs=1e-9)
    few = process.explained_roots(k[:5])
    assert few @ few.T == pytest.approx(k[:5] @ process.inverse @ k[:5].T)


def test_leaving_rows_out_is_fitting_without_them() -> None:
    process = fitted()
    hidden, wanted = np.array([3, 17, 18, 30]), np.array([0, 2])
    rest = np.setdiff1d(np.arange(40), hidden)
    block = covariance(POINTS[rest], POINTS[rest]) + 0.1 * np.eye(36)
    mean = TARGETS.mean(axis=0)
    expected = covariance(POINTS[hidden[wanted]], POINTS[rest]) @ np.linalg.solve(block, TARGETS[rest] - mean) + mean
    means, variances = process.without(hidden, wanted)
    assert means == pytest.approx(expected)
    to_rest = covariance(POINTS[hidden[wanted]], POINTS[rest])
    assert variances == pytest.approx(1.1 - np.diag(to_rest @ np.linalg.solve(block, to_rest.T)))


def test_new_points_are_predicted_as_if_rows_were_not_known() -> None:
    process, new = fitted(), RNG.normal(size=(5, 3))
    hidden = np.array([3, 17, 18, 30])
    rest = np.setdiff1d(np.arange(40), hidden)
    block = covariance(POINTS[rest], POINTS[rest]) + 0.1 * np.eye(36)
    expected = covariance(new, POINTS[rest]) @ np.linalg.solve(block, TARGETS[rest] - TARGETS.mean(axis=0))
    assert covariance(new, POINTS) @ process.coefficients_without(hidden) == pytest.approx(expected)
    assert process.coefficients_without(hidden[:0]) is process.coefficients


def test_rows_that_come_later_count_like_the_others() -> None:
    first, later = np.arange(30), np.arange(30, 40)
    process = GaussianProcess.fit(covariance(POINTS[first], POINTS[first]), NOISE[first], TARGETS[first])
    more = process.with_rows(
        covariance(POINTS[later], POINTS[first]),
        covariance(POINTS[later], POINTS[later]),
        NOISE[later],
        TARGETS[later],
    )
    assert more.inverse == pytest.approx(fitted().inverse)
    assert more.coefficients == pytest.approx(more.inverse @ (TARGETS - TARGETS[first].mean(axis=0)))


def test_an_inverse_of_more_rows_than_one_block_is_whole() -> None:
    n = MIRRORED_AT_ONCE + 70
    points = RNG.normal(size=(n, 3))
    noise = np.full(n, 0.5)
    inverse = GaussianProcess.fit(covariance(points, points), noise, np.zeros((n, 1))).inverse
    assert (inverse == inverse.T).all()
    assert inverse @ (covariance(points, points) + np.diag(noise)) == pytest.approx(np.eye(n), abs=1e-9)


def test_a_covariance_that_cannot_be_is_refused() -> None:
    with pytest.raises(CovarianceError, match="covariance of 2 alloys that is not positive definite") as told:
        GaussianProcess.fit(np.array([[1.0, 2.0], [2.0, 1.0]]), np.full(2, 0.1), np.zeros((2, 1)))
    assert "\n" not in str(told.value)
    with pytest.raises(CovarianceError):
        GaussianProcess.fit(np.array([[1.0, np.nan], [np.nan, 1.0]]), np.full(2, 0.1), np.zeros((2, 1)))


def test_hidden_rows_are_predicted_together() -> None:
    hidden = np.array([2, 7, 20, 33])
    means, covariances = fitted().joint_without(hidden, np.array([0, 2]))
    expected, variances = fitted().without(hidden, np.array([0, 2]))
    assert means == pytest.approx(expected)
    assert np.diag(covariances) == pytest.approx(variances)
    rest = np.setdiff1d(np.arange(40), hidden)
    block = covariance(POINTS[rest], POINTS[rest]) + 0.1 * np.eye(36)
    one, other = POINTS[[2]], POINTS[[20]]
    known = covariance(one, POINTS[rest]) @ np.linalg.solve(block, covariance(POINTS[rest], other))
    assert covariances[0, 1] == pytest.approx((covariance(one, other) - known)[0, 0])
