"""Distributions that are known beforehand are found again; intervals hold what they promise, for each class."""

from dataclasses import replace

import numpy as np
import pytest

from bmg_assets.science.alloys.labels import BULK_FROM_MM
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
    chance = calibration.distribution.probability_of(new.score, BULK_FROM_MM)
    for low, high in ((0, 0.2), (0.2, 0.6), (0.6, 1.01)):
        rows = (low <= chance) & (chance < high)
        assert (new.dmax_mm[rows] >= 1).mean() == pytest.approx(chance[rows].mean(), abs=0.06)


def test_no_chance_is_certain() -> None:
    score = np.linspace(0, 1, 200)
    clear = LeftOutScores(score, np.where(score > 0.5, 2.0, 0.0), np.arange(200).astype(str).astype(object))
    distribution = Calibration.fit(clear, alike=np.ones(200, bool), seed=0).distribution
    chance = distribution.probability_of(np.array([-1.0, 0.2, 0.8, 2.0]), BULK_FROM_MM)
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


def at_one_score(dmax_mm: np.ndarray, systems: list[str] | None = None) -> LeftOutScores:
    names = [str(row) for row in range(len(dmax_mm))] if systems is None else systems
    return LeftOutScores(np.zeros(len(dmax_mm)), dmax_mm, np.array(names, dtype=object))


def test_an_interval_leaves_out_as_much_on_either_side() -> None:
    distribution = Distribution.fit(at_one_score(np.arange(1.0, 11.0)))
    for coverage, expected in ((0.8, (2, 9)), (0.6, (3, 8)), (0.75, (2, 9)), (1.0, (1, 10))):
        low, high = distribution.interval(np.zeros(1), coverage)
        assert (low[0], high[0]) == expected
    # A diameter is above the lowest for certain, and never above the highest.
    assert distribution.probability_of(np.zeros(1), 1.0) == pytest.approx([1])
    assert distribution.probability_of(np.zeros(1), 10.0) == pytest.approx([0.1])
    assert distribution.probability_of(np.zeros(1), 10.5) == pytest.approx([0])
    assert distribution.mean(np.zeros(1)) == pytest.approx([5.5])


def test_a_system_counts_by_the_root_of_its_alloys() -> None:
    # Four alloys of one system count 4 / 2, one of another 1: two thirds of no glass.
    left_out = at_one_score(np.array([0.0, 0, 0, 0, 3.0]), ["A-B"] * 4 + ["C-D"])
    assert left_out.weights == pytest.approx([0.5] * 4 + [1])
    assert Distribution.fit(left_out).probability_of(np.zeros(1), 1.0) == pytest.approx([1 / 3])


def test_where_the_order_is_wrong_scores_are_pooled() -> None:
    left_out = LeftOutScores(
        np.array([2.0, 1.0, 0.0]), np.array([0.0, 2.0, 0.0]), np.array(["A", "B", "C"], dtype=object)
    )
    found = Distribution.fit(left_out).probability_of(np.array([0.0, 1.0, 2.0, 5.0, -5.0]), 1.0)
    assert found == pytest.approx([0, 0.5, 0.5, 0.5, 0])


def test_scores_are_contradicted_by_the_opposite_of_what_they_say() -> None:
    left_out = LeftOutScores(np.array([0.0, 3.0]), np.array([0.2, 5.0]), np.array(["A", "B"], dtype=object))
    more = left_out.contradicted()
    assert more.score.tolist() == [0, 3, 3, 0]
    assert more.dmax_mm.tolist() == [0.2, 5, 0.2, 5]
    assert len(set(more.systems)) == 4


def calibration_of(needed: list[float], dmax_mm: list[float], systems: list[str] | None = None) -> Calibration:
    alike = at_one_score(np.array(dmax_mm), systems)
    return Calibration(Distribution.fit(alike), alike, np.array(needed))


def test_the_level_holds_the_share_of_the_systems_and_one_system_more() -> None:
    nine = calibration_of([0.9, 0.2, 0.3, 0.1, 0.5, 0.6, 0.7, 0.8, 0.4], [2.0] * 9)
    # Of ten systems, the next one included: 7.5 of 10 are held at the level that the eighth needs.
    assert nine.level_for(0.75) == 0.8
    assert nine.level_for(0.7) == 0.7
    assert nine.level_for(0.9) == 0.9
    assert nine.level_for(0.91) == 1.0
    assert nine.level_for(0.1) == 0.1


