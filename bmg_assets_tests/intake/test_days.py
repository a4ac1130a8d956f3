"""Dates: read where only one day can be meant, and noted."""

from datetime import date

import pytest

from bmg_assets.intake.days import read_day
from bmg_assets.intake.faults import CellError, CellRule
from bmg_assets.intake.words import own_words

TODAY = date(2026, 3, 1)
MONTHS = own_words().months
ONE_DAY = [
    "2026/2/27",
    "2026/02/27",
    "2026-2-27",
    "2026.02.27",
    "2026. 2. 27.",
    "20260227",
    "2026年2月27日",
    "2026 年 2 月 27 日",
    "２０２６年２月２７日",
    "2026_02_27",
    "2026 2 27",
    "2026–02–27",
    "2026‑02‑27",
    "20260227.0",
    "'2026-02-27",
    "2026-Feb-27",
    "2026 February 27",
    "27 Feb 2026",
    "27-Feb-2026",
    "27. Februar 2026",
    "February 27, 2026",
    "Feb 27th 2026",
    "27/02/2026",
    "27.02.2026",
    "02/27/2026",
]


@pytest.mark.parametrize("text", ONE_DAY)
def test_one_day_is_read_and_noted(text: str) -> None:
    assert read_day(text, TODAY, MONTHS) == (date(2026, 2, 27), (CellRule.DATE_REWRITTEN,))


@pytest.mark.parametrize(
    "text", ["2026-02-27 15:30", "2026-02-27T15:30:00Z", "2026-02-27 15:30:10.5+01:00", "2026-02-27 00:00:00"]
)
def test_a_time_of_day_is_cut_off(text: str) -> None:
    assert read_day(text, TODAY, MONTHS) == (date(2026, 2, 27), (CellRule.TIME_REMOVED,))


def test_the_expected_form_needs_no_note() -> None:
    assert read_day("2026-02-27", TODAY, MONTHS) == (date(2026, 2, 27), ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("01/02/2026", "may be 2026-02-01 or 2026-01-02"),
        ("1.2.2026", "may be 2026-02-01 or 2026-01-02"),
        ("27/02/26", "not a date written as year-month-day"),
        ("26-02-27", "not a date written as year-month-day"),
        ("2026-27", "not a date"),
        ("2026/2-27", "not a date"),
        ("27-Feb", "not a date"),
        ("27 Foo 2026", "not a date"),
        ("46080", "not a date"),
        ("2026/2/30", "no day 2026-02-30"),
        ("20261301", "no day 2026-13-01"),
        ("2026年13月1日", "no day 2026-13-01"),
        ("31/31/2026", "no day"),
        ("2026/3/2", "lies in the future"),
        ("1926-02-27", "before the first metallic glass"),
        ("yesterday", "not a date"),
        ("2026-02-2⁷", "not a date"),
    ],
)
def test_what_may_be_two_days_or_none_is_refused(text: str, told: str) -> None:
    with pytest.raises(CellError) as error:
        read_day(text, TODAY, MONTHS)
    assert told in error.value.reason
    assert error.value.fix


def test_two_days_that_are_one() -> None:
    assert read_day("02/02/2026", TODAY, MONTHS)[0] == date(2026, 2, 2)
