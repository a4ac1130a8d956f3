"""Simulated campaigns: what casts answer, what is counted, and that the best is found where the surrogate is right."""

import numpy as np
import pytest

from bmg_assets.science.evidence.campaign_names import ROUNDS, Start
from bmg_assets.science.evidence.campaign_rules import RULES
from bmg_assets.science.evidence.campaigns import (
    DRAWN_CASTS,
    STOP_GAINS_MM,
    Field,
    drawn_casts,
    ladder,
    run_campaign,
)
from bmg_assets_tests.science.evidence.campaigned import STEP_AT_PCT, points, process_without_system

NONE = np.empty(0, dtype=np.int64)


def hill() -> np.ndarray:
    """Bulk glasses of up to 3 mm at about half Zr, as in the literature."""
    return 3 * np.exp(-0.5 * ((points()[:, 2] - 45) / 8) ** 2)


def test_a_ladder_answers_in_rungs() -> None:
    label, bounds = ladder(np.array([0.0, 0.05, 0.2, 0.99, 1.0, 1.49, 1.5, 7.3]))
    assert label.tolist() == [0.0, 0.0, 0.2, 0.2, 1.0, 1.0, 1.5, 7.0]
    assert bounds.tolist() == [[0, 0.2], [0, 0.2], [0.2, 1], [0.2, 1], [1, 1.5], [1, 1.5], [1.5, 2], [7, 7.5]]


def test_a_campaign_finds_what_the_literature_says_and_beats_blind_casting() -> None:
    field = Field(points(), STEP_AT_PCT, hill())
    found = run_campaign(field, process_without_system(), NONE, RULES["expected_gain"], 0)
    assert len(found.best_mm) == ROUNDS
    assert list(found.best_mm) == sorted(found.best_mm)
    assert found.bulk_in_round == 1
    assert found.best_mm[-1] > 0.9 * hill().max()
    blind = [run_campaign(field, process_without_system(), NONE, RULES["random"], seed) for seed in range(5)]
    assert found.best_mm[0] > np.mean([one.best_mm[0] for one in blind])


def test_what_was_predicted_of_stopping_is_compared_with_the_truth() -> None:
    field = Field(points(), STEP_AT_PCT, hill())
    forecasts = run_campaign(field, process_without_system(), NONE, RULES["expected_gain"], 0).forecasts
    assert len(forecasts) == ROUNDS * len(STOP_GAINS_MM)
    assert all(0 <= one.share <= 1 for one in forecasts)
    assert forecasts[0].best_mm == 0
    assert [one.is_more for one in forecasts[:3]] == [True, True, True]  # the best of the map is 3 mm
    assert not any(one.is_more for one in forecasts if one.best_mm + one.gain_mm >= hill().max())


def test_a_map_without_a_bulk_glass_brings_none_and_a_small_pool_ends_early() -> None:
    nothing = Field(points(), STEP_AT_PCT, np.full(len(points()), 0.3))
    assert run_campaign(nothing, process_without_system(), NONE, RULES["paper"], 0).bulk_in_round == ROUNDS + 1
    rows = np.array([10, 50, 90])
    pool = Field(points()[rows], None, np.array([0.0, 2.0, 0.2]))
    found = run_campaign(pool, process_without_system().take(rows), NONE, RULES["paper"], 0)
    assert found.best_mm[-1] == 2.0
    assert len(found.forecasts) == 2 * len(STOP_GAINS_MM)  # a pair and one alone, then nothing is left


def test_casts_that_came_before_count() -> None:
    field = Field(points(), STEP_AT_PCT, hill())
    best = np.array([int(hill().argmax())])
    found = run_campaign(field, process_without_system(), best, RULES["random"], 0)
    assert found.bulk_in_round == 0
    assert found.best_mm[0] == pytest.approx(hill().max())
    assert found.forecasts[0].best_mm == pytest.approx(3.0, abs=0.5)


def test_casts_are_drawn_where_a_campaign_begins_with_some() -> None:
    assert len(drawn_casts(100, Start.SIX_CASTS, [1])) == DRAWN_CASTS
    assert drawn_casts(100, Start.SIX_CASTS, [1]).tolist() == drawn_casts(100, Start.SIX_CASTS, [1]).tolist()
    assert len(drawn_casts(100, Start.RELATED_KNOWN, [1])) == 0
