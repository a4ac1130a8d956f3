"""Whether the surrogate and the paper's models see the same in a composition, as one plain sentence."""

import math
from dataclasses import dataclass
from enum import StrEnum

from bmg_assets.science.alloys.labels import BULK_FROM_MM

LIKELY = 0.5
"""Chance of a bulk glass from which one is expected."""
APART = 0.25
"""Chances that differ by more, on both sides of LIKELY, contradict each other."""
PAPERS_MODELS = "the paper's models"


class Agreement(StrEnum):
    """What two predictions of one composition have to do with each other."""

    BOTH = "both"
    """Both expect a bulk glass."""
    NEITHER = "neither"
    """Neither expects one."""
    CONTRADICTION = "contradiction"
    """One expects a bulk glass and the other rules it out, or gives it a far smaller chance."""
    OPEN = "open"
    """One expects a bulk glass just so and the other just not, or a diameter that its chance does not bear out."""
    UNKNOWN = "unknown"
    """One of them gives no chance of a bulk glass, or one that is not to be believed."""


@dataclass(frozen=True)
class Expectation:
    """What one model expects of a composition."""

    name: str
    dmax_mm: float
    """Missing where the model cannot tell."""
    chance: float
    """Of a bulk glass, 0 to 1; missing where the model cannot tell."""
    is_believed: bool = True
    """Whether the composition is near enough to what is known."""


def agreement_of(surrogate: Expectation, paper: Expectation) -> Agreement:
    """How two expectations go together, by their chances of a bulk glass."""
    if math.isnan(surrogate.chance) or math.isnan(paper.chance) or not surrogate.is_believed:
        return Agreement.UNKNOWN
    expected = (surrogate.chance >= LIKELY, paper.chance >= LIKELY)
    if all(expected):
        return Agreement.BOTH
    if abs(surrogate.chance - paper.chance) > APART:
        return Agreement.CONTRADICTION
    is_thick = max(surrogate.dmax_mm, paper.dmax_mm) >= BULK_FROM_MM
    return Agreement.OPEN if any(expected) or is_thick else Agreement.NEITHER


def agreement_in_words(surrogate: Expectation, paper: Expectation) -> str:
    """One sentence, without a full stop: like "both expect a bulk glass: ..." with the numbers."""
    found = agreement_of(surrogate, paper)
    if math.isnan(surrogate.dmax_mm):
        return f"{surrogate.name} cannot tell, since too few bulk glasses are known; {_said(paper)}"
    if not surrogate.is_believed:
        return f"{surrogate.name} is not to be believed so far from all known alloys; {_said(paper)}"
    both = f"{_said(surrogate)}, {_said(paper)}"
    if found is Agreement.BOTH:
        return f"both expect a bulk glass: {both}"
    if found is Agreement.NEITHER:
        return f"neither expects a bulk glass: {both}"
    if found is Agreement.OPEN:
        return f"they leave it open: {both}"
    if found is Agreement.CONTRADICTION:
        return f"they contradict each other: {both}"
    return f"their chances of a bulk glass cannot be compared: {both}"


def chance_in_words(chance: float) -> str:
    """A probability as people read it; no calibration makes a next cast certain."""
    if chance > 0.99:
        return "more than 99 %"
    if chance < 0.001:
        return "less than 0.1 %"
    return f"{100 * chance:.1f} %" if chance < 0.01 else f"{100 * chance:.0f} %"


def _said(one: Expectation) -> str:
    chance = "" if math.isnan(one.chance) else f" ({chance_in_words(one.chance)} for a bulk glass)"
    return f"{one.name} {one.dmax_mm:.1f} mm{chance}"
