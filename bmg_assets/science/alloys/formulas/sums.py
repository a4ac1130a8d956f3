"""What a sum of amounts says: percentages, mole fractions, proportions, or a misprint; and the scaling to 100 at.%."""

import math
from collections.abc import Mapping, Sequence

from bmg_assets.science.alloys.formulas.elements import above_in_words
from bmg_assets.science.alloys.formulas.terms import (
    FRACTION_TOLERANCE,
    PERCENT_TOLERANCE,
    AmountUnit,
    FormulaFault,
    FormulaRule,
    Notes,
    listed,
)

LARGEST_FRACTION_SUM = 1.5
LARGEST_RATIO_SUM = 25.0
LARGEST_SUM_OF_A_COMPOUND = 30
MOST_ELEMENTS_OF_A_COMPOUND = 3
"""Whole numbers with a larger sum, or of more elements, are rather percentages of which a digit or an element is
missing."""
SMALLEST_AT_PCT = 0.00005
"""Half of the last decimal of a composition's key."""


def is_ratio(values: Sequence[float]) -> bool:
    """Whether amounts are proportions: small numbers (Fe2B, TiZrHfCuNi), parts of one that is 1 (Al1Cu0.062), or whole
    numbers without a common divisor, as compounds have them (Fe23B6, Mg17Al12)."""
    total = math.fsum(values)
    if len(values) < 2 or total <= 1 + FRACTION_TOLERANCE or min(values) <= 0:
        return False
    if total < LARGEST_FRACTION_SUM:
        return max(values) >= 1
    if total <= LARGEST_RATIO_SUM:
        return True
    is_compound = len(values) <= MOST_ELEMENTS_OF_A_COMPOUND and all(value == int(value) for value in values)
    return is_compound and total <= LARGEST_SUM_OF_A_COMPOUND and math.gcd(*(int(value) for value in values)) == 1


def scaled_to_percent(raw: Mapping[str, float], unit: AmountUnit, notes: Notes) -> dict[str, float]:
    """Amounts scaled to a sum of 100 at.%, zero and invisible amounts dropped.

    Raises:
        FormulaError: the sum is zero, or none that amounts in this unit can have.
    """
    total = math.fsum(raw.values())
    if not 0 < total < math.inf:
        raise notes.refuse(FormulaFault.ZERO_SUM, f"the amounts sum to {total:g}; give positive amounts.")
    _note_sum(list(raw.values()), unit, notes)
    scaled = _without_zeros(moles_of(raw) if unit == "wt%" else raw, notes)
    simple = all(value == int(value) for value in raw.values())
    if unit != "ratio" and FormulaRule.RATIO in notes.by_rule and not simple and (above := above_in_words(scaled)):
        raise notes.refuse(
            FormulaFault.IMPROBABLE_RATIO,
            f"the amounts sum to {total:.6g}, and read as proportions {above}; look the alloy up and correct it.",
        )
    return scaled


def moles_of(weights: Mapping[str, float]) -> dict[str, float]:
    """Amounts in moles from amounts in units of weight, by pymatgen's atomic masses."""
    return {element: weight / atomic_mass(element) for element, weight in weights.items()}


def atomic_mass(element: str) -> float:
    """In g/mol."""
    from pymatgen.core.periodic_table import Element

    return float(Element(element).atomic_mass)


def _without_zeros(moles: Mapping[str, float], notes: Notes) -> dict[str, float]:
    total = math.fsum(moles.values())
    kept = {element: amount for element, amount in moles.items() if 100 * amount / total >= SMALLEST_AT_PCT}
    if len(kept) < len(moles):
        dropped = listed(element for element in moles if element not in kept)
        notes.add(FormulaRule.ZERO_AMOUNT, f"{dropped} of amount zero is left out")
    total = math.fsum(kept.values())
    return {element: 100 * amount / total for element, amount in kept.items()}


def _note_sum(values: list[float], unit: AmountUnit, notes: Notes) -> None:
    total = math.fsum(values)
    if unit == "ratio":
        return notes.add(FormulaRule.RATIO, f"the amounts are proportions, scaled from {total:g} to 100")
    if abs(total - 100) <= PERCENT_TOLERANCE:
        if abs(total - 100) > 1e-6:
            notes.add(FormulaRule.SUM_NORMALISED, f"the amounts are scaled from {total:g} to 100")
    elif abs(total - 1) <= FRACTION_TOLERANCE:
        kind = "mole" if unit == "at%" else "weight"
        notes.add(FormulaRule.MOLE_FRACTIONS, f"the amounts are {kind} fractions")
    elif unit == "at%" and is_ratio(values):
        return notes.add(FormulaRule.RATIO, f"the amounts are proportions, scaled from {total:g} to 100")
    else:
        raise notes.refuse(
            FormulaFault.IMPLAUSIBLE_SUM,
            f"the amounts sum to {total:.6g}, not to 100 ± {PERCENT_TOLERANCE} {unit}; look the alloy up and correct "
            "it.",
        )
    if unit == "wt%":
        notes.add(FormulaRule.WEIGHT_PERCENT, "weight percent is converted to at.%")
    return None
