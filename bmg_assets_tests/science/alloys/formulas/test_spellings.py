"""The spellings among which the reader chooses."""

import pytest

from bmg_assets.science.alloys.formulas.spellings import MOST_SPELLINGS, spellings_of, with_digits_for_letters


@pytest.mark.parametrize(
    ("formula", "others"),
    [
        ("Zr50Cu50", set()),
        ("CoB", set()),
        ("NI2Nb", {"Ni2Nb"}),
        ("ZRCUAL", {"ZrCuAl", "ZrCUAl"}),
        ("zr50al50", {"Zr50Al50", "Zr50al50", "zr50Al50"}),
        ("Fe60nb40", {"Fe60Nb40"}),
        ("C045Zr55", {"Co45Zr55"}),
        ("unknown", set()),
        ("oFe73", set()),
    ],
)
def test_capitals_may_be_small_letters_and_nothing_else_changes(formula: str, others: set[str]) -> None:
    first, *rest = spellings_of(formula)
    assert first == formula
    assert set(rest) == others


@pytest.mark.parametrize("formula", ["NB" * 200, "CO" * 15 + "1", "NICO10" * 40])
def test_there_are_never_too_many_spellings(formula: str) -> None:
    assert len(spellings_of(formula)) <= MOST_SPELLINGS + 1


@pytest.mark.parametrize(
    ("formula", "mended"),
    [
        ("Fel4B86", "Fe14B86"),
        ("Zr5OCu5O", "Zr50Cu50"),
        ("Al4Zr96", None),
        ("Tl4Zr96", None),
        ("Zr50Cu5l", "Zr50Cu51"),
        ("Ni50In50", None),
    ],
)
def test_letters_stand_for_digits_beside_amounts_only(formula: str, mended: str | None) -> None:
    assert with_digits_for_letters(formula) == mended
