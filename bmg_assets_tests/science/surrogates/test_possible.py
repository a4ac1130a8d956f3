"""What is possible for a system is said before anything is trained."""

import numpy as np
import pytest

from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.melt.elements import melt_elements
from bmg_assets.science.surrogates.possible import WITHOUT_MELTING_POINT, possible_for


def test_an_ordinary_system_has_nothing_to_say() -> None:
    possible = possible_for(["Zr", "Al", "Cu"])
    assert possible.sentences == ()
    assert possible.trains_sub_models
    assert possible.known_to_surrogate


@pytest.mark.parametrize(("elements", "lacking"), [("Pd Ni S", "S"), ("Fe B N O", "N, O"), ("Zr Ni H", "H")])
def test_elements_without_descriptors_are_named_with_what_remains(elements: str, lacking: str) -> None:
    possible = possible_for(elements.split())
    (sentence,) = possible.sentences
    assert f"do not know {lacking}," in sentence
    assert "composite" in sentence
    assert not possible.trains_sub_models
    assert possible.known_to_surrogate
    assert possible.has_recommendations


@pytest.mark.parametrize("element", ["He", "No", "Cl"])
def test_nobody_knows_what_nobody_casts(element: str) -> None:
    possible = possible_for(["Zr", "Cu", element])
    assert not possible.known_to_surrogate
    assert not possible.has_recommendations
    assert "either" in possible.sentences[0]


def test_a_binary_is_no_system() -> None:
    possible = possible_for(["Zr", "Cu", "Zr"])
    assert not possible.is_system
    assert not possible.trains_sub_models
    assert possible.sentences[0].startswith("Cu-Zr has 2 elements")


def test_six_elements_are_ordinary_and_seven_have_a_coarse_map() -> None:
    seven = ["Zr", "Ti", "Cu", "Ni", "Al", "Nb", "Y"]
    assert possible_for(seven[:6]).sentences == ()
    possible = possible_for(seven)
    assert possible.trains_sub_models
    assert f"{len(composition_grid(7))} compositions" in possible.sentences[0]


def test_ten_elements_have_no_map() -> None:
    possible = possible_for(["Zr", "Ti", "Cu", "Ni", "Al", "Nb", "Y", "Fe", "Co", "Cr"])
    assert not possible.has_grid
    assert not possible.has_recommendations
    assert not possible.trains_sub_models
    assert "10 elements" in possible.sentences[0]


def test_the_surrogates_place_every_other_element() -> None:
    lacking = {
        symbol
        for symbol in element_tables("current").symbols
        if not np.isfinite(melt_elements((symbol, "Zr" if symbol != "Zr" else "Cu")).melting_kelvin).all()
    }
    assert lacking == WITHOUT_MELTING_POINT
