"""Checks of the study: rows that cannot be compared, and maps without a highest point."""

import pandas as pd
import pytest

from bmg_assets.checks.study import no_map_is_flat, rows_can_be_compared
from bmg_assets.store.tables.study import PRUNING_STUDY
from bmg_assets_tests.table_frames import frame_of

ROWS = frame_of(PRUNING_STUDY, rows=3).assign(
    target_system=["Zr-Al-Cu", "Zr-Al-Cu", "Mg-Zn-Ca"],
    n_training=[6360, 6300, 6371],
    n_removed=[35, 95, 24],
    budget=["quick", "quick", "standard"],
    seed=1,
)


def test_rows_of_one_literature_and_setting_can_be_compared() -> None:
    assert rows_can_be_compared(ROWS).passed
    assert rows_can_be_compared(ROWS.head(0)).passed


@pytest.mark.parametrize(
    "other", [{"budget": "standard"}, {"seed": 2}, {"element_tables": "paper"}, {"n_training": 6301}]
)
def test_rows_that_differ_in_more_than_the_sub_dataset_are_named(other: dict[str, object]) -> None:
    rows = ROWS.copy()
    for column, value in other.items():
        rows.loc[1, column] = value
    finding = rows_can_be_compared(rows)
    assert not finding.passed
    assert finding.figures["systems_of_different_rows"] == ["Zr-Al-Cu"]


def test_a_flat_map_is_named() -> None:
    maps = pd.DataFrame({"sub_dataset": [1, 1, 5, 5], "dmax_mm": [0.0, 2.0, 0.25, 0.25]})
    assert no_map_is_flat(maps.head(2)).passed
    finding = no_map_is_flat(maps)
    assert not finding.passed
    assert finding.figures["flat"] == [5]
