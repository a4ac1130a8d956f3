"""Rules of a campaign: each chooses two free compositions, and what makes it that rule."""

import numpy as np
import pytest

from bmg_assets.science.alloys.distances import exchanged_at_pct
from bmg_assets.science.evidence.campaign_names import REFERENCE, RULE_NAMES
from bmg_assets.science.evidence.campaign_rules import APART_AT_PCT, RULES, Round
from bmg_assets.science.evidence.campaigns import as_casts
from bmg_assets_tests.science.evidence.campaigned import STEP_AT_PCT, points, process_without_system

CAST = np.array([60, 100])


def a_round(step: int | None = STEP_AT_PCT, free: np.ndarray | None = None) -> Round:
    process = process_without_system()
    after = process.after(CAST, as_casts(process.compositions.take(CAST), np.array([0.3, 1.6])))
    if free is None:
        free = ~np.isin(np.arange(len(process)), CAST)
    return Round(points(), step, after, free, best_mm=1.5)


def chosen(rule: str, known: Round, seed: int = 0) -> np.ndarray:
    return RULES[rule](known, np.random.default_rng(seed))


def apart(rows: np.ndarray) -> float:
    return float(exchanged_at_pct(points()[rows[:1]], points()[rows[1:]]).item())


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("step", [STEP_AT_PCT, None])
def test_every_rule_chooses_two_compositions_that_were_not_cast(rule: str, step: int | None) -> None:
    picks = chosen(rule, a_round(step))
    assert len(set(picks.tolist()) - set(CAST.tolist())) == 2
    assert chosen(rule, a_round(step)).tolist() == picks.tolist()


@pytest.mark.parametrize("rule", RULES)
def test_the_last_composition_is_chosen_alone(rule: str) -> None:
    free = np.arange(len(points())) == 7
    for step in (STEP_AT_PCT, None):
        assert chosen(rule, a_round(step, free)).tolist() == [7]


@pytest.mark.parametrize("rule", ["score_apart", "gain_apart", "chance_apart", "upper_bound"])
def test_rules_with_a_distance_keep_it(rule: str) -> None:
    assert apart(chosen(rule, a_round())) >= APART_AT_PCT


def test_the_paper_casts_in_the_largest_region_and_beside_it() -> None:
    known = a_round()
    picks = chosen("paper", known)
    assert apart(picks) == pytest.approx(APART_AT_PCT)
    assert known.process.score[picks[0]] >= np.quantile(known.process.score[known.free], 0.9)


def test_where_the_largest_region_is_cast_the_paper_goes_on_elsewhere() -> None:
    known = a_round()
    outside = known.process.score < np.quantile(known.process.score, 0.9)
    picks = chosen("paper", a_round(free=outside))
    assert outside[picks].all()


def test_draws_differ_from_seed_to_seed_where_a_rule_draws() -> None:
    for rule in ("thompson", "random"):
        assert len({tuple(chosen(rule, a_round(), seed).tolist()) for seed in range(5)}) > 1
    assert chosen(REFERENCE, a_round(), 1).tolist() == chosen(REFERENCE, a_round(), 2).tolist()


def test_every_rule_has_a_name_in_the_tables() -> None:
    assert tuple(RULES) == RULE_NAMES
