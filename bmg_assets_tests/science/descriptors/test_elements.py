"""Element data and its two variants."""

import numpy as np
import pytest

from bmg_assets.science.descriptors.elements import (
    ELEMENT_PROPERTIES,
    MIEDEMA_PARAMETERS,
    UnknownVariantError,
    element_tables,
)


def element_property(variant, symbol, name):
    tables = element_tables(variant)
    return tables.properties[tables.symbols.index(symbol), ELEMENT_PROPERTIES.index(name)]


def test_the_installed_versions_are_part_of_the_tables():
    import matminer

    tables = element_tables("current")

    assert tables.matminer_version == matminer.__version__
    assert tables.pymatgen_version.count(".") == 2


def test_gaps_of_the_data_are_not_imputed():
    tables = element_tables("current")

    assert np.isnan(element_property("current", "P", "velocity_of_sound"))
    assert np.isnan(tables.miedema[tables.symbols.index("O")]).all()
    assert np.isnan(tables.radius_pm[tables.symbols.index("F")])
    assert np.isnan(tables.mixing_kj_mol[tables.symbols.index("O"), tables.symbols.index("Zr")])


def test_enthalpy_of_mixing_does_not_depend_on_the_order_of_the_pair():
    tables = element_tables("current")

    np.testing.assert_array_equal(tables.mixing_kj_mol, tables.mixing_kj_mol.T)
    assert tables.mixing_kj_mol[tables.symbols.index("Cu"), tables.symbols.index("Zr")] == -23


@pytest.mark.parametrize(
    "symbol, paper, current",
    [
        ("La", 3, 3),
        ("Ce", 4, 3),
        ("Sm", 8, 3),
        ("Gd", 10, 3),
        ("Er", 14, 3),
        ("Yb", 16, 3),
        ("Lu", 17, 3),
        ("Hf", 4, 4),
    ],
)
def test_paper_variant_counts_groups_through_the_f_block(symbol, paper, current):
    assert element_property("paper", symbol, "group") == paper
    assert element_property("current", symbol, "group") == current


def test_paper_variant_has_the_older_resistivity_of_boron():
    assert element_property("paper", "B", "electrical_resistivity") == 1e12
    assert element_property("current", "B", "electrical_resistivity") == 1.5e4


def test_paper_variant_has_the_older_resistivities_of_metals():
    assert element_property("paper", "Ni", "electrical_resistivity") == pytest.approx(7.2e-8)
    assert element_property("paper", "Nb", "electrical_resistivity") == pytest.approx(15.2e-8)


def test_variants_differ_in_nothing_else():
    paper, current = element_tables("paper"), element_tables("current")
    changed = ~np.isclose(paper.properties, current.properties, rtol=1e-6, atol=0, equal_nan=True)
    miedema = ~np.isclose(paper.miedema, current.miedema, equal_nan=True)

    assert {ELEMENT_PROPERTIES[column] for column in np.nonzero(changed)[1]} == {"group", "electrical_resistivity"}
    assert {MIEDEMA_PARAMETERS[column] for column in np.nonzero(miedema)[1]} == {"valence_electrons"}
    assert miedema.sum() == 31
    for name in ("valence_by_orbital", "valence_total", "radius_pm", "melting_kelvin", "mixing_kj_mol"):
        assert getattr(paper, name) is getattr(current, name)


def test_tables_cannot_be_changed_by_a_caller():
    with pytest.raises(ValueError, match="read-only"):
        element_tables("paper").properties[0, 0] = 1.0


def test_an_unknown_variant_is_refused():
    with pytest.raises(UnknownVariantError, match=r"'newest'.*current, paper"):
        element_tables("newest")
