"""Expected and probability of improvement against numerical integration, and properties that hold for any numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from bmg_assets.science.proposals.improvement import expected_improvement_mm, probability_of_improvement
from bmg_assets.science.surrogates.base import LogNormal

MEANS = st.floats(-1, 3)
DEVIATIONS = st.floats(0.01, 2)
BEST = st.floats(0, 20)


def gain(mean: float, deviation: float, best_mm: float) -> float:
    return expected_improvement_mm(LogNormal(np.array([mean]), np.array([deviation])), best_mm).item()


@pytest.mark.parametrize(
    ("mean", "deviation", "best_mm"), [(0.5, 0.3, 0.0), (1.0, 0.5, 2.5), (0.2, 1.0, 10.0), (2.0, 0.05, 6.0)]
)
def test_the_formulas_are_the_integrals(mean: float, deviation: float, best_mm: float) -> None:
    law = norm(mean, deviation)
    bar = np.log1p(best_mm)
    expected, _ = quad(lambda z: (np.expm1(z) - best_mm) * law.pdf(z), bar, bar + 30 * deviation + 30, points=[mean])
    assert gain(mean, deviation, best_mm) == pytest.approx(expected, rel=1e-6, abs=1e-12)
    chance = probability_of_improvement(LogNormal(np.array([mean]), np.array([deviation])), best_mm).item()
    assert chance == pytest.approx(quad(law.pdf, bar, bar + 30 * deviation + 30, points=[mean])[0], rel=1e-6)


def test_what_is_beyond_the_largest_diameter_is_not_expected() -> None:
    cast = LogNormal(np.array([1.0]), np.array([0.7]), shift_mm=0.0, largest_mm=12.0)
    law = norm(1.0, 0.7)
    inner, _ = quad(lambda z: (np.exp(z) - 2.5) * law.pdf(z), np.log(2.5), np.log(12.0))
    expected = inner + (12.0 - 2.5) * law.sf(np.log(12.0))
    assert expected_improvement_mm(cast, 2.5) == pytest.approx(expected, rel=1e-6)
    assert probability_of_improvement(cast, 2.5) == pytest.approx(law.sf(np.log(2.5)))
    assert expected_improvement_mm(cast, 12.0) == 0
    assert expected_improvement_mm(cast, 0.0) == pytest.approx(
        quad(lambda z: min(np.exp(z), 12.0) * law.pdf(z), -10, 10, points=[np.log(12.0)])[0], rel=1e-6
    )


def test_of_what_is_certain_the_gain_is_the_difference() -> None:
    assert gain(np.log1p(4.0), 1e-9, 2.5) == pytest.approx(1.5)
    assert gain(np.log1p(2.0), 1e-9, 2.5) == 0


@given(MEANS, DEVIATIONS, BEST)
def test_more_uncertainty_a_higher_mean_and_a_lower_bar_never_gain_less(mean: float, deviation: float, best: float):
    here = gain(mean, deviation, best)
    slack = 1e-9 * (1 + best)
    assert here >= 0
    assert here >= np.exp(mean + deviation**2 / 2) - 1 - best - slack
    assert gain(mean, deviation + 0.1, best) >= here - slack
    assert gain(mean + 0.1, deviation, best) >= here - slack
    assert gain(mean, deviation, best + 0.1) <= here + slack
