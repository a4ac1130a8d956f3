"""Distributions that are known beforehand are found again; intervals hold what they promise, for each class."""

from dataclasses import replace

import numpy as np
import pytest

from bmg_assets.science.models.calibration import Calibration, CalibrationError, Distribution, LeftOutScores

DIAMETERS = np.array([0.0, 0.2, 1.0, 2.0, 5.0])


def drawn(n: int, seed: int, systems: int = 60) -> LeftOutScores:
    """Alloys whose chance of each class rises with the score."""
    rng = np.random.default_rng(seed)
    score = rng.random(n)
    bulk = rng.random(n) < score**4
    dmax = np.where(bulk, rng.choice(DIAMETERS[2:], n), rng.choice(DIAMETERS[:2], n))
    return LeftOutScores(score, dmax, rng.integers(0, systems, n).astype(str).astype(object))


def test_shares_at_each_score_are_found() -> None:
    score = np.repeat([0.0, 1.0, 2.0], 4)
    dmax = np.array([0, 0, 0, 0.2, 0, 0, 0.2, 1, 0.2, 1, 1, 3])
    distribution = Distribution.fit(LeftOutScores(score, dmax, np.array(list("abcdefghijkl"), dtype=object)))
    at = np.array([0.0, 1.0, 2.0])
    assert distribution.probability_of(at, 1.0) == pytest.approx([0, 0.25, 0.75])
    assert distribution.probability_of(at, 0.0) == pytest.approx([1, 1, 1])
    assert distribution.mean(at) == pytest.approx([0.05, 0.3, 1.3])
    assert distribution.probability_of(np.array([1.5]), 1.0) == pytest.approx([0.5])


def test_a_higher_score_never_means_less() -> None:
    distribution = Distribution.fit(drawn(300, seed=1))
    at = np.linspace(-1, 2, 50)
    assert (np.diff(distribution.above_at(at), axis=0) >= -1e-12).all()
    assert (np.diff(distribution.mean(at)) >= -1e-12).all()


def test_intervals_are_quantiles() -> None:
    dmax = np.arange(100) / 10
    everything_alike = LeftOutScores(np.zeros(100), dmax, np.arange(100).astype(str).astype(object))
    low, high = Distribution.fit(everything_alike).interval(np.zeros(1), 0.9)
    assert (low[0], high[0]) == pytest.approx((0.5, 9.5), abs=0.11)


@pytest.mark.parametrize("coverage", [0.8, 0.9, 0.95])
def test_intervals_hold_bulk_glasses_and_the_rest_of_new_systems(coverage: float) -> None:
    held = {True: [], False: []}
    for seed in range(20):
        calibration = Calibration.fit(drawn(600, seed), alike=np.ones(600, bool), seed=0)
        new = drawn(600, seed=seed + 1000)
        low, high = calibration.interval(new.score, coverage)
        inside = (low <= new.dmax_mm) & (new.dmax_mm <= high)
        for is_bulk, shares in held.items():
            shares.append(inside[(new.dmax_mm >= 1) == is_bulk].mean())
    assert coverage - 0.03 <= np.mean(held[True]) <= coverage + 0.06
    assert np.mean(held[False]) >= coverage - 0.03


def test_the_chance_of_a_bulk_glass_is_true() -> None:
    calibration, new = Calibration.fit(drawn(3000, 5), alike=np.ones(3000, bool), seed=0), drawn(3000, 6)
    chance = calibration.probability_bulk(new.score)
    for low, high in ((0, 0.2), (0.2, 0.6), (0.6, 1.01)):
        rows = (low <= chance) & (chance < high)
        assert (new.dmax_mm[rows] >= 1).mean() == pytest.approx(chance[rows].mean(), abs=0.06)


def test_no_chance_is_certain() -> None:
    score = np.linspace(0, 1, 200)
    clear = LeftOutScores(score, np.where(score > 0.5, 2.0, 0.0), np.arange(200).astype(str).astype(object))
    chance = Calibration.fit(clear, alike=np.ones(200, bool), seed=0).probability_bulk(np.array([-1.0, 0.2, 0.8, 2.0]))
    assert (chance > 0).all()
    assert (chance < 1).all()
    assert chance[1] < 0.05
    assert chance[2] > 0.9


def test_without_bulk_glasses_nothing_is_promised() -> None:
    left_out = LeftOutScores(np.arange(50.0), np.zeros(50), np.array(["A-B-C"] * 50, dtype=object))
    with pytest.raises(CalibrationError, match="Found 0 bulk glasses"):
        Calibration.fit(left_out, alike=np.ones(50, bool), seed=0)


def test_intervals_reach_as_far_as_the_systems_alike_need() -> None:
    good, bad = drawn(600, seed=1), drawn(600, seed=2)
    # Where the score is upside down, the distribution learnt from all needs wider intervals.
    bad = replace(bad, score=1 - bad.score, systems=np.array([f"bad {one}" for one in bad.systems], dtype=object))
    both, of_good = LeftOutScores.of_all([good, bad]), np.arange(1200) < 600
    level_of = {
        name: Calibration.fit(both, alike, seed=0).level_for(0.9)
        for name, alike in (("good", of_good), ("bad", ~of_good), ("all", np.ones(1200, bool)))
    }
    assert level_of["good"] <= level_of["all"] <= level_of["bad"]
    assert level_of["good"] < level_of["bad"]


def test_a_family_without_bulk_glasses_is_judged_by_all() -> None:
    left_out = drawn(600, seed=3)
    few = np.flatnonzero(left_out.dmax_mm >= 1)[:3]
    alike = np.isin(np.arange(600), few)
    by_all = Calibration.fit(left_out, np.ones(600, bool), seed=0)
    assert Calibration.fit(left_out, alike, seed=0).level_for(0.9) == by_all.level_for(0.9)
