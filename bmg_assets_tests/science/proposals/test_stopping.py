"""When to stop: the chance of a better composition, on maps drawn up by hand, and the curve that calibrates it."""

import time

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.casts.candidate_states import CandidateState, Standing
from bmg_assets.science.proposals.casting_practice import CastingPractice
from bmg_assets.science.proposals.stopping import calibrated, chance_in_system, chance_of_more, sampled_share
from bmg_assets.science.surrogates.base import LogNormal

MEAN = np.log([2.0, 3.0, 0.5])
SPREAD = np.array([0.4, 0.3, 0.5])
TOGETHER = np.full((3, 1), 0.8)
"""All casts depend on one number, which leaves a part of each open."""


def a_map(factors: np.ndarray | None = TOGETHER, mean: np.ndarray = MEAN) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "log_mean": mean,
            "log_spread": SPREAD,
            "log_shift_mm": 0.0,
            "largest_mm": 20.0,
            "ribbon_mm": 0.1,
            "factors": None if factors is None else list(factors),
        }
    )


def cast(mean: np.ndarray = MEAN) -> LogNormal:
    return LogNormal(mean, SPREAD, shift_mm=0.0, largest_mm=20.0)


def free(*rows: int) -> np.ndarray:
    return np.isin(np.arange(3), rows)


@pytest.mark.parametrize("above_mm", [2.5, 4.0, 5.0])
def test_of_one_composition_it_is_the_share_of_the_normal_distribution(above_mm: float) -> None:
    expected = norm.sf((np.log(above_mm) - MEAN[1]) / (0.8 * SPREAD[1]))
    assert sampled_share(cast(), TOGETHER, above_mm, free(1), 8192) == pytest.approx(expected, abs=0.02)


def test_independent_compositions_have_more_chances_than_those_that_go_together() -> None:
    same = np.log([3.0, 3.0, 3.0])
    alike = LogNormal(same, np.full(3, 0.3), shift_mm=0.0, largest_mm=20.0)
    one = norm.sf((np.log(4.0) - same[0]) / (0.8 * 0.3))
    together = sampled_share(alike, TOGETHER, 4.0, free(0, 1, 2), 8192)
    apart = sampled_share(alike, 0.8 * np.eye(3), 4.0, free(0, 1, 2), 8192)
    assert together == pytest.approx(one, abs=0.02)
    assert apart == pytest.approx(1 - (1 - one) ** 3, abs=0.02)


def test_what_is_cast_or_not_allowed_does_not_count() -> None:
    everywhere = chance_of_more(a_map(), 3.0, 0.5, free(0, 1, 2))
    elsewhere = chance_of_more(a_map(), 3.0, 0.5, free(2))
    assert everywhere is not None
    assert elsewhere is not None
    assert elsewhere < everywhere
    assert chance_of_more(a_map(), 3.0, 0.5, free()) == 0.0


def test_the_higher_the_bar_the_smaller_the_chance() -> None:
    found = [chance_of_more(a_map(), best, gain, free(0, 1, 2)) for best, gain in ((0, 1), (2, 1), (2, 2), (4, 2))]
    chances = [chance for chance in found if chance is not None]
    assert len(chances) == 4
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > chances[-1]


def test_nothing_is_said_without_a_distribution_or_its_factors() -> None:
    assert chance_of_more(a_map(mean=np.full(3, np.nan)), 2.0, 1.0, free(0, 1, 2)) is None
    assert chance_of_more(a_map(factors=None), 2.0, 1.0, free(0, 1, 2)) is None


def test_beyond_the_largest_diameter_that_is_believed_there_is_no_chance() -> None:
    assert chance_of_more(a_map(), 19.5, 1.0, free(0, 1, 2)) == 0.0


def test_the_curve_is_monotone_and_never_certain() -> None:
    chances = [calibrated(share, 3.0) for share in np.linspace(0, 1, 21)]
    assert chances == sorted(chances)
    assert 0 < chances[0] < chances[-1] < 1
    assert calibrated(0.5, 10.0) < calibrated(0.5, 1.0)


def test_the_same_map_has_the_same_chance_and_a_large_one_takes_less_than_a_second() -> None:
    n = 4851
    rng = np.random.default_rng(3)
    factors = rng.standard_normal((n, 32)) / 8
    grid = pd.DataFrame(
        {
            "log_mean": 0.5,
            "log_spread": 0.8,
            "log_shift_mm": 0.0,
            "largest_mm": 30.0,
            "ribbon_mm": 0.1,
            "factors": list(factors),
        }
    )
    started = time.process_time()
    first = chance_of_more(grid, 4.0, 1.0, grid.index >= 0)
    assert time.process_time() - started < 2
    assert first == chance_of_more(grid, 4.0, 1.0, grid.index >= 0)


SYSTEM = parse_system("Zr-Al-Cu")


def of_system(**changed: list[float]) -> pd.DataFrame:
    """The map with its compositions: the second is the one that may beat the best known alloy."""
    grid = a_map().assign(
        composition=["Al20Cu40Zr40", "Al10Cu40Zr50", "Al40Cu30Zr30"],
        at_pct=[[40.0, 20.0, 40.0], [50.0, 10.0, 40.0], [30.0, 40.0, 30.0]],
        nearest_at_pct=[1.0, 2.0, 3.0],
        best_known_mm=2.5,
        is_trusted=True,
        step_at_pct=1,
    )
    return grid.assign(**changed)


def in_system(
    grid: pd.DataFrame, practice: CastingPractice | None = None, standings: dict[str, Standing] | None = None
) -> float:
    chance = chance_in_system(grid, SYSTEM, practice or CastingPractice(), standings or {}, 0.5)
    assert chance is not None
    return chance


def test_the_bar_is_the_best_known_alloy_and_what_may_still_be_cast_counts() -> None:
    assert in_system(of_system()) == chance_of_more(a_map(), 2.5, 0.5, free(0, 1, 2))
    without = chance_of_more(a_map(), 2.5, 0.5, free(0, 2))
    cast, planned = (
        {"Al10Cu40Zr50": Standing(state, "S1")} for state in (CandidateState.CAST, CandidateState.REQUESTED)
    )
    assert in_system(of_system(), standings=cast) == without
    assert in_system(of_system(), standings=planned) == in_system(of_system())
    assert in_system(of_system(), CastingPractice(limits={"Zr": (0, 45)})) == without
    assert in_system(of_system(nearest_at_pct=[1.0, 0.0, 3.0])) == without  # it is a reported alloy
    assert in_system(of_system(best_known_mm=[4.0] * 3)) < in_system(of_system())


def test_points_by_which_a_map_is_refined_do_not_raise_the_chance() -> None:
    coarse = of_system().assign(step_at_pct=2)
    finer = coarse.assign(composition=["Al21Cu39Zr40", "Al11Cu39Zr50", "Al41Cu29Zr30"], step_at_pct=1)
    finer = finer.assign(log_mean=finer["log_mean"] + 1)
    refined = pd.concat([coarse, finer], ignore_index=True)
    assert in_system(refined) == in_system(coarse) < in_system(finer)


def test_of_a_map_that_is_mostly_too_far_from_what_is_known_nothing_is_said() -> None:
    mostly_far = of_system().assign(is_trusted=[True, False, False])
    assert chance_in_system(mostly_far, SYSTEM, CastingPractice(), {}, 0.5) is None
    mostly_near = of_system().assign(is_trusted=[True, True, False])
    assert in_system(mostly_near) == in_system(of_system())
