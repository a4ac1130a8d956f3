"""What to weigh for a composition."""

import pytest

from bmg_assets.science.alloys.compositions import parse_formula
from bmg_assets.science.alloys.weighing import MassError, grams_of_button, weight_percent

# Atomic masses of Zr and Cu: 91.224 and 63.546 g/mol.
ZR_IN_CUZR = 100 * 91.224 / (91.224 + 63.546)


def test_weight_percent_is_by_atomic_mass() -> None:
    assert weight_percent({"Zr": 50, "Cu": 50}) == pytest.approx({"Zr": ZR_IN_CUZR, "Cu": 100 - ZR_IN_CUZR}, abs=1e-3)


def test_weight_percent_and_back_is_the_composition() -> None:
    amounts = parse_formula("Zr50Cu40Al10").amounts
    written = "".join(f"{element}{weight:.9f}" for element, weight in weight_percent(amounts).items())
    assert parse_formula(written, "wt%").amounts == pytest.approx(amounts, abs=1e-6)


def test_the_grams_of_a_button_are_its_mass() -> None:
    grams = grams_of_button({"Zr": 50, "Cu": 50}, 5)
    assert sum(grams.values()) == pytest.approx(5)
    assert grams["Zr"] == pytest.approx(5 * ZR_IN_CUZR / 100, abs=1e-4)


@pytest.mark.parametrize("mass_g", [0, -1, float("nan"), float("inf"), 2e6])
def test_a_mass_that_nobody_weighs_is_refused(mass_g: float) -> None:
    with pytest.raises(MassError, match="cannot be weighed"):
        grams_of_button({"Zr": 100}, mass_g)
