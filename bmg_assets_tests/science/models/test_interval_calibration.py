"""The calibration of all regimes on numbers drawn from the law that it assumes, and its parts by hand."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import check_grad
from scipy.stats import norm

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.models import interval_calibration
from bmg_assets.science.models.calibration import CalibrationError
from bmg_assets.science.models.interval_calibration import IntervalCalibration, LeftOutAlloys, LogDmax
from bmg_assets.science.surrogates.regimes import Regime

SYSTEMS, PER_SYSTEM = 80, 12
LOG_RIBBON_LOW = -2.5


def mean_of(score: FloatArray, uncertainty: FloatArray) -> FloatArray:
    return -3.5 + 4.0 * score - 0.6 * score**2 + 0.2 * uncertainty


def spread_of(uncertainty: FloatArray) -> FloatArray:
    return np.exp(-0.7 + 0.9 * uncertainty)


def drawn(seed: int = 0) -> LeftOutAlloys:
    """Alloys of two regimes; log D is normal, and a diameter is what a mould of 0.5 mm steps shows of it."""
    rng = np.random.default_rng(seed)
    n = SYSTEMS * PER_SYSTEM
    parts = []
    for regime, open_left in ((Regime.NOTHING_KNOWN, 0.8), (Regime.ALL_BUT_ONE_KNOWN, 0.25)):
        score, uncertainty = rng.uniform(0, 2.2, n), rng.uniform(0.8, 1.2, n) * open_left
        log_d = mean_of(score, uncertainty) + spread_of(uncertainty) * rng.standard_normal(n)
        rods = np.floor(np.exp(log_d) / 0.5) * 0.5
        dmax = np.where(log_d < LOG_RIBBON_LOW, 0.0, np.where(log_d < 0, 0.2, np.minimum(rods, 90.0)))
        systems = np.repeat([f"S{number}" for number in range(SYSTEMS)], PER_SYSTEM).astype(object)
        flags = np.repeat(rng.integers(0, 2, (SYSTEMS, 3)), PER_SYSTEM, axis=0).astype(float)
        parts.append(LeftOutAlloys(score, uncertainty, flags, dmax, systems, np.full(n, regime, dtype=object)))
    return LeftOutAlloys.of_all(parts)


def test_the_law_behind_the_reports_is_found() -> None:
    calibration = IntervalCalibration.fit(drawn())
    score, uncertainty = np.array([0.4, 1.0, 1.6]), np.array([0.3, 0.8, 0.5])
    found = calibration.predict(score, uncertainty, np.zeros((3, 3)))
    assert found.mean == pytest.approx(mean_of(score, uncertainty), abs=0.25)
    assert found.spread == pytest.approx(spread_of(uncertainty), rel=0.2)
    assert calibration.parameters[-1] == pytest.approx(LOG_RIBBON_LOW, abs=0.3)


def test_the_gradient_is_that_of_the_likelihood() -> None:
    alloys = drawn()
    terms = interval_calibration._mean_terms(alloys), interval_calibration._spread_terms(alloys)

    def value(parameters: FloatArray) -> float:
        return interval_calibration._negative_log_likelihood(parameters, alloys, *terms)[0]

    def gradient(parameters: FloatArray) -> FloatArray:
        return interval_calibration._negative_log_likelihood(parameters, alloys, *terms)[1]

    for seed in range(3):
        start = interval_calibration.START + np.random.default_rng(seed).normal(0, 0.1, 13)
        assert check_grad(value, gradient, start) < 1e-4


def test_intervals_hold_each_class_in_each_regime() -> None:
    calibration, fresh = IntervalCalibration.fit(drawn()), drawn(seed=1)
    for regime in (Regime.NOTHING_KNOWN, Regime.ALL_BUT_ONE_KNOWN):
        alloys = fresh.take(fresh.regimes == regime)
        predicted = calibration.predict(alloys.score, alloys.uncertainty, alloys.flags)
        levels = calibration.levels_for(0.9, regime, alloys.flags[:, 0] == 1)
        low, high = predicted.interval(levels, calibration.largest_mm)
        is_bulk = alloys.dmax_mm >= 1
        held = (low <= alloys.dmax_mm) & (alloys.dmax_mm <= high)
        assert 0.86 < held[is_bulk].mean() < 0.97
        assert low[~is_bulk].max() < calibration.largest_mm


def test_a_regime_that_was_never_left_out_has_the_level_of_all() -> None:
    calibration = IntervalCalibration.fit(drawn())
    few = np.zeros(1, dtype=bool)
    levels = [float(calibration.levels_for(0.9, regime, few)[0]) for regime in Regime]
    nothing, _, half, single = levels
    assert min(nothing, single) - 0.05 <= half <= max(nothing, single) + 0.05


def test_alloys_of_many_elements_have_levels_of_their_own_where_enough_are_known() -> None:
    alloys, calibration = drawn(), IntervalCalibration.fit(drawn())
    has_many = alloys.flags[:, 0] == 1
    # Those of few elements are twice as far from what is predicted: their levels must be higher, the others' not.
    surprised = replace(alloys, dmax_mm=np.where(~has_many & (alloys.dmax_mm >= 1), 28.0, alloys.dmax_mm))
    asked = np.array([True, False])
    before = calibration.levels_for(0.9, Regime.NOTHING_KNOWN, asked)
    after = replace(calibration, left_out=surprised).levels_for(0.9, Regime.NOTHING_KNOWN, asked)
    assert after[0] == before[0]
    assert after[1] > before[1] + 0.01
    # With a handful of such systems, all of the class decide.
    alone = np.isin(alloys.systems, [f"S{number}" for number in range(6)])
    one_kind = replace(alloys, flags=np.where(alone[:, None], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]))
    of_few = replace(calibration, left_out=one_kind).levels_for(0.9, Regime.NOTHING_KNOWN, asked)
    of_none = replace(calibration, left_out=replace(alloys, flags=np.zeros_like(alloys.flags)))
    assert of_few[0] == pytest.approx(of_none.levels_for(0.9, Regime.NOTHING_KNOWN, asked)[0], abs=0.02)


def test_more_uncertainty_widens_and_no_score_beyond_the_highest_mean_lowers() -> None:
    calibration = IntervalCalibration.fit(drawn())
    flags = np.zeros((2, 3))
    certain, uncertain = calibration.predict(np.array([1.0, 1.0]), np.array([0.2, 0.9]), flags).spread
    assert uncertain > certain
    high, higher = calibration.predict(np.array([5.0, 50.0]), np.array([0.5, 0.5]), flags).mean
    assert high == pytest.approx(higher)


def test_each_regime_weighs_the_same_and_a_system_by_the_root_of_its_size() -> None:
    n_of = {"A": 4, "B": 16}
    systems = np.array(["A"] * 4 + ["B"] * 16 + ["A"] * 4, dtype=object)
    regimes = np.array([Regime.NOTHING_KNOWN] * 20 + [Regime.HALF_KNOWN] * 4, dtype=object)
    alloys = LeftOutAlloys(np.zeros(24), np.zeros(24), np.zeros((24, 3)), np.zeros(24), systems, regimes)
    assert alloys.weights[:20].sum() == pytest.approx(0.5)
    assert alloys.weights.sum() == pytest.approx(1)
    ratio = alloys.weights[4:20].sum() / alloys.weights[:4].sum()
    assert ratio == pytest.approx(np.sqrt(n_of["B"] / n_of["A"]))


def test_bulk_glasses_of_a_few_systems_are_no_ground() -> None:
    alloys = drawn()
    few = alloys.take((alloys.dmax_mm < 1) | np.isin(alloys.systems.astype(str), ["S1", "S2"]))
    with pytest.raises(CalibrationError, match="Found bulk glasses in 2 systems that can be left out, expected 10 or"):
        IntervalCalibration.fit(few)


def test_the_expected_diameter_is_the_integral_up_to_the_largest() -> None:
    law = LogDmax(np.array([1.0]), np.array([0.8]))
    inner, _ = quad(lambda z: np.exp(z) * norm(1.0, 0.8).pdf(z), -10, np.log(12.0))
    expected = inner + 12.0 * norm(1.0, 0.8).sf(np.log(12.0))
    assert law.mean_up_to(12.0) == pytest.approx(expected, rel=1e-6)
    assert law.probability_at_least(np.e) == pytest.approx(0.5)
    low, high = law.interval(0.9, largest_mm=5.0)
    assert low == pytest.approx(np.exp(1.0 - 1.6448536 * 0.8))
    assert high == pytest.approx(5.0)


def test_log_scores_are_those_of_the_reported_intervals() -> None:
    alloys = drawn()
    calibration = IntervalCalibration.fit(alloys)
    predicted = calibration.predict(alloys.score, alloys.uncertainty, alloys.flags)
    found, normal = calibration.log_scores(alloys), norm(predicted.mean, predicted.spread)
    lowest = calibration.parameters[-1]
    below, ribbon = normal.cdf(lowest), normal.cdf(0) - normal.cdf(lowest)
    rod = normal.cdf(np.log(np.maximum(alloys.dmax_mm, 1) + 0.5)) - normal.cdf(np.log(np.maximum(alloys.dmax_mm, 1)))
    expected = np.where(alloys.dmax_mm >= 1, rod, np.where(alloys.dmax_mm > 0, ribbon, below))
    assert np.exp(found) == pytest.approx(expected, abs=1e-9)
