"""The cards: who recommends what, both predictions, and what speaks against a composition."""

import pandas as pd
import pytest

from bmg_assets.pages.cards import card_groups, nearest_reported_in_words, trust_in_words
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets_tests.pages.conftest import TRUST

SYSTEM = parse_system("Zr-Al-Cu")


def test_recommended_picks_come_first_and_the_papers_pair_beside_them(candidates: pd.DataFrame) -> None:
    recommended, papers = card_groups(SYSTEM, candidates.iloc[::-1])
    assert (recommended.title, recommended.is_recommended) == ("Recommended: picks of the surrogate transfer", True)
    assert (papers.title, papers.is_recommended) == ("For comparison: the paper's pair", False)
    assert [(card.rank, card.formula) for card in recommended.cards] == [(1, "Zr50Al10Cu40"), (2, "Zr60Al20Cu20")]
    assert [(card.rank, card.formula) for card in papers.cards] == [(1, "Zr40Al20Cu40"), (2, "Zr50Al20Cu30")]
    assert "rule expected_gain" in recommended.chosen
    assert "rule paper" in papers.chosen


def test_the_papers_pair_can_be_the_recommended_one(candidates: pd.DataFrame) -> None:
    swapped = candidates.assign(is_recommended=~candidates["is_recommended"])
    assert [group.title for group in card_groups(SYSTEM, swapped)] == [
        "Recommended: the paper's pair",
        "For comparison: picks of the surrogate transfer",
    ]


def test_without_picks_of_the_surrogate_the_papers_pair_stands_alone(candidates: pd.DataFrame) -> None:
    pair = candidates[candidates["strategy"] == "pruned"].assign(is_recommended=True)
    assert [group.title for group in card_groups(SYSTEM, pair)] == ["Recommended: the paper's pair"]


def test_a_card_has_both_predictions_with_the_digits_that_they_have(candidates: pd.DataFrame) -> None:
    first_of_paper = card_groups(SYSTEM, candidates)[1].cards[0]
    assert first_of_paper.predictions.values.tolist() == [
        ["surrogate", "0.12", "0.00 to 1.2", "0.2\N{NO-BREAK SPACE}%"],
        ["paper", "7.1", "3.2 to 11.8", "more than 99\N{NO-BREAK SPACE}%"],
    ]
    assert first_of_paper.agreement == "They contradict each other."
    assert first_of_paper.warnings == []


def test_too_far_from_what_is_known_no_number_of_the_surrogate_is_shown(candidates: pd.DataFrame) -> None:
    far = candidates.assign(is_trusted=candidates["rank"] == 2)
    first, second = card_groups(SYSTEM, far)[0].cards
    assert first.predictions.iloc[0].tolist() == ["surrogate", "too far from what is known", "", ""]
    assert first.predictions.iloc[1]["dmax"] == "2.0"
    assert first.agreement == ""
    assert first.facts["Why"] == "Pick 1 by the rule; the surrogate's numbers behind it have no ground here."
    assert second.facts["Why"] == "Second best gain."
    assert first.warnings[0].startswith("Too little is known near this composition")
    assert second.predictions.iloc[0]["dmax"] == "2.5"
    assert second.warnings == []


def test_a_repeat_of_a_known_alloy_is_said_to_be_one(candidates: pd.DataFrame) -> None:
    repeated = candidates.assign(repeats_known=candidates["strategy"] == "pruned")
    recommended, papers = card_groups(SYSTEM, repeated)
    assert recommended.cards[0].warnings == []
    assert papers.cards[0].warnings[0].startswith("Repeat of a known alloy")


def test_a_map_that_is_not_calibrated_predicts_nothing(candidates: pd.DataFrame) -> None:
    columns = ["surrogate_mm", "surrogate_low_mm", "surrogate_high_mm", "probability_bulk"]
    card = card_groups(SYSTEM, candidates.assign(**dict.fromkeys(columns)))[0].cards[0]
    assert card.predictions.iloc[0].tolist() == ["surrogate", "not predicted", "", ""]


def test_a_card_tells_how_to_begin(candidates: pd.DataFrame) -> None:
    card = card_groups(SYSTEM, candidates.assign(price_per_kg=[31.25] * 5))[0].cards[0]
    facts = {title: words.replace("\N{NO-BREAK SPACE}", " ") for title, words in card.facts.items()}
    assert facts == {
        "First cast": "Spin a ribbon first.",
        # 50 Zr, 10 Al and 40 Cu weigh 45.612 g, 2.698 g and 25.418 g.
        "Weigh for 10 g": "Zr 6.186 g, Al 0.366 g, Cu 3.448 g",
        "Nearest known": "Zr50Cu50 (ribbon only, 0.2 mm; literature), 10 at.% away",
        "Why": "Best gain.",
        "Metals cost": "31.2 per kg",
        "State": "requested (ZAC-17 is planned)",
    }
    assert "Zr 6.186\N{NO-BREAK SPACE}g" in card.facts["Weigh for 10 g"], "the number and its unit on one line"
    without_price = card_groups(SYSTEM, candidates)[0].cards[1]
    assert "Metals cost" not in without_price.facts
    assert without_price.facts["State"] == "proposed"


@pytest.mark.parametrize(
    ("dmax_mm", "words"),
    [
        (5.0, "Zr65Al10Cu25 (bulk glass, 5 mm; own cast), 1.5 at.% away"),
        (None, "Zr65Al10Cu25 (bulk glass; own cast), 1.5 at.% away"),
    ],
)
def test_the_nearest_known_alloy_is_led_by_the_systems_elements(dmax_mm: float | None, words: str) -> None:
    nearest = {
        "nearest_formula": "Al10Cu25Zr65",
        "nearest_class": "bulk",
        "nearest_dmax_mm": dmax_mm,
        "nearest_at_pct": 1.5,
        "nearest_who": "own cast",
    }
    assert nearest_reported_in_words(SYSTEM, nearest) == words


def test_whom_to_trust_is_said_once(candidates: pd.DataFrame) -> None:
    assert trust_in_words(candidates) == [TRUST]
