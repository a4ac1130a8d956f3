"""What `bmg list` and `bmg casts` print for people: the columns that one reads, in the words of the pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from bmg_assets.cli.terminal.terminal_table import terminal_table
from bmg_assets.pages.overview_page import NOTHING_YET, as_shown, counts_in_words
from bmg_assets.pages.system_lists import (
    ALLOY_COLUMNS,
    CAST_COLUMNS,
    SYSTEM_COLUMNS,
    listed_alloys,
    listed_casts,
    next_rungs_in_words,
)
from bmg_assets.science.alloys.systems import TargetSystem


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
    shown = listed_alloys(system, results)
    table = terminal_table(shown, ALLOY_COLUMNS, width)
    rungs = [f"  {words}" for words in next_rungs_in_words(shown)]
    return "\n".join([table, "", "Next rungs:", *rungs]) if rungs else table


def casts_that_wait(system: TargetSystem, waiting: Sequence[dict[str, Any]], width: int) -> str:
    """Accepted casts that no run has taken in yet, and what does.

    Args:
        waiting: rows of the table `lab_casts`, one at least.
        width: characters in a line.
    """
    casts = listed_casts(system, waiting)
    return (
        f"Accepted and in no run yet: {len(waiting)} cast(s). `bmg run {system.key}` takes them in; while `bmg ui` "
        f"runs, that happens by itself.\n\n{terminal_table(casts, CAST_COLUMNS, width)}"
    )
