"""The cells of a row of casts, one by one: text to value, or the fault and its mend.

Belongs here: what one cell can say by itself. Compositions are read in alloy.py; what cells say together is judged in
sizes.py, temperatures.py and reading.py.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Generic, TypeVar

from bmg_assets.science.casts.cast import CastRule
from bmg_assets.science.casts.columns import (
    EARLIEST_TEST,
    LONGEST_CELL,
    LONGEST_NAME,
    MISSING_WORDS,
    SCHEMA_VERSION,
    squeezed,
)
from bmg_assets.science.errors import BmgError

T = TypeVar("T")
Word = TypeVar("Word", bound=StrEnum)


class CellError(BmgError):
    """A cell that is refused: what was found and expected, and what to do."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(f"{reason}; {mend}.")
        self.reason = reason
        self.mend = mend


@dataclass(frozen=True)
class CellValue(Generic[T]):
    """The value of a cell, and the names of the rules that mended it."""

    value: T
    rules: tuple[str, ...] = ()


def is_missing(text: str) -> bool:
    """Whether a cell is empty, or holds a word for that."""
    return text.strip().lower() in MISSING_WORDS


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


def read_schema_version(text: str) -> CellValue[int]:
    """The version of the columns. Raises CellError for any but the one that is known."""
    if not re.fullmatch(rf"0*{SCHEMA_VERSION}(\.0*)?", text):
        raise CellError(
            f"schema version {text!r} is not known; the only one is {SCHEMA_VERSION}",
            f"bring the columns to version {SCHEMA_VERSION} and write {SCHEMA_VERSION}",
        )
    return CellValue(SCHEMA_VERSION)


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


def read_text(text: str) -> CellValue[str]:
    """Free text, composed characters in one form (NFC)."""
    return CellValue(unicodedata.normalize("NFC", text))


def read_sample(text: str) -> CellValue[str]:
    """Name of a sample. Raises CellError where a spreadsheet spoilt it, or it has line breaks or 200 characters."""
    if len(text) > LONGEST_NAME or any(character in text for character in "\t\r\n"):
        raise CellError(
            f"a name of a sample has one line and at most {LONGEST_NAME} characters", "give a short name of one line"
        )
    if _SPOILT_NAME.fullmatch(text):
        raise CellError(
            f"{text!r} looks like a name that a spreadsheet turned into a date or a number",
            "format the column as text and write the name again",
        )
    return read_text(text)


_DAY = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})([ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_SERIAL_DAY = re.compile(r"([1-9][0-9]{4})(?:\.[0-9]+)?")
_FIRST_SERIAL_DAY = date(1899, 12, 30)


def read_day(text: str, today: date) -> CellValue[date]:
    """Day of a test, as 2026-01-31; a time of day is cut off.

    Raises CellError for any other form (in 01/02/2026 month and day cannot be told), for days that do not exist, for
    days after `today` and before the first metallic glass.
    """
    mend = "write year-month-day, as in 2026-01-31"
    match = _DAY.fullmatch(text)
    if match is None:
        raise CellError(f"{text!r} is not a date written as year-month-day", _mend_of_serial(text) or mend)
    try:
        day = date.fromisoformat(match[1])
    except ValueError:
        raise CellError(f"there is no day {match[1]}", mend) from None
    if day > today:
        raise CellError(f"the test date {day} lies in the future (today is {today})", "correct the date")
    if day < EARLIEST_TEST:
        raise CellError(f"the test date {day} is before the first metallic glass (1960)", "correct the year")
    return CellValue(day, (CastRule.TIME_REMOVED,) if match[2] else ())


def _mend_of_serial(text: str) -> str | None:
    """The mend of a day as spreadsheets count them, in days since 1899-12-30."""
    match = _SERIAL_DAY.fullmatch(text)
    if match is None:
        return None
    return f"write {_FIRST_SERIAL_DAY + timedelta(days=int(match[1]))}, if that is the day meant by this number"


_NUMBER = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?)\s*(.*)", re.DOTALL)
_COMMA_NUMBER = re.compile(r"([+-]?[0-9]*),([0-9]+)(\D*)")
_CELSIUS = frozenset({"c", "°c", "degc", "deg c", "℃", "ºc", "celsius"})


def read_number(text: str, unit: str) -> CellValue[float]:
    """A number with a decimal point; its own unit behind it is cut off.

    Raises CellError for a decimal comma, a date out of a spreadsheet, another unit, and what is no finite number.
    """
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
    written = match[2].strip()
    if not written:
        return CellValue(float(match[1]))
    if squeezed(written) == squeezed(unit):
        return CellValue(float(match[1]), (CastRule.UNIT_REMOVED,))
    if unit == "K" and written.lower() in _CELSIUS:
        raise CellError(f"{text!r} is in °C, not in K", f"write {float(match[1]) + 273.15:.6g}")
    raise CellError(f"{text!r} has {written!r} behind the number", f"write the number alone, in {unit}")


def read_positive(text: str, unit: str) -> CellValue[float]:
    """A number above zero. Raises CellError as `read_number`, and for zero and less."""
    number = read_number(text, unit)
    if number.value <= 0:
        raise CellError(f"{text!r} is not above zero", f"write what was measured, in {unit}, or leave the row out")
    return number


def read_word(text: str, words: type[Word], synonyms: Mapping[str, str], rule: CastRule) -> CellValue[Word]:
    """One of the allowed words, or a synonym (keys squeezed), flagged with `rule`. Raises CellError for any other."""
    allowed = {squeezed(word.value): word for word in words}
    found = allowed.get(squeezed(text)) or _by_synonym(text, words, synonyms)
    if found is None:
        listed = ", ".join(word.value for word in words)
        raise CellError(f"{text!r} is none of the words for this column", f"write one of {listed}")
    return CellValue(found, () if text == found.value else (rule,))


def _by_synonym(text: str, words: type[Word], synonyms: Mapping[str, str]) -> Word | None:
    word = synonyms.get(squeezed(text))
    return None if word is None else words(word)


_DRIVE_OR_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def read_path(text: str) -> CellValue[str]:
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
    path = str(PurePosixPath(forward))
    return CellValue(path, (CastRule.PATH_SEPARATORS,) if forward != text else ())


def _climbs(part: str) -> bool:
    # Windows ignores spaces and dots at the end of a name, so that ".. " climbs there too.
    return part.rstrip(" ") in {"..", "..."} or part.replace(" ", "") == ".."


def read_sha256(text: str) -> CellValue[str]:
    """A SHA-256 checksum in lower case. Raises CellError for anything but 64 hexadecimal digits."""
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise CellError(
            f"{text!r} is not a SHA-256 checksum", "write its 64 hexadecimal digits, or leave the cell empty"
        )
    return CellValue(text.lower())
