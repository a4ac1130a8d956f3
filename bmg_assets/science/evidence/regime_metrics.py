"""Metrics of one system in one regime: its ranking, and what was said in millimetres and probabilities.

A metric is NaN where the system or the surrogate does not define it.
"""

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.evidence.metrics import auc, enrichment, is_bulk, spearman

CALIBRATION_METRICS = ("log_score", "log_score_of_class", "brier")
RANKING_METRICS = ("auc", "enrichment", "spearman")
SMALLEST = 1e-4
"""A probability below this counts as this in a log score: one report may be wrong."""


def regime_metrics(rows: pd.DataFrame) -> tuple[dict[str, float], dict[str, float]]:
    """Metrics of one surrogate on one system in one regime, and the number of alloys behind each share.

    Args:
        rows: its predictions, a row per alloy: `part`, `score`, `dmax_mm`, and what cross_calibration.py adds. Scores of
            different parts are not compared.
    """
    dmax_mm = rows["dmax_mm"].to_numpy(np.float64)
    bulk = is_bulk(dmax_mm)
    metrics = _ranking(rows, dmax_mm, bulk) | {"highest_score": float(rows["score"].max())}
    if not rows["probability_bulk"].notna().all():
        return metrics, {}
    chance = rows["probability_bulk"].to_numpy(np.float64)
    metrics |= {
        "log_score": float(rows["log_score"].mean()),
        "log_score_of_class": float(np.log(np.maximum(_chance_of_class(rows, dmax_mm, bulk), SMALLEST)).mean()),
        "brier": float(((chance - bulk) ** 2).mean()),
        "chance_of_bulk": float(chance.mean()),
        "promises_bulk": float((rows["predicted_mm"] >= BULK_FROM_MM).any()),
    }
    weights = {}
    width_mm = rows["interval_high_mm"] - rows["interval_low_mm"]
    for name, of_class in (("bulk", bulk), ("rest", ~bulk)):
        found = of_class.any()
        metrics[f"held_{name}_90%"] = float(rows["is_held"][of_class].mean()) if found else float("nan")
        metrics[f"width_{name}_90%_mm"] = float(width_mm[of_class].mean()) if found else float("nan")
        weights |= {f"held_{name}_90%": float(of_class.sum()), f"width_{name}_90%_mm": float(of_class.sum())}
    return metrics, weights


def _ranking(rows: pd.DataFrame, dmax_mm: FloatArray, bulk: BoolArray) -> dict[str, float]:
    """The mean over the parts that define a metric."""
    score, parts = rows["score"].to_numpy(np.float64), rows["part"].to_numpy()
    of_parts = [
        (auc(score[part], bulk[part]), enrichment(score[part], bulk[part]), spearman(score[part], dmax_mm[part]))
        for part in (parts == number for number in np.unique(parts))
    ]
    means = [
        float(np.mean(known)) if (known := [one for one in of if np.isfinite(one)]) else float("nan")
        for of in zip(*of_parts, strict=True)
    ]
    return dict(zip(RANKING_METRICS, means, strict=True))


def _chance_of_class(rows: pd.DataFrame, dmax_mm: FloatArray, bulk: BoolArray) -> FloatArray:
    """Probability that was predicted for the class that was reported: no glass, ribbon or bulk; shape (n,)."""
    glass, of_bulk = rows["probability_glass"].to_numpy(np.float64), rows["probability_bulk"].to_numpy(np.float64)
    return np.where(bulk, of_bulk, np.where(dmax_mm > 0, glass - of_bulk, 1 - glass))
