"""The table `campaign_evidence`: each rule over the systems, what it adds, and how often there was more to find.

Rules are compared on the same systems; truths of one system are no independent witnesses, so their mean counts once.
"""

import numpy as np
import pandas as pd

from bmg_assets.science.evidence.campaign_names import (
    ALL_MAPS,
    ALL_STARTS,
    MEAN_SHARE,
    REFERENCE,
    SHARE_METRICS,
    STOPPING,
    Truth,
)
from bmg_assets.science.evidence.over_systems import mean_over_systems, paired_p_value
from bmg_assets.science.evidence.stop_curve import guides, of_maps
from bmg_assets.science.proposals.stopping import calibrated

SCORED = {"": "predicted", "_of_share": "share", "_of_usual": "usual"}
"""Predictions of stopping that get scores, by the end of the metric's name."""
LEAST_CHANCE = 1e-3
"""A smaller chance counts as this in a log score."""
EDGES = (0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)
"""Edges of the ranges of the predicted chance."""
SUMMARY_COLUMNS = (
    "start", "truth", "rule", "metric", "mean", "low", "high", "systems", "difference", "p_value", "predicted",
    "forecasts",
)  # fmt: skip


def summarise_campaigns(scores: pd.DataFrame, forecasts: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One row per start, truth, rule and metric, and one per truth and range of the predicted chance of more.

    Args:
        scores: CAMPAIGN_SCORE_COLUMNS.
        forecasts: CAMPAIGN_FORECAST_COLUMNS.
        seed: of the bootstrap and of the exchanges of signs.
    """
    rows = [*_rows_of_rules(scores, seed), *_rows_of_stopping(forecasts, seed)]
    frame = pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))
    numbers = ["difference", "p_value", "predicted"]
    return frame.astype({**dict.fromkeys(numbers, "float64"), "forecasts": "Int64"})


def with_mean_share(scores: pd.DataFrame) -> pd.DataFrame:
    """The scores, with the mean over the rounds as one more metric."""
    where = ["truth", "start", "rule", "system"]
    shares = scores[scores["metric"].isin(SHARE_METRICS)]
    mean = shares.groupby(where, sort=False)["value"].mean().reset_index().assign(metric=MEAN_SHARE)
    return pd.concat([scores, mean], ignore_index=True)


def _rows_of_rules(scores: pd.DataFrame, seed: int) -> list[dict[str, object]]:
    scores = with_mean_share(scores)
    is_map = scores["truth"] != Truth.REPORTED
    both = pd.concat([scores, scores[is_map].assign(truth=ALL_MAPS)], ignore_index=True)
    rows: list[dict[str, object]] = []
    for (start, truth, metric), group in both.groupby(["start", "truth", "metric"], sort=False):
        values = group.groupby(["system", "rule"], sort=False)["value"].mean().unstack("rule")
        reference = values[REFERENCE].to_numpy(np.float64)
        for rule in values.columns:
            ours = values[rule].to_numpy(np.float64)
            mean = mean_over_systems(ours, seed)
            row = {"start": start, "truth": truth, "rule": rule, "metric": metric, "mean": mean.value}
            row |= {"low": mean.low, "high": mean.high, "systems": mean.systems}
            if rule != REFERENCE and mean.systems:
                row |= {"difference": np.nanmean(ours - reference), "p_value": paired_p_value(ours, reference, seed)}
            rows.append(row)
    return rows


def _rows_of_stopping(forecasts: pd.DataFrame, seed: int) -> list[dict[str, object]]:
    """How often there was more, by what was predicted, on the systems that the curve was not fitted to."""
    tested = forecasts[~guides(forecasts)]
    chances = [calibrated(share, best) for share, best in zip(tested["share"], tested["best_mm"], strict=True)]
    usual = float(forecasts.loc[guides(forecasts), "is_more"].mean())
    tested = tested.assign(predicted=chances, usual=usual)
    groups = {ALL_MAPS: of_maps(tested), **{str(truth): tested[tested["truth"] == truth] for truth in Truth}}
    rows: list[dict[str, object]] = []
    for truth, of_truth in groups.items():
        rows += _rows_of_scores(truth, of_truth, seed)
        ranges = pd.cut(of_truth["predicted"], EDGES, include_lowest=True, labels=False)
        rows += [
            _row_of_range(truth, EDGES[place], EDGES[place + 1], of_truth[ranges == place], seed)
            for place in range(len(EDGES) - 1)
            if (ranges == place).any()
        ]
    return rows


def _row_of_range(truth: str, low: float, high: float, group: pd.DataFrame, seed: int) -> dict[str, object]:
    """How often there was more where the predicted chance lies in a range; the interval is over systems."""
    of_systems = group.groupby("system")["is_more"].agg(["mean", "size"])
    mean = mean_over_systems(of_systems["mean"].to_numpy(np.float64), seed, of_systems["size"].to_numpy(np.float64))
    return {
        "start": ALL_STARTS,
        "truth": truth,
        "rule": STOPPING,
        "metric": f"more_where_{low:.0%}_to_{high:.0%}",
        "mean": mean.value,
        "low": mean.low,
        "high": mean.high,
        "systems": mean.systems,
        "predicted": float(group["predicted"].mean()),
        "forecasts": len(group),
    }


def _rows_of_scores(truth: str, group: pd.DataFrame, seed: int) -> list[dict[str, object]]:
    """Log score and Brier score of the chance, of the bare share of maps, and of what is usual on other systems."""
    outcome = group["is_more"].to_numpy(np.float64)
    rows: list[dict[str, object]] = []
    for name, column in SCORED.items():
        chance = np.clip(group[column].to_numpy(np.float64), LEAST_CHANCE, 1 - LEAST_CHANCE)
        scores = {
            "log_score": outcome * np.log(chance) + (1 - outcome) * np.log(1 - chance),
            "brier": (chance - outcome) ** 2,
        }
        for metric, values in scores.items():
            of_systems = pd.Series(values).groupby(group["system"].to_numpy()).mean().to_numpy(np.float64)
            mean = mean_over_systems(of_systems, seed)
            rows.append(
                {
                    "start": ALL_STARTS,
                    "truth": truth,
                    "rule": STOPPING,
                    "metric": metric + name,
                    "mean": mean.value,
                    "low": mean.low,
                    "high": mean.high,
                    "systems": mean.systems,
                    "forecasts": len(group),
                }
            )
    return rows
