"""What is measured on the reported alloys of one left-out system.

A metric that a system cannot tell (all of its alloys are bulk glasses, say) is not a number, and is left out of means.
"""

import numpy as np

from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.arrays import BoolArray, FloatArray

TOP_SHARE = 0.2
"""Share of a system's alloys that someone could cast."""


def is_bulk(dmax_mm: FloatArray) -> BoolArray:
    """Which alloys are bulk glasses, shape (n,)."""
    return dmax_mm >= BULK_FROM_MM


def auc(score: FloatArray, positive: BoolArray) -> float:
    """Probability that a positive alloy has the higher score than one that is not; ties count one half.

    Args:
        score: shape (n,), more is better.
        positive: shape (n,).
    """
    from scipy.stats import rankdata

    n_positive = int(positive.sum())
    n_rest = len(positive) - n_positive
    if n_positive == 0 or n_rest == 0:
        return float("nan")
    above = float(rankdata(score)[positive].sum()) - n_positive * (n_positive + 1) / 2
    return above / (n_positive * n_rest)


def spearman(score: FloatArray, dmax_mm: FloatArray) -> float:
    """Rank correlation of the score with the reported diameters; not a number where either is constant."""
    from scipy.stats import rankdata

    ranks = np.column_stack([rankdata(score), rankdata(dmax_mm)])
    if len(ranks) < 2 or (np.ptp(ranks, axis=0) == 0).any():
        return float("nan")
    return float(np.corrcoef(ranks.T)[0, 1])


def enrichment(score: FloatArray, positive: BoolArray, share: float = TOP_SHARE) -> float:
    """How many times more often the best `share` of the alloys (rounded up) are positive than all of them.

    Alloys that tie for the last places share these: the value is the mean over all orders of them.
    """
    if not positive.any():
        return float("nan")
    chosen = int(np.ceil(round(share * len(score), 9)))
    cut = np.sort(score)[-chosen]
    above, tied = score > cut, score == cut
    places = chosen - int(above.sum())
    hits = float(positive[above].sum()) + places * float(positive[tied].mean())
    return hits / chosen / float(positive.mean())
