"""Estimates of the melt against hand calculation and known alloys, and what they must not depend on."""

import numpy as np
import pytest

from bmg_assets.science.melt.elements import melt_elements, squared_distances
from bmg_assets.science.melt.estimates import ESTIMATES, estimate_melts
from bmg_assets.science.melt.liquidus import GAS_CONSTANT, competing_solids, melting_temperatures, partial_mixing_kj_mol

AG_CU = melt_elements(("Ag", "Cu"))
CU_ZR = melt_elements(("Cu", "Zr"))


def estimate(name: str, fractions: list[list[float]], symbols: tuple[str, ...]) -> np.ndarray:
    found = estimate_melts(np.array(fractions), melt_elements(symbols))
    return found.by_itself[:, ESTIMATES.index(name)]


def test_data_are_those_of_handbooks() -> None:
    # CRC Handbook: silver melts at 1234.9 K with 11.3 kJ/mol, copper at 1357.8 K with 13.3 kJ/mol.
    assert AG_CU.melting_kelvin == pytest.approx([1234.9, 1357.8], abs=1)
    assert AG_CU.fusion_kj_mol == pytest.approx([11.3, 13.3], abs=0.4)
    # Takeuchi and Inoue: Cu-Zr mixes with -23 kJ/mol at equal amounts.
    assert CU_ZR.interaction_kj_mol[0, 1] == pytest.approx(4 * -23, abs=1)


def test_a_pure_element_melts_at_its_melting_point() -> None:
    assert estimate("liquidus", [[1.0, 0.0]], ("Ag", "Cu")) == pytest.approx([1234.9], abs=1)
    assert estimate("depression of the liquidus", [[0.0, 1.0]], ("Ag", "Cu")) == pytest.approx([0], abs=1e-9)


def test_the_liquidus_follows_the_formula() -> None:
    x = np.array([[0.3, 0.7]])
    interaction = CU_ZR.interaction_kj_mol[0, 1]
    partial = interaction * x[:, ::-1] ** 2  # of a binary regular solution
    assert partial_mixing_kj_mol(x, [0, 1], CU_ZR) == pytest.approx(partial)
    of_copper = (CU_ZR.fusion_kj_mol[0] + partial[0, 0]) / (CU_ZR.fusion_entropy[0] - GAS_CONSTANT * np.log(0.3))
    temperatures = melting_temperatures(x, [0, 1], CU_ZR)
    assert temperatures[0, 0] == pytest.approx(max(of_copper, 50))
    assert temperatures.shape == (1, len(competing_solids([0, 1], CU_ZR)[0]))


def test_compounds_of_a_strong_pair_come_out_first() -> None:
    solid = melting_temperatures(np.array([[0.5, 0.5]]), [0, 1], CU_ZR)[0].argmax()
    shares, enthalpies = competing_solids([0, 1], CU_ZR)
    assert 0 < shares[solid, 0] < 1
    assert enthalpies[solid] < -10
    assert shares.sum(axis=1) == pytest.approx(np.ones(len(shares)))


def test_other_elements_make_no_difference() -> None:
    narrow = estimate_melts(np.array([[0.1, 0.5, 0.4]]), melt_elements(("Al", "Cu", "Zr")))
    wide = estimate_melts(np.array([[0.1, 0.5, 0.0, 0.4]]), melt_elements(("Al", "Cu", "Fe", "Zr")))
    np.testing.assert_allclose(narrow.by_itself, wide.by_itself)
    np.testing.assert_allclose(narrow.in_its_system, wide.in_its_system)


def test_relative_to_its_system_an_alloy_is_average_on_average() -> None:
    everywhere = np.random.default_rng(5).dirichlet(np.ones(3), 800)
    relative = estimate_melts(everywhere, melt_elements(("Al", "Cu", "Zr"))).in_its_system
    assert relative.shape == (800, len(ESTIMATES))
    assert np.abs(np.median(relative, axis=0)).max() < 0.8
    assert np.abs(relative.mean(axis=0)).max() < 0.25


def test_alike_elements_have_alike_places() -> None:
    symbols = ("La", "Ce", "Si", "Pd")
    places = melt_elements(symbols).embedding
    distance = squared_distances(places, places)
    assert distance[0, 1] < distance[0, 2]
    assert distance[0, 1] < distance[0, 3]
