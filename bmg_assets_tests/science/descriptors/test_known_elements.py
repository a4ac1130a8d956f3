"""The elements that the descriptors know are those that the element tables can describe."""

import itertools

import numpy as np
import pytest

from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.descriptors.known_elements import DESCRIBED_ELEMENTS, not_described
from bmg_assets.science.descriptors.table import compute_descriptors

WITHOUT_ENTHALPY_OF_MIXING = {("Th", "U")}


@pytest.mark.parametrize("variant", ["current", "paper"])
def test_the_list_is_that_of_the_element_tables(variant: str) -> None:
    tables = element_tables(variant)
    alone = {
        element for element in tables.symbols if not compute_descriptors(np.array([[1.0]]), [element], tables).failures
    }
    mixing = tables.mixing_kj_mol
    place = {element: tables.symbols.index(element) for element in alone}
    pairs = itertools.combinations(sorted(DESCRIBED_ELEMENTS), 2)
    gaps = {(a, b) for a, b in pairs if np.isnan(mixing[place[a], place[b]])}
    assert alone - {"Pu"} == DESCRIBED_ELEMENTS
    assert gaps == WITHOUT_ENTHALPY_OF_MIXING


def test_what_is_not_known_is_named_in_its_order() -> None:
    assert not_described(["Te", "Pd", "S", "Ni"]) == ("Te", "S")
