"""The table of descriptors: a row for every alloy, in its order, with the reason where there are no values."""

import pandas as pd
import pytest

from bmg_assets.science.descriptors.describe import describe_alloys, selection_of
from bmg_assets.science.descriptors.elements import UnknownVariantError, element_tables
from bmg_assets.science.descriptors.table import ALL_DESCRIPTORS
from bmg_assets.tables.literature import DESCRIPTORS
from bmg_assets.tables.validation import violations

ALLOYS = pd.DataFrame(
    {
        "composition": ["Cu50Zr50", "Cu50He50", "Al10Cu30Zr60", "B20Fe80"],
        "elements": [["Cu", "Zr"], ["Cu", "He"], ["Al", "Cu", "Zr"], ["B", "Fe"]],
        "at_pct": [[50.0, 50.0], [50.0, 50.0], [10.0, 30.0, 60.0], [20.0, 80.0]],
    },
    index=[9, 4, 7, 2],
)


@pytest.fixture(scope="module")
def described():
    return describe_alloys(ALLOYS, "current")


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
    assert violations(DESCRIPTORS, described) == []


def test_an_alloy_that_cannot_be_described_keeps_its_row_with_the_reason(described):
    failed = described[described["failure"].notna()]
    assert failed["composition"].tolist() == ["Cu50He50"]
    assert "He" in failed["failure"].iloc[0]
    assert "leave the alloy out" in failed["failure"].iloc[0]


def test_without_failures_the_column_is_there_and_empty():
    described = describe_alloys(ALLOYS[:1], "current")
    assert described["failure"].isna().all()
    assert violations(DESCRIPTORS, described) == []


def test_the_papers_element_tables_give_other_values(described):
    paper = describe_alloys(ALLOYS, "paper")
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
