"""The liquidus against hand calculation: pure elements, a binary by its formula, solids in balance with their melt."""

import numpy as np
import pytest

from bmg_assets.science.melt.elements import melt_elements
from bmg_assets.science.melt.liquidus import (
    GAS_CONSTANT,
    competing_solids,
    log_fractions,
    melting_temperatures,
    partial_mixing_kj_mol,
)

CU_ZR = melt_elements(("Cu", "Zr"))
TERNARY = melt_elements(("Al", "Cu", "Zr"))


def test_the_gas_constant_is_in_kj() -> None:
    assert pytest.approx(8.314462e-3, rel=1e-3) == GAS_CONSTANT


def test_partial_enthalpies_are_those_of_a_binary_regular_solution() -> None:
    x = np.array([[0.3, 0.7]])
    interaction = CU_ZR.interaction_kj_mol[0, 1]
    assert partial_mixing_kj_mol(x, [0, 1], CU_ZR) == pytest.approx(interaction * x[:, ::-1] ** 2)


def test_partial_enthalpies_sum_to_the_enthalpy_of_mixing() -> None:
    # A regular solution: ΔH = Σ 4 ΔH(ij) x(i) x(j), with -1, -44 and -23 kJ/mol.
    x = np.array([[0.2, 0.5, 0.3]])
    mixing = 4 * (-1 * 0.2 * 0.5 - 44 * 0.2 * 0.3 - 23 * 0.5 * 0.3)
    assert (x * partial_mixing_kj_mol(x, [0, 1, 2], TERNARY)).sum() == pytest.approx(mixing, rel=0.01)


def test_the_liquidus_follows_the_formula() -> None:
    x = np.array([[0.3, 0.7]])
    partial = CU_ZR.interaction_kj_mol[0, 1] * x[:, ::-1] ** 2
    of_copper = (CU_ZR.fusion_kj_mol[0] + partial[0, 0]) / (CU_ZR.fusion_entropy[0] - GAS_CONSTANT * np.log(0.3))
    of_zirconium = (CU_ZR.fusion_kj_mol[1] + partial[0, 1]) / (CU_ZR.fusion_entropy[1] - GAS_CONSTANT * np.log(0.7))
    temperatures = melting_temperatures(x, [0, 1], CU_ZR)
    assert temperatures[0, :2] == pytest.approx([max(of_copper, 50), max(of_zirconium, 50)])
    assert temperatures.shape == (1, len(competing_solids((0, 1), CU_ZR)[0]))


def test_at_its_temperature_each_solid_is_in_balance_with_the_melt() -> None:
    x = np.array([0.3, 0.6, 0.1])
    shares, enthalpies = competing_solids((0, 1, 2), TERNARY)
    temperatures = melting_temperatures(x[np.newaxis], [0, 1, 2], TERNARY)[0]
    partial = partial_mixing_kj_mol(x[np.newaxis], [0, 1, 2], TERNARY)[0]
    # Free energy of each element in the melt, from the solid element at the same temperature.
    for solid, temperature in enumerate(temperatures):
        if 50 < temperature < 6000:
            melt = TERNARY.fusion_kj_mol + partial
            melt = melt - temperature * (TERNARY.fusion_entropy - GAS_CONSTANT * np.log(x))
            assert shares[solid] @ melt == pytest.approx(enthalpies[solid], abs=1e-9)
    assert ((temperatures > 50) & (temperatures < 6000)).sum() > 12


def test_the_solids_are_the_elements_and_nine_compounds_of_each_pair() -> None:
    shares, enthalpies = competing_solids((0, 1, 2), TERNARY)
    assert shares.shape == (3 + 3 * 9, 3)
    assert shares[:3].tolist() == np.eye(3).tolist()
    assert enthalpies[:3].tolist() == [0, 0, 0]
    assert shares.sum(axis=1) == pytest.approx(np.ones(30))
    of_copper_and_zirconium = shares[(shares[:, 0] == 0) & (shares[:, 1:] > 0).all(axis=1)]
    atoms = ((5, 1), (3, 1), (2, 1), (3, 2), (1, 1), (2, 3), (1, 2), (1, 3), (1, 5))
    assert of_copper_and_zirconium[:, 1] == pytest.approx([copper / (copper + other) for copper, other in atoms])


def test_compounds_stand_at_the_elements_they_are_made_of() -> None:
    symbols = TERNARY.symbols
    shares, enthalpies = competing_solids((0, 1, 2), TERNARY)
    for a, b in (("Al", "Cu"), ("Al", "Zr"), ("Cu", "Zr")):
        alone = competing_solids((0, 1), melt_elements((a, b)))[1][2:]
        members = np.isin(symbols, (a, b))
        rows = (shares[:, members] > 0).all(axis=1) & (shares[:, ~members] == 0).all(axis=1)
        assert enthalpies[rows] == pytest.approx(alone)
    # Members may stand in any order of the data.
    assert competing_solids((2, 0), TERNARY)[1] == pytest.approx(
        competing_solids((0, 1), melt_elements(("Zr", "Al")))[1]
    )


def test_compounds_of_a_strong_pair_come_out_first() -> None:
    solid = melting_temperatures(np.array([[0.5, 0.5]]), [0, 1], CU_ZR)[0].argmax()
    shares, enthalpies = competing_solids((0, 1), CU_ZR)
    assert 0 < shares[solid, 0] < 1
    # Miedema's CuZr: some tens of kJ/mol of atoms below the elements.
    assert -60 < enthalpies[solid] < -10


def test_an_element_that_is_hardly_there_has_a_finite_logarithm() -> None:
    logarithms = log_fractions(np.array([[0.0, 1e-9, 0.5, 1.0]]))
    assert logarithms[0] == pytest.approx([np.log(1e-6), np.log(1e-6), np.log(0.5), 0])


def test_temperatures_that_nobody_believes_are_cut() -> None:
    # Zirconium holds a little aluminium so fast that by the formula it comes out below absolute zero.
    assert melting_temperatures(np.array([[0.02, 0.98]]), [0, 1], melt_elements(("Al", "Zr")))[0, 0] == 50
    # Tungsten and lead repel each other so much that by the formula tungsten comes out of the vapour.
    assert melting_temperatures(np.array([[0.3, 0.7]]), [0, 1], melt_elements(("W", "Pb")))[0, 0] == 6000
