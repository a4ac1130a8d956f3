"""The tokens of a formula: elements, numbers and brackets."""

import re
from dataclasses import dataclass

from bmg_assets.science.alloys.formulas.elements import ELEMENT_SYMBOLS, UNCASTABLE
from bmg_assets.science.alloys.formulas.terms import FormulaError, FormulaFault, FormulaRule, Notes

_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<element>[A-Z][a-z]?)|(?P<number>\d+/\d+|\d+\.?\d*|\.\d+)|(?P<open>[(\[{])|(?P<close>[)\]}])"
)
_VARIABLE = re.compile(r"(?<![A-Z])[xyz](?![a-z])")


@dataclass(frozen=True)
class Token:
    """kind: element, number, open or close."""

    kind: str
    text: str


def tokens_of(text: str, notes: Notes) -> list[Token]:
    """The tokens of a formula in plain characters; blanks between them are left out and noted.

    Raises:
        FormulaError: a character that no formula has, or a symbol that is no element or one that nobody casts.
    """
    if "".join(text.split()) != text:
        notes.add(FormulaRule.SPACES, "blanks are left out")
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unreadable(text, position, notes)
        position = match.end()
        kind, part = str(match.lastgroup), match.group()
        if kind == "element":
            _check_element(part, notes)
        if kind != "space":
            tokens.append(Token(kind, part))
    return tokens


def number_of(digits: str, notes: Notes) -> float:
    """The value of a number token.

    Raises:
        FormulaError: a fraction is divided by zero.
    """
    if re.match(r"0\d", digits):
        notes.add(FormulaRule.ZERO_PADDING, "a zero before an amount is left out")
    if "/" not in digits:
        return float(digits)
    numerator, denominator = (float(part) for part in digits.split("/"))
    if not denominator:
        raise notes.refuse(FormulaFault.NOT_PARSED, f"{digits} divides by zero; correct the fraction.")
    notes.add(FormulaRule.FRACTIONS, "fractions are computed")
    return numerator / denominator


def _check_element(symbol: str, notes: Notes) -> None:
    if symbol not in ELEMENT_SYMBOLS and symbol[:-1] in ELEMENT_SYMBOLS and symbol[-1] in "xyz":
        raise _variable(symbol[-1], notes)
    if symbol not in ELEMENT_SYMBOLS:
        known = {"Mm": " (mischmetal: write the elements in it)", "D": " (deuterium: write H)"}.get(symbol, "")
        raise notes.refuse(
            FormulaFault.UNKNOWN_ELEMENT,
            f"{symbol!r} is not an element{known}; write symbols as in the periodic table.",
        )
    if symbol in UNCASTABLE:
        raise notes.refuse(
            FormulaFault.UNCASTABLE_ELEMENT,
            f"{symbol!r} is an element that nobody casts, so it is a word or a slip; correct the symbol.",
        )


def _variable(letter: str, notes: Notes) -> FormulaError:
    return notes.refuse(FormulaFault.UNSTATED_AMOUNTS, f"{letter!r} stands for an amount in it; write the number.")


def _unreadable(text: str, position: int, notes: Notes) -> FormulaError:
    found, rest = text[position], text[position + 1 :].lstrip()
    if found == "," and rest[:1].isdigit() and text[:position][-1:].isdigit():
        return notes.refuse(FormulaFault.DECIMAL_COMMA, "there is a comma in a number; write a decimal point.")
    if variable := _VARIABLE.search(text):
        return _variable(variable[0], notes)
    if found in "-\u2212" and rest[:1].isdigit():
        return notes.refuse(FormulaFault.NEGATIVE_AMOUNT, "an amount is negative; amounts must be zero or more.")
    return notes.refuse(
        FormulaFault.NOT_PARSED, f"{found!r} does not belong in a formula; write elements, amounts and brackets only."
    )
