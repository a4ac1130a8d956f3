"""What `bmg list` and `bmg casts` print for people: the columns that one reads, in the words of the pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from bmg_assets.cli.terminal.terminal_table import terminal_table
from bmg_assets.pages.drawing import CLASS_TITLES
from bmg_assets.pages.overview_page import NOTHING_YET, as_shown, counts_in_words
from bmg_assets.pages.rendering import Columns
from bmg_assets.science.alloys.compositions import formula_in_order
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.literature.known_alloys import amounts_of

SYSTEM_COLUMNS: Columns = {
    "system": "system",
    "state": "state",
    "best_predicted_mm": "best prediction of the paper (mm)",
    "best_composition": "at",
    "best_cast_mm": "best own cast (mm)",
    "chance_of_more_pct": ("chance of a better alloy (%)", 0),
    "n_lab": "own alloys",
    "age_days": ("age (days)", 1),
    "stale_because": "train it because",
}
ALLOY_COLUMNS: Columns = {
    "formula": "own alloy",
    "class_title": "class",
    "dmax_mm": "D_max (mm)",
    "dmax_high_mm": "below (mm)",
    "predicted_mm": "had been predicted (mm)",
    "cast_next_mm": ("next step (mm)", 1),
    "n_casts": "casts",
    "because": "no D_max because",
}
WAITING_COLUMNS: Columns = {
    "sample_id": "sample",
    "formula": "composition",
    "method": "method",
    "dimension_mm": "size (mm)",
    "verdict": "verdict",
}


def list_of_systems(overview: pd.DataFrame, now: datetime, width: int) -> str:
    """All systems, and how many of them wait for what.

    Args:
        overview: the table `system_overview`.
        now: in UTC.
        width: characters in a line.
    """
    if overview.empty:
        return NOTHING_YET
    return f"{terminal_table(as_shown(overview, now), SYSTEM_COLUMNS, width)}\n\n{counts_in_words(overview)}"


def list_of_alloys(system: TargetSystem, results: pd.DataFrame, width: int) -> str:
    """The own alloys of a system.

    Args:
        results: the table `lab_results` with columns `predicted_mm` and `next_rung`, which is missing where no ladder
            is open.
        width: characters in a line.
    """
    if results.empty:
        return f"No own alloy of {system.key} is in a run yet."
    shown = _with_formulas(system, results).assign(
        class_title=results["glass_class"].map(CLASS_TITLES),
        because=results["reasons"].map("; ".join).where(results["dmax_mm"].isna(), ""),
    )
    table = terminal_table(shown, ALLOY_COLUMNS, width)
    rungs = [f"  {row.formula}: {row.next_rung}." for row in shown.dropna(subset="next_rung").itertuples()]
    return "\n".join([table, "", "Next rungs:", *rungs]) if rungs else table


def casts_that_wait(system: TargetSystem, waiting: Sequence[dict[str, Any]], width: int) -> str:
    """Accepted casts that no run has taken in yet, and what does.

    Args:
        waiting: rows of the table `lab_casts`, one at least.
        width: characters in a line.
    """
    casts = _with_formulas(system, pd.DataFrame(waiting))
    return (
        f"Accepted and in no run yet: {len(waiting)} cast(s). `bmg run {system.key}` takes them in; while `bmg ui` "
        f"runs, that happens by itself.\n\n{terminal_table(casts, WAITING_COLUMNS, width)}"
    )


def _with_formulas(system: TargetSystem, alloys: pd.DataFrame) -> pd.DataFrame:
    """The alloys with a column `formula`: the composition with its elements in the order of the system's key."""
    points = amounts_of(system, alloys).tolist()
    return alloys.assign(formula=[formula_in_order(system.elements, point) for point in points])
