"""Means over systems, and differences on the same systems."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.evidence.literature_scores import LiteratureTest, as_literature_scores, score_rows
from bmg_assets.science.evidence.literature_summary import LITERATURE_SUMMARY_COLUMNS, summarise_literature

SYSTEMS = [f"A-B{number}" for number in range(16)]


def scores_of(variant: str, strategy: str, values: list[float], year: int | None = None) -> pd.DataFrame:
    rows = [
        row
        for system, value in zip(SYSTEMS, values, strict=False)
        for row in score_rows({"auc": value}, LiteratureTest.LEFT_OUT, "related_known", strategy, system, year=year)
    ]
    return as_literature_scores(rows).assign(variant=variant)


SCORES = pd.concat(
    [
        scores_of("whole", "transfer", [0.8] * 16),
        scores_of("paper", "transfer", [0.7] * 15 + [np.nan]),
        scores_of("whole", "nearest", [0.5, 0.9] * 8),
        scores_of("whole", "transfer", [0.6] * 16, year=2005),
    ]
)


def summary() -> pd.DataFrame:
    return summarise_literature(SCORES, seed=1)


def test_a_row_has_its_mean_and_its_interval_over_systems() -> None:
    nearest = summary().set_index("strategy").loc["nearest"]
    assert nearest["mean"] == pytest.approx(0.7)
    assert 0.55 < nearest["low"] < 0.7 < nearest["high"] < 0.85
    assert nearest["systems"] == 16


def test_variants_are_compared_by_the_same_strategy_on_systems_that_both_have() -> None:
    rows = summary()[lambda frame: frame["year"].isna()].set_index(["variant", "strategy"])
    whole = rows.loc[("whole", "transfer")]
    assert whole["difference_to_paper"] == pytest.approx(0.1)
    assert whole["p_value_to_paper"] < 0.001
    assert np.isnan(whole["difference_to_whole"])
    assert rows.loc[("paper", "transfer"), "difference_to_whole"] == pytest.approx(-0.1)
    assert np.isnan(rows.loc[("whole", "nearest"), "difference_to_paper"])  # the paper's was not evaluated


def test_strategies_are_compared_on_the_same_variant_and_year() -> None:
    rows = summary()
    nearest = rows[rows["strategy"] == "nearest"].iloc[0]
    assert nearest["difference_to_transfer"] == pytest.approx(-0.1)
    then = rows[rows["year"] == 2005].iloc[0]
    assert np.isnan(then["difference_to_whole"])
    assert tuple(rows.columns) == LITERATURE_SUMMARY_COLUMNS
