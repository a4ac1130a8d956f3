"""The cells of a lab file one by one: text to value, or the fault and its fix.

Belongs here: the value of one cell by itself. Cells are compared with each other in rows.py and plausible.py.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated, Any, TypeVar

from pydantic import PlainValidator, ValidationInfo

from bmg_assets.intake.words import (
    KIND_SYNONYMS,
    METHOD_SYNONYMS,
    UNIT_SYNONYMS,
    VERDICT_SYNONYMS,
    squeezed,
)
from bmg_assets.science.alloys.compositions import (
    PERCENT_TOLERANCE,
    FormulaError,
    FormulaFault,
    FormulaRule,
    composition_key,
    parse_formula,
)
from bmg_assets.science.casts.cast import CompositionUnit, DimensionKind, Method, Verdict
from bmg_assets.science.errors import BmgError

Word = TypeVar("Word", bound=StrEnum)

SCHEMA_VERSION = 1
EARLIEST_TEST = date(1960, 1, 1)
"""The first metallic glass was quenched in 1960; an earlier date is a misprint."""
LONGEST_CELL = 10_000
LONGEST_NAME = 200


class CellRule(StrEnum):
    """The rules by which a cell is read that is not written as expected; a formula has its own (FormulaRule)."""

    COMPOSITION_UNIT_SYNONYM = "composition_unit_synonym"
    METHOD_SYNONYM = "method_synonym"
    DIMENSION_KIND_SYNONYM = "dimension_kind_synonym"
    VERDICT_SYNONYM = "verdict_synonym"
    TIME_REMOVED = "time_of_day_removed"
    UNIT_REMOVED = "unit_removed_from_number"
    PATH_SEPARATORS = "path_separators_mended"


class CellError(BmgError, ValueError):
    """A cell that is refused: what was found and expected, and what to do.

    It is a ValueError because pydantic collects those of all cells.
    """

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(f"{reason}; {fix}.")
        self.reason = reason
        self.fix = fix


@dataclass
class Notes:
    """What is noted while the cells of a row are read: the rules that were needed, and the values by column.

    last_day: a test cannot be later than this day.
    """

    last_day: date
    rules: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)


Parser = Callable[[str, Notes], Any]
"""The value of a cell's text; raises CellError."""


def read_by(parse: Parser) -> PlainValidator:
    """Annotate a column of the row model with its parser; the value is noted for the checks across columns."""

    def read(text: str, info: "ValidationInfo[Notes]") -> Any:
        value = parse(text, info.context)
        info.context.values[str(info.field_name)] = value
        return value

    return PlainValidator(read)


