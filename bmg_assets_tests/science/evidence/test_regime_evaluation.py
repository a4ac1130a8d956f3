"""A surrogate that has learnt its lesson is right in every regime, and what it says can be stored."""

import pandas as pd
import pytest

from bmg_assets.science.evidence.regime_evaluation import REGIME_STRATEGIES, evaluate_regimes
from bmg_assets.science.evidence.regime_scores import REGIME_PREDICTION_COLUMNS, REGIME_SCORE_COLUMNS
from bmg_assets.science.surrogates.regimes import Regime
from bmg_assets_tests.science.evidence.learnable import LEARNT

N_JUDGED = 60
"""Alloys of systems with four alloys or more."""


@pytest.fixture(scope="module", params=REGIME_STRATEGIES)
def evaluated(request: pytest.FixtureRequest) -> tuple[str, pd.DataFrame, pd.DataFrame]:
    return (request.param, *evaluate_regimes(LEARNT, request.param, seed=1))


def test_each_alloy_is_predicted_in_each_regime(evaluated: tuple[str, pd.DataFrame, pd.DataFrame]) -> None:
    strategy, scores, predictions = evaluated
    assert tuple(scores.columns) == REGIME_SCORE_COLUMNS
    assert tuple(predictions.columns) == REGIME_PREDICTION_COLUMNS
    assert set(scores["strategy"]) | set(predictions["strategy"]) == {strategy}
    counts = predictions.groupby("regime")["composition"].agg(["size", "nunique"])
    of_development = 36  # trees are grown for the systems of the development split alone
    expected = of_development if strategy == "weighted" else N_JUDGED
    assert counts.to_numpy().tolist() == [[expected, expected]] * len(Regime)
    is_process = strategy in ("composite", "transfer")
    assert predictions["explained"].notna().all() == is_process
    assert (predictions["nearest_at_pct"] > 0).all()


def test_what_can_be_learnt_is_learnt(evaluated: tuple[str, pd.DataFrame, pd.DataFrame]) -> None:
    strategy, scores, _ = evaluated
    auc = scores[scores["metric"] == "auc"].groupby("regime")["value"].mean()
    assert auc[Regime.RELATED_KNOWN] > 0.8
    assert auc[Regime.HALF_KNOWN] > (0.6 if strategy == "nearest" else 0.8)
    pairs = scores[scores["metric"] == "bulk_by_pair_1"].set_index(["regime", "left_out_system"])["value"]
    assert set(pairs.index.get_level_values("regime")) == {"nothing_known", "related_known"}
    assert pairs["related_known"].mean() == 1
    maps = scores[scores["metric"] == "region_enrichment"].groupby("regime")["value"].mean()
    assert maps["related_known"] > 1.5
    assert ("pairs_to_bulk" in set(scores["metric"])) == (strategy != "weighted")
