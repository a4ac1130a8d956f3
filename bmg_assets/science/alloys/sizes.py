"""Sizes in mm as tables of the literature write them: numbers, ranges, bounds, uncertainties, dates by mistake.

Belongs here: what a cell of sizes says. Does not belong here: what the size says of the glass (labels.py).
"""

import math
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from bmg_assets.science.alloys.label_terms import LabelFault, LabelRule, NoLabel

LARGEST_CREDIBLE_MM = 100.0
NOT_REPORTED = frozenset(
    {"na", "n/a", "n.a.", "nan", "n.r.", "nr", "n.d.", "nd", "none", "-", "--", "–", "—", "/", "?", "not reported"}
)
"""What stands for a missing size in every source; a source declares what else does."""
MILLIMETRES = {"mm": 1.0, "cm": 10.0, "µm": 1e-3, "um": 1e-3}

_DATE = re.compile(
    r"(\d{1,4}[-/ ])?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*([-/ ]\d{1,4})?"
    r"|\d{4}-\d{1,2}-\d{1,2}([ T][\d:.]+)?|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}",
    re.IGNORECASE,
)
_MARK = re.compile(r"\s*(?:[*†‡§¶#]+|\[\s*\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*\]|\^\{?\w\}?|(?<=[\d\s])[a-d])$")
_RAISED = re.compile(r"[\u00b2\u00b3\u00b9\u2070\u2074-\u2079]+$")
_NUMBER = r"(?:\d+(?:[.,]\d+)?|[.,]\d+)(?:e[+-]?\d{1,3})?"
_UNIT = r"(?:mm|cm|um|µm|μm)"
_LEAST = r">=|=>|>|≥|at least|more than|greater than|above|over|min\."
_MOST = r"<=|=<|<|≤|at most|less than|smaller than|below|under|max\."
_ABOUT = r"~|≈|ca\.?|c\.|approx(?:\.|imately)?|about|around"
_SIZE = re.compile(
    rf"(?:d_?max\s*)?(?:(?P<least>{_LEAST})|(?P<most>{_MOST})|(?P<about>{_ABOUT})|=)?"
    rf"\s*(?P<symbol>[øφ⌀])?\s*(?P<first>{_NUMBER})"
    rf"(?:\s*(?:±|\+/-|\+-)\s*(?P<uncertainty>{_NUMBER}))?\s*(?P<first_unit>{_UNIT})?"
    rf"(?:\s*(?:-|~|to|\.\.+)\s*(?P<last>{_NUMBER})\s*(?P<last_unit>{_UNIT})?)?(?P<more>\s*\+|\s*or more)?"
    r"(?P<rod>\s*(?:rods?|in diameter|dia(?:meter|\.)?))?",
    re.IGNORECASE,
)
_SPELT_ALIKE = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("∼〜～", "~"),
        "⩾": "≥",
        "≧": "≥",
        "⩽": "≤",
        "≦": "≤",
        "μ": "µ",
        "Ø": "ø",
        "Φ": "φ",
        "ϕ": "φ",
    }
)


@dataclass(frozen=True)
class Size:
    """A size cell as read, in mm: the mean, the smallest and the largest number in it, and the rules used.

    A cell that states an upper bound alone has the bound as `largest` and 0 as mean and smallest.
    """

    mean: float
    smallest: float
    largest: float | None
    rules: tuple[LabelRule, ...]

    @property
    def is_upper_bound(self) -> bool:
        """Whether nothing is known but that the size is below `largest`."""
        return LabelRule.AT_MOST in self.rules

    @property
    def is_bound(self) -> bool:
        """Whether the number is the end of a range, and so stands for no class."""
        return self.largest is not None or LabelRule.AT_LEAST in self.rules


