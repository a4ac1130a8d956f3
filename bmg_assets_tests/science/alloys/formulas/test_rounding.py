"""How far the digits of a formula leave a composition open."""

import pytest

from bmg_assets.science.alloys.compositions import FormulaRule, parse_formula
from bmg_assets.science.alloys.formulas.rounding import rounding_at_pct


def test_whole_numbers_are_exact_and_decimals_are_rounded() -> None:
    assert rounding_at_pct("Zr50Cu50", "at%") == {"Zr": 0, "Cu": 0}
    # 0.05 in 100 of Zr and of Cu, each of which moves both by half.
    assert rounding_at_pct("Zr50.0Cu50.0", "at%")["Zr"] == pytest.approx(0.05, abs=1e-4)
    assert rounding_at_pct("Zr50.00Cu50.00", "at%")["Zr"] == pytest.approx(0.005, abs=1e-5)


def test_a_small_weight_of_a_light_element_is_known_badly() -> None:
    rounding = rounding_at_pct("Zr60.4Al1.8Cu37.8", "wt%")
    assert 0.1 < rounding["Al"] < 0.3


@pytest.mark.parametrize(
    ("weights", "key"),
    [
        ("Zr60.37Al1.79Cu37.85", "Al5Cu45Zr50"),
        ("Zr62.61Ti11.01Cu13.23Ni9.78Be3.38", "Be22.5Cu12.5Ni10Ti13.8Zr41.2"),
    ],
)
def test_converted_weight_percentages_lead_back_to_the_alloy(weights: str, key: str) -> None:
    assert parse_formula(weights, "wt%").composition == key


@pytest.mark.parametrize("weights", ["Zr60Al2Cu38", "Zr60.4Al1.8Cu37.8", "Zr60.41Al1.83Cu37.76"])
def test_weighed_percentages_stay_what_they_are(weights: str) -> None:
    assert FormulaRule.WEIGHT_ROUNDING not in parse_formula(weights, "wt%").rules
