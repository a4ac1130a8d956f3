"""What a sum of amounts says."""

import math

import pytest

from bmg_assets.science.alloys.formulas.sums import is_ratio, scaled_to_percent
from bmg_assets.science.alloys.formulas.terms import FormulaError, FormulaFault, FormulaRule, Notes


@pytest.mark.parametrize(
    "values", [[2, 1], [1, 1, 1, 1, 1], [0.3, 1, 1, 1], [1, 0.062, 0.062], [23, 6], [17, 12], [16, 6, 7], [12.5, 12.5]]
)
def test_small_numbers_are_proportions(values: list[float]) -> None:
    assert is_ratio(values)


@pytest.mark.parametrize(
    "values", [[0.5, 0.5], [0.55, 0.5], [100], [60, 20], [1, 40, 9], [51, 20], [20, 10], [28.5, 0.5], [0, 19, 5], [5]]
)
def test_what_lacks_a_digit_or_an_element_is_not(values: list[float]) -> None:
    assert not is_ratio(values)


@pytest.mark.parametrize(
    ("amounts", "unit", "rule"),
    [
        ({"Zr": 50.0, "Cu": 50.0}, "at%", None),
        ({"Zr": 50.0, "Cu": 50.4}, "at%", FormulaRule.SUM_NORMALISED),
        ({"Zr": 0.5, "Cu": 0.5}, "at%", FormulaRule.MOLE_FRACTIONS),
        ({"Zr": 2.0, "Cu": 1.0}, "at%", FormulaRule.RATIO),
        ({"Zr": 40.0, "Cu": 20.0}, "ratio", FormulaRule.RATIO),
        ({"Zr": 50.0, "Cu": 50.0}, "wt%", FormulaRule.WEIGHT_PERCENT),
    ],
)
def test_amounts_are_scaled_by_what_they_are(amounts: dict[str, float], unit: str, rule: FormulaRule | None) -> None:
    notes = Notes("")
    scaled = scaled_to_percent(amounts, unit, notes)  # type: ignore[arg-type]
    assert math.fsum(scaled.values()) == pytest.approx(100)
    assert notes.rules() == ((rule,) if rule else ())


def test_weight_percent_is_no_proportion() -> None:
    with pytest.raises(FormulaError) as caught:
        scaled_to_percent({"Zr": 2.0, "Cu": 1.0}, "wt%", Notes("Zr2Cu"))
    assert caught.value.fault is FormulaFault.IMPLAUSIBLE_SUM
