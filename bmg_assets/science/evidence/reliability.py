"""Whether promised chances come true: alloys of left-out systems by the chance that they were promised."""

from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.evidence.metrics import is_bulk

EDGES = (0.0, 0.05, 0.1, 0.2, 0.4, 1.0)
"""Of the ranges of chances; there are few alloys with high ones."""


def reliability(probability_bulk: FloatArray, dmax_mm: FloatArray, systems: NDArray[np.object_]) -> pd.DataFrame:
    """What the alloys of each range of promised chances turned out to be.

    An alloy that is a glass as ribbon may never have been cast thicker: it does not speak against a high chance as one
    that is no glass at all does, so that both are counted apart.

    Args:
        probability_bulk: promised for n alloys, shape (n,).
        dmax_mm: reported, shape (n,).
        systems: chemical system of each, shape (n,).

    Returns:
        A row per range that holds alloys: `range`, `alloys`, `systems`, `mean_promised`, and the shares that are a
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
                    "mean_promised": float(probability_bulk[inside].mean()),
                    "bulk": float(bulk),
                    "ribbon": float(1 - bulk - no_glass),
                    "no_glass": float(no_glass),
                }
            )
    return pd.DataFrame(rows)
