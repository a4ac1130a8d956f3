"""Own casts that contradict each other although their compositions differ: no glass beside a bulk glass.

The ladder sees the casts of one composition alone. One percent of the atoms does not turn a bulk glass into an alloy
that is no glass even as a ribbon: one of the two was weighed, melted or written down wrongly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bmg_assets.science.alloys.distances import exchanged_at_pct
from bmg_assets.science.alloys.labels import BULK_FROM_MM

if TYPE_CHECKING:
    import pandas as pd

NEAR_AT_PCT = 1.0
"""Atoms of a hundred by which neighbours differ at most."""


def neighbours_that_contradict(results: pd.DataFrame) -> list[str]:
    """A sentence for each bulk glass with a neighbour that is no glass even as a ribbon.

    Args:
        results: the table `lab_results` of one system.
    """
    labelled = results[results["dmax_mm"].notna()]
    bulk, none = labelled[labelled["dmax_mm"] >= BULK_FROM_MM], labelled[labelled["dmax_mm"] == 0]
    if bulk.empty or none.empty:
        return []
    amounts = [np.array(rows["at_pct"].tolist(), dtype=np.float64) for rows in (bulk, none)]
    distance = exchanged_at_pct(*amounts)
    return [
        f"{bulk['composition'].iloc[glass]} was glass up to {bulk['dmax_mm'].iloc[glass]:g} mm "
        f"({_samples(bulk, glass)}), but {none['composition'].iloc[other]}, {distance[glass, other]:.2g} at.% away, "
        f"not even as a ribbon ({_samples(none, other)}): check both, and withdraw the one that is wrong"
        for glass, other in zip(*np.nonzero(distance <= NEAR_AT_PCT + 1e-9), strict=True)
    ]


def _samples(rows: pd.DataFrame, row: int) -> str:
    return ", ".join(rows["sample_ids"].iloc[row])
