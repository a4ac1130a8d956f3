"""What `bmg evidence --campaigns` prints: rules by start, on whole maps and in pools, and the chance of more."""

from typing import TYPE_CHECKING

from bmg_assets.science.evidence.campaign_names import (
    ALL_MAPS,
    BULK_METRIC,
    MEAN_SHARE,
    REFERENCE,
    SHARE_METRICS,
    STOPPING,
    Truth,
)

if TYPE_CHECKING:
    import pandas as pd

TITLES = {ALL_MAPS: "On whole maps", str(Truth.REPORTED): "In pools of reported alloys"}
METRICS = {
    SHARE_METRICS[0]: "best of round 1",
    SHARE_METRICS[2]: "of round 3",
    SHARE_METRICS[4]: "of round 5",
    MEAN_SHARE: "mean",
    BULK_METRIC: "rounds to a bulk glass",
}
"""The best so far over the best of the map, unless said otherwise."""
STOP_COLUMNS = {
    "metric": "where",
    "predicted": "predicted",
    "mean": "there was more",
    "low": "from",
    "high": "to",
    "systems": "systems",
    "forecasts": "forecasts",
}


def rule_tables(evidence: "pd.DataFrame") -> "dict[str, pd.DataFrame]":
    """Means of each rule by start, with the p value of the mean against the rule that is recommended; by title.

    Args:
        evidence: the table `campaign_evidence`.
    """
    tables = {}
    for truth, title in TITLES.items():
        rows = evidence[
            (evidence["truth"] == truth) & evidence["metric"].isin(METRICS) & (evidence["rule"] != STOPPING)
        ]
        means = rows.pivot_table(index=["start", "rule"], columns="metric", values="mean", sort=False)
        of_mean = rows[rows["metric"] == MEAN_SHARE].set_index(["start", "rule"])["p_value"]
        shown = means[[name for name in METRICS if name in means]].rename(columns=METRICS).round(3)
        tables[title] = shown.assign(**{f"p to {REFERENCE}": of_mean.round(3)}).reset_index()
    return tables


def stopping_table(evidence: "pd.DataFrame") -> "pd.DataFrame":
    """How often there was more, by the predicted chance, and its scores, on systems that guided no curve."""
    rows = evidence[(evidence["rule"] == STOPPING) & (evidence["truth"] == ALL_MAPS)]
    return rows[list(STOP_COLUMNS)].rename(columns=STOP_COLUMNS).round(3).reset_index(drop=True)
