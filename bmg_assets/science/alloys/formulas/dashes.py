"""Formulas whose elements are set apart: Zr50-Cu40-Al10, 50Zr-40Cu-10Al, and Zr-10Cu-5Al, where Zr is the rest."""

import re
from dataclasses import dataclass

from bmg_assets.science.alloys.formulas.terms import FormulaFault, FormulaRule, Notes, is_whole

_ELEMENT = r"[A-Z][a-z]?"
_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)"
_DASH = r"\s*[-\u2010-\u2015\u2212\u00b7\u22c5\u30fb]\s*"
_ELEMENT_FIRST = re.compile(rf"(?:(?:{_ELEMENT}|[(\[]|[)\]])\s*{_NUMBER}?\s*)*{_NUMBER}\s*")
_NUMBER_FIRST = re.compile(rf"({_NUMBER})\s*({_ELEMENT})")
_BRACKET = re.compile(r"[(\[][^()\[\]]*[)\]]")
_BALANCE = re.compile(rf"({_ELEMENT})|(?:[Bb]al(?:ance)?\.?)\s*({_ELEMENT})|({_ELEMENT})\s*\(?[Bb]al(?:ance)?\.?\)?")


@dataclass(frozen=True)
class Apart:
    """A formula without its dashes; `balance` is the element whose amount was not written, None where all were."""

    formula: str
    balance: str | None = None


def without_dashes(text: str, notes: Notes) -> Apart:
    """The formula with each element before its amount and nothing between; unchanged where it is not set apart.

    Raises:
        FormulaError: it names elements without any amount, or its amounts leave nothing for the first element.
    """
    text = _BRACKET.sub(lambda match: re.sub(rf"{_DASH}(?={_ELEMENT})", "", match[0]), text)
    parts = re.split(_DASH, text.strip())
    if len(parts) > 1 and all(parts):
        return _of_parts(parts, text, notes)
    between = re.split(r"\s*[,;]\s*|\s+", text.strip())
    if len(between) > 1 and all(_NUMBER_FIRST.fullmatch(part) for part in between):
        return _turned(between, notes)
    return Apart(_without_commas(text, notes))


def _of_parts(parts: list[str], text: str, notes: Notes) -> Apart:
    if all(_ELEMENT_FIRST.fullmatch(part) for part in parts):
        notes.add(FormulaRule.SEPARATORS, "what stands between the elements is left out")
        return Apart("".join(parts))
    if all(_NUMBER_FIRST.fullmatch(part) for part in parts):
        return _turned(parts, notes)
    balance, others = _BALANCE.fullmatch(parts[0]), [_NUMBER_FIRST.fullmatch(part) for part in parts[1:]]
    if balance and all(others):
        return _with_balance(next(name for name in balance.groups() if name), parts[1:], notes)
    if all(re.fullmatch(_ELEMENT, part) for part in parts):
        raise notes.refuse(
            FormulaFault.UNSTATED_AMOUNTS, "it names a system and no amounts; write the amount behind each element."
        )
    return Apart(text)


def _turned(parts: list[str], notes: Notes) -> Apart:
    notes.add(FormulaRule.DASHES, "each amount is read as that of the element behind it")
    return Apart(_NUMBER_FIRST.sub(r"\2\1", "".join(parts)))


def _with_balance(element: str, parts: list[str], notes: Notes) -> Apart:
    written = sum(float(_NUMBER_FIRST.sub(r"\1", part)) for part in parts)
    left = round(100 - written, 9)
    if left <= 0 or is_whole(written):
        raise notes.refuse(
            FormulaFault.IMPLAUSIBLE_SUM,
            f"the amounts behind the dashes sum to {written:g} and leave nothing for {element}; correct them.",
        )
    others = "".join(_NUMBER_FIRST.sub(r"\2\1", part) for part in parts)
    notes.add(
        FormulaRule.DASHES, f"{element} is read as the rest, {left:g} percent, beside the amounts that are written"
    )
    return Apart(f"{element}{left:.9f}".rstrip("0").rstrip(".") + others, balance=element)


def _without_commas(text: str, notes: Notes) -> str:
    """The formula without commas between elements; one between digits is a matter of decimals."""
    without = re.sub(r"(?<![,;])\s*[,;]\s*(?=[A-Z(\[])", "", text)
    if without != text:
        notes.add(FormulaRule.SEPARATORS, "what stands between the elements is left out")
    return without
