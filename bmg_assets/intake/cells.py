"""The cells of a lab file one by one: text to value, or the fault and its fix.

Belongs here: the value of one cell by itself. Cells are compared with each other in rows.py and plausible.py.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated, Any, TypeVar

from pydantic import PlainValidator, ValidationInfo

from bmg_assets.intake.days import read_day
from bmg_assets.intake.faults import CellError, CellRule, UnreadableCellError
from bmg_assets.intake.numbers import KELVIN, KELVIN_PER_MINUTE, MILLIMETRES, MONTHS, Unit, read_number
from bmg_assets.intake.words import WITHDRAWN, Words, own_words, squeezed
from bmg_assets.science.casts.cast import CompositionUnit, DimensionKind, Method, Verdict

Word = TypeVar("Word", bound=StrEnum)

SCHEMA_VERSION = 1
LONGEST_CELL = 10_000
LONGEST_NAME = 200
LONGEST_NOTED = 80


@dataclass
class Notes:
    """What is needed and noted while the cells of a row are read.

    last_day: a test cannot be later than this day. words: what the cells may say. decimal_comma: whether a comma in a
    number can only be its decimal point. rules: those that were needed. remarks: a sentence for each cell that was read
    by one. values: by column.
    """

    last_day: date
    words: Words = field(default_factory=own_words)
    decimal_comma: bool = False
    rules: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)


Parser = Callable[[str, Notes], Any]
"""The value of a cell's text; raises CellError."""


def read_by(parse: Parser) -> PlainValidator:
    """Annotate a column of the row model with its parser.

    The value is noted for the checks across columns, and how it was read where a rule was needed.
    """

    def read(text: str, info: "ValidationInfo[Notes]") -> Any:
        notes, column = info.context, str(info.field_name)
        known = len(notes.rules)
        value = parse(text, notes)
        if value is not None:
            notes.values[column] = value
        if len(notes.rules) > known:
            notes.remarks.append(_read_as(column, text, value, notes.rules[known:]))
        return value

    return PlainValidator(read)


def optional(parse: Parser, is_left_empty: type[CellError] = UnreadableCellError) -> Parser:
    """The parser of an optional cell, which a cast does not need.

    A cell that says that nothing was determined, or states no value of its column (`is_left_empty`), is left empty.
    """

    def read(text: str, notes: Notes) -> Any:
        try:
            if not notes.words.is_empty(text):
                return parse(text, notes)
        except is_left_empty:
            pass
        notes.rules.append(CellRule.LEFT_EMPTY)
        return None

    return read


def _read_as(column: str, text: str, value: object, rules: Sequence[str]) -> str:
    """How a cell was read, in words."""
    shown = text if len(text) <= LONGEST_NOTED else f"{text[:LONGEST_NOTED]}…"
    if value is None:
        return f"{column}: {shown!r} was left empty: it states no value"
    was_read = f"was read as {value:.10g}" if isinstance(value, float) else f"was read as {value}"
    how = ", ".join(rule.replace("_", " ") for rule in rules)
    return f"{column}: {shown!r} {was_read if str(value) != text else 'was taken as it is written'}: {how}"


# "=> edge crystalline" is a remark: no formula has a second sign there.
_SPREADSHEET_FORMULA = re.compile(r"\s*=(?![>=<~])")


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
    if _SPREADSHEET_FORMULA.match(text):
        raise CellError("the cell begins with '=', as a spreadsheet formula does", "write the value, not the formula")


def parse_schema_version(text: str, notes: Notes) -> int:
    """The version of the columns. Raises CellError for any but the one that is known."""
    if not re.fullmatch(rf"0*{SCHEMA_VERSION}(\.0*)?", text):
        raise CellError(
            f"schema version {text!r} is not known; the only one is {SCHEMA_VERSION}",
            f"bring the columns to version {SCHEMA_VERSION} and write {SCHEMA_VERSION}",
        )
    return SCHEMA_VERSION


# "12E4" becomes "1.20E+05": the name that was typed is gone.
_SPOILT_NAME = re.compile(r"\d\.\d+E\+\d\d+|#(?:N/A|NV|VALUE!|REF!|DIV/0!|NAME\?|NUM!|NULL!)", re.IGNORECASE)
# "MAR1" and "3-1" become "1-Mar" in a spreadsheet; where a file is text, it may as well be what was typed.
_DATE_LIKE_NAME = re.compile(rf"\d{{1,4}}[-. ]{MONTHS}|{MONTHS}[-. ]\d{{1,4}}", re.IGNORECASE)


def as_written(text: str, notes: Notes) -> str:
    """The text itself."""
    return text


def parse_text(text: str, notes: Notes) -> str:
    """Free text, composed characters in one form (NFC)."""
    return unicodedata.normalize("NFC", text)


