"""The table of descriptors: a row for every alloy, in its order, with the reason where there are no values."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.descriptors.describe import describe_alloys, selection_of
from bmg_assets.science.descriptors.elements import UnknownVariantError, element_tables
from bmg_assets.science.descriptors.table import ALL_DESCRIPTORS, DESCRIPTORS_VERSION
from bmg_assets.store.tables.literature import DESCRIPTORS
from bmg_assets.store.tables.validation import examined

ALLOYS = pd.DataFrame(
    {
        "composition": ["Cu50Zr50", "Cu50He50", "Al10Cu30Zr60", "B20Fe80"],
        "elements": [["Cu", "Zr"], ["Cu", "He"], ["Al", "Cu", "Zr"], ["B", "Fe"]],
        "at_pct": [[50.0, 50.0], [50.0, 50.0], [10.0, 30.0, 60.0], [20.0, 80.0]],
    },
    index=[9, 4, 7, 2],
)


AMOUNTS = [[first, second, 100.0 - first - second] for first in range(5, 60, 5) for second in range(5, 40, 2)]
MANY = pd.DataFrame(
    {
        "composition": [f"A{number}" for number in range(len(AMOUNTS))],
        "elements": [["Zr", "Al", "Cu"] if number % 2 else ["Mg", "Ca", "Zn"] for number in range(len(AMOUNTS))],
        "at_pct": AMOUNTS,
    }
)
KNOWN_VERSIONS, KNOWN_SUM = ("0.10.1", "2026.10.24"), 185.727111641


@pytest.fixture(scope="module")
def described():
    return describe_alloys(ALLOYS, "current").table


def test_each_alloy_has_its_row_in_the_order_of_the_alloys(described):
    assert described["composition"].tolist() == ALLOYS["composition"].tolist()
    mean_x = described["PymatgenData mean X"]
    assert mean_x.iloc[0] == pytest.approx((1.90 + 1.33) / 2)
    assert mean_x.iloc[2] == pytest.approx(0.1 * 1.61 + 0.3 * 1.90 + 0.6 * 1.33)
    assert mean_x.iloc[3] == pytest.approx(0.2 * 2.04 + 0.8 * 1.83)


def test_the_table_says_which_data_it_was_made_with_and_fits_its_declaration(described):
    tables = element_tables("current")
    assert set(described["element_tables"]) == {"current"}
    assert set(described["matminer_version"]) == {tables.matminer_version}
    assert set(described["pymatgen_version"]) == {tables.pymatgen_version}
    assert set(ALL_DESCRIPTORS) <= set(described.columns)
    assert examined(DESCRIPTORS, described).faults == []


def test_an_alloy_that_cannot_be_described_keeps_its_row_with_the_reason(described):
    failed = described[described["failure"].notna()]
    assert failed["composition"].tolist() == ["Cu50He50"]
    assert "He" in failed["failure"].iloc[0]
    assert "leave the alloy out" in failed["failure"].iloc[0]


def test_without_failures_the_column_is_there_and_empty():
    described = describe_alloys(ALLOYS[:1], "current").table
    assert described["failure"].isna().all()
    assert examined(DESCRIPTORS, described).faults == []


def test_the_papers_element_tables_give_other_values(described):
    paper = describe_alloys(ALLOYS, "paper").table
    assert set(paper["element_tables"]) == {"paper"}
    resistivity = "PymatgenData mean electrical_resistivity"
    assert paper[resistivity].iloc[3] == pytest.approx(0.2 * 1e12, rel=1e-6)
    assert described[resistivity].iloc[3] < 1e5
    assert paper["PymatgenData mean X"].equals(described["PymatgenData mean X"])


def test_element_tables_that_do_not_exist_are_refused_with_those_that_do():
    with pytest.raises(UnknownVariantError, match=r"'older'.*current, paper"):
        describe_alloys(ALLOYS, "older")


def test_the_selection_looks_at_the_alloys_that_could_be_described(described):
    with_failure, without = selection_of(described), selection_of(described[described["failure"].isna()])
    assert with_failure.kept == without.kept
    assert with_failure.kept
    assert set(with_failure.kept) <= set(ALL_DESCRIPTORS)


@pytest.fixture(scope="module")
def whole():
    """All of the alloys of a few systems, described at once."""
    return describe_alloys(MANY, "current")


def test_what_is_described_once_is_not_computed_again_and_is_the_same(whole):
    for split in (0, 1, 100, len(MANY)):
        before = describe_alloys(MANY[:split], "current").table if split else None
        grown = describe_alloys(MANY, "current", before)
        assert (grown.n_computed, grown.n_reused) == (len(MANY) - split, split)
        pd.testing.assert_frame_equal(grown.table, whole.table, rtol=1e-12)


def test_stored_rows_are_found_in_any_order_and_those_of_other_alloys_left_out(whole):
    few = MANY[150:100:-7]
    found = describe_alloys(few, "current", whole.table.sample(frac=1, random_state=1))
    assert (found.n_computed, found.n_reused) == (0, len(few))
    assert found.table["composition"].tolist() == few["composition"].tolist()
    pd.testing.assert_frame_equal(found.table, describe_alloys(few, "current").table, rtol=1e-12)


def test_a_failure_is_known_too(described):
    again = describe_alloys(ALLOYS, "current", described)
    assert again.n_computed == 0
    pd.testing.assert_frame_equal(again.table, described)


def test_rows_made_from_other_element_data_amounts_or_code_are_computed_anew(whole, monkeypatch):
    assert describe_alloys(MANY, "paper", whole.table).n_reused == 0
    moved = MANY.assign(at_pct=[[first + 1e-6, second - 1e-6, third] for first, second, third in MANY["at_pct"]])
    assert describe_alloys(moved, "current", whole.table).n_reused == 0
    for constant, value in (("DESCRIPTORS_VERSION", "another"), ("element_tables", with_other_matminer)):
        with monkeypatch.context() as patch:
            patch.setattr(f"bmg_assets.science.descriptors.describe.{constant}", value)
            assert describe_alloys(MANY, "current", whole.table).n_reused == 0


def test_a_table_that_is_older_or_damaged_is_of_no_use_and_no_harm(whole):
    for known in (
        whole.table.drop(columns="made_from"),
        whole.table.drop(columns="Yang delta"),
        whole.table.assign(made_from=None),
        whole.table[:0],
    ):
        assert describe_alloys(MANY, "current", known).n_reused == 0
    twice = pd.concat([whole.table, whole.table])
    pd.testing.assert_frame_equal(describe_alloys(MANY, "current", twice).table, whole.table)


def test_a_change_of_values_is_a_change_of_the_version():
    """If this fails because descriptors were mended, raise DESCRIPTORS_VERSION; stored rows would stay as they were."""
    tables = element_tables("current")
    if (tables.matminer_version, tables.pymatgen_version) != KNOWN_VERSIONS:
        pytest.skip("other versions of the element data give other values, and count as such")
    table = describe_alloys(MANY, "current").table[list(ALL_DESCRIPTORS)]
    assert (DESCRIPTORS_VERSION, float(np.log1p(table.abs()).mean().sum())) == ("1", pytest.approx(KNOWN_SUM, rel=1e-8))


def with_other_matminer(variant):
    return replace(element_tables(variant), matminer_version="0.0.1")
