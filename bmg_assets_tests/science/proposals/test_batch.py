"""Batches of casts against simulation, and what a batch must do: spread out, heed the furnace, and pay its price."""

import numpy as np
import pytest

from bmg_assets.science.proposals.batch import (
    added_improvement_mm,
    added_probability,
    best_together,
    standard_normal,
    values_beside,
)
from bmg_assets.science.proposals.improvement import expected_improvement_mm, probability_of_improvement
from bmg_assets.science.surrogates.base import LogNormal

BEST_MM = 2.0
PLACE = np.linspace(0, 10, 41)
ALL = np.ones(len(PLACE), dtype=bool)


def smooth_factors(length: float = 1.0, share: float = 0.9) -> np.ndarray:
    """Factors of casts on a line whose correlation falls with their distance; a tenth of the variance is their own."""
    correlation = share * np.exp(-0.5 * (PLACE[:, None] - PLACE) ** 2 / length**2)
    values, vectors = np.linalg.eigh(correlation)
    return vectors * np.sqrt(np.maximum(values, 0))


def two_hills() -> LogNormal:
    """A hill at 2 that is a little higher than the one at 8."""
    mean = 0.5 * np.exp(-0.5 * (PLACE - 2) ** 2) + 0.45 * np.exp(-0.5 * (PLACE - 8) ** 2)
    return LogNormal(mean, np.full(len(PLACE), 0.8), shift_mm=0.0, largest_mm=30.0)


def simulated_gain_mm(cast: LogNormal, factors: np.ndarray, rows: list[int], draws: int = 400_000) -> float:
    covariance = factors[rows] @ factors[rows].T
    np.fill_diagonal(covariance, 1.0)
    z = np.random.default_rng(1).multivariate_normal(np.zeros(len(rows)), covariance, draws)
    diameters = np.minimum(np.exp(cast.mean[rows] + cast.spread[rows] * z), cast.largest_mm)
    return float(np.maximum(diameters.max(axis=1) - BEST_MM, 0).mean())


@pytest.mark.parametrize("chosen", [[8], [8, 32], [8, 10, 20]])
def test_the_value_beside_chosen_casts_is_that_of_a_simulation(chosen: list[int]) -> None:
    cast, factors = two_hills(), smooth_factors()
    added = values_beside(cast, factors, chosen, added_improvement_mm(BEST_MM))
    alone = simulated_gain_mm(cast, factors, chosen)
    for row in (9, 14, 33):
        together = simulated_gain_mm(cast, factors, [*chosen, row])
        # `added` is E[(D - max(best, chosen))+]: what the batch gains by it.
        assert added[row] == pytest.approx(together - alone, abs=0.05)


def test_a_single_cast_has_its_own_value() -> None:
    cast, factors = two_hills(), smooth_factors()
    assert values_beside(cast, factors, [], added_improvement_mm(BEST_MM)) == pytest.approx(
        expected_improvement_mm(cast, BEST_MM)
    )
    assert values_beside(cast, factors, [], added_probability(3.0)) == pytest.approx(
        probability_of_improvement(cast, 3.0)
    )


def test_the_chance_of_either_of_two_casts_is_that_of_a_simulation() -> None:
    cast, factors = two_hills(), smooth_factors()
    added = values_beside(cast, factors, [8], added_probability(3.0))
    rows = [8, 32]
    covariance = factors[rows] @ factors[rows].T
    np.fill_diagonal(covariance, 1.0)
    z = np.random.default_rng(1).multivariate_normal(np.zeros(2), covariance, 400_000)
    above = cast.mean[rows] + 0.8 * z > np.log(3.0)
    assert added[32] == pytest.approx((above[:, 1] & ~above[:, 0]).mean(), abs=0.01)


def test_the_second_pick_goes_where_the_first_tells_nothing() -> None:
    cast = two_hills()
    for value in (added_improvement_mm(BEST_MM), added_probability(3.0)):
        first, second = best_together(cast, smooth_factors(), value, ALL, 2)
        assert PLACE[first] == 2
        assert PLACE[second] == pytest.approx(8, abs=0.5)
        # Without correlations each cast is a case of its own, and the neighbour of the best is the next best.
        apart = best_together(cast, np.zeros((len(PLACE), 1)), value, ALL, 2)
        assert np.abs(np.diff(PLACE[apart])).item() == pytest.approx(0.25)


def test_what_is_in_the_furnace_counts_as_chosen() -> None:
    cast = two_hills()
    value = added_improvement_mm(BEST_MM)
    free = ALL.copy()
    free[8] = False
    assert PLACE[best_together(cast, smooth_factors(), value, free, 1, pending=[8])].item() == pytest.approx(8, abs=0.5)
    assert PLACE[best_together(cast, smooth_factors(), value, free, 1)].item() == pytest.approx(2, abs=0.5)


def test_only_free_compositions_are_picked_and_no_more_than_there_are() -> None:
    free = np.isin(np.arange(len(PLACE)), [3, 20])
    value = added_improvement_mm(BEST_MM)
    assert sorted(best_together(two_hills(), smooth_factors(), value, free, 5).tolist()) == [3, 20]
    assert len(best_together(two_hills(), smooth_factors(), value, ~ALL, 2)) == 0


def test_the_value_is_that_for_its_price() -> None:
    prices = np.where(PLACE > 5, 1.0, 3.0)
    value = added_improvement_mm(BEST_MM)
    assert PLACE[best_together(two_hills(), smooth_factors(), value, ALL, 1, prices=prices)].item() == 8


def test_a_cast_at_the_same_composition_adds_next_to_nothing() -> None:
    cast, factors = two_hills(), smooth_factors(share=1.0)
    added = values_beside(cast, factors, [8], added_improvement_mm(BEST_MM))
    assert added[8] < 0.01 * expected_improvement_mm(cast, BEST_MM)[8]


def test_chosen_casts_that_are_the_same_alloy_break_nothing() -> None:
    added = values_beside(two_hills(), smooth_factors(share=1.0), [8, 8, 8], added_improvement_mm(BEST_MM))
    assert np.isfinite(added).all()


@pytest.mark.parametrize("dimensions", [1, 2, 5])
def test_the_draws_are_those_of_a_standard_normal_variable_and_always_the_same(dimensions: int) -> None:
    z = standard_normal(dimensions)
    assert z.mean(axis=0) == pytest.approx(np.zeros(dimensions), abs=0.05)
    assert np.cov(z.T) == pytest.approx(np.eye(dimensions) if dimensions > 1 else 1.0, abs=0.12)
    assert (z == standard_normal(dimensions)).all()
