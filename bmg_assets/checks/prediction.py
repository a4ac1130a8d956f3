"""Checks of the group `prediction`: what would send the wrong alloy to the furnace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg

from bmg_assets.checks.check import Check, Finding, schema_check
from bmg_assets.science.proposals.candidate_choice import PAIR, PAPER
from bmg_assets.store.tables.iterations import ITERATIONS
from bmg_assets.store.tables.prediction import (
    CANDIDATES,
    PREDICTION_GRID,
    RECOMMENDATIONS,
    SYSTEM_OVERVIEW,
    TRANSFER_GRID,
)

if TYPE_CHECKING:
    import pandas as pd

SUM_TOLERANCE_AT_PCT = 1e-6
STALE_SYSTEMS_SHOWN = 100


def predictions_are_finite(grid: pd.DataFrame) -> Finding:
    """Every prediction and both ends of its interval are numbers, in order."""
    import numpy as np

    columns = ["interval_low_mm", "dmax_mm", "interval_high_mm"]
    values = grid[columns].to_numpy(np.float64)
    finite = np.isfinite(values).all(axis=1)
    ordered = (np.diff(values, axis=1) >= 0).all(axis=1)
    return Finding(
        bool((finite & ordered).all()),
        {"points": len(grid), "not_finite": int((~finite).sum()), "out_of_order": int((finite & ~ordered).sum())},
    )


def compositions_are_complete(grid: pd.DataFrame) -> Finding:
    """Amounts sum to 100 at.%, every element is in every composition, and no composition comes twice."""
    import numpy as np

    amounts = np.array(grid["at_pct"].tolist())
    wrong_sum = int((np.abs(amounts.sum(axis=1) - 100) > SUM_TOLERANCE_AT_PCT).sum())
    without = int((amounts <= 0).any(axis=1).sum())
    twice = int(grid["composition"].duplicated().sum())
    return Finding(wrong_sum + without + twice == 0, {"wrong_sum": wrong_sum, "on_the_edge": without, "twice": twice})


def scores_rank(grid: pd.DataFrame) -> Finding:
    """A score that is the same everywhere ranks nothing."""
    spread = float(grid["score"].max() - grid["score"].min())
    return Finding(spread > 0, {"spread": spread})


def map_is_not_flat(grid: pd.DataFrame) -> Finding:
    """A map of one value has no best composition."""
    spread = float(grid["dmax_mm"].max() - grid["dmax_mm"].min())
    return Finding(spread > 0, {"spread_mm": spread})


def there_are_picks(proposed: pd.DataFrame) -> Finding:
    """Different compositions to cast next from each surrogate, two of them by the paper's rule."""
    picks = proposed[proposed["kind"] == "pick"]
    of_each = {str(strategy): rows["composition"] for strategy, rows in picks.groupby("strategy")}
    by_rule = proposed.groupby("strategy")["rule"].first()
    enough = [
        len(of_each.get(str(strategy), ())) >= (PAIR if rule == PAPER else 1) for strategy, rule in by_rule.items()
    ]
    different = all(compositions.is_unique for compositions in of_each.values())
    return Finding(bool(of_each) and all(enough) and different, {"picks": picks["composition"].tolist()})


def something_is_recommended(candidates: pd.DataFrame) -> Finding:
    """A pick that is recommended, and all that is recommended of one surrogate."""
    recommended = candidates[candidates["is_recommended"]]
    figures = {"recommended": recommended["composition"].tolist(), "strategies": sorted(set(candidates["strategy"]))}
    return Finding(bool((recommended["kind"] == "pick").any() and recommended["strategy"].nunique() == 1), figures)


def iterations_have_no_gaps(iterations: pd.DataFrame) -> Finding:
    """Numbers that go up one by one."""
    numbers = iterations["iteration"].tolist()
    return Finding(numbers == list(range(len(numbers))), {"iterations": len(numbers)})


def models_are_up_to_date(overview: pd.DataFrame) -> Finding:
    """No registered system has models older than what they are made from; the first stale ones with their reasons."""
    stale = overview.loc[overview["is_stale"], ["target_system", "stale_because"]]
    shown = [
        dg.TableRecord({"target_system": system, "stale_because": reasons})
        for system, reasons in stale.head(STALE_SYSTEMS_SHOWN).to_numpy()
    ]
    figures = {"systems": len(overview), "stale": len(stale)}
    return Finding(stale.empty, figures | ({"stale_systems": dg.MetadataValue.table(shown)} if shown else {}))


TRANSFER_GRID_CHECKS = (
    schema_check(TRANSFER_GRID),
    Check("compositions", "Compositions are complete and come once.", compositions_are_complete),
    Check("ranks", "The score is not the same for all compositions.", scores_rank, blocking=False),
)
PREDICTION_GRID_CHECKS = (
    schema_check(PREDICTION_GRID),
    Check("finite_predictions", "Every prediction is a number within its interval.", predictions_are_finite),
    Check("complete_compositions", "Every point is a composition of all elements.", compositions_are_complete),
    Check("not_flat", "The map has a highest point.", map_is_not_flat),
)
RECOMMENDATIONS_CHECKS = (
    schema_check(RECOMMENDATIONS),
    Check("picks", "Different compositions are proposed.", there_are_picks, blocking=False),
)
CANDIDATES_CHECKS = (
    schema_check(CANDIDATES),
    Check("picks", "Different compositions are proposed, a pair by the paper's rule.", there_are_picks, blocking=False),
    Check("recommended", "The picks of one surrogate are recommended.", something_is_recommended),
)
ITERATIONS_CHECKS = (
    schema_check(ITERATIONS),
    Check(
        "no_gaps", "The iterations are numbered from 0 without gaps, so that none was lost.", iterations_have_no_gaps
    ),
)
OVERVIEW_CHECKS = (
    schema_check(SYSTEM_OVERVIEW),
    Check(
        "models_up_to_date",
        "No system's models are older than what they are made from; the nightly schedule trains those that are.",
        models_are_up_to_date,
        blocking=False,
    ),
)
