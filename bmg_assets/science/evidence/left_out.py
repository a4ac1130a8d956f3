"""The systems that are left out to evaluate a surrogate, and the alloys known while one of them is left out.

The systems of each split are fixed (drawn_splits.py), so that results can be compared from version to version. Systems
of the development split may guide the choice of a surrogate. Those of the release split are only looked at when a
version is released: they show how much of the gain was chance.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.systems import SEPARATOR, TargetSystem
from bmg_assets.science.arrays import BoolArray
from bmg_assets.science.evidence.drawn_splits import SYSTEMS_OF
from bmg_assets.science.evidence.splits import Split, Track
from bmg_assets.science.literature.pruning import categorise_all, excluded_categories

FEWEST_ALLOYS = 4
"""A system with fewer alloys in the literature at hand is not left out."""
FEWEST_WITHOUT_BULK = 20
"""A ternary with this many alloys and no bulk glass among them counts as having none."""


@dataclass(frozen=True)
class LeftOutSystem:
    """A system, and which of the known alloys lie in it."""

    target: TargetSystem
    rows: BoolArray
    """Marks its alloys among all, shape (n,)."""


def systems_left_out(alloys: pd.DataFrame, split: Split) -> list[LeftOutSystem]:
    """The systems of a split of which these alloys say enough, by name; elements of each stand in alphabetical order.

    Args:
        alloys: the table `alloys` of the literature; alloys without a diameter do not count.
    """
    labelled = alloys["dmax_mm"].notna()
    found = (
        alloys[labelled]
        .groupby("chemical_system")["dmax_mm"]
        .agg(alloys="size", bulk=lambda dmax_mm: int((dmax_mm >= BULK_FROM_MM).sum()))
    )
    is_mixed = (found["bulk"] > 0) & (found["bulk"] < found["alloys"]) & (found["alloys"] >= FEWEST_ALLOYS)
    is_without = (found["bulk"] == 0) & (found["alloys"] >= FEWEST_WITHOUT_BULK)
    chosen = found.index.isin(SYSTEMS_OF[split]) & (is_mixed if split.has_bulk else is_without)
    names = alloys["chemical_system"].to_numpy()
    return [
        LeftOutSystem(TargetSystem(tuple(name.split(SEPARATOR))), (names == name) & labelled.to_numpy())
        for name in sorted(found.index[chosen])
    ]


def known_rows(alloys: pd.DataFrame, target: TargetSystem, track: Track) -> BoolArray:
    """Marks the alloys that are known while the target is left out, shape (n,).

    Args:
        alloys: the table `alloys` of the literature, n rows; alloys without a diameter are not known.
        target: the left-out system.
        track: how much is known; it names the sub-dataset.
    """
    categories = categorise_all(alloys["elements"], target.element_set)
    excluded = excluded_categories(track.sub_dataset)
    return np.array([category not in excluded for category in categories]) & alloys["dmax_mm"].notna().to_numpy()
