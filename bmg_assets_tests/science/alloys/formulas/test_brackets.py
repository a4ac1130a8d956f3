"""Proportions, percentages and fractions in brackets."""

import pytest

from bmg_assets.science.alloys.compositions import FormulaError, FormulaFault, parse_formula

THIRD = 80 / 3


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        (
            "La62Al14(Cu5Ag1)14(Ni1Co1)10",
            {"La": 62, "Al": 14, "Cu": 14 * 5 / 6, "Ag": 14 / 6, "Ni": 5, "Co": 5},
        ),
        ("(Zr2Cu)95Al5", {"Zr": 95 * 2 / 3, "Cu": 95 / 3, "Al": 5}),
        ("(Zr2Cu)0.95Al0.05", {"Zr": 95 * 2 / 3, "Cu": 95 / 3, "Al": 5}),
        ("(Fe5Ni5)83P17", {"Fe": 41.5, "Ni": 41.5, "P": 17}),
        ("(Fe0.333Co0.333Ni0.333)80B20", {"Fe": THIRD, "Co": THIRD, "Ni": THIRD, "B": 20}),
        ("(Fe0.33Co0.33Ni0.33)80B20", {"Fe": THIRD, "Co": THIRD, "Ni": THIRD, "B": 20}),
        ("Zr70Al7(Ni1/3Cu2/3)23", {"Zr": 70, "Al": 7, "Ni": 23 / 3, "Cu": 46 / 3}),
        ("Zr70Al7(Ni⅓Cu⅔)23", {"Zr": 70, "Al": 7, "Ni": 23 / 3, "Cu": 46 / 3}),
        ("(Fe1/3Co1/3Ni1/3)80(P1/2B1/2)20", {"Fe": THIRD, "Co": THIRD, "Ni": THIRD, "P": 10, "B": 10}),
        ("((Fe3Co2)75B20Si5)96Nb4", {"Fe": 43.2, "Co": 28.8, "B": 19.2, "Si": 4.8, "Nb": 4}),
        ("Mg65(Cu0.667Ag0.333)25Gd10", {"Mg": 65, "Cu": 16.675, "Ag": 8.325, "Gd": 10}),
        ("Al(NiB)2", {"Al": 20, "Ni": 40, "B": 40}),
        ("Zr½Cu½", {"Zr": 50, "Cu": 50}),
        ("Zr49½Cu50½", {"Zr": 49.5, "Cu": 50.5}),
    ],
)
def test_stated_proportions_are_exact(text: str, amounts: dict[str, float]) -> None:
    assert parse_formula(text).amounts == pytest.approx(amounts, abs=1e-9)


def test_a_wrong_sum_in_a_bracket_is_named() -> None:
    with pytest.raises(FormulaError, match=r"in \(FeTbBSi\) sum to 101"):
        parse_formula("(Fe74Tb2B20Si5)96Nb4")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("(Ce70La80)68Al10Cu20Co2", FormulaFault.IMPLAUSIBLE_SUM),
        ("(Gd8.5Tb0.5)52.5Al22.5Co25", FormulaFault.IMPLAUSIBLE_SUM),
        ("(Fe74Tb2B20Si5)96Nb4", FormulaFault.IMPLAUSIBLE_SUM),
        ("(Fe75B2Si5)96Nb4", FormulaFault.IMPLAUSIBLE_SUM),
        ("Zr70(NiCu)30", FormulaFault.UNSTATED_AMOUNTS),
        ("Zr70(Ni1/0Cu)30", FormulaFault.NOT_PARSED),
        ("Zr½5Cu50", FormulaFault.NOT_PARSED),
        ("Zr5₀Cu50", FormulaFault.NOT_PARSED),
    ],
)
def test_proportions_that_are_a_slip_are_refused(text: str, fault: FormulaFault) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert caught.value.fault is fault
