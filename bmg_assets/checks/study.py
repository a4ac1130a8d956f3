"""Checks of the group `study`: rows that cannot be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmg_assets.checks.check import Check, Finding, schema_check
from bmg_assets.store.tables.study import PRUNING_STUDY, STUDIED_MAPS

if TYPE_CHECKING:
    import pandas as pd

SETTINGS = ["budget", "seed", "element_tables"]


def no_map_is_flat(maps: pd.DataFrame) -> Finding:
    """A map of one value cannot be scaled, so it has no error on that scale."""
    spread = maps.groupby("sub_dataset")["dmax_mm"].agg(lambda values: values.max() - values.min())
    return Finding(bool((spread > 0).all()), {"flat": [int(number) for number in spread.index[spread <= 0]]})


def rows_can_be_compared(study: pd.DataFrame) -> Finding:
    """The rows of a system come from the same literature and settings: they differ in the sub-dataset alone."""
    alike = study.assign(alloys=study["n_training"] + study["n_removed"])[["target_system", "alloys", *SETTINGS]]
    kinds = alike.drop_duplicates()["target_system"]
    return Finding(kinds.is_unique, {"systems_of_different_rows": sorted(kinds[kinds.duplicated()].unique())})


STUDIED_MAPS_CHECKS = (
    schema_check(STUDIED_MAPS),
    Check("not_flat", "Each map has a highest point.", no_map_is_flat, blocking=False),
)
PRUNING_STUDY_CHECKS = (
    schema_check(PRUNING_STUDY),
    Check(
        "comparable",
        "The rows of a system were made from the same literature with the same settings; else study it again.",
        rows_can_be_compared,
        blocking=False,
    ),
)
