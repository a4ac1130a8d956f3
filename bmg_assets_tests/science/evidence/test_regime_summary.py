"""Means over sets of systems, paired differences and verdicts."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.evidence.literature_scores import JudgedBy, LiteratureTest, as_literature_scores, score_rows
from bmg_assets.science.evidence.regime_scores import as_regime_scores, regime_score_rows
from bmg_assets.science.evidence.regime_summary import (
    REGIME_SUMMARY_COLUMNS,
    literature_scores_as_regimes,
    summarise_regimes,
)

MIXED, SIDED, EMPTY = "Ca-Mg-Zn", "Al-Cu-Zr", "Al-B-Co"
"""Of both kinds in this literature; of the development split, but bulk glasses alone here; without a bulk glass."""


def scores(strategy: str, better_by: float = 0.0) -> pd.DataFrame:
    rows = []
    for regime in ("nothing_known", "related_known"):
        for system, auc in ((MIXED, 0.7), (SIDED, float("nan")), (EMPTY, float("nan")), ("X-Y-Z", float("nan"))):
            metrics = {"auc": auc + better_by, "log_score": -1.0 + better_by, "promises_bulk": 1.0}
            rows += regime_score_rows(metrics | {"highest_score": len(system)}, {}, regime, strategy, system)
    return as_regime_scores(rows).assign(literature="paper")


def row(table: pd.DataFrame, systems_of: str, metric: str, strategy: str = "composite") -> pd.Series:
    found = table[
        (table["regime"] == "nothing_known")
        & (table["systems_of"] == systems_of)
        & (table["metric"] == metric)
        & (table["strategy"] == strategy)
    ]
    assert len(found) == 1
    return found.iloc[0]


def test_means_are_taken_over_the_systems_of_their_set() -> None:
    table = summarise_regimes([scores("composite", 0.1), scores("transfer")], seed=1)
    assert tuple(table.columns) == REGIME_SUMMARY_COLUMNS
    assert row(table, "both_kinds", "auc")["systems"] == 1
    assert row(table, "both_kinds", "log_score")["systems"] == 1  # not the system that has bulk glasses alone here
    assert row(table, "without_bulk", "log_score")["systems"] == 1
    assert row(table, "all", "log_score")["systems"] == 4
    assert not ((table["systems_of"] == "without_bulk") & (table["metric"] == "auc")).any()
    assert not (table["metric"] == "highest_score").any()


def test_surrogates_are_compared_system_by_system() -> None:
    table = summarise_regimes([scores("composite", 0.1), scores("transfer")], seed=1)
    ours = row(table, "all", "log_score")
    assert ours["difference_to_transfer"] == pytest.approx(0.1)
    assert ours["p_value_to_transfer"] == pytest.approx(2 / 16)
    assert pd.isna(row(table, "all", "log_score", "transfer")["difference_to_transfer"])
    assert pd.isna(ours["difference_to_pruned"])


def test_verdicts_are_by_value_or_by_a_certain_difference() -> None:
    table = summarise_regimes([scores("composite", 0.15), scores("transfer")], seed=1)
    assert row(table, "first_39", "auc")["verdict"] == "met"
    assert row(table, "first_39", "auc", "transfer")["verdict"] == "missed by 0.10"
    assert row(table, "all", "log_score")["verdict"] == "missed"  # p 0.125 with four systems
    assert pd.isna(row(table, "all", "log_score", "transfer")["verdict"])
    assert pd.isna(row(table, "both_kinds", "log_score")["verdict"])


def test_many_systems_make_a_difference_of_log_scores_certain() -> None:
    rows = {name: [] for name in ("composite", "transfer")}
    for number in range(12):
        for name, value in (("composite", -1.0), ("transfer", -1.2)):
            rows[name] += regime_score_rows({"log_score": value}, {}, "nothing_known", name, f"A-B{number}")
    parts = [as_regime_scores(found).assign(literature="whole") for found in rows.values()]
    assert row(summarise_regimes(parts, seed=1), "all", "log_score")["verdict"] == "met"


def test_systems_are_ranked_by_their_highest_score() -> None:
    table = summarise_regimes([scores("composite")], seed=1)
    assert row(table, "both_kinds", "ranks_systems")["mean"] == 1  # the longer name has the higher score


def test_newcomers_and_time_splits_become_regimes() -> None:
    rows = score_rows({"in_top_5%": 1.0}, LiteratureTest.NEWCOMERS, "related_known", "transfer", "A-B-C")
    rows += score_rows({"auc": 0.5}, LiteratureTest.LEFT_OUT, "related_known", "transfer", "A-B-C")
    for judged_by in JudgedBy:
        metrics = {"ranks_systems": 0.6, "place": 0.1}
        rows += score_rows(metrics, LiteratureTest.TIME_SPLIT, "new_system", "transfer", "A-B", judged_by, 2005)
    rows += score_rows({"place": 0.2}, LiteratureTest.TIME_SPLIT, "known_system", "transfer", "A-C", year=2005)
    found = literature_scores_as_regimes(as_literature_scores(rows).assign(variant="whole"))
    assert set(zip(found["regime"], found["metric"], strict=True)) == {
        ("newcomers", "in_top_5%"),
        ("new_after_2005", "ranks_systems"),
        ("new_after_2005", "ranks_systems_without_easy"),
        ("new_after_2005", "place"),
        ("known_before_2005", "place"),
    }
    table = summarise_regimes([found], seed=1)
    newcomers = table[table["regime"] == "newcomers"].iloc[0]
    assert (newcomers["systems_of"], newcomers["mean"], newcomers["verdict"]) == ("newcomers", 1, "met")
    assert np.isfinite(table["mean"]).all()
