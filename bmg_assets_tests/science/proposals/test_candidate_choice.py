"""Choices that go together, and those that do not."""

import pytest

from bmg_assets.science.alloys.compositions import FormulaError
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.proposals.candidate_choice import (
    CANDIDATE_RULES,
    WEIGHTED,
    CandidateChoice,
    CandidateChoiceError,
)
from bmg_assets.science.proposals.casting_practice import CastingPractice, NotCastError
from bmg_assets.science.surrogates.catalogue import RECOMMENDED, UnknownSurrogateError, names_with_maps

SYSTEM = TargetSystem(("Zr", "Al", "Cu"))


@pytest.mark.parametrize("rule", CANDIDATE_RULES[1:])
def test_the_papers_map_serves_the_papers_rule_alone_and_says_what_to_do(rule: str) -> None:
    with pytest.raises(
        CandidateChoiceError, match=r"not calibrated on systems left out and miss many bulk glasses .*'transfer'"
    ):
        CandidateChoice(strategy="pruned", rule=rule)
    weights = {"dmax": 1.0} if rule == WEIGHTED else {}
    CandidateChoice(strategy="transfer", rule=rule, picks=4, weights=weights)


def test_what_does_not_exist_or_go_together_is_refused() -> None:
    with pytest.raises(CandidateChoiceError, match="There is no rule 'greedy' for candidates; use paper, expected"):
        CandidateChoice(strategy="transfer", rule="greedy")
    with pytest.raises(UnknownSurrogateError, match="'magic'"):
        CandidateChoice(strategy="magic")
    with pytest.raises(CandidateChoiceError, match="3 picks were asked for, but the paper's rule casts a pair"):
        CandidateChoice(strategy="pruned", picks=3)
    with pytest.raises(CandidateChoiceError, match="only known on the map of strategy 'composite' or 'transfer'"):
        CandidateChoice(strategy="pruned", least_explained=0.5)


def test_where_nobody_chose_the_recommended_surrogate_proposes_by_the_expected_gain() -> None:
    choice = CandidateChoice()
    assert (choice.strategy, choice.rule, choice.recommends_paper) == (RECOMMENDED.name, "expected_gain", False)
    assert not choice.repeats


def test_where_nobody_chose_a_rule_it_is_that_of_the_surrogate() -> None:
    rules = {name: CandidateChoice(strategy=name).rule for name in names_with_maps()}
    assert rules == {"pruned": "paper"} | dict.fromkeys(names_with_maps()[1:], "expected_gain")
    assert CandidateChoice(strategy="composite", rule="paper").rule == "paper"
    assert CandidateChoice(strategy="composite", rule=None).rule == "expected_gain"


def test_the_papers_pair_and_the_picks_of_the_surrogate_have_the_same_limits_and_rules_of_their_own() -> None:
    practice = CastingPractice(not_cast=frozenset({"Be"}))
    choice = CandidateChoice(
        strategy="composite", rule="chance_of_better", picks=4, least_explained=0.5, practice=practice, repeats=True
    )
    paper = choice.of_paper()
    assert (paper.strategy, paper.rule, paper.picks, paper.least_explained) == ("pruned", "paper", 2, 0)
    assert (paper.practice, paper.repeats, paper.recommends_paper) == (practice, True, True)
    assert choice.of_surrogate("composite") is choice
    other = paper.of_surrogate("composite")
    assert (other.strategy, other.rule, other.picks, other.practice) == ("composite", "expected_gain", 2, practice)
    assert paper.of_paper() is paper
    assert not choice.recommends_paper


def test_pending_alloys_are_read_in_the_order_of_the_system() -> None:
    pending = CandidateChoice(pending=("Cu45Zr50Al5", "Zr50Cu50")).pending_at_pct(SYSTEM)
    assert pending.tolist() == [[50, 5, 45], [50, 0, 50]]
    assert CandidateChoice().pending_at_pct(SYSTEM).shape == (0, 3)


def test_pending_alloys_of_other_systems_and_misprints_are_refused() -> None:
    with pytest.raises(CandidateChoiceError, match="pending alloy Zr50Ni50 holds Ni, which Zr-Al-Cu has not"):
        CandidateChoice(pending=("Zr50Ni50",)).check_system(SYSTEM)
    with pytest.raises(FormulaError):
        CandidateChoice(pending=("Zr50Xx50",)).check_system(SYSTEM)


def test_a_rule_by_price_needs_prices() -> None:
    with pytest.raises(NotCastError, match="Zr has none"):
        CandidateChoice(strategy="transfer", rule="gain_per_price").check_system(SYSTEM)


def test_weights_are_a_rule_of_their_own_and_least_and_most_values_go_with_any() -> None:
    choice = CandidateChoice.model_validate({"weights": ["dmax=1, density=-0.5"], "at_least": {"T_g": 700}, "picks": 3})
    assert (choice.rule, choice.weights) == (WEIGHTED, {"dmax": 1.0, "density": -0.5})
    assert choice.objectives == ("dmax", "density", "tg")
    assert choice.limits_in_words(SYSTEM) == "tg at least 700"
    paper = choice.of_paper()
    assert (paper.rule, paper.weights, paper.at_least) == ("paper", {}, {"tg": 700.0})
    assert CandidateChoice(at_most={"density": 7.0}).rule == "expected_gain"


def test_weights_without_their_rule_and_the_rule_without_weights_are_refused() -> None:
    with pytest.raises(CandidateChoiceError, match="needs the weight of one objective"):
        CandidateChoice(rule=WEIGHTED)
    with pytest.raises(CandidateChoiceError, match="needs the weight of one objective"):
        CandidateChoice(rule=WEIGHTED, weights={"dmax": 0.0})
    with pytest.raises(CandidateChoiceError, match="the rule 'expected_gain' has none"):
        CandidateChoice(rule="expected_gain", weights={"dmax": 1.0})
