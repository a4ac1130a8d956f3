"""The cards at the top of a system's page: each composition to cast, with what both models predict and what is known.

Here rows of the table `candidates` become words; where they stand is up to the template `system`.
"""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bmg_assets.pages.sentences import (
    TOO_FAR,
    as_sentence,
    chosen_in_words,
    formula_led_by,
    has_ground,
    mm_in_words,
    reported_in_words,
    state_in_words,
    with_formulas,
)
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.alloys.weighing import grams_of_button
from bmg_assets.science.proposals.agreement import chance_in_words
from bmg_assets.science.proposals.side_by_side import REPEAT
from bmg_assets.science.surrogates.catalogue import PAPER

BUTTON_G = 10.0
"""Mass of the button that a card weighs out."""
SURROGATE, PAPERS_MODELS = "surrogate", "paper"


@dataclass(frozen=True)
class Card:
    """One composition to cast."""

    rank: int
    formula: str
    warnings: Sequence[str]
    """What speaks against it, each a sentence."""
    predictions: pd.DataFrame
    """Columns `by`, `dmax`, `interval` and `bulk` as text, one row per model."""
    agreement: str
    """Whether the models agree, as a sentence; empty where the surrogate has no number to compare."""
    facts: Mapping[str, str]
    """What else one needs to cast it, by its title."""


@dataclass(frozen=True)
class CardGroup:
    """The picks of one surrogate."""

    strategy: str
    title: str
    is_recommended: bool
    chosen: str
    """By which rule and within which limits, as a sentence."""
    cards: Sequence[Card]


def card_groups(system: TargetSystem, candidates: pd.DataFrame) -> list[CardGroup]:
    """The picks by the surrogate that chose them, those that are recommended first.

    Args:
        candidates: the table `candidates`, or `recommendations` before it is there.
    """
    picks = with_formulas(candidates[candidates["kind"] == "pick"], system)
    groups = []
    for (is_recommended, strategy), rows in picks.groupby(["is_recommended", "strategy"], sort=False):
        cards = [_card(system, pick) for pick in rows.sort_values("rank").to_dict("records")]
        title = _title(str(strategy), bool(is_recommended))
        groups.append(CardGroup(str(strategy), title, bool(is_recommended), chosen_in_words(rows), cards))
    return sorted(groups, key=lambda group: not group.is_recommended)


def trust_in_words(candidates: pd.DataFrame) -> list[str]:
    """Which surrogate to trust here and why, each sentence once."""
    return list(dict.fromkeys(candidates.sort_values("is_recommended", ascending=False, kind="stable")["trust"]))


def nearest_reported_in_words(system: TargetSystem, candidate: Mapping[Hashable, Any]) -> str:
    """The nearest known alloy of a candidate, like "Zr50Cu50 (ribbon only, 0.2 mm; literature), 10 at.% away"."""
    formula = formula_led_by(system.elements, candidate["nearest_formula"])
    found = reported_in_words(candidate["nearest_class"], candidate["nearest_dmax_mm"])
    return f"{formula} ({found}; {candidate['nearest_who']}), {candidate['nearest_at_pct']:.3g} at.% away"


def _card(system: TargetSystem, pick: Mapping[Hashable, Any]) -> Card:
    price = pick["price_per_kg"]
    facts = {
        "First cast": as_sentence(pick["first_rung"]),
        f"Weigh for {BUTTON_G:g} g": _weighed(system, pick["at_pct"]),
        "Nearest known": nearest_reported_in_words(system, pick),
        "Why": _reason(pick),
        "Metals cost": None if pd.isna(price) else f"{price:.3g} per kg",
        "State": state_in_words(pick["state"], pick["state_because"]).removeprefix("State: "),
    }
    return Card(
        rank=pick["rank"],
        formula=pick["formula"],
        warnings=_warnings(pick),
        predictions=_predictions(pick),
        agreement=_unbroken(as_sentence(pick["agreement"])) if pick["is_trusted"] and _has_papers(pick) else "",
        facts={title: _unbroken(words) for title, words in facts.items() if words},
    )


def _reason(pick: Mapping[Hashable, Any]) -> str:
    """Why it was chosen; the surrogate's reasons are its numbers, which are not repeated where they have no ground."""
    if not has_ground(pick):
        return f"Pick {pick['rank']} by the rule; the surrogate's numbers behind it have no ground here."
    return as_sentence(pick["reason"].removeprefix(f"{REPEAT}: "))


def _unbroken(words: str) -> str:
    """The words with each number and its unit on one line."""
    return re.sub(r"(?<=\d) (?=%|mm\b|at\.%|g\b)", "\N{NO-BREAK SPACE}", words)


def _warnings(pick: Mapping[Hashable, Any]) -> list[str]:
    words = []
    if pick["repeats_known"]:
        words.append("Repeat of a known alloy: casting it checks a report, it finds nothing new.")
    if not pick["is_trusted"]:
        words.append(
            "Too little is known near this composition: on systems left out, predictions this far from what is known "
            "were wrong more often than their intervals say. Cast it to learn, not because of its number."
        )
    return words


def _predictions(pick: Mapping[Hashable, Any]) -> pd.DataFrame:
    """What each model predicts, as text; a missing number is no calibrated number."""
    surrogate = (
        [_dmax(pick, "surrogate"), _interval(pick, "surrogate"), _chance(pick["probability_bulk"])]
        if pick["is_trusted"]
        else [TOO_FAR, "", ""]
    )
    papers = (
        [_dmax(pick, "paper"), _interval(pick, "paper"), _chance(pick["paper_probability_bulk"])]
        if _has_papers(pick)
        else ["not trained yet", "", ""]
    )
    rows = [[SURROGATE, *surrogate], [PAPERS_MODELS, *papers]]
    return pd.DataFrame([[_unbroken(cell) for cell in row] for row in rows], columns=["by", "dmax", "interval", "bulk"])


def _has_papers(pick: Mapping[Hashable, Any]) -> bool:
    """Whether the paper's models have predicted it: the table `recommendations` comes before they are trained."""
    return "paper_mm" in pick


def _dmax(pick: Mapping[Hashable, Any], who: str) -> str:
    value = pick[f"{who}_mm"]
    return "not predicted" if pd.isna(value) else mm_in_words(value)


def _interval(pick: Mapping[Hashable, Any], who: str) -> str:
    low, high = pick[f"{who}_low_mm"], pick[f"{who}_high_mm"]
    return "" if pd.isna(low) else f"{mm_in_words(low)} to {mm_in_words(high)}"


def _chance(probability: float) -> str:
    return "" if pd.isna(probability) else chance_in_words(probability)


def _weighed(system: TargetSystem, at_pct: Sequence[float]) -> str:
    """Grams of each element, in the order of the system; elements that are absent are left out."""
    amounts = {element: amount for element, amount in zip(system.elements, at_pct, strict=True) if amount > 0}
    grams = grams_of_button(amounts, BUTTON_G)
    return ", ".join(f"{element} {mass:.3f} g" for element, mass in grams.items())


def _title(strategy: str, is_recommended: bool) -> str:
    whose = "the paper's pair" if strategy == PAPER.name else f"picks of the surrogate {strategy}"
    return f"Recommended: {whose}" if is_recommended else f"For comparison: {whose}"
