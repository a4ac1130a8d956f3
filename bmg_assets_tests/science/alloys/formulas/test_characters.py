"""Typography becomes plain text, and raised text is kept apart."""

import pytest

from bmg_assets.science.alloys.formulas.characters import as_plain_text, with_decimal_points
from bmg_assets.science.alloys.formulas.terms import FormulaError, FormulaRule, Notes


def plain(text: str) -> tuple[str, tuple[FormulaRule, ...]]:
    notes = Notes(text)
    return as_plain_text(text, notes), notes.rules()


@pytest.mark.parametrize(
    ("text", "expected", "rules"),
    [
        ("Zr50Cu50", "Zr50Cu50", ()),
        ("Zr₅₀Cu<sub>50</sub>", "Zr50Cu50", (FormulaRule.SUBSCRIPTS,)),
        ("Zr$_{50}$Cu_50", "Zr50Cu50", (FormulaRule.SUBSCRIPTS,)),
        ("Ｚｒ５０Cu50", "Zr50Cu50", (FormulaRule.SUBSCRIPTS,)),
        ("Zr50\u200bCu50", "Zr50Cu50", (FormulaRule.SUBSCRIPTS,)),
        ("\u0421u50Zr50", "Cu50Zr50", (FormulaRule.LOOK_ALIKES,)),
        ("Zr50Cu50¹²", "Zr50Cu50^{12}", ()),
        ("Zr50Cu50<sup>a</sup>", "Zr50Cu50^{a}", ()),
        ("Zr50Cu50^*", "Zr50Cu50^{*}", ()),
        ("Zr⁵⁰Cu⁵⁰", "Zr50Cu50", (FormulaRule.SUBSCRIPTS,)),
        ("Zr49½Cu50½", "Zr49.5Cu50.5", (FormulaRule.SUBSCRIPTS, FormulaRule.FRACTIONS)),
    ],
)
def test_characters_are_plain_afterwards(text: str, expected: str, rules: tuple[FormulaRule, ...]) -> None:
    assert plain(text) == (expected, rules)


@pytest.mark.parametrize("text", ["Zr5₀Cu50", "Zr½0Cu50", "Zr⅓.5Cu50"])
def test_a_number_in_two_heights_is_refused(text: str) -> None:
    with pytest.raises(FormulaError, match="on the line"):
        plain(text)


def test_only_commas_between_digits_are_decimal_points() -> None:
    notes = Notes("")
    assert with_decimal_points("Zr57,5, Cu42,5", notes) == "Zr57.5, Cu42.5"
    assert notes.rules() == (FormulaRule.DECIMAL_COMMA,)
