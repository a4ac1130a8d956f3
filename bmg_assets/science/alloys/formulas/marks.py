"""What stands beside a formula in its cell: footnote and citation marks, the unit of the amounts, a name of the alloy.

Marks and units are cut off wherever they can be nothing else. A name is cut off only where the rest is a whole formula,
which the caller sees; here are the places where a name can be cut.
"""

import re
from collections.abc import Iterator

from bmg_assets.science.alloys.formulas.characters import RAISED
from bmg_assets.science.alloys.formulas.elements import ELEMENT_SYMBOLS
from bmg_assets.science.alloys.formulas.terms import AmountUnit, FormulaFault, FormulaRule, Notes

_REFERENCE = r"(?:refs?\.?|reference|this (?:work|study|paper)|present (?:work|study)|ours?)\s*[\d,;\s–-]*"
_NUMBERS = r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*"
_CITED = rf"(?:{_NUMBERS}|(?-i:[a-z])|[*†‡§¶#]+|{_REFERENCE})"
_MARK_BEHIND = re.compile(
    rf"\s*(?:\^\{{[^{{}}]*\}}|[*†‡§¶‖#]+|\[\s*{_CITED}\s*\]|\(\s*{_CITED}\s*\)|[,;:])\s*$", re.IGNORECASE
)
_MARK_BEFORE = re.compile(rf"^\s*(?:\^\{{[^{{}}]*\}}|[*†‡§¶‖#]+|\[\s*{_NUMBERS}\s*\])\s*")

_PERCENT = r"(?:%|percent|per cent|pct\.?)"
_ATOMS = r"(?:atomic|atom|at|molar|mole|mol|原子)"
_WEIGHT = r"(?:weight|mass|wt|gew|ma|重量|质量|質量)"
_UNIT = re.compile(
    rf"\s*,?\s*[(\[]?\s*(?:in\s+)?(?:(?P<atoms>{_ATOMS})|(?P<weight>{_WEIGHT}))\s*\.?\s*-?\s*{_PERCENT}\s*[)\]]?"
    rf"|\s*,?\s*[(\[]\s*(?:in\s+)?(?:(?P<atoms_>{_ATOMS})|(?P<weight_>{_WEIGHT}))\.?\s*[)\]]"
    r"|(?<=\d)\s*%",
    re.IGNORECASE,
)

_SIZE = re.compile(r"[-–,;\s]*[φΦØ⌀]?\s*\d+(?:\.\d+)?\s*(?:mm|µm|μm|um|cm)\b.*", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+(?:[-/'.][A-Za-z]+)*\.?-?\d{0,4}[A-Za-z]?|#?\d{1,4}")
_ELEMENTS = re.compile(r"(?:[A-Z][a-z]?[\d.]*)+")
_PLACE = re.compile(r"[\s(\[\"',;]|(?<=\d)-(?=\d)|(?<=[)\]])-|(?<=\d)[a-d]$")
_LONGEST_NAME = 40
_SAYS_MORE = frozenset(
    [
        "with",
        "plus",
        "and",
        "or",
        "doped",
        "added",
        "addition",
        "additions",
        "composite",
        "containing",
        "minus",
        "without",
        "bal",
        "balance",
        "rest",
        "x",
        "y",
        "z",
    ]
)
"""Words of a name behind which the alloy is another one than the formula says."""


def without_marks(text: str, notes: Notes) -> str:
    """The formula without the footnote and citation marks at its ends.

    Raises:
        FormulaError: raised text within the formula may be a mark or an amount.
    """
    rest = text.strip()
    found: list[str] = []
    while match := _MARK_BEHIND.search(rest):
        rest = _cut(rest, match, found)
    while match := _MARK_BEFORE.match(rest):
        rest = _cut(rest, match, found)
    if found and rest:
        _refuse_raised_amount(text, rest, notes)
        marks = " ".join(RAISED.sub(lambda match: match[1], mark).strip() for mark in found)
        notes.add(FormulaRule.MARK, f"the mark {marks!r} beside the formula is left out")
    if RAISED.search(rest):
        raised = RAISED.sub(lambda match: f" raised {match[1]} ", rest)
        raise notes.refuse(
            FormulaFault.TWO_MEANINGS,
            f"raised text within it may be an amount or a footnote mark ({raised.strip()}); write amounts on the line.",
        )
    return rest


def _cut(rest: str, match: re.Match[str], found: list[str]) -> str:
    found.append(match[0])
    return (rest[: match.start()] + rest[match.end() :]).strip()


def _refuse_raised_amount(text: str, rest: str, notes: Notes) -> None:
    """A raised number behind an element that has no amount, where others have one, may be that amount."""
    raised = RAISED.search(text, len(rest))
    if raised and raised[1].isdigit() and raised[1] != "1" and rest[-1:].isalpha():
        raise notes.refuse(
            FormulaFault.TWO_MEANINGS,
            f"the raised {raised[1]} may be a footnote mark or the amount of the last element; write it on the line.",
        )


def without_units(text: str, notes: Notes) -> tuple[str, AmountUnit | None]:
    """The formula without the units of its amounts, and the unit that they state; None where they state none.

    Raises:
        FormulaError: they state both.
    """
    found = list(_UNIT.finditer(text))
    if not found:
        return text, None
    stated: set[AmountUnit] = set()
    for match in found:
        if match["atoms"] or match["atoms_"]:
            stated.add("at%")
        elif match["weight"] or match["weight_"]:
            stated.add("wt%")
    if len(stated) > 1:
        raise notes.refuse(
            FormulaFault.UNIT_CONTRADICTED, "it states atomic and weight percent at once; write one of the two."
        )
    unit = next(iter(stated), None)
    written = found[-1][0].strip(" ,")
    notes.add(FormulaRule.UNIT_SUFFIX, f"{written!r} is read as the unit of the amounts{f' ({unit})' if unit else ''}")
    return _UNIT.sub("", text).strip(), unit


def without_name(text: str) -> Iterator[tuple[str, str]]:
    """What may be the formula, with the name behind or before it that is left out then; the longest formula first."""
    for place in reversed([match.start() for match in _PLACE.finditer(text)]):
        behind = text[place:]
        if place and (_SIZE.fullmatch(behind) or _is_name(behind)):
            yield text[:place].strip(" ,;:"), _bare(behind)
    for match in re.finditer(r"\s*[:=]\s*|\s+(?=[A-Z(\[])", text):
        before, rest = text[: match.start()], text[match.end() :].strip()
        if before and _is_name(before):
            yield (rest[1:-1] if rest.startswith("(") and rest.endswith(")") else rest), _bare(before)


def _bare(text: str) -> str:
    return text.strip(" \t()[]\"',;-")


def _is_name(text: str) -> bool:
    """Whether a text names an alloy or its state, and adds nothing to its composition."""
    bare = _bare(text)
    if any(text.count(opened) != text.count(closed) for opened, closed in ("()", "[]")):
        return False
    words = bare.replace(",", " ").split()
    if not 0 < len(bare) <= _LONGEST_NAME or not any(character.isalpha() for character in bare):
        return False
    return all(_WORD.fullmatch(word) and not _adds_something(word) for word in words)


def _adds_something(word: str) -> bool:
    symbols = re.findall(r"[A-Z][a-z]?", word)
    reads_as_elements = bool(_ELEMENTS.fullmatch(word)) and all(symbol in ELEMENT_SYMBOLS for symbol in symbols)
    return reads_as_elements or any(part in _SAYS_MORE for part in re.split(r"[-/.]", word.lower()))
