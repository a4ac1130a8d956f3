"""Intervals hold the mean as often as they say; p values are exact where they can be counted by hand."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.evidence.over_systems import EXACT_UP_TO, mean_over_systems, paired_difference, paired_p_value


def test_the_mean_leaves_out_what_cannot_tell() -> None:
    mean = mean_over_systems(np.array([1.0, np.nan, 3.0]), seed=0)
    assert (mean.value, mean.systems) == (2.0, 2)
    assert 1 <= mean.low <= 2 <= mean.high <= 3
    assert mean_over_systems(np.array([np.nan]), seed=0).systems == 0


def test_the_interval_holds_the_true_mean_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    held = [
        mean.low <= 0 <= mean.high
        for mean in (mean_over_systems(rng.normal(size=25), seed=trial, draws=500) for trial in range(300))
    ]
    assert 0.88 <= np.mean(held) <= 0.98


def test_a_p_value_counts_exchanges_of_signs() -> None:
    ours, theirs = np.array([0.9, 0.8, 0.7, 0.9]), np.array([0.5, 0.6, 0.6, 0.8])
    # All differences are positive: of 16 exchanges only all pluses and all minuses are as extreme.
    assert paired_p_value(ours, theirs, seed=0) == pytest.approx(2 / 16)
    assert paired_p_value(theirs, ours, seed=0) == pytest.approx(2 / 16)
    assert paired_p_value(ours, ours, seed=0) == 1
    assert np.isnan(paired_p_value(np.array([np.nan]), np.array([1.0]), seed=0))


def test_drawn_exchanges_agree_with_all_of_them() -> None:
    rng = np.random.default_rng(3)
    difference = rng.normal(0.5, 1, size=EXACT_UP_TO)
    exact = paired_p_value(difference, np.zeros(EXACT_UP_TO), seed=0)
    padded = np.append(
        difference, 0.0
    )  # a system without a difference changes no p value, but is one too many to count
    assert paired_p_value(padded, np.zeros(EXACT_UP_TO + 1), seed=0) == pytest.approx(exact, abs=0.02)


def test_a_difference_is_taken_on_the_systems_of_both() -> None:
    ours = pd.Series({"A-B": 0.9, "A-C": 0.8, "A-D": 0.1, "A-E": np.nan})
    theirs = pd.Series({"A-C": 0.6, "A-B": 0.5, "A-E": 0.3})
    difference, p_value = paired_difference(ours, theirs, seed=0)
    assert difference == pytest.approx(0.3)
    assert p_value == pytest.approx(2 / 4)
    assert paired_difference(ours, None, seed=0) == (None, None)
    assert paired_difference(ours, pd.Series({"B-C": 1.0}), seed=0) == (None, None)
