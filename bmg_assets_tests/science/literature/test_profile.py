"""What the literature is made of: counts by hand and correlations of known columns."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS
from bmg_assets.science.literature.profile import correlations, profile_of

ALLOYS = pd.DataFrame(
    {
        "chemical_system": ["Cu-Zr", "Cu-Zr", "Al-Cu-Zr", "Pd-Si", "Cu-Zr"],
        "n_elements": [2, 2, 3, 2, 2],
        "elements": [["Cu", "Zr"], ["Cu", "Zr"], ["Al", "Cu", "Zr"], ["Pd", "Si"], ["Cu", "Zr"]],
        "glass_class": ["bulk", "ribbon", "bulk", "crystalline", "bulk"],
        "kind": ["bulk", "ribbon", "bulk", "crystalline_as_spun", "bulk_without_diameter"],
        "dmax_largest_mm": [2.0, 0.2, 8.0, 0.0, 0.2],
    }
)
REPORTS = pd.DataFrame(
    {
        "status": ["accepted", "accepted", "accepted", "copied", "accepted", "refused"],
        "kind": ["bulk", "ribbon", "bulk", "bulk", "crystalline_as_spun", None],
        "year": pd.array([1990, 1988, 1990, 1990, None, None], dtype="Int64"),
    }
)


def test_counts_by_hand():
    profile = profile_of(ALLOYS, REPORTS)
    assert profile.n_alloys == 5
    assert profile.by_class == {"bulk": 3, "ribbon": 1, "crystalline": 1}
    assert next(iter(profile.by_class)) == "bulk"
    assert list(profile.by_kind.items()) == [
        ("crystalline_as_spun", 1),
        ("ribbon", 1),
        ("bulk", 2),
        ("bulk_without_diameter", 1),
    ]
    assert profile.by_n_elements.to_dict("index") == {
        2: {"crystalline": 1, "ribbon": 1, "bulk": 2},
        3: {"crystalline": 0, "ribbon": 0, "bulk": 1},
    }
    sums = profile.by_element.sum(axis=1)
    assert sums.to_dict() == {"Cu": 4, "Zr": 4, "Al": 1, "Pd": 1, "Si": 1}
    assert sums.is_monotonic_decreasing
    assert profile.by_element.loc["Zr"].to_dict() == {"crystalline": 0, "ribbon": 1, "bulk": 3}
    assert next(iter(profile.by_system.items())) == ("Cu-Zr", 3)
    assert profile.by_system == {"Cu-Zr": 3, "Al-Cu-Zr": 1, "Pd-Si": 1}
    assert profile.bulk_dmax_mm.tolist() == [2.0, 8.0]


def test_years_count_the_reports_that_count_and_leave_no_year_out():
    profile = profile_of(ALLOYS, REPORTS)
    assert profile.by_year.index.tolist() == [1988, 1989, 1990]
    assert profile.by_year["ribbon"].tolist() == [1, 0, 0]
    assert profile.by_year["bulk"].tolist() == [0, 0, 2]
    assert profile.n_without_year == 1


def test_an_empty_literature_has_an_empty_profile():
    profile = profile_of(ALLOYS[:0], REPORTS[:0])
    assert profile.n_alloys == profile.n_without_year == 0
    assert profile.by_class == profile.by_kind == profile.by_system == {}
    assert len(profile.by_element) == len(profile.by_n_elements) == len(profile.by_year) == 0
    assert len(profile.bulk_dmax_mm) == 0


def descriptor_table(n=200, **columns):
    values = np.random.default_rng(3).normal(size=(n, len(PAPER_DESCRIPTORS)))
    table = pd.DataFrame(values, columns=list(PAPER_DESCRIPTORS))
    for place, column in columns.items():
        table[PAPER_DESCRIPTORS[int(place[1:])]] = column(values)
    return table


def test_coefficients_are_pearsons():
    found = correlations(descriptor_table())
    assert found.names == PAPER_DESCRIPTORS
    assert np.allclose(found.r, np.corrcoef(descriptor_table().to_numpy().T))
    assert found.n_pairs_above == 0


def test_pairs_that_go_together_or_against_each_other_are_counted_once():
    table = descriptor_table(_1=lambda v: 3 * v[:, 0] + 7, _3=lambda v: -v[:, 2])
    found = correlations(table)
    assert found.r[0, 1] == pytest.approx(1)
    assert found.r[2, 3] == pytest.approx(-1)
    assert found.n_pairs_above == 2


def test_descriptors_that_do_not_vary_are_correlated_with_nothing():
    found = correlations(descriptor_table(64, _1=lambda v: np.full(64, 0.2), _2=lambda v: np.full(64, 0.7)))
    assert np.abs(found.r[[1, 2]]).max() < 1e-12
    assert found.n_pairs_above == 0


def test_alloys_with_a_gap_are_left_out():
    table = descriptor_table()
    with_gap = pd.concat([table, table[:1].assign(**{PAPER_DESCRIPTORS[0]: np.nan, PAPER_DESCRIPTORS[1]: 1e9})])
    assert np.allclose(correlations(with_gap).r, correlations(table).r)