def check_text(text: str) -> None:
    """See that a cell holds plain text.

    Raises CellError for control characters (NUL among them), a spreadsheet formula, and more than 10,000 characters.
    """
    if len(text) > LONGEST_CELL:
        raise CellError(f"the cell has {len(text)} characters, more than {LONGEST_CELL}", "shorten it")
    control = next((c for c in text if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\t\r\n"), None)
    if control is not None:
        name = "NUL" if control == "\0" else f"U+{ord(control):04X}"
        raise CellError(f"the cell holds the control character {name}", "export the file again, or retype the cell")
    if text.lstrip().startswith("="):
        raise CellError("the cell begins with '=', as a spreadsheet formula does", "write the value, not the formula")


def parse_schema_version(text: str, notes: Notes) -> int:
    """The version of the columns. Raises CellError for any but the one that is known."""
    if not re.fullmatch(rf"0*{SCHEMA_VERSION}(\.0*)?", text):
        raise CellError(
            f"schema version {text!r} is not known; the only one is {SCHEMA_VERSION}",
            f"bring the columns to version {SCHEMA_VERSION} and write {SCHEMA_VERSION}",
        )
    return SCHEMA_VERSION


# "MAR1" and "3-1" become "1-Mar", "12E4" becomes "1.20E+05": the name that was typed is gone.
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_SPOILT_NAME = re.compile(rf"\d{{1,4}}[-. ]{_MONTH}|{_MONTH}[-. ]\d{{1,4}}|\d\.\d+E\+\d\d+", re.IGNORECASE)
_DATE_LIKE = re.compile(
    rf"(?:\d{{1,4}}[-/. ]+)?{_MONTH}(?:[-/. ]+\d{{1,4}})?"
    r"|\d{4}-\d\d?-\d\d?(?:[ T][\d:.]+)?|\d\d?[/.]\d\d?[/.]\d{2,4}",
    re.IGNORECASE,
)


def as_written(text: str, notes: Notes) -> str:
    """The text itself."""
    return text


def parse_text(text: str, notes: Notes) -> str:
    """Free text, composed characters in one form (NFC)."""
    return unicodedata.normalize("NFC", text)


def parse_name(text: str, notes: Notes) -> str:
    """Name of a sample. Raises CellError if a spreadsheet spoilt it, or it has line breaks or over 200 characters."""
    if len(text) > LONGEST_NAME or any(character in text for character in "\t\r\n"):
        raise CellError(
            f"a name of a sample has one line and at most {LONGEST_NAME} characters", "give a short name of one line"
        )
    if _SPOILT_NAME.fullmatch(text):
        raise CellError(
            f"{text!r} looks like a name that a spreadsheet turned into a date or a number",
            "format the column as text and write the name again",
        )
    return parse_text(text, notes)


_DAY = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})([ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_SERIAL_DAY = re.compile(r"([1-9][0-9]{4})(?:\.[0-9]+)?")
_FIRST_SERIAL_DAY = date(1899, 12, 30)


def parse_day(text: str, notes: Notes) -> date:
    """Day of a test, as 2026-01-31; a time of day is cut off.

    Raises CellError for any other form (in 01/02/2026 it is open which is the month), for days that do not exist,
    for days after `notes.last_day` and before the first metallic glass.
    """
    fix = "write year-month-day, as in 2026-01-31"
    match = _DAY.fullmatch(text)
    if match is None:
        raise CellError(f"{text!r} is not a date written as year-month-day", _fix_of_serial(text) or fix)
    try:
        day = date.fromisoformat(match[1])
    except ValueError:
        raise CellError(f"there is no day {match[1]}", fix) from None
    if day > notes.last_day:
        fix = "correct the date, or this computer's clock or its time zone (BMG_TIME_ZONE)"
        raise CellError(f"the test date {day} lies in the future (today is {notes.last_day})", fix)
    if day < EARLIEST_TEST:
        raise CellError(f"the test date {day} is before the first metallic glass (1960)", "correct the year")
    if match[2]:
        notes.rules.append(CellRule.TIME_REMOVED)
    return day


def _fix_of_serial(text: str) -> str | None:
    """The fix of a day as spreadsheets count them, in days since 1899-12-30; None for any other text."""
    match = _SERIAL_DAY.fullmatch(text)
    if match is None:
        return None
    return f"write {_FIRST_SERIAL_DAY + timedelta(days=int(match[1]))}, if that is the day meant by this number"


_NUMBER = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?)\s*(.*)", re.DOTALL)
_COMMA_NUMBER = re.compile(r"([+-]?[0-9]*),([0-9]+)(\D*)")
_CELSIUS = frozenset({"c", "°c", "degc", "deg c", "℃", "ºc", "celsius"})


def positive(unit: str) -> Parser:
    """Parser of a number above zero with a decimal point; its own unit behind it is cut off.

    It raises CellError for a decimal comma, a date out of a spreadsheet, another unit, what is no finite number, and
    for zero and less.
    """

    def parse(text: str, notes: Notes) -> float:
        comma = _COMMA_NUMBER.fullmatch(text)
        if comma is not None:
            plain = f"{comma[1]}.{comma[2]}"
            raise CellError(f"{text!r} has a comma in the number", f"write a decimal point, as in {plain}")
        if _DATE_LIKE.fullmatch(text):
            raise CellError(
                f"{text!r} is a date, made by a spreadsheet out of a number", f"format the column as text; write {unit}"
            )
        match = _NUMBER.fullmatch(text)
        if match is None or not math.isfinite(float(match[1])):
            raise CellError(f"{text!r} is not a number", f"write a number in {unit} with a decimal point")
        number, written = float(match[1]), match[2].strip()
        if written and squeezed(written) != squeezed(unit):
            if unit == "K" and written.lower() in _CELSIUS:
                raise CellError(f"{text!r} is in °C, not in K", f"write {number + 273.15:.6g}")
            raise CellError(f"{text!r} has {written!r} behind the number", f"write the number alone, in {unit}")
        if number <= 0:
            raise CellError(f"{text!r} is not above zero", f"write what was measured, in {unit}, or leave the row out")
        if written:
            notes.rules.append(CellRule.UNIT_REMOVED)
        return number

    return parse


def word(words: type[Word], synonyms: Mapping[str, str], rule: CellRule) -> Parser:
    """Parser of one of the allowed words, or of a synonym (keys squeezed), which notes `rule`.

    It raises CellError for any other word.
    """
    allowed = {**{name: words(value) for name, value in synonyms.items()}, **{squeezed(one): one for one in words}}

    def parse(text: str, notes: Notes) -> Word:
        found = allowed.get(squeezed(text))
        if found is None:
            listed = ", ".join(one.value for one in words)
            raise CellError(f"{text!r} is none of the words for this column", f"write one of {listed}")
        if text != found.value:
            notes.rules.append(rule)
        return found

    return parse


_DRIVE_OR_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def parse_path(text: str, notes: Notes) -> str:
    """Path of a file below the folder of the casts, with forward slashes.

    Raises CellError for a path that leaves the folder: absolute, with a drive or an address, a home folder, or "..".
    """
    forward = text.replace("\\", "/")
    parts = PurePosixPath(forward).parts
    leaves = forward.startswith(("/", "~")) or _DRIVE_OR_ADDRESS.match(forward) or any(_climbs(part) for part in parts)
    if leaves or not parts or any(character in text for character in "\t\r\n"):
        raise CellError(
            f"the path {text!r} leaves the folder of the file, or names no file",
            "put the pattern beside the file and write its path from there, as in xrd/ZAC-1.xy",
        )
    if forward != text:
        notes.rules.append(CellRule.PATH_SEPARATORS)
    return str(PurePosixPath(forward))


def _climbs(part: str) -> bool:
    # Windows ignores spaces and dots at the end of a name, so that ".. " climbs there too.
    return part.rstrip(" ") in {"..", "..."} or part.replace(" ", "") == ".."


def parse_sha256(text: str, notes: Notes) -> str:
    """A SHA-256 checksum in lower case. Raises CellError for anything but 64 hexadecimal digits."""
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise CellError(
            f"{text!r} is not a SHA-256 checksum", "write its 64 hexadecimal digits, or leave the cell empty"
        )
    return text.lower()


Text = Annotated[str, read_by(parse_text)]
Written = Annotated[str, read_by(as_written)]
Name = Annotated[str, read_by(parse_name)]
Version = Annotated[int, read_by(parse_schema_version)]
Day = Annotated[date, read_by(parse_day)]
Millimetres = Annotated[float, read_by(positive("mm"))]
Kelvin = Annotated[float, read_by(positive("K"))]
KelvinPerMinute = Annotated[float, read_by(positive("K/min"))]
PathBelow = Annotated[str, read_by(parse_path)]
Checksum = Annotated[str, read_by(parse_sha256)]
UnitWord = Annotated[CompositionUnit, read_by(word(CompositionUnit, UNIT_SYNONYMS, CellRule.COMPOSITION_UNIT_SYNONYM))]
MethodWord = Annotated[Method, read_by(word(Method, METHOD_SYNONYMS, CellRule.METHOD_SYNONYM))]
KindWord = Annotated[DimensionKind, read_by(word(DimensionKind, KIND_SYNONYMS, CellRule.DIMENSION_KIND_SYNONYM))]
VerdictWord = Annotated[Verdict, read_by(word(Verdict, VERDICT_SYNONYMS, CellRule.VERDICT_SYNONYM))]


FORMULA_FIXES = {
    FormulaFault.UNKNOWN_ELEMENT: "correct the symbol; capitals matter (Co is cobalt, CO is not)",
    FormulaFault.NEGATIVE_AMOUNT: "write positive amounts",
    FormulaFault.DECIMAL_COMMA: "write a decimal point",
    FormulaFault.REPEATED_ELEMENT: "look the alloy up in the lab book and name each element once",
    FormulaFault.IMPLAUSIBLE_SUM: "look the alloy up in the lab book; the amounts must sum to 100",
    FormulaFault.ZERO_SUM: "write positive amounts that sum to 100",
    FormulaFault.UNSTATED_AMOUNTS: "write the share of each element in the bracket",
}
ANY_FORMULA_FIX = "write elements with amounts that sum to 100, as in Zr58Al12Cu30"


@dataclass(frozen=True)
class Alloy:
    """A nominal composition as read; elements alphabetical with at.% beside them, and in the order as written."""

    composition: str
    elements: tuple[str, ...]
    at_pct: tuple[float, ...]
    elements_as_written: tuple[str, ...]
    rules: tuple[str, ...]


def read_alloy(text: str, unit: CompositionUnit) -> Alloy:
    """Read the nominal composition of a cast; stricter than a published formula, because the weighed amounts are known.

    A row states whether its amounts are at% or wt%, so proportions (Zr2Cu) and mole fractions are refused like any sum
    outside 100 ± 0.5. An element of amount zero is refused, because its amount may be missing.

    Raises CellError for these, and for every formula that `parse_formula` refuses.
    """
    try:
        parsed = parse_formula(text, unit.value)
    except FormulaError as error:
        raise CellError(str(error).rstrip("."), FORMULA_FIXES.get(error.fault, ANY_FORMULA_FIX)) from error
    if {FormulaRule.RATIO, FormulaRule.MOLE_FRACTIONS} & set(parsed.rules):
        fix = f"write {composition_key(parsed.amounts)}, if these were proportions in at%"
        if unit is CompositionUnit.WT_PCT:
            fix = "write amounts that sum to 100"
        raise CellError(f"{text!r}: the amounts do not sum to 100 ± {PERCENT_TOLERANCE} {unit}", fix)
    if FormulaRule.ZERO_AMOUNT in parsed.rules:
        raise CellError(
            f"{text!r}: an element has the amount zero",
            "leave it out if it was not in the alloy, else write its amount",
        )
    elements = tuple(parsed.amounts)
    return Alloy(
        composition=composition_key(parsed.amounts),
        elements=elements,
        at_pct=tuple(parsed.amounts.values()),
        elements_as_written=_in_order(text, elements),
        rules=parsed.rules,
    )


def _in_order(text: str, elements: tuple[str, ...]) -> tuple[str, ...]:
    """The elements in the order of their first mention; those split by markup, if any, at the end."""
    without_markup = re.sub(r"</?sub>", "", unicodedata.normalize("NFKC", text), flags=re.IGNORECASE)
    mentioned = [symbol for symbol in re.findall(r"[A-Z][a-z]?", without_markup) if symbol in elements]
    return tuple(dict.fromkeys((*mentioned, *elements)))
