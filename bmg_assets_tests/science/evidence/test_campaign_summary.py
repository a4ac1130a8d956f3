"""The summary of campaigns: means over systems, paired differences, and how often there was more."""

import itertools

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.evidence.campaign_names import (
    ALL_MAPS,
    BULK_METRIC,
    MEAN_SHARE,
    REFERENCE,
    SHARE_METRICS,
    STOPPING,
)
from bmg_assets.science.evidence.campaign_summary import SUMMARY_COLUMNS, summarise_campaigns
from bmg_assets.science.evidence.stop_curve import guides
from bmg_assets.science.proposals.stopping import calibrated

SYSTEMS = [f"A-B-C{number}" for number in range(8)]


def scores() -> pd.DataFrame:
    """The reference reaches 0.9, the other 0.8 on whole maps and the same in pools."""
    rows = []
    for system, truth, rule in itertools.product(SYSTEMS, ("trees", "nearest", "reported"), (REFERENCE, "random")):
        value = 0.9 if rule == REFERENCE or truth == "reported" else 0.8
        rows += [(truth, "nothing_known", rule, system, metric, value) for metric in SHARE_METRICS]
        rows.append((truth, "nothing_known", rule, system, BULK_METRIC, np.nan if system == SYSTEMS[0] else 2.0))
    return pd.DataFrame(rows, columns=["truth", "start", "rule", "system", "metric", "value"])


def forecasts() -> pd.DataFrame:
    rows = [
        (truth, "nothing_known", system, 1, 1.0, 2.0, share, share > 0.5)
        for system, truth, share in itertools.product(SYSTEMS, ("trees", "reported"), (0.05, 0.95))
    ]
    columns = ["truth", "start", "system", "round", "gain_mm", "best_mm", "share", "is_more"]
    return pd.DataFrame(rows, columns=columns)


def row(summary: pd.DataFrame, **named: str) -> pd.Series:
    found = summary[np.logical_and.reduce([summary[name] == value for name, value in named.items()])]
    assert len(found) == 1
    return found.iloc[0]


def test_rules_are_compared_system_by_system() -> None:
    summary = summarise_campaigns(scores(), forecasts(), 0)
    assert tuple(summary.columns) == SUMMARY_COLUMNS
    blind = row(summary, truth=ALL_MAPS, rule="random", metric=MEAN_SHARE)
    assert blind["mean"] == pytest.approx(0.8)
    assert blind["difference"] == pytest.approx(-0.1)
    assert blind["p_value"] == pytest.approx(2 / 2**8)
    assert blind["systems"] == len(SYSTEMS)
    pool = row(summary, truth="reported", rule="random", metric=MEAN_SHARE)
    assert (pool["difference"], pool["p_value"]) == (0, 1)
    assert pd.isna(row(summary, truth=ALL_MAPS, rule=REFERENCE, metric=MEAN_SHARE)["difference"])
    assert row(summary, truth="trees", rule="random", metric=BULK_METRIC)["systems"] == len(SYSTEMS) - 1


def test_what_was_predicted_of_stopping_is_judged_on_systems_that_guided_nothing() -> None:
    summary = summarise_campaigns(scores(), forecasts(), 0)
    stopping = summary[summary["rule"] == STOPPING]
    of_maps = stopping[(stopping["truth"] == ALL_MAPS) & stopping["predicted"].notna()].sort_values("predicted")
    assert of_maps["mean"].tolist() == [0, 1]
    assert of_maps["systems"].tolist() == [4, 4]
    assert of_maps["forecasts"].tolist() == [4, 4]
    assert of_maps["predicted"].tolist() == pytest.approx([calibrated(0.05, 2.0), calibrated(0.95, 2.0)])
    brier = stopping[stopping["truth"] == ALL_MAPS].set_index("metric")["mean"]
    low, high = calibrated(0.05, 2.0), calibrated(0.95, 2.0)
    assert brier["brier"] == pytest.approx((low**2 + (1 - high) ** 2) / 2)
    assert brier["brier_of_usual"] == pytest.approx(0.25)
    assert brier["log_score_of_share"] == pytest.approx(np.log(0.95))
    spoilt = forecasts()
    spoilt.loc[guides(spoilt), "is_more"] = False
    again = summarise_campaigns(scores(), spoilt, 0)
    of_curve, of_curve_before = (
        frame[(frame["rule"] == STOPPING) & ~frame["metric"].str.endswith("_usual")] for frame in (again, summary)
    )
    assert of_curve.equals(of_curve_before)
