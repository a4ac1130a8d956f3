"""Densities of pure elements are the tables', and of an alloy by the volumes of its elements."""

import pytest

from bmg_assets.science.alloys.density import estimated_density_g_cm3


@pytest.mark.parametrize(("element", "density"), [("Cu", 8.92), ("Al", 2.70), ("Mg", 1.74), ("Zr", 6.51)])
def test_an_element_has_its_own_density(element: str, density: float) -> None:
    assert estimated_density_g_cm3({element: 100.0}) == pytest.approx(density, rel=0.01)


def test_a_known_glass_is_met_within_four_percent() -> None:
    # Zr41.2Ti13.8Cu12.5Ni10Be22.5 (Vitreloy 1): 6.1 g/cm³, Johnson, MRS Bull. 24 (1999) 42.
    found = estimated_density_g_cm3({"Zr": 41.2, "Ti": 13.8, "Cu": 12.5, "Ni": 10, "Be": 22.5})
    assert found == pytest.approx(6.1, rel=0.04)


def test_a_gas_has_no_density_as_an_alloy() -> None:
    assert estimated_density_g_cm3({"Zr": 90.0, "O": 10.0}) is None