def read_size(
    cell: str | None, missing: Collection[str], largest_mm: float = LARGEST_CREDIBLE_MM
) -> Size | NoLabel | None:
    """What a cell says, None where it says nothing, and why it cannot be read where it cannot.

    missing: texts that stand for "not reported" in this source, beside NOT_REPORTED.
    largest_mm: a larger size is not credible.
    """
    text = "" if cell is None else cell.strip()
    if text == "" or text in missing or text.lower() in NOT_REPORTED:
        return None
    if _DATE.fullmatch(text):
        return NoLabel(
            LabelFault.SPREADSHEET_DATE,
            f"Size {text!r} is a date that a spreadsheet made of a size; the size is unknown, see the reference.",
        )
    if text.startswith("[") and text.endswith("]"):
        return _list_of_sizes(text, largest_mm)
    plain, rules = _plain(text)
    match = _SIZE.fullmatch(plain)
    if match and match["last"] and (match["least"] or match["most"] or match["more"]):
        return NoLabel(LabelFault.UNREADABLE_VALUE, f"Size {text!r} is a bound and a range at once.")
    if match is None:
        return NoLabel(
            LabelFault.UNREADABLE_VALUE, f"Size {text!r} is not a number, a range or a declared missing value."
        )
    return _checked(_size_of(match, rules), text, largest_mm)


def _plain(text: str) -> tuple[str, list[LabelRule]]:
    """The text without a mark behind it, every character in its plainest form, and the rules for that."""
    unmarked = _RAISED.sub("", text)
    flat = unicodedata.normalize("NFKC", unmarked).translate(_SPELT_ALIKE).strip()
    bare = _MARK.sub("", flat) or flat
    return bare, [LabelRule.MARK_DROPPED] if bare != flat or unmarked != text else []


def _size_of(match: re.Match[str], rules: list[LabelRule]) -> Size:
    written = match[0]
    unit = (match["last_unit"] or match["first_unit"] or "mm").lower()
    first = _value(match["first"], match["first_unit"] or unit)
    last = _value(match["last"], unit) if match["last"] else None
    found = {
        LabelRule.RANGE: last is not None,
        LabelRule.AT_LEAST: bool(match["least"] or match["more"]),
        LabelRule.AT_MOST: bool(match["most"]),
        LabelRule.ABOUT: bool(match["about"]),
        LabelRule.UNCERTAINTY: match["uncertainty"] is not None,
        LabelRule.POWER_OF_TEN: any("e" in (match[name] or "").lower() for name in ("first", "last")),
        LabelRule.UNIT_STRIPPED: unit == "mm" and "mm" in written.lower(),
        LabelRule.UNIT_CONVERTED: unit != "mm",
        LabelRule.SYMBOL_STRIPPED: bool(match["symbol"] or match["rod"]),
        LabelRule.DECIMAL_COMMA: "," in written,
    }
    rules = [*rules, *(rule for rule, applied in found.items() if applied)]
    if found[LabelRule.AT_MOST]:
        return Size(0.0, 0.0, first, tuple(rules))
    return Size(first, first, last, tuple(rules))


def _value(number: str, unit: str) -> float:
    return float(number.replace(",", ".")) * MILLIMETRES[unit.lower()]


def _list_of_sizes(text: str, largest_mm: float) -> Size | NoLabel:
    parts = text[1:-1].replace(",", " ").replace("'", " ").split()
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if not numbers:
        return NoLabel(LabelFault.UNREADABLE_VALUE, f"Size {text!r} is a list of something else than numbers.")
    rules = [LabelRule.LIST_IN_CELL] if len(numbers) > 1 else []
    if len(set(numbers)) > 1:
        rules.append(LabelRule.VALUES_IN_CELL)
    return _checked(Size(sum(numbers) / len(numbers), min(numbers), None, tuple(rules)), text, largest_mm)


def _checked(size: Size, text: str, largest_mm: float) -> Size | NoLabel:
    numbers = [number for number in (size.mean, size.smallest, size.largest) if number is not None]
    if not all(math.isfinite(number) and 0 <= number <= largest_mm for number in numbers):
        return NoLabel(
            LabelFault.IMPOSSIBLE_VALUE,
            f"Size {text!r} is outside 0 to {largest_mm:g} mm; check number and unit.",
        )
    if size.largest is not None and size.largest <= size.smallest:
        return NoLabel(LabelFault.UNREADABLE_VALUE, f"Size {text!r} is a range that does not rise.")
    return size
