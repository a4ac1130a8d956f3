"""Data of elements against handbooks, what stands in where nothing was measured, and how alike two elements are."""

import numpy as np
import pytest

from bmg_assets.science.melt.elements import melt_elements, squared_distances


def test_data_are_those_of_handbooks() -> None:
    # CRC Handbook: silver melts at 1234.9 K with 11.3 kJ/mol, copper at 1357.8 K with 13.3 kJ/mol.
    ag_cu = melt_elements(("Ag", "Cu"))
    assert ag_cu.melting_kelvin == pytest.approx([1234.9, 1357.8], abs=1)
    assert ag_cu.fusion_kj_mol == pytest.approx([11.3, 13.3], abs=0.4)
    assert ag_cu.fusion_entropy == pytest.approx([11.3 / 1234.9, 13.3 / 1357.8], abs=3e-4)
    assert ag_cu.radius_pm == pytest.approx([144, 126], abs=2)
    assert ag_cu.electronegativity == pytest.approx([1.93, 1.90])  # Pauling's


def test_pairs_mix_with_four_times_the_enthalpy_at_equal_amounts() -> None:
    # Takeuchi and Inoue: Cu-Zr -23, Al-Zr -44, Al-Cu -1 kJ/mol.
    interaction = melt_elements(("Al", "Cu", "Zr")).interaction_kj_mol
    assert interaction == pytest.approx(4 * np.array([[0, -1, -44], [-1, 0, -23], [-44, -23, 0]]), abs=1)


def test_network_formers_melt_as_elements_not_as_molecules() -> None:
    found = melt_elements(("P", "Zr", "B", "C", "Si"))
    assert found.melting_kelvin[[0, 2, 3, 4]].tolist() == [1300, 2350, 4000, 1687]
    assert found.fusion_kj_mol[[0, 2, 3, 4]].tolist() == [12, 50, 60, 50]
    # Zirconium beside them stays as it is alone.
    assert found.melting_kelvin[1] == melt_elements(("Zr",)).melting_kelvin[0] == pytest.approx(2128, abs=2)


def test_an_element_without_a_measured_enthalpy_melts_by_richards_rule() -> None:
    promethium = melt_elements(("Pm", "Cu"))
    assert promethium.fusion_entropy[0] == pytest.approx(0.0096)
    assert promethium.fusion_kj_mol[0] == pytest.approx(0.0096 * promethium.melting_kelvin[0])


def test_a_small_enthalpy_that_was_measured_stays() -> None:
    # CRC Handbook: mercury 2.29, nitrogen 0.36 kJ/mol of atoms.
    assert melt_elements(("Hg", "N")).fusion_kj_mol == pytest.approx([2.29, 0.36], abs=0.02)


def test_what_is_not_known_of_an_element_is_replaced() -> None:
    helium = melt_elements(("He", "Cu"))
    assert helium.radius_pm[0] == 140
    assert helium.electronegativity[0] == 1.8


def test_two_elements_are_alike_by_the_properties_in_which_they_differ() -> None:
    # Of two, whatever differs lies two standard deviations apart: d² = 4 for each of the six properties that does.
    # Copper and silver share their group; of helium neither radius nor electronegativity is known.
    for symbols, differing in ((("Ag", "Cu"), 5), (("Al", "Zr"), 6), (("He", "Cu"), 4)):
        embedding = melt_elements(symbols).embedding
        assert embedding @ embedding.T == pytest.approx(
            np.array([[1, np.exp(-2 * differing)], [np.exp(-2 * differing), 1]]), abs=1e-12
        )


def test_alike_elements_have_alike_places() -> None:
    places = melt_elements(("La", "Ce", "Si", "Pd")).embedding
    distance = squared_distances(places, places)
    assert distance[0, 1] < distance[0, 2]
    assert distance[0, 1] < distance[0, 3]


def test_squared_distances_by_hand() -> None:
    a, b = np.array([[0.0, 0.0], [1.0, 2.0]]), np.array([[3.0, 4.0], [1.0, 2.0], [0.0, 1.0]])
    assert squared_distances(a, b) == pytest.approx(np.array([[25, 5, 1], [8, 0, 2]]))
    # Rounding never makes a distance negative.
    points = np.random.default_rng(0).normal(size=(50, 7)) * 1e4
    assert (squared_distances(points, points) >= 0).all()


def test_what_is_no_element_is_refused() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        melt_elements(("Cu", "Xx"))
