"""The chance of a bulk glass is right on average, and silent where too little is known."""

import numpy as np
import pytest

from bmg_assets.science.atlas.chance import (
    FEWEST_OF_A_KIND,
    BestOfSystems,
    SystemChance,
    chance_of,
    cross_fitted_chances,
)


def drawn(n: int, size: int = 3, seed: int = 0) -> tuple[BestOfSystems, np.ndarray]:
    """Systems whose log odds are 2 · deviate − uncertainty − 1."""
    rng = np.random.default_rng(seed)
    deviate, uncertainty = rng.normal(size=n), rng.uniform(0.3, 1.2, n)
    outcomes = rng.random(n) < chance_of(2 * deviate - uncertainty - 1)
    return BestOfSystems(np.full(n, size), deviate, uncertainty), outcomes


def test_the_log_odds_are_found() -> None:
    best, outcomes = drawn(6_000)
    regression = SystemChance.fit(best, outcomes).by_elements[3]
    assert regression.slopes == pytest.approx([2, -1], abs=0.3)
    assert regression.intercept == pytest.approx(-1, abs=0.3)


def test_it_is_right_on_average_where_the_best_of_many_promises_too_much() -> None:
    best, outcomes = drawn(3_000)
    chances = cross_fitted_chances(best, outcomes, folds=10, seed=0)
    for low, high in ((0, 0.2), (0.2, 0.6), (0.6, 1)):
        rows = (chances >= low) & (chances < high)
        assert chances[rows].mean() == pytest.approx(outcomes[rows].mean(), abs=0.07)


def test_an_outcome_does_not_tell_its_own_chance() -> None:
    best, outcomes = drawn(200)
    turned = outcomes.copy()
    turned[7] = ~turned[7]
    before, after = (cross_fitted_chances(best, one, folds=10, seed=0) for one in (outcomes, turned))
    assert before[7] == after[7]
    assert (before != after).any()


def test_too_few_systems_of_a_kind_tell_no_chance() -> None:
    best, _ = drawn(100)
    outcomes = np.arange(100) < FEWEST_OF_A_KIND - 1
    assert np.isnan(SystemChance.fit(best, outcomes).log_odds(best)).all()
    enough = np.arange(100) < FEWEST_OF_A_KIND
    assert np.isfinite(SystemChance.fit(best, enough).log_odds(best)).all()


def test_sizes_have_chances_of_their_own() -> None:
    ternaries, outcomes = drawn(300)
    chance = SystemChance.fit(ternaries, outcomes)
    quaternaries, _ = drawn(5, size=4)
    assert np.isnan(chance.log_odds(quaternaries)).all()


def test_without_calibration_of_alloys_there_is_none_of_systems() -> None:
    best, outcomes = drawn(300)
    untold = BestOfSystems(best.n_elements, np.full(300, np.nan), best.uncertainty)
    assert SystemChance.fit(untold, outcomes).by_elements == {}
