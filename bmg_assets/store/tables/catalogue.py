"""All tables by name: adding one is adding its entry here, after describing it in the module of its group."""

from bmg_assets.store.tables.atlas import ATLAS_CALIBRATION, ATLAS_EVIDENCE, ATLAS_RANKINGS, SYSTEM_ATLAS
from bmg_assets.store.tables.evidence import (
    CAMPAIGN_EVIDENCE,
    CAMPAIGN_FORECASTS,
    CAMPAIGN_SCORES,
    LEFT_OUT_ALLOYS,
    LEFT_OUT_SCORES,
    LITERATURE_EVIDENCE,
    LITERATURE_SCORES,
    REGIME_ALLOYS,
    REGIME_DISTANCES,
    REGIME_EVIDENCE,
    REGIME_SCORES,
    STRATEGY_BENCHMARK,
)
from bmg_assets.store.tables.iterations import CAST_OUTCOMES, ITERATION_MAPS, ITERATIONS, PROPOSALS
from bmg_assets.store.tables.lab import LAB_CASTS, LAB_RESULTS
from bmg_assets.store.tables.literature import ALLOYS, DESCRIPTORS, FILMS, REPORTS
from bmg_assets.store.tables.prediction import (
    CANDIDATES,
    PREDICTION_GRID,
    RECOMMENDATIONS,
    SYSTEM_OVERVIEW,
    TRANSFER_GRID,
)
from bmg_assets.store.tables.property import (
    PROPERTY_ALLOYS,
    PROPERTY_MAPS,
    PROPERTY_REPORTS,
    PROPERTY_SCORES,
    PROPERTY_VALUES,
)
from bmg_assets.store.tables.study import PRUNING_STUDY, STUDIED_ALLOYS, STUDIED_MAPS, STUDIED_SCORES
from bmg_assets.store.tables.table import Table, UnknownTableError
from bmg_assets.store.tables.training import FUSION_WEIGHTS, TRAINING_SET, TUNING_TRIALS

LITERATURE_TABLES: dict[str, Table] = {
    table.name: table for table in (REPORTS, ALLOYS, FILMS, DESCRIPTORS, PROPERTY_REPORTS, PROPERTY_VALUES)
}

SYSTEM_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        LAB_RESULTS,
        LAB_CASTS,
        TRAINING_SET,
        TUNING_TRIALS,
        FUSION_WEIGHTS,
        PREDICTION_GRID,
        TRANSFER_GRID,
        RECOMMENDATIONS,
        CANDIDATES,
        ITERATIONS,
        ITERATION_MAPS,
        PROPOSALS,
        CAST_OUTCOMES,
        SYSTEM_OVERVIEW,
        STUDIED_MAPS,
        STUDIED_ALLOYS,
        STUDIED_SCORES,
        PRUNING_STUDY,
        LEFT_OUT_SCORES,
        LEFT_OUT_ALLOYS,
        STRATEGY_BENCHMARK,
        LITERATURE_SCORES,
        LITERATURE_EVIDENCE,
        REGIME_SCORES,
        REGIME_ALLOYS,
        REGIME_EVIDENCE,
        REGIME_DISTANCES,
        CAMPAIGN_SCORES,
        CAMPAIGN_FORECASTS,
        CAMPAIGN_EVIDENCE,
        PROPERTY_MAPS,
        PROPERTY_ALLOYS,
        PROPERTY_SCORES,
        ATLAS_CALIBRATION,
        SYSTEM_ATLAS,
        ATLAS_RANKINGS,
        ATLAS_EVIDENCE,
    )
}


TABLES_BY_ASSET: dict[str, Table] = {
    table.asset: table for table in (*LITERATURE_TABLES.values(), *SYSTEM_TABLES.values()) if table.asset is not None
}


def system_table(name: str) -> Table:
    """The table of the store with this name; raises UnknownTableError."""
    return _named(SYSTEM_TABLES, name)


def literature_table(name: str) -> Table:
    """The table of the literature database with this name; raises UnknownTableError."""
    return _named(LITERATURE_TABLES, name)


def table_of_asset(asset: str) -> Table:
    """The table that is the output of this asset; raises UnknownTableError."""
    return _named(TABLES_BY_ASSET, asset)


def _named(tables: dict[str, Table], name: str) -> Table:
    if name not in tables:
        raise UnknownTableError(
            f"There is no table for '{name}', expected one of {', '.join(tables)}: fix the name, or describe "
            "the table in bmg_assets/store/tables."
        )
    return tables[name]
