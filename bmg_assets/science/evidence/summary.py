"""The table `strategy_benchmark`: each metric over the left-out systems, beside that of the paper's surrogate.

Scores come in long form, a row per surrogate (column `strategy`), track, split, system, seed and metric. Seeds are
averaged within a system first: they are repetitions, not evidence.
"""

from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.evidence.advice import with_advice
from bmg_assets.science.evidence.metrics import auc
from bmg_assets.science.evidence.over_systems import CONFIDENCE, Mean, mean_over_systems, paired_difference
from bmg_assets.science.evidence.splits import Split, Track
from bmg_assets.science.evidence.targets import Target
from bmg_assets.science.surrogates.catalogue import PAPER, RECOMMENDED

WHOLE_DRAWS = 2_000
SCORE_COLUMNS = ("strategy", "track", "split", "left_out_system", "seed", "metric", "value", "weight")
SUMMARY_COLUMNS = (
    "strategy", "track", "split", "metric", "mean", "low", "high", "systems", "difference_to_paper", "p_value",
    "target_low", "target_high", "verdict", "ranks_better", "trusted",
)  # fmt: skip


TARGETS = {
    (Track.NOTHING_KNOWN, "auc"): Target(0.78),
    (Track.NOTHING_KNOWN, "enrichment"): Target(2.8),
    (Track.RELATED_KNOWN, "auc"): Target(0.88),
    (Track.RELATED_KNOWN, "enrichment"): Target(3.6),
    (Track.NOTHING_KNOWN, "bulk_by_pair_1"): Target(0.60),
    (Track.NOTHING_KNOWN, "bulk_by_pair_5"): Target(0.90),
    (Track.NOTHING_KNOWN, "held_bulk_90%"): Target(0.85, 0.95),
    (Track.RELATED_KNOWN, "held_bulk_90%"): Target(0.85, 0.95),
}
"""Targets of the recommended surrogate on the development split of the published set."""


def summarise(scores: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One row per strategy, track, split and metric, with SUMMARY_COLUMNS; `ranks_systems` comes from both kinds.

    `difference_to_paper` and `p_value` compare with the paper's surrogate, on the systems that determine the metric of
    both. They are missing for that surrogate itself, and where it was not evaluated.

    Args:
        scores: with SCORE_COLUMNS.
        seed: of the bootstrap and of the exchanges of signs.
    """
    keys = ["strategy", "track", "split", "metric"]
    by_system = scores.groupby([*keys, "left_out_system"], sort=False)[["value", "weight"]].mean().reset_index()
    rows: list[dict[str, Any]] = []
    for key, group in by_system.groupby(keys, sort=False):
        strategy, track, split, metric = map(str, key)
        values = group.set_index("left_out_system")
        mean = mean_over_systems(values["value"].to_numpy(), seed, values["weight"].to_numpy())
        difference, p_value = paired_difference(
            values["value"], _values_of(by_system, PAPER.name, track, split, metric), seed
        )
        target = (
            TARGETS.get((Track(track), metric)) if (strategy, split) == (RECOMMENDED.name, Split.DEVELOPMENT) else None
        )
        rows.append(
            {
                "strategy": strategy,
                "track": track,
                "split": split,
                "metric": metric,
                "mean": mean.value,
                "low": mean.low,
                "high": mean.high,
                "systems": mean.systems,
                "difference_to_paper": difference if strategy != PAPER.name else None,
                "p_value": p_value if strategy != PAPER.name else None,
                "target_low": target.low if target else None,
                "target_high": target.high if target and np.isfinite(target.high) else None,
                "verdict": target.verdict(mean.value) if target else None,
            }
        )
    rows += rank_whole_systems(scores, seed)
    return with_advice(pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS)), PAPER.name)


def rank_whole_systems(scores: pd.DataFrame, seed: int) -> list[dict[str, Any]]:
    """AUC of the highest score of a ternary, between ternaries with bulk glasses and without, a row each.

    Both kinds of systems are drawn anew for the interval; nothing is compared with the paper's surrogate.
    """
    highest = scores[scores["metric"] == "highest_score"]
    by_system = highest.groupby(["strategy", "track", "split", "left_out_system"], sort=False)["value"].mean()
    rows: list[dict[str, Any]] = []
    for (strategy, track), group in by_system.groupby(["strategy", "track"], sort=False):
        split_of = group.index.get_level_values("split")
        values = group.to_numpy(np.float64)
        with_bulk, without = values[split_of == Split.DEVELOPMENT], values[split_of == Split.WITHOUT_BULK]
        if len(with_bulk) == 0 or len(without) == 0:
            continue
        mean = auc_between(with_bulk, without, seed)
        rows.append(
            {
                "strategy": strategy,
                "track": track,
                "split": str(Split.DEVELOPMENT),
                "metric": "ranks_systems",
                "mean": mean.value,
                "low": mean.low,
                "high": mean.high,
                "systems": mean.systems,
            }
        )
    return rows


def auc_between(with_bulk: FloatArray, without: FloatArray, seed: int) -> Mean:
    """AUC of values of systems with bulk glasses over those of systems without; both kinds are drawn anew."""

    def auc_of(first: FloatArray, second: FloatArray) -> float:
        return auc(np.concatenate([first, second]), np.arange(len(first) + len(second)) < len(first))

    rng = np.random.default_rng(seed)
    drawn = [
        auc_of(rng.choice(with_bulk, len(with_bulk)), rng.choice(without, len(without))) for _ in range(WHOLE_DRAWS)
    ]
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return Mean(auc_of(with_bulk, without), float(low), float(high), len(with_bulk) + len(without))


def _values_of(by_system: pd.DataFrame, strategy: str, track: str, split: str, metric: str) -> pd.Series:
    rows = by_system[
        (by_system["strategy"] == strategy)
        & (by_system["track"] == track)
        & (by_system["split"] == split)
        & (by_system["metric"] == metric)
    ]
    return rows.set_index("left_out_system")["value"]


def as_scores(metrics: dict[str, float], weights: dict[str, float], **labels: str | int) -> pd.DataFrame:
    """The metrics of one system in long form; a metric without a weight of its own weighs one.

    Args:
        labels: strategy, track, split, left_out_system and seed.
    """
    rows = [
        {**labels, "metric": name, "value": value, "weight": weights.get(name, 1.0)} for name, value in metrics.items()
    ]
    return pd.DataFrame(rows, columns=list(SCORE_COLUMNS))
