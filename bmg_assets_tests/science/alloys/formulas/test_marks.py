"""Marks, units and names beside a formula are left out, unless they may belong to it."""

import pytest

from bmg_assets.science.alloys.compositions import FormulaError, FormulaFault, FormulaRule, parse_formula

ALLOY, KEY = "Zr50Cu40Al10", "Al10Cu40Zr50"


@pytest.mark.parametrize(
    "behind",
    [
        "¹",
        "⁵",
        "²³",
        "ᵃ",
        "[24]",
        " [1]",
        "[24,25]",
        "[24-26]",
        " (1)",
        "(12)",
        "^a",
        "^{a}",
        "^1",
        "^[3]",
        "<sup>b</sup>",
        "$^{1}$",
        "*",
        "**",
        " †",
        "‡",
        " [this work]",
        " (Ref. 5)",
        " [a]",
        " (b)",
        ";",
        "[24]*",
        "a",
    ],
)
def test_a_mark_behind_is_left_out_and_noted(behind: str) -> None:
    parsed = parse_formula(ALLOY + behind)
    assert parsed.composition == KEY
    assert {FormulaRule.MARK, FormulaRule.NAME} & set(parsed.rules)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Zr41.2Ti13.8Cu12.5Ni10Be22.5¹", "Be22.5Cu12.5Ni10Ti13.8Zr41.2"),
        ("Cu64.5Zr35.5⁵", "Cu64.5Zr35.5"),
        ("Zr60.0Al15.0Ni25.0³", "Al15Ni25Zr60"),
        ("Zr₅₀Cu₄₀Al₁₀¹", KEY),
        ("*Zr50Cu40Al10", KEY),
    ],
)
def test_a_raised_digit_is_no_digit_of_the_amount(text: str, key: str) -> None:
    assert parse_formula(text).composition == key


@pytest.mark.parametrize("text", ["Zr50¹Cu50", "Zr50Cu40Al²", "Zr5⁰Cu50"])
def test_a_raised_digit_that_may_be_an_amount_is_refused(text: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert caught.value.fault is FormulaFault.TWO_MEANINGS


def test_boron_in_a_bracket_is_no_mark() -> None:
    assert parse_formula("Fe80(B)20").composition == "B20Fe80"
    with pytest.raises(FormulaError):
        parse_formula("Zr50Cu50(B)")


@pytest.mark.parametrize(
    ("behind", "basis"),
    [
        (" (at.%)", "at%"),
        (" at%", "at%"),
        (" at. %", "at%"),
        (" (atomic percent)", "at%"),
        (" (at.%) [3]", "at%"),
        ("* (mol%)", "at%"),
        (", at.%", "at%"),
        (" wt.%", "wt%"),
        (" (mass%)", "wt%"),
        (" Gew.-%", "wt%"),
        (" (原子%)", "at%"),
    ],
)
def test_a_unit_behind_is_read(behind: str, basis: str) -> None:
    parsed = parse_formula(ALLOY + behind)
    assert parsed.basis == basis
    assert FormulaRule.UNIT_SUFFIX in parsed.rules
    assert (parsed.composition == KEY) is (basis == "at%")


def test_units_behind_each_amount_are_read() -> None:
    assert parse_formula("Zr50at%Cu50at%").composition == "Cu50Zr50"
    assert parse_formula("Zr50%Cu50%").composition == "Cu50Zr50"
    with pytest.raises(FormulaError, match="at once"):
        parse_formula("Zr50at%Cu50wt%")


@pytest.mark.parametrize(
    "text",
    [
        "Zr50Cu40Al10 LM106",
        "Zr50Cu40Al10 (Vit1)",
        "Zr50Cu40Al10 Vit 105",
        "Zr50Cu40Al10-2mm",
        "Zr50Cu40Al10, φ5 mm",
        "Zr50Cu40Al10 as-cast ribbon",
        "Zr50Cu40Al10 BMG",
        "LM1: Zr50Cu40Al10",
        "Vitreloy 1 (Zr50Cu40Al10)",
    ],
)
def test_a_name_beside_a_whole_formula_is_left_out_and_noted(text: str) -> None:
    parsed = parse_formula(text)
    assert parsed.composition == KEY
    assert FormulaRule.NAME in parsed.rules


@pytest.mark.parametrize(
    "behind",
    [" + 2Y", " with 2% Y", " Y2", " Ni5", " (S1)", " doped", " W-composite", " 24", " B2 phase", ";i29.7Ti10", " (n"],
)
def test_what_may_change_the_alloy_is_no_name(behind: str) -> None:
    with pytest.raises(FormulaError):
        parse_formula(ALLOY + behind)


def test_a_name_is_left_out_beside_a_whole_formula_only() -> None:
    with pytest.raises(FormulaError):
        parse_formula("Zr50Cu40 LM106")
    with pytest.raises(FormulaError):
        parse_formula("N,i29.7Ti10Zr60.3")
