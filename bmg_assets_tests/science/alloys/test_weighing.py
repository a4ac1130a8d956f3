"""What to weigh for a composition."""

import pytest

from bmg_assets.science.alloys.compositions import parse_formula
from bmg_assets.science.alloys.weighing import MassError, at_pct_as_weighed, grams_of_button, weighed, weight_percent

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


def test_loss_and_purity_are_weighed_in_and_counted_back() -> None:
    rows = weighed({"Zr": 50.0, "Mn": 10.0, "Cu": 40.0}, 5.0, {"Mn": 2.0}, {"Zr": 99.2})
    exact = grams_of_button({"Zr": 50.0, "Mn": 10.0, "Cu": 40.0}, 5.0)
    assert [row.element for row in rows] == ["Zr", "Mn", "Cu"]
    zr, mn, cu = rows
    assert zr.grams == pytest.approx(exact["Zr"] / 0.992, abs=5e-5)
    assert mn.grams == pytest.approx(exact["Mn"] * 1.02, abs=5e-5)
    assert cu.grams == round(exact["Cu"], 4)
    assert sum(row.held_g for row in rows) == pytest.approx(5.0, abs=2e-4)
    for element, at_pct in at_pct_as_weighed(rows).items():
        assert at_pct == pytest.approx({"Zr": 50.0, "Mn": 10.0, "Cu": 40.0}[element], abs=2e-3)


def test_absent_elements_are_not_weighed() -> None:
    assert [row.element for row in weighed({"Zr": 60.0, "Al": 0.0, "Cu": 40.0}, 5.0, {}, {})] == ["Zr", "Cu"]


@pytest.mark.parametrize("mass_g", [0.0, -1.0, float("nan"), float("inf"), 2e6])
def test_a_button_that_nobody_weighs_is_refused(mass_g: float) -> None:
    with pytest.raises(MassError, match="cannot be weighed"):
        weighed({"Zr": 50.0, "Cu": 50.0}, mass_g, {}, {})


def test_less_than_the_balance_shows_is_refused() -> None:
    with pytest.raises(MassError, match=r"holds .* g of B, less than a balance shows; make it larger"):
        weighed({"Zr": 99.99, "B": 0.01}, 0.05, {}, {})
