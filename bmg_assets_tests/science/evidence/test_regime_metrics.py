"""Metrics of one system by hand."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.evidence.regime_metrics import regime_metrics

ROWS = pd.DataFrame(
    {
        "part": [0, 0, 0, 1, 1, 1],
        "score": [3.0, 2.0, 1.0, 9.0, 8.0, 10.0],
        "dmax_mm": [2.0, 0.2, 0.0, 5.0, 0.0, 0.0],
        "predicted_mm": [0.5, 0.4, 0.2, 3.0, 0.1, 0.1],
        "probability_glass": [0.9, 0.6, 0.5, 0.9, 0.2, 0.6],
        "probability_bulk": [0.5, 0.2, 0.1, 0.7, 0.0, 0.3],
        "log_score": [-1.0, -2.0, -1.0, -1.0, -1.0, -3.0],
        "interval_low_mm": [0.5, 0.0, 0.0, 6.0, 0.0, 0.0],
        "interval_high_mm": [3.0, 1.0, 1.0, 9.0, 1.0, 1.0],
        "is_held": [1.0, 1.0, 1.0, 0.0, 1.0, 1.0],
    }
)


def test_parts_are_ranked_apart() -> None:
    metrics, _ = regime_metrics(ROWS)
    assert metrics["auc"] == (1 + 0.5) / 2
    assert metrics["enrichment"] == (3 + 0) / 2
    assert metrics["highest_score"] == 10
    only_one_defines_it = ROWS.assign(dmax_mm=[2.0, 0.2, 0.0, 0.0, 0.0, 0.0])
    assert regime_metrics(only_one_defines_it)[0]["auc"] == 1


def test_chances_are_scored_by_what_was_reported() -> None:
    metrics, _ = regime_metrics(ROWS)
    assert metrics["log_score"] == pytest.approx(-1.5)
    assert metrics["log_score_of_class"] == pytest.approx(np.log([0.5, 0.4, 0.5, 0.7, 0.8, 0.4]).mean())
    assert metrics["brier"] == pytest.approx((0.25 + 0.04 + 0.01 + 0.09 + 0 + 0.09) / 6)
    assert metrics["promises_bulk"] == 1


def test_intervals_are_counted_by_class_with_the_number_of_alloys() -> None:
    metrics, weights = regime_metrics(ROWS)
    assert (metrics["held_bulk_90%"], weights["held_bulk_90%"]) == (0.5, 2)
    assert (metrics["held_rest_90%"], weights["held_rest_90%"]) == (1, 4)
    assert metrics["width_bulk_90%_mm"] == pytest.approx(2.75)
    assert np.isnan(regime_metrics(ROWS.assign(dmax_mm=0.0))[0]["held_bulk_90%"])


def test_a_surrogate_without_chances_or_intervals_is_ranked_alone() -> None:
    missing = dict.fromkeys(set(ROWS) - {"part", "score", "dmax_mm"}, np.nan)
    metrics, weights = regime_metrics(ROWS.assign(**missing))
    assert set(metrics) == {"auc", "enrichment", "spearman", "highest_score"}
    assert weights == {}
