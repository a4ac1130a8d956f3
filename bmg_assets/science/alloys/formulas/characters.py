"""The characters of a formula: typography and markup become plain text, and raised text is told from lowered text.

Afterwards raised text that may be a footnote mark stands in `^{...}`, everything else is plain.
"""

import re
import unicodedata

from bmg_assets.science.alloys.formulas.terms import FormulaFault, FormulaRule, Notes

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_LOWERED = re.compile(r"</?sub>|_\{([\d./]+)\}|_(?=[\d.])", re.IGNORECASE)
_RAISED_MARKUP = re.compile(
    r"<sup>(.*?)</sup>|\^\{([^{}]*)\}|\^\[([^\[\]]*)\]|\^\(([^()]*)\)|\^(\w|\*+)", re.IGNORECASE
)
_RAISED_LETTERS = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
_RAISED = re.compile(rf"[\u00b2\u00b3\u00b9\u2070-\u207f{_RAISED_LETTERS}]+")
_LOOK_ALIKES = str.maketrans(
    "АВЕКМНОРСТХУІЅасеорхуіѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "ABEKMHOPCTXYISaceopxyisABEZHIKMNOPTYXo",
)
_MIXED_UP = re.compile(r"[0-9.][\u2080-\u2089]|[\u00bc-\u00be\u2150-\u215e][\d.]")
_MIXED = re.compile(r"(\d*)([\u00bc-\u00be\u2150-\u215e])")


_ALL_RAISED = re.compile(r"(?:(?:[A-Z][a-z]?|[)\]])\^\{[\d.]+\}|[(\[\s])+")
RAISED = re.compile(r"\^\{([^{}]*)\}")
"""Raised text in what `as_plain_text` returns."""


def as_plain_text(text: str, notes: Notes) -> str:
    """The formula in plain characters; raised text stands in `^{...}`, unless every amount is raised.

    Raises:
        FormulaError: a number of which one digit is lowered, or that goes on behind a fraction.
    """
    marked = _with_raised(_INVISIBLE.sub("", text))
    if _MIXED_UP.search(marked):
        raise notes.refuse(
            FormulaFault.NOT_PARSED, "a lowered digit or a fraction stands within a number; write it on the line."
        )
    flat = _LOWERED.sub(lambda match: match[1] or "", marked).replace("$", "")
    flat = _MIXED.sub(lambda match: _decimal(match, notes), flat)
    flat = unicodedata.normalize("NFKC", flat).replace("\u2044", "/")
    if _ALL_RAISED.fullmatch(flat) and "^" in flat:
        flat = RAISED.sub(lambda match: match[1], flat)
    if "".join(flat.split()) != "".join(_with_raised(text).split()):
        notes.add(FormulaRule.SUBSCRIPTS, "subscripts and markup are read as plain text")
    latin = flat.translate(_LOOK_ALIKES)
    if latin != flat:
        notes.add(FormulaRule.LOOK_ALIKES, "Cyrillic or Greek letters that look like Latin ones are read as these")
    return latin


def with_decimal_points(text: str, notes: Notes) -> str:
    """The formula with points for the commas between digits."""
    mended = re.sub(r"(?<=\d),(?=\d)", ".", text)
    if mended != text:
        notes.add(FormulaRule.DECIMAL_COMMA, "decimal commas are read as points")
    return mended


def _with_raised(text: str) -> str:
    """Raised text of every kind as `^{...}`."""
    text = _RAISED_MARKUP.sub(lambda match: f"^{{{match[match.lastindex or 0]}}}", text)
    return _RAISED.sub(lambda match: f"^{{{unicodedata.normalize('NFKC', match[0])}}}", text)


def _decimal(match: re.Match[str], notes: Notes) -> str:
    """A number with a fraction in one character, like 50½ or ⅓, as a decimal number."""
    notes.add(FormulaRule.FRACTIONS, "fractions are computed")
    return repr(int(match[1] or 0) + unicodedata.numeric(match[2]))
