"""The reported alloy that lies nearest to a composition, and whether the composition is that very alloy.

Reported are the alloys of the literature and the group's own casts that have a class; the models may know fewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bmg_assets.science.alloys.distances import nearest_known
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.literature.known_alloys import amounts_of, is_of_system, not_cast

if TYPE_CHECKING:
    import pandas as pd

OWN_CAST, LITERATURE = "own cast", "literature"
REPORTED_COLUMNS = ("composition", "elements", "at_pct", "glass_class", "dmax_mm")
REPEAT_WITHIN_AT_PCT = 0.5
"""A composition is a known alloy if no amount differs by more: in whole at.% both may be written the same."""


def reported_alloys(own: pd.DataFrame, literature: pd.DataFrame) -> pd.DataFrame:
    """Own casts that have a class, then the alloys of the literature that the group has not cast.

    Args:
        own: the table `lab_results` of the system.
        literature: the table `alloys`.

    Returns:
        REPORTED_COLUMNS and `who`: OWN_CAST or LITERATURE.
    """
    import pandas as pd

    columns = list(REPORTED_COLUMNS)
    cast = own[own["glass_class"].notna()][columns].assign(who=OWN_CAST)
    others = not_cast(literature, cast)[columns].assign(who=LITERATURE)
    return pd.concat([one for one in (cast, others) if len(one)] or [others], ignore_index=True)


def nearest_reported(system: TargetSystem, at_pct: FloatArray, reported: pd.DataFrame) -> pd.DataFrame:
    """For each composition the reported alloy in which the fewest atoms differ; the first of equally near ones.

    Args:
        at_pct: n compositions in at.% of the system's elements, shape (n, k).
        reported: see `reported_alloys`; one row at least.

    Returns:
        n rows: REPORTED_COLUMNS and `who` of the alloy, and `distance_at_pct`, see `exchanged_at_pct`.
    """
    rows, distances = nearest_known(at_pct, amounts_of(system, reported))
    return reported.iloc[rows].reset_index(drop=True).assign(distance_at_pct=distances)


def repeats_of_known(system: TargetSystem, at_pct: FloatArray, reported: pd.DataFrame) -> BoolArray:
    """Whether each composition is a reported alloy of exactly the system's elements within rounding, shape (n,).

    Args:
        at_pct, reported: as of `nearest_reported`; `reported` may have no rows.
    """
    inside = amounts_of(system, reported[is_of_system(system, reported)])
    known = np.zeros(len(at_pct), dtype=bool)
    for amounts in inside:
        known |= np.abs(at_pct - amounts).max(axis=1) <= REPEAT_WITHIN_AT_PCT + 1e-9
    return known
