"""Elements set apart by dashes, commas and blanks."""

import pytest

from bmg_assets.science.alloys.compositions import FormulaError, FormulaFault, parse_formula

KEY = "Al10Cu40Zr50"


@pytest.mark.parametrize(
    "text",
    [
        "Zr50-Cu40-Al10",
        "Zr50–Cu40–Al10",
        "Zr50·Cu40·Al10",
        "Zr50 - Cu40 - Al10",
        "Zr50, Cu40, Al10",
        "50Zr-40Cu-10Al",
        "50Zr 40Cu 10Al",
        "50 Zr - 40 Cu - 10 Al",
        "0.5Zr-0.4Cu-0.1Al",
        "50at.%Zr-40at.%Cu-10at.%Al",
        "Zr-40Cu-10Al at.%",
        "Zr–40Cu–10Al (at. %)",
        "Zr(bal)-40Cu-10Al at%",
        "Bal. Zr-40Cu-10Al at%",
    ],
)
def test_every_way_to_set_elements_apart_is_one_alloy(text: str) -> None:
    parsed = parse_formula(text)
    assert parsed.composition == KEY
    assert parsed.notes


def test_dashes_in_brackets_are_left_out() -> None:
    assert parse_formula("(Fe0.5-Co0.5)75-B25").composition == "B25Co37.5Fe37.5"


def test_the_first_element_is_the_rest() -> None:
    parsed = parse_formula("Zr-10Cu-5Al at.%")
    assert parsed.composition == "Al5Cu10Zr85"
    assert any("Zr is read as the rest, 85 percent" in note for note in parsed.notes)


@pytest.mark.parametrize(("text", "atoms", "weight"), [("Ti-6Al-4V", "Ti90Al6V4", "Ti86.2044Al10.1955V3.6001")])
def test_a_rest_without_a_unit_has_two_meanings(text: str, atoms: str, weight: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert caught.value.fault is FormulaFault.UNIT_UNSTATED
    assert atoms in str(caught.value)
    assert weight in str(caught.value)


def test_a_rest_with_a_unit_has_one() -> None:
    assert parse_formula("Ti-6Al-4V wt.%").in_order == "Ti86.2044Al10.1955V3.6001"
    assert parse_formula("Ti-6Al-4V", "at%").in_order == "Ti90Al6V4"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Zr-Al-Cu", FormulaFault.UNSTATED_AMOUNTS),
        ("Zr-60Cu-40Al at%", FormulaFault.IMPLAUSIBLE_SUM),
        ("Zr-50Cu150", FormulaFault.NEGATIVE_AMOUNT),
        ("Zr-10Cu-5Cu at%", FormulaFault.REPEATED_ELEMENT),
        ("50Zr-40Cu", FormulaFault.IMPLAUSIBLE_SUM),
        ("La62Al15.7(Cu,Ni)22.3", FormulaFault.UNSTATED_AMOUNTS),
        ("Zr60Al10(Co—Ni)30", FormulaFault.UNSTATED_AMOUNTS),
    ],
)
def test_what_leaves_amounts_open_is_refused(text: str, fault: FormulaFault) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert caught.value.fault is fault
