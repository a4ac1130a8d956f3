"""The 86 descriptors: known answers, properties, failures, the published table."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.descriptors.table import (
    ALL_DESCRIPTORS,
    ALLOYS_AT_A_TIME,
    PAPER_DESCRIPTORS,
    DescriptorInputError,
    compute_descriptors,
)
from bmg_assets_tests.science.descriptors.reference import as_matrix, by_matminer

COMMON = ("Ag", "Al", "B", "Be", "C", "Ca", "Co", "Cr", "Cu", "Fe", "Gd", "La", "Mg", "Nb", "Nd", "Ni", "P", "Pd", "Si")
COMMON += ("Sm", "Sn", "Ta", "Ti", "Y", "Yb", "Zn", "Zr")

TOUCHING = 2e-8
"""How far matminer's distance may be from zero where an alloy has the very composition of a cluster: scikit-learn
computes it from scalar products, whose rounding a square root enlarges."""


def descriptors(*alloys, variant="current"):
    fractions, elements = as_matrix(alloys)
    return compute_descriptors(fractions, elements, element_tables(variant))


def value(alloy, name, variant="current"):
    return descriptors(alloy, variant=variant).values[0, ALL_DESCRIPTORS.index(name)]


def random_alloys(rng, sets_and_alloys):
    """Alloys of random amounts: for every number of elements, so many sets of elements with so many alloys each."""
    alloys = []
    for count, (sets, per_set) in sets_and_alloys.items():
        for _ in range(sets):
            elements = rng.choice(COMMON, count, replace=False)
            alloys += [dict(zip(elements, rng.dirichlet(np.ones(count)), strict=True)) for _ in range(per_set)]
    return alloys


def ternary_grid(elements, step):
    points = [(a, b, 100 - a - b) for a in range(step, 100, step) for b in range(step, 100 - a, step)]
    return [dict(zip(elements, point, strict=True)) for point in points]


@pytest.mark.parametrize(
    "name, expected",
    [
        ("PymatgenData minimum X", 1.33),
        ("PymatgenData maximum X", 1.90),
        ("PymatgenData range X", 0.57),
        ("PymatgenData mean X", (1.90 + 1.33) / 2),
        ("PymatgenData std_dev X", 0.57 / np.sqrt(2)),
        ("PymatgenData mean atomic_mass", (63.546 + 91.224) / 2),
        ("PymatgenData mean group", (11 + 4) / 2),
        ("PymatgenData std_dev block", 0.0),
        # Cu: 4s1 3d10, Zr: 5s2 4d2.
        ("avg s valence electrons", 1.5),
        ("avg d valence electrons", 6.0),
        ("frac s valence electrons", 0.2),
        ("frac d valence electrons", 0.8),
        ("frac f valence electrons", 0.0),
        # Radii 126 and 158 pm.
        ("Yang delta", 16 / 142),
        # 1357.77 and 2128 K, -23 kJ/mol.
        ("Yang omega", (1357.77 + 2128) / 2 * 8.314e-3 * np.log(2) / 23),
    ],
)
def test_known_answers_for_cu50zr50(name, expected):
    assert value({"Cu": 50, "Zr": 50}, name) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    "name, expected",
    [
        ("Miedema_deltaH_inter", 0.0),
        ("Miedema_deltaH_amor", 3.5 * 1.3576 / 96.4853),
        # With 11 valence electrons fcc is as stable as copper itself is.
        ("Miedema_deltaH_ss_min", 0.0),
        ("PymatgenData std_dev X", 0.0),
        ("Yang omega", 0.0),
        ("Yang delta", 0.0),
        ("dist from 1 clusters |APE| < 0.010", 1.0),
        # The best coordination number of equal atoms is 13, with the ideal ratio 0.976006.
        ("mean simul. packing efficiency", 1 - 0.976006),
    ],
)
def test_known_answers_for_pure_copper(name, expected):
    assert value({"Cu": 1}, name) == pytest.approx(expected, abs=1e-12)


def test_the_columns_are_86_with_the_papers_29_in_order():
    assert len(ALL_DESCRIPTORS) == len(set(ALL_DESCRIPTORS)) == 86
    assert len(PAPER_DESCRIPTORS) == 29
    assert [name for name in ALL_DESCRIPTORS if name in PAPER_DESCRIPTORS] == list(PAPER_DESCRIPTORS)


def test_random_alloys_equal_matminer():
    alloys = random_alloys(np.random.default_rng(7), {1: (4, 1), 2: (6, 2), 3: (4, 3), 4: (1, 3)})

    np.testing.assert_allclose(descriptors(*alloys).values, by_matminer(alloys), rtol=1e-9, atol=1e-9)


def test_a_ternary_grid_equals_matminer():
    alloys = ternary_grid(("Zr", "Al", "Cu"), step=10)

    np.testing.assert_allclose(descriptors(*alloys).values, by_matminer(alloys), rtol=1e-9, atol=TOUCHING)


@pytest.mark.slow
def test_a_thousand_random_alloys_of_one_to_seven_elements_equal_matminer():
    rng = np.random.default_rng(2015)
    alloys = random_alloys(rng, {1: (20, 1), 2: (60, 5), 3: (40, 15), 4: (8, 10), 5: (2, 8)})
    # matminer lists the clusters of six elements for ten seconds and more, so these alloys share one set.
    many = rng.dirichlet(np.ones(6), size=8)
    alloys += [dict(zip(("Zr", "Ti", "Cu", "Ni", "Be", "Al"), amounts, strict=True)) for amounts in many]
    alloys += [alloy | {"Nb": min(alloy.values()) / 2} for alloy in alloys[-3:]]

    assert len(alloys) >= 1000
    np.testing.assert_allclose(descriptors(*alloys).values, by_matminer(alloys), rtol=1e-9, atol=1e-9)


@given(st.lists(st.tuples(st.sampled_from(COMMON), st.integers(1, 60)), min_size=1, max_size=8), st.randoms())
@settings(max_examples=40)
def test_order_of_the_elements_and_columns_of_zeros_change_nothing(amounts, random):
    fractions, elements = as_matrix([dict(amounts)])
    tables = element_tables("current")
    wider = [*elements, *(element for element in COMMON if element not in elements)]
    random.shuffle(wider)
    spread = np.array([[fractions[0, elements.index(e)] if e in elements else 0.0 for e in wider]])

    expected = compute_descriptors(fractions, elements, tables).values
    np.testing.assert_array_equal(compute_descriptors(spread, wider, tables).values, expected)


def test_an_alloy_is_the_same_alone_and_in_a_grid_of_several_chunks():
    grid = ternary_grid(("Mg", "Zn", "Ca"), step=1)
    block = descriptors(*grid)

    assert len(grid) == 4851 > ALLOYS_AT_A_TIME
    assert not block.failures
    for row in (0, ALLOYS_AT_A_TIME - 1, ALLOYS_AT_A_TIME, 4850):
        np.testing.assert_allclose(block.values[row], descriptors(grid[row]).values[0], rtol=1e-12, atol=1e-14)


def test_alloys_of_different_sets_and_sizes_keep_their_rows():
    alloys = [{"Cu": 1, "Zr": 1}, {"Al": 1}, {"Ni": 2, "Nb": 3}, {"Zr": 55, "Al": 10, "Cu": 35}, {"Cu": 2, "Zr": 1}]

    together = descriptors(*alloys).values

    for row, alloy in enumerate(alloys):
        np.testing.assert_allclose(together[row], descriptors(alloy).values[0], rtol=1e-12)


def test_negative_volume_leaves_the_solid_solution_out_in_the_paper_variant_only():
    alloy = {"Al": 85, "Ca": 10, "Ni": 5}

    assert np.isnan(value(alloy, "Miedema_deltaH_ss_min", "paper"))
    assert value(alloy, "Miedema_deltaH_am_min", "paper") == value(alloy, "Miedema_deltaH_ami", "paper")
    assert value(alloy, "Miedema_deltaH_am_min", "current") == value(alloy, "Miedema_deltaH_ams", "current")
    assert descriptors(alloy, variant="paper").failures == {}


def test_gaps_outside_the_papers_29_are_no_failure():
    block = descriptors({"Ni": 80, "P": 20})

    assert np.isnan(block.values[0, ALL_DESCRIPTORS.index("PymatgenData mean velocity_of_sound")])
    assert block.failures == {}


def test_missing_data_are_named_and_the_other_columns_stay():
    block = descriptors({"Zr": 60, "Cu": 30, "O": 10}, {"Zr": 60, "Cu": 40})

    assert list(block.failures) == [0]
    assert "no electrical_resistivity of O; no Miedema parameters of O; no enthalpy of mixing of " in block.failures[0]
    assert "O-Zr" in block.failures[0] or "Zr-O" in block.failures[0]
    assert np.isnan(block.values[0, ALL_DESCRIPTORS.index("Yang omega")])
    assert np.isnan(block.values[0, ALL_DESCRIPTORS.index("Miedema_deltaH_amor")])
    assert block.values[0, ALL_DESCRIPTORS.index("PymatgenData mean X")] == pytest.approx(
        0.6 * 1.33 + 0.3 * 1.9 + 0.1 * 3.44
    )


def test_an_element_without_radius_is_a_failure_and_no_error():
    block = descriptors({"Zr": 60, "F": 40})

    assert "atomic radius of Miracle of F" in block.failures[0]
    assert np.isnan(block.values[0, ALL_DESCRIPTORS.index("mean simul. packing efficiency")])


def test_an_unknown_symbol_is_named_only_where_it_is_present():
    fractions = np.array([[0.5, 0.4, 0.1], [0.5, 0.5, 0.0]])

    block = compute_descriptors(fractions, ("Cu", "Zr", "Qq"), element_tables("current"))

    assert list(block.failures) == [0]
    assert "Found Qq" in block.failures[0]
    assert np.isnan(block.values[0]).all()
    assert np.array_equal(block.values[1], descriptors({"Cu": 1, "Zr": 1}).values[0], equal_nan=True)


@pytest.mark.parametrize(
    "row, found",
    [
        ([1.1, 1.16], "sum 2.26"),
        ([0.0, 0.0], "sum 0"),
        ([1.2, -0.2], "negative or missing"),
        ([1.0, np.nan], "negative or missing"),
    ],
)
def test_rows_that_are_no_compositions_fail_alone(row, found):
    block = compute_descriptors(np.array([row, [0.5, 0.5]]), ("Cu", "Zr"), element_tables("current"))

    assert list(block.failures) == [0]
    assert found in block.failures[0]
    assert not np.isnan(block.values[1, ALL_DESCRIPTORS.index("Yang omega")])


def test_a_matrix_that_does_not_fit_its_symbols_is_refused():
    with pytest.raises(DescriptorInputError, match="3 element symbols"):
        compute_descriptors(np.ones((1, 2)) / 2, ("Cu", "Zr", "Al"), element_tables("current"))
    with pytest.raises(DescriptorInputError, match="columns of Zr more than once"):
        compute_descriptors(np.ones((1, 3)) / 3, ("Cu", "Zr", "Zr"), element_tables("current"))


def test_no_alloys_give_an_empty_block():
    block = compute_descriptors(np.empty((0, 2)), ("Cu", "Zr"), element_tables("current"))

    assert block.values.shape == (0, 86)
    assert block.failures == {}


@pytest.mark.published
def test_paper_variant_equals_the_published_columns(published_csv):
    from pymatgen.core import Composition

    published = pd.read_csv(published_csv)
    alloys = [Composition(text).get_el_amt_dict() for text in published["composition"]]

    block = descriptors(*alloys, variant="paper")

    assert block.failures == {}
    for name in PAPER_DESCRIPTORS:
        # The published resistivities are printed to three digits where they have an exponent.
        tolerance = {"rtol": 5e-3} if name.endswith("electrical_resistivity") else {"rtol": 1e-6, "atol": 1e-6}
        ours = block.values[:, ALL_DESCRIPTORS.index(name)]
        np.testing.assert_allclose(ours, published[name].to_numpy(), **tolerance, err_msg=name)
