"""The predictive distribution of the next cast, from scores of systems left out."""

import numpy as np
import pytest

from bmg_assets.science.models.calibration import LeftOutScores
from bmg_assets.science.surrogates.transfer import PredictiveLine

RNG = np.random.default_rng(5)
SCORES = RNG.normal(size=4000)
VARIANCE = RNG.uniform(0.2, 2.0, size=4000)
SYSTEMS = np.repeat(np.arange(400), 10).astype(object)


def fitted(log_dmax: np.ndarray) -> PredictiveLine:
    return PredictiveLine.fit(LeftOutScores(SCORES, np.expm1(log_dmax), SYSTEMS), VARIANCE)


def test_a_line_without_errors_is_found_and_leaves_no_uncertainty() -> None:
    line = fitted(0.5 + 0.25 * SCORES)
    assert (line.intercept, line.slope) == pytest.approx((0.5, 0.25))
    assert line.amplitude == pytest.approx(0, abs=1e-12)


def test_errors_in_proportion_to_what_the_process_leaves_open_give_the_amplitude() -> None:
    noise = RNG.normal(size=4000) * np.sqrt(0.09 * VARIANCE)
    line = fitted(2.0 + 0.25 * SCORES + noise)
    assert line.amplitude == pytest.approx(0.09, rel=0.1)
    cast = line.predict(np.array([0.0, 2.0]), np.array([1.0, 0.25]))
    assert cast.mean == pytest.approx([2.0, 2.5], abs=0.05)
    assert cast.spread == pytest.approx([0.3, 0.15], rel=0.05)
