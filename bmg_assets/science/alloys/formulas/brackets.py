"""Brackets of a formula: what they hold is multiplied out, or read as the composition of a share."""

from dataclasses import dataclass

from bmg_assets.science.alloys.formulas.sums import is_ratio
from bmg_assets.science.alloys.formulas.terms import (
    PERCENT_TOLERANCE,
    FormulaError,
    FormulaFault,
    FormulaRule,
    Notes,
    is_whole,
)
from bmg_assets.science.alloys.formulas.tokens import Token, number_of

DEEPEST_NESTING = 10
ROUNDED_FRACTIONS = 0.011
"""How far mole fractions in a bracket may be from 1, as 0.33 + 0.33 + 0.33 is."""
_CLOSES = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True)
class _Group:
    """One item of a formula: what it holds, how often, whether it was a bracket, and which amounts were written."""

    amounts: dict[str, float]
    times: float
    is_bracket: bool
    times_written: bool
    shares_written: bool


def expanded(tokens: list[Token], notes: Notes, depth: int = 0) -> dict[str, float]:
    """Amounts of everything on one bracket level, the brackets below it expanded.

    Brackets multiply what they hold. Where the amounts around a bracket are all of the alloy, its own amount is the
    share of the alloy that it is, and what it holds are percentages, mole fractions or proportions of that share:
    (Zr65Cu35)95Al5, (Fe0.333Co0.333Ni0.333)80B20 and (Zr2Cu)95Al5.

    Raises:
        FormulaError: brackets that do not match, hold nothing or are nested too deep; an element named twice on one
            level; a share whose amounts are not stated or sum to what no share has; a number without an element.
    """
    if depth > DEEPEST_NESTING:
        raise notes.refuse(FormulaFault.NOT_PARSED, f"brackets are nested deeper than {DEEPEST_NESTING}; expand it.")
    groups = _groups(tokens, notes, depth)
    if not groups:
        raise notes.refuse(FormulaFault.NOT_PARSED, "there is a bracket without elements; fill or remove it.")
    _refuse_repetition(groups, notes)
    around = sum(group.times for group in groups)
    total: dict[str, float] = {}
    for group in groups:
        share = _share(group, around, notes)
        for element, amount in group.amounts.items():
            if element in total:
                notes.add(FormulaRule.REPEATED_MERGED, f"the amounts of {element} are added up")
            total[element] = total.get(element, 0.0) + amount * share
    return total


def _groups(tokens: list[Token], notes: Notes, depth: int) -> list[_Group]:
    groups: list[_Group] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.kind == "element":
            inner, end, is_bracket, shares = {token.text: 1.0}, index + 1, False, True
        elif token.kind == "open":
            end = _end_of_bracket(tokens, index, notes)
            inside = tokens[index + 1 : end - 1]
            inner, is_bracket = expanded(inside, notes, depth + 1), True
            shares = len(inner) == 1 or any(one.kind == "number" for one in inside)
            notes.add(FormulaRule.BRACKETS, "brackets are multiplied out")
        else:
            raise notes.refuse(
                FormulaFault.NOT_PARSED,
                f"{token.text!r} does not follow an element or a bracket; correct the formula.",
            )
        written = end < len(tokens) and tokens[end].kind == "number"
        times = number_of(tokens[end].text, notes) if written else 1.0
        groups.append(_Group(inner, times, is_bracket, written, shares))
        index = end + written
    return groups


def _end_of_bracket(tokens: list[Token], start: int, notes: Notes) -> int:
    opened: list[str] = []
    for index in range(start, len(tokens)):
        token = tokens[index]
        if token.kind == "open":
            opened.append(token.text)
        elif token.kind == "close":
            if opened.pop() != _CLOSES[token.text]:
                break
            if not opened:
                return index + 1
    raise notes.refuse(FormulaFault.NOT_PARSED, "its brackets do not match; close each bracket with its own kind.")


def _refuse_repetition(groups: list[_Group], notes: Notes) -> None:
    named: set[str] = set()
    for group in groups:
        if group.is_bracket:
            continue
        (element,) = group.amounts
        if element in named:
            raise notes.refuse(
                FormulaFault.REPEATED_ELEMENT,
                f"{element} is named twice, so one of the two may be a misprint; look the alloy up and correct it.",
            )
        named.add(element)


def _share(group: _Group, around: float, notes: Notes) -> float:
    """By how much the amounts of a group are multiplied."""
    if not (group.is_bracket and group.times_written and is_whole(around)):
        return group.times
    if not group.shares_written:
        raise _unstated(group, notes)
    inner = sum(group.amounts.values())
    if abs(inner - 100) <= PERCENT_TOLERANCE:
        notes.add(FormulaRule.BRACKET_PERCENT, "percentages in a bracket are those of its share of the alloy")
        return group.times / inner
    if abs(inner - 1) <= 1e-9:
        return group.times
    amounts = list(group.amounts.values())
    if abs(inner - 1) <= ROUNDED_FRACTIONS or (is_ratio(amounts) and all(amount == int(amount) for amount in amounts)):
        notes.add(FormulaRule.BRACKET_PROPORTIONS, "proportions in a bracket are those of its share of the alloy")
        return group.times / inner
    raise notes.refuse(
        FormulaFault.IMPLAUSIBLE_SUM,
        f"the amounts in ({''.join(group.amounts)}) sum to {inner:.6g}, so they are neither percentages nor "
        "proportions of its share; look the alloy up and correct it.",
    )


def _unstated(group: _Group, notes: Notes) -> FormulaError:
    names = "".join(group.amounts)
    return notes.refuse(
        FormulaFault.UNSTATED_AMOUNTS,
        f"the shares in ({names}) are not stated; look the alloy up and write them, as in (Cu0.5Ni0.5)25.",
    )
