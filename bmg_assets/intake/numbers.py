"""The numbers of a lab file: sizes, temperatures and heating rates as laboratories write them.

What can mean only one number is read, and the rules tell how. What can mean two is refused, and both are named.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bmg_assets.intake.faults import CellError, CellRule, UnreadableCellError


@dataclass(frozen=True)
class Unit:
    """A unit of a column.

    others: factor and shift by the ways of writing this unit and others (folded), from which a number is converted: it
    is multiplied, then shifted. credible: the smallest and largest number that the column can hold; it tells a decimal
    comma from one between thousands.
    """

    name: str
    others: Mapping[str, tuple[str, str]]
    credible: tuple[float, float]


_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63]")


def _ways(factor: str, *names: str, shift: str = "0") -> dict[str, tuple[str, str]]:
    return {_folded(name): (factor, shift) for name in names}


def _folded(text: str) -> str:
    """A unit for comparison: lower case, without blanks, dots and raising signs."""
    return re.sub(r"[\s.·⋅^]", "", _DASHES.sub("-", unicodedata.normalize("NFKC", text)).casefold())


MILLIMETRES = Unit(
    "mm",
    {
        **_ways("1", "mm", "millimeter", "millimeters", "millimetre", "millimetres", "毫米", "ミリ", "ミリメートル"),
        **_ways(
            "0.001",
            "µm",
            "um",
            "micron",
            "microns",
            "micrometer",
            "micrometers",
            "micrometres",
            "micrometre",
            "mikrometer",
            "微米",
            "マイクロメートル",
        ),
        **_ways("0.000001", "nm", "nanometer", "nanometers", "nanometres", "nanometre", "纳米"),
        **_ways("10", "cm", "厘米", "センチ"),
        **_ways("1000", "m", "meter", "metre"),
    },
    (0.0, 100.0),
)
KELVIN = Unit(
    "K",
    {
        **_ways("1", "K", "Kelvin", "°K", "deg K"),
        **_ways("1", "°C", "C", "degC", "deg C", "º C", "celsius", "oC", "摄氏度", shift="273.15"),
    },
    (290.0, 3500.0),
)
KELVIN_PER_MINUTE = Unit(
    "K/min",
    {
        **_ways("1", "K/min", "K min-1", "K·min-1", "Kmin⁻¹", "K/minute", "Kpm", "K per min", "K per minute", "K/分"),
        **_ways("1", "°C/min", "C/min", "°C min-1", "degC/min", "°C/分"),
        **_ways("60", "K/s", "K s-1", "K/sec", "°C/s", "C/s"),
    },
    (0.001, 100_000.0),
)

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_DIGITS = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
_RAISED_TAIL = re.compile(r"(?<=[0-9)*†‡])\s*[⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠ]+$")
_POWER_OF_TEN = re.compile(r"(?<![0-9.,])10\s*[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_INVERSE = re.compile(r"(?<=[a-zA-Z])\s*⁻¹")
_APPROXIMATE = re.compile(
    r"^(?:~|≈|∼|≃|≅|about\b|approx(?:imately|\.)?|ca\.?|circa\b|etwa\b|约|約)\s*(?=[\d.])", re.IGNORECASE
)
_BOUND = re.compile(
    r"^(?:[<>≤≥⩽⩾≦≧]|(?:up to|at least|at most|more than|less than|over|under|above|below|bis)\b)", re.IGNORECASE
)
_DIAMETER = re.compile(
    r"^(?:[φΦØø⌀∅]|(?:d|dia|diam|diameter)\s*[=:.]|(?:dia|diam|diameter)\b|d(?=\s?[0-9.])|直径)\s*[=:]?\s*(?=[\d.])",
    re.IGNORECASE,
)
_THICKNESS = re.compile(r"^(?:t|thickness)\s*[=:]\s*(?=[\d.])", re.IGNORECASE)
_RANGE = re.compile(rf"^\s*(?:[-–—−~]|to\b|bis\b|\.\.\.?|…)\s*({_DIGITS})", re.IGNORECASE)
_UNCERTAINTY = re.compile(
    rf"^\s*(?P<open>\()?\s*(?:±|\+/-|\+-|\+\\-)\s*(?P<by>{_DIGITS})\s*(?P<percent>%)?(?(open)\s*\))"
)
_HYPHEN = re.compile(r"^-(?=[^\W\d])")
_FOOTNOTE = re.compile(r"^\s*(?:[*†‡§¶#]+|\^[\w*†]{1,2}|\[\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\]|\(\d{1,2}\))")
_BRACKETS = re.compile(r"^\s*\(([^()\d]{1,40})\)\s*$")
LONGEST_OF_UNITS = 2
"""Letters in brackets that may be a unit that is not known here, as in 690 (F)."""
_WORD = re.compile(r"^\s*([^\W\d_][^\d()]*?)\s*$")
_COMMA_NUMBER = re.compile(r"([+-]?[0-9]*),([0-9]+)(\D*)")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_COMMA_BETWEEN_DIGITS = re.compile(r"(?<=[0-9]),(?=[0-9])")
MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DATE_LIKE = re.compile(
    rf"(?:\d{{1,4}}[-/. ]+)?{MONTHS}(?:[-/. ]+\d{{1,4}})?"
    r"|\d{4}-\d\d?-\d\d?(?:[ T][\d:.]+)?|\d\d?[/.]\d\d?[/.]\d{2,4}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ReadNumber:
    """A number as read: the rules that were needed, and the sign (rod) or word that says which size it is, if any."""

    value: float
    rules: tuple[CellRule, ...]
    says_diameter: bool | None = None
    size_word: str = ""


def read_number(text: str, unit: Unit, *, decimal_comma: bool = False) -> ReadNumber:
    """Read one positive number in a unit.

    Args:
        decimal_comma: the file separates its cells by semicolons, so that a comma in a number is its decimal point.

    Raises:
        UnreadableCellError: the cell states no number.
        CellError: it states two, or a bound, or one that is not above zero, or a date out of a spreadsheet, or has a
            comma that may mean anything.
    """
    rules: list[CellRule] = []
    plain = _without_typography(text, rules)
    plain = _with_decimal_point(text, plain, unit, rules) if decimal_comma else plain
    _refuse_comma(text, plain)
    if _DATE_LIKE.fullmatch(plain):
        raise UnreadableCellError(
            f"{text!r} is a date, made by a spreadsheet out of a number",
            f"format the column as text; write {unit.name}",
        )
    if _BOUND.match(plain):
        raise UnreadableCellError(
            f"{text!r} is a bound, not a value that was measured", f"write the number that was measured, in {unit.name}"
        )
    plain = _cut(_APPROXIMATE, plain, CellRule.APPROXIMATE, rules)
    says_diameter = True if unit is MILLIMETRES and _DIAMETER.match(plain) else None
    says_diameter = False if unit is MILLIMETRES and _THICKNESS.match(plain) else says_diameter
    if says_diameter is not None:
        plain = _cut(_DIAMETER if says_diameter else _THICKNESS, plain, CellRule.SIZE_SIGN, rules)
    match = _NUMBER.match(plain)
    if match is None or not math.isfinite(float(match[0])):
        raise UnreadableCellError(f"{text!r} is not a number", f"write a number in {unit.name} with a decimal point")
    value, word = _with_tail(text, Decimal(match[0]), plain[match.end() :], unit, rules)
    if value <= 0:
        raise CellError(f"{text!r} is not above zero", f"write what was measured, in {unit.name}, or leave the row out")
    return ReadNumber(value, tuple(dict.fromkeys(rules)), says_diameter, word)


def _without_typography(text: str, rules: list[CellRule]) -> str:
    """The text with ASCII digits and signs. A raised mark at its end is no digit of the number."""
    # A spreadsheet's mark of text before it, or the comma of a list behind it.
    plain = re.sub(r"(?<=[\w*)%])\s*[;,.:]$", "", text.strip().removeprefix("'"))
    if _RAISED_TAIL.search(plain) and not _POWER_OF_TEN.search(plain) and not re.search(r"[⁻×^]", plain):
        plain = _RAISED_TAIL.sub("", plain)
        rules.append(CellRule.FOOTNOTE)
    # Raised, lowered and circled digits are no digits of the number, though NFKC would make them so.
    if any(sign.isdigit() and not sign.isdecimal() for sign in _INVERSE.sub("", plain)):
        raise UnreadableCellError(f"{text!r} has raised, lowered or circled digits", "write plain digits on the line")
    folded = unicodedata.normalize("NFKC", plain).replace("−", "-").replace("\u200b", "")
    folded = re.sub(r"(?<=[0-9])[·⋅・](?=[0-9])", ".", folded)
    is_other = re.sub(r"\D", "", folded) != re.sub(r"[^0-9]", "", plain) or folded.count(".") != plain.count(".")
    if is_other or not text.strip().startswith(plain[:1]) or (text.strip()[-1:] in ";,:" and plain[-1:] not in ";,:"):
        rules.append(CellRule.SIGNS)
    return folded


def _cut(pattern: re.Pattern[str], text: str, rule: CellRule, rules: list[CellRule]) -> str:
    rest = pattern.sub("", text, count=1)
    if rest != text:
        rules.append(rule)
    return rest


def _with_decimal_point(text: str, plain: str, unit: Unit, rules: list[CellRule]) -> str:
    """Commas of a file that separates by semicolons become decimal points, unless they may separate thousands."""
    if not _COMMA_BETWEEN_DIGITS.search(plain):
        return plain
    thousands = _THOUSANDS.search(plain)
    if thousands is not None:
        low, high = unit.credible
        meant = {
            one: low <= float(one) <= high for one in (thousands[0].replace(",", "."), thousands[0].replace(",", ""))
        }
        credible = [one for one, is_credible in meant.items() if is_credible]
        if len(credible) != 1:
            raise CellError(f"{text!r} may mean {' or '.join(meant)} {unit.name}", "write the number without a comma")
        plain = plain.replace(thousands[0], credible[0], 1)
    if "." in plain and _COMMA_BETWEEN_DIGITS.search(plain):
        return plain
    rules.append(CellRule.DECIMAL_COMMA)
    return _COMMA_BETWEEN_DIGITS.sub(".", plain)


def _refuse_comma(text: str, plain: str) -> None:
    comma = _COMMA_NUMBER.fullmatch(plain)
    if comma is not None:
        point = f"{comma[1]}.{comma[2]}"
        raise CellError(
            f"{text!r} has a comma in the number: it may mean {point}, or two numbers",
            f"write a decimal point, as in {point}",
        )


def _with_tail(text: str, number: Decimal, tail: str, unit: Unit, rules: list[CellRule]) -> tuple[float, str]:
    """The number in the column's unit, and a word behind it that is neither unit nor remark."""
    factor, shift, word = "1", "0", ""
    has_unit = False
    while tail.strip():
        tail = _HYPHEN.sub("", tail)
        if found := _UNCERTAINTY.match(tail):
            if Decimal(found["by"]) >= (100 if found["percent"] else abs(number)):
                raise CellError(
                    f"{text!r} is less certain than it is large", f"write what was measured, in {unit.name}"
                )
            rules.append(CellRule.UNCERTAINTY)
        elif found := _RANGE.match(tail):
            raise UnreadableCellError(
                f"{text!r} names two numbers, {number} and {found[1]}",
                f"write the one that was measured, in {unit.name}",
            )
        elif found := _FOOTNOTE.match(tail):
            rules.append(CellRule.FOOTNOTE)
        elif not has_unit and (found := _BRACKETS.match(tail)) and _folded(found[1]) in unit.others:
            tail = found[1]
            continue
        elif unit is not MILLIMETRES and (found := _BRACKETS.match(tail)) and len(found[1].strip()) > LONGEST_OF_UNITS:
            rules.append(CellRule.REMARK_REMOVED)
        elif not has_unit and (length := _length_of_unit(tail, unit)):
            factor, shift = unit.others[_folded(tail[:length])]
            has_unit = True
            converted = (factor, shift) != ("1", "0")
            rules.append(CellRule.UNIT_CONVERTED if converted else CellRule.UNIT_REMOVED)
            tail = tail[length:]
            continue
        elif unit is MILLIMETRES and (found := _WORD.match(tail)):
            word = found[1]
        else:
            raise UnreadableCellError(
                f"{text!r} has {tail.strip()!r} behind the number", f"write the number alone, in {unit.name}"
            )
        tail = tail[found.end() :]
    return float(number * Decimal(factor) + Decimal(shift)), word


def _length_of_unit(tail: str, unit: Unit) -> int:
    """How many characters of the tail are a unit, the longest that is one; 0 where none is."""
    for end in range(min(len(tail), 20), 0, -1):
        ends_word = end == len(tail) or not (tail[end - 1].isalpha() and tail[end].isalnum() and tail[end].isascii())
        if ends_word and tail[:end].strip() and _folded(tail[:end]) in unit.others:
            return end
    return 0
