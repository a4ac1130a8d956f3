"""Temperatures of casts: their order, and °C given for K in alloys in which both are credible numbers."""

import pytest

from bmg_assets.intake.plausible import temperature_faults
from bmg_assets.science.alloys.compositions import ELEMENT_SYMBOLS, parse_formula


def faults(formula, **kelvin):
    amounts = parse_formula(formula).amounts
    return temperature_faults(kelvin, list(amounts), list(amounts.values()))


GLASS_TRANSITIONS_K = [
    ("Mg65Cu25Y10", 425),
    ("Ce70Al10Cu20", 341),
    ("Au49Ag5.5Pd2.3Cu26.9Si16.3", 401),
    ("Au55Cu25Si20", 348),
    ("Ca65Li9.96Mg8.54Zn16.5", 308),
    ("Pd40Cu30Ni10P20", 577),
    ("Zr41.2Ti13.8Cu12.5Ni10Be22.5", 625),
    ("La55Al25Ni20", 475),
    ("Fe48Cr15Mo14Er2C15B6", 843),
    ("Co43Fe20Ta5.5B31.5", 910),
    ("Pt57.5Cu14.7Ni5.3P22.5", 508),
    ("Sr60Mg18Zn22", 323),
    ("Ir33Ni28Ta39", 1162),
    ("Zr55Al5Cu40", 690),
]


@pytest.mark.parametrize(("formula", "tg_K"), GLASS_TRANSITIONS_K)
def test_glass_transitions_of_known_glasses_pass(formula, tg_K):
    assert faults(formula, tg_K=tg_K, tx_K=tg_K + 40, tl_K=tg_K * 1.7) == []


@pytest.mark.parametrize(("formula", "tg_K"), [pair for pair in GLASS_TRANSITIONS_K if pair[0][:2] not in {"Co", "Ir"}])
def test_the_same_in_celsius_are_refused_with_the_number_in_kelvin(formula, tg_K):
    found = faults(formula, tg_K=tg_K - 273.15)
    assert [fault.column for fault in found] == ["tg_K"]
    assert f"write {tg_K:g}" in found[0].fix


def test_one_temperature_in_celsius_beside_one_in_kelvin():
    (fault,) = faults("Ni60Nb40", tg_K=618, tx_K=930)
    assert fault.column == "tg_K"
    assert "°C" in fault.reason


@pytest.mark.parametrize(
    ("kelvin", "column"),
    [
        ({"tg_K": 700, "tx_K": 690}, "tx_K"),
        ({"tg_K": 700, "tx_K": 700}, "tx_K"),
        ({"tx_K": 760, "tl_K": 750}, "tl_K"),
        ({"tg_K": 760, "tl_K": 750}, "tl_K"),
        ({"tg_K": 5000}, "tg_K"),
        ({"tl_K": 12000}, "tl_K"),
    ],
)
def test_order_and_limits(kelvin, column):
    assert [fault.column for fault in faults("Zr55Al5Cu40", **kelvin)] == [column]


def test_every_element_can_be_judged():
    for element in sorted(ELEMENT_SYMBOLS):
        assert isinstance(temperature_faults({"tg_K": 600.0}, [element, "Zr"], [40.0, 60.0]), list)


def test_without_an_alloy_only_the_numbers_are_judged():
    assert temperature_faults({"tg_K": 407.0, "tx_K": 460.0}, (), ()) == []
