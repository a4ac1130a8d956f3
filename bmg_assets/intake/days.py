"""The day of a test: written with the year first it is never open which number is the month."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta

from bmg_assets.intake.faults import CellError, CellRule
from bmg_assets.intake.words import squeezed

EARLIEST_TEST = date(1960, 1, 1)
"""The first metallic glass was quenched in 1960; an earlier date is a misprint."""
FIX = "write year-month-day, as in 2026-01-31"
_FIRST_SERIAL_DAY = date(1899, 12, 30)
_TIME = r"(?P<time>[ T]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:\s*[AP]M)?(?:Z|\s*[+-][0-9]{2}:?[0-9]{2})?)?"
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_AS_EXPECTED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4})\s*(?:(?P<sign>[-/._ ])\s*(?P<month>[0-9]{1,2})\s*(?P=sign)\s*(?P<day>[0-9]{1,2})"
    r"|年\s*(?P<month2>[0-9]{1,2})\s*月\s*(?P<day2>[0-9]{1,2})\s*[日号]?)\.?" + _TIME,
    re.IGNORECASE,
)
_EIGHT_DIGITS = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?:\.0)?" + _TIME)
_NAMED_MONTH = (
    re.compile(r"(?P<year>[0-9]{4})[-/. ]+(?P<name>[^\W\d_]+)[-/. ]+(?P<day>[0-9]{1,2})" + _TIME),
    re.compile(r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[-/., ]+(?P<name>[^\W\d_]+)[-/., ]+(?P<year>[0-9]{4})" + _TIME),
    re.compile(r"(?P<name>[^\W\d_]+)[-/. ]+(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[-/., ]+(?P<year>[0-9]{4})" + _TIME),
)
_YEAR_LAST = re.compile(r"(?P<one>[0-9]{1,2})(?P<sign>[-/.])(?P<two>[0-9]{1,2})(?P=sign)(?P<year>[0-9]{4})" + _TIME)
_SERIAL_DAY = re.compile(r"([1-9][0-9]{4})(?:\.[0-9]+)?")


def read_day(text: str, last_day: date, months: Mapping[str, int]) -> tuple[date, tuple[CellRule, ...]]:
    """The day, and the rules by which it was read; a time of day is cut off.

    Args:
        last_day: a test cannot be later.
        months: number of each name of a month, squeezed.

    Raises:
        CellError: it may be two days (01/02/2026), or does not exist, is after `last_day` or before the first glass.
    """
    # A raised digit is no digit of the date, though NFKC would make it one.
    has_odd_digits = any(sign.isdigit() and not sign.isdecimal() for sign in text)
    plain = text if has_odd_digits else _DASHES.sub("-", unicodedata.normalize("NFKC", text).strip().removeprefix("'"))
    year, month, day, has_time = _numbers(text, plain, months)
    try:
        found = date(year, month, day)
    except ValueError:
        raise CellError(f"there is no day {year:04d}-{month:02d}-{day:02d}", FIX) from None
    if found > last_day:
        raise CellError(
            f"the test date {found} lies in the future (today is {last_day})",
            "correct the date, or this computer's clock or its time zone (BMG_TIME_ZONE)",
        )
    if found < EARLIEST_TEST:
        raise CellError(f"the test date {found} is before the first metallic glass (1960)", "correct the year")
    rules = [] if _AS_EXPECTED.match(text) else [CellRule.DATE_REWRITTEN]
    return found, (*rules, *([CellRule.TIME_REMOVED] if has_time else []))


def _numbers(text: str, plain: str, months: Mapping[str, int]) -> tuple[int, int, int, bool]:
    """Year, month, day, and whether a time of day follows; raises CellError."""
    for pattern in (_YEAR_FIRST, _EIGHT_DIGITS):
        if found := pattern.fullmatch(plain):
            part = found.groupdict()
            month, day = part["month"] or part.get("month2"), part["day"] or part.get("day2")
            return int(part["year"]), int(str(month)), int(str(day)), part["time"] is not None
    for pattern in _NAMED_MONTH:
        if (found := pattern.fullmatch(plain)) and squeezed(found["name"]) in months:
            return int(found["year"]), months[squeezed(found["name"])], int(found["day"]), found["time"] is not None
    if found := _YEAR_LAST.fullmatch(plain):
        return _year_last(text, found)
    raise CellError(f"{text!r} is not a date written as year-month-day", _fix_of_serial(plain) or FIX)


def _year_last(text: str, found: re.Match[str]) -> tuple[int, int, int, bool]:
    """One of the two numbers must be the month; a number above 12 is none."""
    year, one, two = int(found["year"]), int(found["one"]), int(found["two"])
    if one <= 12 and two <= 12 and one != two:
        both = f"{year}-{two:02d}-{one:02d} or {year}-{one:02d}-{two:02d}"
        raise CellError(f"{text!r} may be {both}, and is not a date written as year-month-day", FIX)
    month, day = (two, one) if one > 12 else (one, two)
    return year, month, day, found["time"] is not None


def _fix_of_serial(text: str) -> str | None:
    """The fix of a day as spreadsheets count them, in days since 1899-12-30; None for any other text."""
    match = _SERIAL_DAY.fullmatch(text)
    if match is None:
        return None
    return f"write {_FIRST_SERIAL_DAY + timedelta(days=int(match[1]))}, if that is the day meant by this number"
