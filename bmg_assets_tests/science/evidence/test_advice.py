"""Advice: certain differences of the AUC alone count, and only the release split leads to it."""

import pandas as pd

from bmg_assets.science.evidence.advice import with_advice

ROWS = [
    # strategy, split, metric, difference, p value; expected: ranks better, trusted
    ("transfer", "development", "auc", 0.3, 0.01, "transfer", None),
    ("transfer", "release", "auc", 0.3, 0.01, "transfer", "transfer"),
    ("transfer", "release", "auc", -0.3, 0.01, "pruned", "pruned"),
    ("transfer", "release", "auc", 0.3, 0.05, None, None),
    ("transfer", "release", "pairs_to_bulk", 0.3, 0.01, None, None),
    ("pruned", "release", "auc", None, None, None, None),
]


def test_advice_follows_from_certain_differences_on_the_release_split() -> None:
    rows = pd.DataFrame(
        ROWS, columns=["strategy", "split", "metric", "difference_to_paper", "p_value", "wanted", "trust"]
    )
    advised = with_advice(rows.drop(columns=["wanted", "trust"]), "pruned")
    for found, wanted in (("ranks_better", "wanted"), ("trusted", "trust")):
        assert advised[found].astype(object).where(advised[found].notna(), None).tolist() == rows[wanted].tolist()


def test_without_any_comparison_there_is_no_advice() -> None:
    alone = pd.DataFrame(
        {"strategy": ["pruned"], "split": ["release"], "metric": ["auc"], "difference_to_paper": None, "p_value": None}
    )
    assert with_advice(alone, "pruned")[["ranks_better", "trusted"]].isna().all(axis=None)
