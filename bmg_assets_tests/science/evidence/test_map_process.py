"""The process on a map is that of the surrogate itself: without the system, and after casts."""

from dataclasses import replace

import numpy as np
import pytest

from bmg_assets.science.evidence.campaigns import as_casts
from bmg_assets.science.evidence.map_process import map_processes
from bmg_assets.science.surrogates.composite import Composite
from bmg_assets.science.surrogates.composite_kernel import composite_prior_variance
from bmg_assets_tests.science.evidence.campaigned import SYSTEM, fitted_once, on_map, points, process_without_system

TARGET = frozenset(SYSTEM.split("-"))


def test_what_is_known_with_all_alloys_is_what_the_surrogate_says() -> None:
    alloys, fitted, calibration = fitted_once()
    (process,) = map_processes(fitted, calibration, on_map(points()), (np.zeros(len(alloys), dtype=bool),))
    posterior = replace(fitted, calibration=calibration).predict(on_map(points()))
    cast = posterior.next_cast()
    assert cast is not None
    assert process.score == pytest.approx(posterior.score, abs=1e-4)
    assert process.next_cast.mean == pytest.approx(cast.mean, abs=1e-3)
    assert process.next_cast.spread == pytest.approx(cast.spread, abs=1e-3)
    assert process.factors @ process.factors.T == pytest.approx(posterior.factors() @ posterior.factors().T, abs=0.02)


def test_without_a_system_it_is_a_fit_to_the_others() -> None:
    alloys, fitted, _ = fitted_once()
    process = process_without_system()
    anew = Composite().fit(alloys.take(alloys.systems != SYSTEM), TARGET, 0).predict(on_map(points()))
    # The scales of the embedding and the mean of the targets are those of all alloys.
    assert process.score == pytest.approx(anew.score, abs=0.05)
    explained = 1 - process.variance / composite_prior_variance(fitted.space.embed(on_map(points())))
    assert explained == pytest.approx(anew.explained(), abs=0.03)


def test_casts_say_what_conditioning_the_surrogate_says() -> None:
    alloys, fitted, calibration = fitted_once()
    (process,) = map_processes(fitted, calibration, on_map(points()), (np.zeros(len(alloys), dtype=bool),))
    rows = np.array([3, 40, 100])
    own = as_casts(process.compositions.take(rows), np.array([0.0, 3.2, 0.4]))
    after = process.after(rows, own)
    conditioned = replace(fitted, calibration=calibration).condition_on(alloys.followed_by(own))
    posterior = conditioned.predict(process.compositions)
    assert after.score == pytest.approx(posterior.score, abs=1e-3)
    assert after.variance == pytest.approx(posterior._left_open, abs=1e-3)
    assert after.score[40] > process.score[40]
    assert after.variance[40] < 0.2 * process.variance[40]


def test_without_casts_nothing_changes_and_rows_can_be_taken() -> None:
    process = process_without_system()
    none = np.empty(0, dtype=np.int64)
    assert process.after(none, as_casts(process.compositions.take(none), np.empty(0))) is process
    some = process.take(np.array([5, 2]))
    assert len(some) == 2
    assert some.score.tolist() == process.score[[5, 2]].tolist()
    assert some.covariance[0, 1] == process.covariance[5, 2]
