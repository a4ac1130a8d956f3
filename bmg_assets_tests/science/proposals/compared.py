"""Alloys to compare, of which a test says only what it is about."""

from typing import Any

from bmg_assets.science.proposals.comparison import ComparedAlloy, Prediction

SURROGATE, PAPER = "composite", "pruned"


def compared(formula: str, *predictions: Prediction, **facts: Any) -> ComparedAlloy:
    return ComparedAlloy(formula, formula, {"Zr": 50.0, "Cu": 50.0}, "Cu-Zr", predictions, **facts)


def predicted(
    chance: float | None,
    low: float | None = 1.0,
    high: float | None = 5.0,
    trusted: bool | None = True,
    by: str = SURROGATE,
) -> Prediction:
    return Prediction(by, 2.0, low, high, chance, trusted, explained=0.9 if trusted else 0.2)
