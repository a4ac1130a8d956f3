"""Where predictions stop being worth their numbers: errors and error bars by the distance to what is known.

Alloys of left-out systems in all regimes, in bins of the share of the prior variance that known alloys explain, and of
the atoms that differ from the nearest known alloy.
"""

from itertools import pairwise

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.arrays import BoolArray
from bmg_assets.science.evidence.metrics import auc, is_bulk
from bmg_assets.science.evidence.over_systems import mean_over_systems
from bmg_assets.science.surrogates.kernels import FEWEST_OF_MANY

EDGES = {
    "explained": (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0),
    "nearest_at_pct": (0.0, 1.0, 3.0, 5.0, 10.0, 15.0, 20.0, 30.0, 100.0),
}
"""Edges of the bins of each measure of distance; the last bin holds its upper edge."""
DRAWS = 2_000
LEAST_HELD = 0.85
"""Share of bulk glasses that 90 % intervals hold at least where they are to be believed."""
DISTANCE_COLUMNS = (
    "measure", "low", "high", "alloys", "systems", "bulk_glasses", "auc", "brier", "brier_of_base_rate",
    "held_bulk", "held_bulk_low", "held_bulk_high", "width_bulk_mm", "is_trusted",
)  # fmt: skip


def by_distance(predictions: pd.DataFrame, seed: int) -> pd.DataFrame:
    """A row per measure and bin that holds bulk glasses, with DISTANCE_COLUMNS.

    `auc` ranks the chances of a bulk glass among all alloys of the bin. `brier_of_base_rate` is the Brier score of
    saying of every alloy what share of the bin is a bulk glass, of alloys of four elements and more apart: predictions
    that do not beat it say nothing. A bin is trusted if they beat it and the intervals do not certainly hold less than
    LEAST_HELD of its bulk glasses.

    Args:
        predictions: of one surrogate in all regimes, REGIME_PREDICTION_COLUMNS.
        seed: of the bootstrap over systems.
    """
    known = predictions[predictions["probability_bulk"].notna()]
    rows = []
    for measure, edges in EDGES.items():
        value = known[measure]
        for low, high in pairwise(edges):
            inside = (value >= low) & ((value < high) | (high == edges[-1]))
            bulk = is_bulk(known.loc[inside, "dmax_mm"].to_numpy(np.float64))
            if bulk.any():
                rows.append({"measure": measure, "low": low, "high": high} | _of_bin(known[inside], bulk, seed))
    return pd.DataFrame(rows, columns=list(DISTANCE_COLUMNS))


def by_distance_of_all(predictions: pd.DataFrame, seed: int) -> pd.DataFrame:
    """`by_distance` of each surrogate that has probabilities, with `literature` and `strategy`.

    Args:
        predictions: of any surrogates from any literatures.
        seed: of the bootstrap over systems.
    """
    known = predictions[predictions["probability_bulk"].notna()]
    found = [
        by_distance(rows, seed).assign(literature=str(literature), strategy=str(strategy))
        for (literature, strategy), rows in known.groupby(["literature", "strategy"], sort=False)
    ]
    columns = ["literature", "strategy", *DISTANCE_COLUMNS]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def least_explained(table: pd.DataFrame) -> float | None:
    """The share of explained variance from which on all bins are trusted; None where the last one is not.

    Args:
        table: made by `by_distance`; the bins of several surrogates are all trusted, or not.
    """
    bins = table[table["measure"] == "explained"].groupby("low")["is_trusted"].all().sort_index(ascending=False)
    trusted = bins[bins.cumprod().astype(bool)]
    return None if trusted.empty else float(trusted.index.min())


def _of_bin(rows: pd.DataFrame, bulk: BoolArray, seed: int) -> dict[str, float | int | bool]:
    chance = rows["probability_bulk"].to_numpy(np.float64)
    brier = float(((chance - bulk) ** 2).mean())
    glasses = rows[bulk]
    of_systems = glasses.groupby("left_out_system")["is_held"].agg(["mean", "size"])
    held = mean_over_systems(
        of_systems["mean"].to_numpy(np.float64), seed, of_systems["size"].to_numpy(np.float64), DRAWS
    )
    of_base_rate = _brier_of_base_rate(rows, bulk)
    return {
        "alloys": len(rows),
        "systems": int(rows["left_out_system"].nunique()),
        "bulk_glasses": int(bulk.sum()),
        "auc": auc(chance, bulk),
        "brier": brier,
        "brier_of_base_rate": of_base_rate,
        "held_bulk": held.value,
        "held_bulk_low": held.low,
        "held_bulk_high": held.high,
        "width_bulk_mm": float((glasses["interval_high_mm"] - glasses["interval_low_mm"]).mean()),
        "is_trusted": bool(held.high >= LEAST_HELD and (brier < of_base_rate or bulk.all())),
    }


def _brier_of_base_rate(rows: pd.DataFrame, bulk: BoolArray) -> float:
    """Most alloys of four elements and more are bulk glasses, and few others: to tell the two apart is no merit."""
    has_many = rows["left_out_system"].str.count(SEPARATOR).to_numpy() + 1 >= FEWEST_OF_MANY
    kinds = [bulk[has_many], bulk[~has_many]]
    return float(sum(kind.mean() * (1 - kind.mean()) * len(kind) for kind in kinds if len(kind)) / len(bulk))
