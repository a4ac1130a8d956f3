"""How far a composition is known from the digits in which it was written.

A number with decimals stands for every number that is rounded to it; a number without decimals is exact: nobody weighs
in 50 at.% and writes it for 50.4.
"""

import math
from collections.abc import Mapping

from bmg_assets.science.alloys.formulas.brackets import expanded
from bmg_assets.science.alloys.formulas.sums import moles_of
from bmg_assets.science.alloys.formulas.terms import AmountUnit, FormulaRule, Notes
from bmg_assets.science.alloys.formulas.tokens import Token, tokens_of

STEPS_AT_PCT = (1.0, 0.5, 0.1)
"""Steps of at.% in which alloys are designed, the coarsest first."""
DECIMALS_OF_A_CONVERSION = 2
"""Decimals from which weight percentages are taken as converted from at.%, not as weighed in."""


def rounding_at_pct(formula: str, unit: AmountUnit) -> dict[str, float]:
    """By how much each amount of a formula may differ in at.%, because its numbers were rounded when it was written.

    Args:
        formula: one that can be read, in plain characters.
        unit: what its amounts are.
    """
    tokens = tokens_of(formula, Notes(formula))
    base = _percent(tokens, unit)
    moved = dict.fromkeys(base, 0.0)
    for place, token in enumerate(tokens):
        if token.kind == "number" and _decimals(token):
            number = float(token.text) + 0.5 * 10 ** -_decimals(token)
            other = _percent([*tokens[:place], Token("number", repr(number)), *tokens[place + 1 :]], unit)
            for element in base:
                moved[element] += abs(other[element] - base[element])
    return moved


def simple_within_rounding(formula: str, amounts: Mapping[str, float], notes: Notes) -> dict[str, float]:
    """The composition in round steps of at.% that weight percentages were converted from; `amounts` where none is near.

    Only percentages that all have two decimals or more are taken as converted, and only a composition that they are
    rounded from.
    """
    numbers = [token for token in tokens_of(formula, Notes(formula)) if token.kind == "number"]
    if not numbers or min(_decimals(token) for token in numbers) < DECIMALS_OF_A_CONVERSION:
        return dict(amounts)
    rounding = rounding_at_pct(formula, "wt%")
    for step in STEPS_AT_PCT:
        simple = {element: round(round(amount / step) * step, 6) for element, amount in amounts.items()}
        near = all(abs(simple[element] - amount) <= rounding[element] for element, amount in amounts.items())
        if near and math.isclose(math.fsum(simple.values()), 100, abs_tol=1e-6) and all(simple.values()):
            notes.add(
                FormulaRule.WEIGHT_ROUNDING,
                f"the weight percentages are those of a composition in steps of {step:g} at.%",
            )
            return simple
    return dict(amounts)


def _percent(tokens: list[Token], unit: AmountUnit) -> dict[str, float]:
    raw = expanded(tokens, Notes(""))
    moles = moles_of(raw) if unit == "wt%" else raw
    total = math.fsum(moles.values())
    return {element: 100 * amount / total for element, amount in moles.items()}


def _decimals(token: Token) -> int:
    return len(token.text.partition(".")[2])
