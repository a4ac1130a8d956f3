"""Metrics of one system in one regime: its ranking, and what was said in millimetres and probabilities.

A metric is NaN where the system or the surrogate does not define it.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.evidence.cross_calibration import SMALLEST
from bmg_assets.science.evidence.metrics import auc, enrichment, is_bulk, spearman

CALIBRATION_METRICS = ("log_score", "log_score_of_class", "brier")
RANKING_METRICS = ("auc", "enrichment", "spearman")
HIGHEST_SCORE = "highest_score"


def regime_metrics(rows: pd.DataFrame) -> tuple[dict[str, float], dict[str, float]]:
    """Metrics of one surrogate on one system in one regime, and the number of alloys behind each share.

    Args:
        rows: its predictions, a row per alloy: `part`, `score`, `dmax_mm`, and what cross_calibration.py adds. Scores
            of different parts are not compared.
    """
    dmax_mm = rows["dmax_mm"].to_numpy(np.float64)
    bulk = is_bulk(dmax_mm)
    metrics = _ranking(rows, dmax_mm, bulk) | {HIGHEST_SCORE: float(rows["score"].max())}
    weights: dict[str, float] = {}
    if rows["probability_bulk"].notna().all():
        metrics |= _of_chances(rows, dmax_mm, bulk)
    if rows["predicted_mm"].notna().all():
        metrics["promises_bulk"] = float((rows["predicted_mm"] >= BULK_FROM_MM).any())
    if rows["is_held"].notna().all():
        width_mm = (rows["interval_high_mm"] - rows["interval_low_mm"]).to_numpy(np.float64)
        held = rows["is_held"].to_numpy(np.float64)
        for name, of_class in (("bulk", bulk), ("rest", ~bulk)):
            for metric, value in ((f"held_{name}_90%", held), (f"width_{name}_90%_mm", width_mm)):
                metrics[metric] = float(value[of_class].mean()) if of_class.any() else float("nan")
                weights[metric] = float(of_class.sum())
    return metrics, weights


def _of_chances(rows: pd.DataFrame, dmax_mm: FloatArray, bulk: BoolArray) -> dict[str, float]:
    chance = rows["probability_bulk"].to_numpy(np.float64)
    glass = rows["probability_glass"].to_numpy(np.float64)
    of_class = np.where(bulk, chance, np.where(dmax_mm > 0, glass - chance, 1 - glass))
    return {
        "log_score": float(rows["log_score"].mean()),
        "log_score_of_class": float(np.log(np.maximum(of_class, SMALLEST)).mean()),
        "brier": float(((chance - bulk) ** 2).mean()),
        "chance_of_bulk": float(chance.mean()),
    }


def _ranking(rows: pd.DataFrame, dmax_mm: FloatArray, bulk: BoolArray) -> dict[str, float]:
    """The mean over the parts that define a metric."""
    score, parts = rows["score"].to_numpy(np.float64), rows["part"].to_numpy()
    of_parts = [
        (auc(score[part], bulk[part]), enrichment(score[part], bulk[part]), spearman(score[part], dmax_mm[part]))
        for part in (parts == number for number in np.unique(parts))
    ]
    return {name: _mean(of) for name, of in zip(RANKING_METRICS, zip(*of_parts, strict=True), strict=True)}


def _mean(values: Iterable[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else float("nan")
