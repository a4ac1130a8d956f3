"""How well systems are ranked: over the systems with a bulk glass, with intervals."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.evidence.over_systems import mean_over_systems
from bmg_assets.science.evidence.system_ranking_names import FOUND, NOT_FOUND, RANDOM, RANKED_BY

TOP_SHARES = {"in_top_1_pct": 0.99, "in_top_5_pct": 0.95}
AUC, PLACE = "auc", "place"
"""Share of the systems without a bulk glass, and of random systems, that lie below one with a bulk glass."""


def summarise_rankings(scores: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One row per test, number of elements, ranking and metric, with the 95 % interval over systems.

    Args:
        scores: rows of `rank_left_out` and `rank_later`, with the column `test`.
        seed: of the resampling.
    """
    rows = []
    for (test, size), of_test in scores.groupby(["test", "n_elements"], sort=False):
        for ranked_by in RANKED_BY:
            for metric, values in _metrics(of_test, ranked_by):
                mean = mean_over_systems(values, seed)
                rows.append(
                    {
                        "test": test,
                        "n_elements": size,
                        "ranked_by": ranked_by,
                        "metric": metric,
                        "mean": mean.value,
                        "low": mean.low,
                        "high": mean.high,
                        "systems": mean.systems,
                    }
                )
    return pd.DataFrame(rows)


def _metrics(of_test: pd.DataFrame, ranked_by: str) -> Iterator[tuple[str, FloatArray]]:
    """Metrics of each system with a bulk glass."""
    score = {kind: rows[ranked_by].to_numpy(np.float64) for kind, rows in of_test.groupby("kind")}
    found = score.get(FOUND, np.empty(0))
    if len(found) == 0:
        return
    if NOT_FOUND in score:
        yield AUC, _share_below(found, score[NOT_FOUND])
    if RANDOM in score:
        place = _share_below(found, score[RANDOM])
        yield PLACE, place
        for name, least in TOP_SHARES.items():
            yield name, (place >= least).astype(np.float64)


def _share_below(found: FloatArray, others: FloatArray) -> FloatArray:
    """Share of the others below each, ties counting one half."""
    below = (others[np.newaxis] < found[:, np.newaxis]).mean(axis=1)
    return np.asarray(below + (others[np.newaxis] == found[:, np.newaxis]).mean(axis=1) / 2)
