"""The tables `lab_results` and `lab_casts` of a system, from everything that was accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.casts.merging import Merge
from bmg_assets.store.tables.arrow import empty_frame
from bmg_assets.store.tables.lab import LAB_CASTS, LAB_RESULTS

if TYPE_CHECKING:
    import pandas as pd


def lab_tables_of(system: TargetSystem, history: Merge) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two tables, in this order."""
    from bmg_assets.science.casts.lab_tables import as_frame, lab_casts_rows, lab_results_rows

    results = as_frame(lab_results_rows(system, history), empty_frame(LAB_RESULTS))
    return results, as_frame(lab_casts_rows(system, history), empty_frame(LAB_CASTS))
