"""Numbers as laboratories write them: read where they can mean one thing, refused by name where they can mean two."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.intake.faults import CellError, UnreadableCellError
from bmg_assets.intake.numbers import KELVIN, KELVIN_PER_MINUTE, MILLIMETRES, Unit, read_number

SIZES = {
    "2.5": 2.5,
    "2.50E+00": 2.5,
    ".5": 0.5,
    "２．５": 2.5,
    "２.５ｍｍ": 2.5,
    "2·5": 2.5,
    "φ2.5": 2.5,
    "Φ 2.5 mm": 2.5,
    "Ø2.5": 2.5,
    "ø 2.5": 2.5,
    "⌀2.5": 2.5,
    "∅ 2.5": 2.5,
    "d = 2.5 mm": 2.5,
    "dia. 2.5": 2.5,
    "直径2.5毫米": 2.5,
    "2500 µm": 2.5,
    "2500 μm": 2.5,
    "2500um": 2.5,
    "2500 microns": 2.5,
    "0.25 cm": 2.5,
    "200 nm": 0.0002,
    "2.5 MM": 2.5,
    "2.5 mm.": 2.5,
    "2.5±0.1": 2.5,
    "2.5 ± 0.1 mm": 2.5,
    "2.5 mm ± 0.1 mm": 2.5,
    "2.5 mm ± 0.1": 2.5,
    "2.5 +/- 0.1": 2.5,
    "2.5(1)": 2.5,
    "~2.5": 2.5,
    "≈ 2.5 mm": 2.5,
    "ca. 2.5": 2.5,
    "2.5*": 2.5,
    "2.5¹": 2.5,
    "2.5†": 2.5,
    "2.5 [12]": 2.5,
    "2.5^a": 2.5,
    "2.5 (mm)": 2.5,
    "2500 (µm)": 2.5,
    "d2.5": 2.5,
    "2.5 (±0.1)": 2.5,
    "2.5 ± 4%": 2.5,
    "2.5-mm": 2.5,
    "2500 micrometers": 2.5,
    "'2.5": 2.5,
    "2.5;": 2.5,
}
KELVINS = {
    "690 K": 690.0,
    "690±2 K": 690.0,
    "690 ± 2": 690.0,
    "690*": 690.0,
    "690²": 690.0,
    "690 (onset)": 690.0,
    "417 °C": 690.15,
    "417℃": 690.15,
    "417 degC": 690.15,
    "417 (°C)": 690.15,
    "690 (K)": 690.0,
}
RATES = {
    "20 K/min": 20.0,
    "20 K min⁻¹": 20.0,
    "20 K·min⁻¹": 20.0,
    "20 K min-1": 20.0,
    "20 K min–1": 20.0,
    "20 °C/min": 20.0,
    "0.5 K/s": 30.0,
}
READ = [
    *((text, MILLIMETRES, value) for text, value in SIZES.items()),
    *((text, KELVIN, value) for text, value in KELVINS.items()),
    *((text, KELVIN_PER_MINUTE, value) for text, value in RATES.items()),
]


@pytest.mark.parametrize(("text", "unit", "value"), READ)
def test_what_can_mean_one_number_is_read(text: str, unit: Unit, value: float) -> None:
    assert read_number(text, unit).value == value


@pytest.mark.parametrize("text", [text for text in SIZES if text not in {"2.5", "2.50E+00", ".5"}])
def test_what_is_written_otherwise_is_noted(text: str) -> None:
    assert read_number(text, MILLIMETRES).rules


@pytest.mark.parametrize("text", ["2.5", "2.50", "2.50E+00", "3", ".5", "+2.5"])
def test_a_plain_number_needs_no_note(text: str) -> None:
    assert read_number(text, MILLIMETRES).rules == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (">5", "a bound"),
        ("<1", "a bound"),
        ("≥ 10", "a bound"),
        ("⩽10", "a bound"),
        ("up to 5", "a bound"),
        ("5-6", "two numbers, 5 and 6"),
        ("5–6 mm", "two numbers, 5 and 6"),
        ("5 to 6", "two numbers, 5 and 6"),
        ("5 ~ 6", "two numbers, 5 and 6"),
        ("2,5", "may mean 2.5, or two numbers"),
        ("0", "not above zero"),
        ("-2", "not above zero"),
        ("2.5±3", "less certain than it is large"),
        ("two", "not a number"),
        ("", "not a number"),
        ("1e999", "not a number"),
        ("inf", "not a number"),
        ("2-Jan", "made by a spreadsheet"),
        ("2.5 (inch)", "'(inch)' behind the number"),
        ("2.5 mm²", "raised, lowered or circled digits"),
        ("2.5×10⁻³", "raised, lowered or circled digits"),
        ("10²", "raised, lowered or circled digits"),
        ("2.5₁", "raised, lowered or circled digits"),
        ("②", "raised, lowered or circled digits"),
        ("2 3", "behind the number"),
        ("3x5", "behind the number"),
    ],
)
def test_what_can_mean_two_or_none_is_refused(text: str, told: str) -> None:
    with pytest.raises(CellError) as error:
        read_number(text, MILLIMETRES)
    assert told in error.value.reason


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("2,5", MILLIMETRES, 2.5),
        ("0,500", MILLIMETRES, 0.5),
        ("2,500", MILLIMETRES, 2.5),
        ("2,5 ± 0,1 mm", MILLIMETRES, 2.5),
        ("φ2,5", MILLIMETRES, 2.5),
        ("２，５", MILLIMETRES, 2.5),
        ("690,5", KELVIN, 690.5),
        ("1,160", KELVIN, 1160.0),
        ("2.5", MILLIMETRES, 2.5),
    ],
)
def test_a_comma_where_semicolons_separate(text: str, unit: Unit, value: float) -> None:
    assert read_number(text, unit, decimal_comma=True).value == value


def test_a_comma_that_may_separate_thousands_is_refused_by_both_names() -> None:
    with pytest.raises(CellError, match=r"may mean 1\.200 or 1200 K/min"):
        read_number("1,200", KELVIN_PER_MINUTE, decimal_comma=True)


@pytest.mark.parametrize(("text", "unit"), [("10⁶ K/s", KELVIN_PER_MINUTE), ("690 (F)", KELVIN), ("690² K", KELVIN)])
def test_what_would_be_another_number_is_not_read(text: str, unit: Unit) -> None:
    with pytest.raises(UnreadableCellError):
        read_number(text, unit)


def test_signs_and_words_say_which_size_it_is() -> None:
    assert read_number("φ3", MILLIMETRES).says_diameter is True
    assert read_number("t = 1 mm", MILLIMETRES).says_diameter is False
    assert read_number("3 mm rod", MILLIMETRES).size_word == "rod"


@given(st.text(alphabet="0123456789.,eE+-±~<>φØ²³¹*[]()^ µmKCnatodin/℃５·", max_size=12), st.booleans())
def test_any_text_ends_in_a_number_or_a_sentence(text: str, decimal_comma: bool) -> None:
    for unit in (MILLIMETRES, KELVIN, KELVIN_PER_MINUTE):
        with contextlib.suppress(CellError):
            assert read_number(text, unit, decimal_comma=decimal_comma).value > 0
