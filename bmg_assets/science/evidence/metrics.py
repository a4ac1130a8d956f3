"""Metrics of a ranking on the reported alloys of one left-out system.

A metric is NaN where the system does not define it (all of its alloys are bulk glasses, say); means leave NaN out.
"""

import numpy as np

from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.arrays import BoolArray, FloatArray

TOP_SHARE = 0.2
"""Share of a system's alloys that count as cast by `enrichment`."""


def is_bulk(dmax_mm: FloatArray) -> BoolArray:
    """Mask of the bulk glasses: D_max (mm) at or above the smallest bulk diameter; shape (n,)."""
    return dmax_mm >= BULK_FROM_MM


def auc(score: FloatArray, positive: BoolArray) -> float:
    """Area under the ROC curve: P(a positive alloy outranks a negative one), ties counting one half.

    NaN if either kind is missing.

    Args:
        score: shape (n,), higher is better.
        positive: shape (n,).
    """
    # scikit-learn's own spends a millisecond on looking at its arguments; a bootstrap asks thousands of times.
    from scipy.stats import rankdata

    n_positive = int(positive.sum())
    pairs = n_positive * (len(positive) - n_positive)
    if pairs == 0:
        return float("nan")
    return float((rankdata(score)[positive].sum() - n_positive * (n_positive + 1) / 2) / pairs)


def spearman(score: FloatArray, dmax_mm: FloatArray) -> float:
    """Spearman's rank correlation of the score with the reported D_max, shape (n,) each; NaN if either is constant."""
    from scipy.stats import spearmanr

    can_tell = len(score) > 1 and np.ptp(score) > 0 and np.ptp(dmax_mm) > 0
    return float(spearmanr(score, dmax_mm).statistic) if can_tell else float("nan")


def enrichment(score: FloatArray, positive: BoolArray, share: float = TOP_SHARE) -> float:
    """Share of positives among the alloys of the best scores, relative to their share among all; NaN without any.

    Alloys that tie for the last places share them: the value is the mean over all orders of the tied alloys.

    Args:
        score: shape (n,), higher is better.
        positive: shape (n,).
        share: share of the alloys that counts as best, rounded up to whole alloys.
    """
    if not positive.any():
        return float("nan")
    chosen = int(np.ceil(round(share * len(score), 9)))
    cut = np.sort(score)[-chosen]
    above, tied = score > cut, score == cut
    places = chosen - int(above.sum())
    hits = float(positive[above].sum()) + places * float(positive[tied].mean())
    return hits / chosen / float(positive.mean())
