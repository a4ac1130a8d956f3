"""The registry itself: what a reader of the UI is told, and what a table may not be."""

import dagster as dg
import pytest

from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, SYSTEM_TABLES, table_of_asset
from bmg_assets.store.tables.dagster_schema import table_schema
from bmg_assets.store.tables.table import Column, Table

ALL_TABLES = [*LITERATURE_TABLES.values(), *SYSTEM_TABLES.values()]
UNITS_BY_ENDING = {"_mm": "mm", "at_pct": "at.%"}


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_names_and_units_agree(table: Table) -> None:
    for column in table.columns:
        for ending, unit in UNITS_BY_ENDING.items():
            assert (column.unit == unit) == column.name.endswith(ending) or column.unit not in UNITS_BY_ENDING.values()
            if column.name.endswith(ending):
                assert column.unit == unit


OF_ALL_SYSTEMS = {
    "strategy_benchmark", "literature_scores", "literature_evidence", "regime_scores", "regime_alloys",
    "regime_evidence", "regime_distances", "campaign_scores", "campaign_forecasts", "campaign_evidence",
    "atlas_calibration", "system_atlas", "atlas_rankings", "atlas_evidence",
}  # fmt: skip
"""Tables that hold all systems together."""


@pytest.mark.parametrize("name", sorted({*SYSTEM_TABLES} - OF_ALL_SYSTEMS))
def test_each_table_of_the_store_tells_the_system(name: str) -> None:
    assert SYSTEM_TABLES[name].column_names[0] == "target_system"


def test_the_schema_shown_has_units_and_a_constraint_per_rule() -> None:
    schema = table_schema(SYSTEM_TABLES["fusion_weights"], ["further"])
    columns = {column.name: column for column in schema.columns}
    assert columns["rmse_mean_mm"].description.startswith("[mm] ")
    assert columns["weight"].constraints == dg.TableColumnConstraints(
        nullable=True, unique=False, other=["at least 0", "at most 1"]
    )
    assert columns["model"].constraints.unique
    assert columns["model"].constraints.other == ["one of svr, random_forest, xgboost, lightgbm, fusion"]
    assert list(columns)[-1] == "further"
    assert "at least one row" in schema.constraints.other


def test_assets_lead_to_their_tables() -> None:
    assert table_of_asset("literature_alloys") is LITERATURE_TABLES["alloys"]
    assert table_of_asset("candidates") is SYSTEM_TABLES["candidates"]


def test_a_table_that_cannot_be_stored_is_refused() -> None:
    column = Column("a", "double", None, "A number.")
    with pytest.raises(ValueError, match="its first column is target_system"):
        Table("t", "A table.", (column,), partitioned=True)
    with pytest.raises(ValueError, match="names a column twice"):
        Table("t", "A table.", (column, column), partitioned=False)