def test_a_system_has_one_say_for_all_its_alloys() -> None:
    # Three systems: 2/3 of four are 2.67, of which A has half a say with each alloy.
    one = calibration_of([0.1, 0.2, 0.3, 0.4], [2.0] * 4, ["A", "A", "B", "C"])
    assert one.level_for(0.5) == 0.3
    assert one.level_for(0.25) == 0.2
    assert one.level_for(0.12) == 0.1


def test_the_level_holds_bulk_glasses_and_the_rest() -> None:
    levels, bulk, rest = [0.1, 0.2, 0.3], [1.0, 2.0, 3.0], [0.0, 0.2, 0.9]
    assert calibration_of([*levels, 0.4, 0.5, 0.6], bulk + rest).level_for(0.5) == 0.5
    assert calibration_of([0.4, 0.5, 0.6, *levels], bulk + rest).level_for(0.5) == 0.5


def test_the_level_needed_is_the_smallest_whose_interval_holds_the_alloy() -> None:
    one, other = drawn(40, seed=3), drawn(40, seed=4)
    one, other = replace(one, systems=np.full(40, "A", object)), replace(other, systems=np.full(40, "B", object))
    calibration = Calibration.fit(LeftOutScores.of_all([one, other]), alike=np.ones(80, bool), seed=0)
    for part, rest, needed in ((one, other, calibration.needed[:40]), (other, one, calibration.needed[40:])):
        distribution = Distribution.fit(rest.contradicted())
        for score, dmax_mm, level in zip(part.score, part.dmax_mm, needed, strict=True):
            low, high = distribution.interval(np.array([score]), min(level + 1e-8, 1))
            is_seen = rest.dmax_mm.min() <= dmax_mm <= rest.dmax_mm.max()
            assert (low <= dmax_mm <= high) or not is_seen
            if level > 1e-6:
                low, high = distribution.interval(np.array([score]), level - 1e-6)
                assert not low <= dmax_mm <= high
    assert len(np.unique(calibration.needed.round(6))) > 5
    assert ((calibration.needed >= 0) & (calibration.needed <= 1)).all()


def test_what_most_alloys_of_a_score_are_is_within_any_interval() -> None:
    score = np.tile(np.linspace(0, 1, 30), 2)
    systems = np.repeat(np.array(["A", "B"], dtype=object), 30)
    dmax_mm = np.where(score > 0.5, 2.0, 0.0)
    exception = int(np.argmax(score > 0.75))
    dmax_mm[exception] = 0.0
    needed = Calibration.fit(LeftOutScores(score, dmax_mm, systems), alike=np.ones(60, bool), seed=0).needed
    assert needed[exception] > 0.3
    clear = np.abs(score - 0.5) > 0.1
    clear[exception] = False
    assert needed[clear] == pytest.approx(np.zeros(clear.sum()), abs=1e-8)


def test_ten_bulk_glasses_are_enough_and_nine_are_not() -> None:
    def with_bulk(count: int) -> LeftOutScores:
        return at_one_score(np.where(np.arange(40) < count, 1.0, 0.0))

    assert Calibration.fit(with_bulk(10), alike=np.ones(40, bool), seed=0).alike.dmax_mm.sum() == 10
    with pytest.raises(CalibrationError, match=r"Found 9 bulk glasses .* expected 10 or more; add a source"):
        Calibration.fit(with_bulk(9), alike=np.ones(40, bool), seed=0)


def test_levels_are_those_of_systems_alike_if_ten_bulk_glasses_are_among_them() -> None:
    left_out = drawn(300, seed=1)
    is_bulk = left_out.dmax_mm >= 1
    for count, expected in ((10, 10), (9, 300)):
        alike = np.isin(np.arange(300), np.flatnonzero(is_bulk)[:count])
        calibration = Calibration.fit(left_out, alike, seed=0)
        assert len(calibration.alike.score) == len(calibration.needed) == expected


def test_each_alloy_has_the_chance_of_its_own_diameter() -> None:
    distribution = Distribution.fit(drawn(400, seed=3).contradicted())
    score, own = np.array([0.2, 0.9, 0.9, 0.5]), np.array([0.0, 1.0, 1.5, 9.0])
    expected = [distribution.probability_of(score[[row]], own[row])[0] for row in range(4)]
    assert distribution.at_least(score, own) == pytest.approx(expected)
