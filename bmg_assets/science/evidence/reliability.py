"""Reliability of predicted probabilities: alloys of left-out systems by their predicted P(bulk)."""

from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.evidence.metrics import is_bulk

EDGES = (0.0, 0.05, 0.1, 0.2, 0.4, 1.0)
"""Edges of the ranges of P(bulk); wide at the top, where alloys are few."""


def reliability(probability_bulk: FloatArray, dmax_mm: FloatArray, systems: NDArray[np.object_]) -> pd.DataFrame:
    """Observed shares of bulk glasses among the alloys of each range of predicted probabilities.

    An alloy reported as a ribbon may never have been cast thicker. It contradicts a high probability less than an alloy
    that is no glass at all, so the two are counted apart.

    Args:
        probability_bulk: predicted P(bulk) of n alloys, shape (n,).
        dmax_mm: reported D_max, shape (n,).
        systems: chemical system of each alloy, shape (n,).

    Returns:
        A row per range that holds alloys: `range`, `alloys`, `systems`, `mean_predicted`, and the shares that are a
        bulk glass, a glass as ribbon alone, and no glass: `bulk`, `ribbon`, `no_glass`.
    """
    rows = []
    for low, high in pairwise(EDGES):
        inside = (probability_bulk >= low) & ((probability_bulk < high) | (high == EDGES[-1]))
        if inside.any():
            bulk, no_glass = is_bulk(dmax_mm[inside]).mean(), (dmax_mm[inside] == 0).mean()
            rows.append(
                {
                    "range": f"{low:.0%} to {high:.0%}",
                    "alloys": int(inside.sum()),
                    "systems": len(np.unique(systems[inside])),
                    "mean_predicted": float(probability_bulk[inside].mean()),
                    "bulk": float(bulk),
                    "ribbon": float(1 - bulk - no_glass),
                    "no_glass": float(no_glass),
                }
            )
    return pd.DataFrame(rows)
