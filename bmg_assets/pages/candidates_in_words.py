"""By which map, rule and limits candidates were chosen, as sentences for the page and the terminal."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from bmg_assets.science.proposals.candidate_choice import CHANCE_OF_BETTER, EXPECTED_GAIN, GAIN_PER_PRICE, PAPER

RULES = {
    PAPER: "the best of the largest top region, and the best around it",
    EXPECTED_GAIN: "what a cast may add to the best known alloy of the system; for ranking, not calibrated",
    CHANCE_OF_BETTER: "the chance of a better alloy than the best known one of the system; for ranking, not calibrated",
    GAIN_PER_PRICE: "what a cast may add to the best known alloy of the system, over its price; for ranking",
}


def chosen_in_words(candidates: pd.DataFrame) -> str:
    """The map, the rule and the limits of a table `candidates`, which has one row at least."""
    first = candidates.iloc[0]
    limits = "without limits" if pd.isna(first["limits"]) else f"within these limits: {first['limits']}"
    return (
        f"Chosen by the rule {first['rule']} ({RULES[first['rule']]}) on the map of the strategy {first['strategy']}, "
        f"{limits}."
    )


def price_in_words(candidate: Mapping[Hashable, Any]) -> str:
    """What its metals cost, as a sentence behind others; nothing where no prices were given."""
    price = candidate["price_per_kg"]
    return "" if pd.isna(price) else f" Its metals cost {price:.3g} per kg."
