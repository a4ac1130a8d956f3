"""Intervals from residuals: quantiles by hand, the window that follows the prediction, and what always holds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmg_assets.science.models.uncertainty import residual_intervals, residual_probability


def test_the_bounds_are_quantiles_of_the_residuals():
    out_of_fold = np.linspace(2, 4, 21)
    y = out_of_fold + np.linspace(-1, 1, 21)
    low, high = residual_intervals(out_of_fold, y, np.array([5.0, 0.5]), coverage=0.8)
    assert low.tolist() == pytest.approx([4.2, 0.0])
    assert high.tolist() == pytest.approx([5.8, 1.3])


def test_the_probability_of_a_bound_is_the_share_of_residuals_that_reach_it():
    out_of_fold = np.linspace(2, 4, 21)
    y = out_of_fold + np.linspace(-1, 1, 21)
    found = residual_probability(out_of_fold, y, np.array([-1.0, 0.0, 0.5, 1.0, 2.0]), 1.0)
    assert found.tolist() == pytest.approx([0, 1 / 21, 6 / 21, 11 / 21, 1])


def test_the_probability_follows_the_errors_near_the_prediction():
    out_of_fold = np.arange(1000.0) / 500
    y = out_of_fold + np.where(out_of_fold < 1, 0.9, 0.0)
    low, high = residual_probability(out_of_fold, y, np.array([0.2, 1.9]), 1.0)
    assert (low, high) == (1, 1)
    assert residual_probability(out_of_fold, out_of_fold, np.array([0.2]), 1.0).tolist() == [0]


def test_more_coverage_is_a_wider_interval():
    out_of_fold = np.linspace(2, 4, 101)
    y = out_of_fold + np.random.default_rng(0).normal(size=101) / 4
    widths = [
        float(np.diff(residual_intervals(out_of_fold, y, np.array([3.0]), coverage), axis=0)[0, 0])
        for coverage in (0.5, 0.8, 0.9, 0.99)
    ]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]


def test_the_residuals_are_those_of_the_200_nearest_predictions():
    out_of_fold = np.arange(1000.0)[::-1]
    y = out_of_fold + np.where(out_of_fold < 500, 0.1, 2.0) * (-1) ** np.arange(1000)
    low, high = residual_intervals(out_of_fold, y, np.array([100.2, 899.7]))
    assert low.tolist() == pytest.approx([100.1, 897.7])
    assert high.tolist() == pytest.approx([100.3, 901.7])


def test_the_window_is_centred_on_the_prediction_by_rank():
    out_of_fold = np.arange(400.0)
    _, high = residual_intervals(out_of_fold, out_of_fold * 2, np.array([199.5, -1.0, 1000.0]), coverage=0.5)
    # Residuals 100..299 around 199.5; 0..199 below all; 200..399 above all; their upper quartiles.
    assert high.tolist() == pytest.approx([199.5 + 249.25, -1 + 149.25, 1000 + 349.25])


def test_a_one_sided_error_still_leaves_the_prediction_inside():
    out_of_fold = np.linspace(1, 2, 50)
    low, high = residual_intervals(out_of_fold, out_of_fold + 3, np.array([5.0]))
    assert (low[0], high[0]) == (5.0, pytest.approx(8.0))
    low, high = residual_intervals(out_of_fold, out_of_fold - 3, np.array([5.0]))
    assert (low[0], high[0]) == (pytest.approx(2.0), 5.0)


def test_nine_tenths_of_alloys_drawn_alike_lie_within():
    rng = np.random.default_rng(1)
    out_of_fold = rng.uniform(5, 10, 1500)
    y = out_of_fold + rng.normal(size=1500) * out_of_fold / 5
    low, high = residual_intervals(out_of_fold[:1000], y[:1000], out_of_fold[1000:])
    assert np.mean((low <= y[1000:]) & (y[1000:] <= high)) == pytest.approx(0.9, abs=0.04)


mm = st.floats(0, 80)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(mm, mm), min_size=1, max_size=30),
    st.lists(mm, min_size=1, max_size=5),
    st.floats(0.05, 0.99),
    st.randoms(use_true_random=False),
)
def test_intervals_hold_the_prediction_are_not_negative_and_do_not_depend_on_the_order(pairs, new, coverage, random):
    out_of_fold, y = np.array(pairs).T
    predicted = np.array(new)
    low, high = residual_intervals(out_of_fold, y, predicted, coverage)
    assert low.shape == high.shape == predicted.shape
    assert (low >= 0).all()
    assert (low <= predicted).all()
    assert (predicted <= high).all()
    order = random.sample(range(len(pairs)), len(pairs))
    assert np.array_equal(residual_intervals(out_of_fold[order], y[order], predicted, coverage), (low, high))
