"""The tokens of a formula, and what is none."""

import pytest

from bmg_assets.science.alloys.formulas.terms import FormulaError, FormulaFault, FormulaRule, Notes
from bmg_assets.science.alloys.formulas.tokens import number_of, tokens_of


def test_elements_numbers_and_brackets_are_told_apart() -> None:
    notes = Notes("")
    tokens = tokens_of("[(Fe1/3 Co.5)95 B]4", notes)
    assert [token.text for token in tokens] == ["[", "(", "Fe", "1/3", "Co", ".5", ")", "95", "B", "]", "4"]
    assert notes.rules() == (FormulaRule.SPACES,)


def test_numbers_may_be_fractions_and_padded() -> None:
    notes = Notes("")
    assert number_of("1/3", notes) == pytest.approx(1 / 3)
    assert number_of("013", notes) == 13
    assert set(notes.rules()) == {FormulaRule.FRACTIONS, FormulaRule.ZERO_PADDING}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Xx5", FormulaFault.UNKNOWN_ELEMENT),
        ("Mm5", FormulaFault.UNKNOWN_ELEMENT),
        ("No5", FormulaFault.UNCASTABLE_ELEMENT),
        ("Alx", FormulaFault.UNSTATED_AMOUNTS),
        ("Al1-x", FormulaFault.UNSTATED_AMOUNTS),
        ("Al5,5", FormulaFault.DECIMAL_COMMA),
        ("Al-5", FormulaFault.NEGATIVE_AMOUNT),
        ("Al5?", FormulaFault.NOT_PARSED),
    ],
)
def test_what_is_no_token_is_refused_by_its_kind(text: str, fault: FormulaFault) -> None:
    with pytest.raises(FormulaError) as caught:
        tokens_of(text, Notes(text))
    assert caught.value.fault is fault