def parse_name(text: str, notes: Notes) -> str:
    """Name of a sample; one like a date is noted.

    Raises CellError if a spreadsheet made it a number or an error, or it has line breaks or over 200 characters.
    """
    if len(text) > LONGEST_NAME or any(character in text for character in "\t\r\n"):
        raise CellError(
            f"a name of a sample has one line and at most {LONGEST_NAME} characters", "give a short name of one line"
        )
    if _SPOILT_NAME.fullmatch(text):
        raise CellError(
            f"{text!r} looks like a name that a spreadsheet turned into a number or an error",
            "format the column as text and write the name again",
        )
    if _DATE_LIKE_NAME.fullmatch(text):
        notes.rules.append(CellRule.DATE_LIKE_NAME)
    return parse_text(text, notes)


def parse_day(text: str, notes: Notes) -> date:
    """Day of a test; raises CellError as `read_day`."""
    day, rules = read_day(text, notes.last_day, notes.words.months)
    notes.rules += rules
    return day


def positive(unit: Unit) -> Parser:
    """Parser of a number above zero; raises CellError as `read_number`, and for words behind the number."""

    def parse(text: str, notes: Notes) -> float:
        number = read_number(text, unit, decimal_comma=notes.decimal_comma)
        if number.size_word:
            raise _behind(text, number.size_word, unit)
        notes.rules += number.rules
        return number.value

    return parse


_THICK = frozenset({"thick", "thickness", "inthickness", "dick", "厚"})


def parse_size(text: str, notes: Notes) -> float:
    """The size of a cast in mm; a sign or word for the kind of size must say what dimension_kind says.

    Raises CellError as `read_number`, and where it says something else.
    """
    number, kind = read_number(text, MILLIMETRES, decimal_comma=notes.decimal_comma), notes.values.get("dimension_kind")
    said = notes.words.find("dimension_kind", number.size_word) if number.size_word else kind
    if squeezed(number.size_word) in _THICK and kind is not DimensionKind.ROD_DIAMETER:
        said = kind
    if said is None and number.size_word:
        raise _behind(text, number.size_word, MILLIMETRES)
    is_diameter = kind is DimensionKind.ROD_DIAMETER
    if kind is not None and (
        said != kind or (number.says_diameter is not None and number.says_diameter != is_diameter)
    ):
        raise CellError(f"{text!r} contradicts dimension_kind, which is {kind}", "correct the one that is wrong")
    notes.rules += number.rules
    if number.size_word:
        notes.rules.append(CellRule.SIZE_WORD)
    return number.value


def _behind(text: str, written: str, unit: Unit) -> CellError:
    return UnreadableCellError(f"{text!r} has {written!r} behind the number", f"write the number alone, in {unit.name}")


def word(words: type[Word], column: str, rule: CellRule) -> Parser:
    """Parser of one of the allowed words, or of what the table of words has for it, which notes `rule`.

    It raises CellError for any other word.
    """

    def parse(text: str, notes: Notes) -> Word:
        found = notes.words.find(column, text)
        if found is None:
            listed = notes.words.may_mean(column, text)
            if listed:
                raise CellError(f"{text!r} does not say which it is", f"write {listed}")
            listed = ", ".join(one.value for one in words)
            raise CellError(f"{text!r} is none of the words for this column", f"write one of {listed}")
        value = words(Verdict.FAILED_CAST if found == WITHDRAWN else found)
        if text != value:
            notes.rules.append(rule)
        return value

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
OtherName = Annotated[str | None, read_by(optional(parse_name))]
Version = Annotated[int, read_by(parse_schema_version)]
Day = Annotated[date, read_by(parse_day)]
Millimetres = Annotated[float, read_by(parse_size)]
Kelvin = Annotated[float | None, read_by(optional(positive(KELVIN)))]
KelvinPerMinute = Annotated[float | None, read_by(optional(positive(KELVIN_PER_MINUTE)))]
PathBelow = Annotated[str | None, read_by(optional(parse_path))]
Checksum = Annotated[str | None, read_by(optional(parse_sha256))]
UnitWord = Annotated[
    CompositionUnit, read_by(word(CompositionUnit, "composition_unit", CellRule.COMPOSITION_UNIT_SYNONYM))
]
MethodWord = Annotated[Method, read_by(word(Method, "method", CellRule.METHOD_SYNONYM))]
KindWord = Annotated[DimensionKind, read_by(word(DimensionKind, "dimension_kind", CellRule.DIMENSION_KIND_SYNONYM))]
VerdictWord = Annotated[Verdict, read_by(word(Verdict, "verdict", CellRule.VERDICT_SYNONYM))]
