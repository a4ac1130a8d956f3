"""Systems that were left out: what the chance of a bulk glass is calibrated on, and judged by."""

from collections.abc import Sequence

import pandas as pd

from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.atlas.best import BestComposition, best_of_scan, log_dmax_of
from bmg_assets.science.atlas.chance import BestOfSystems
from bmg_assets.science.atlas.fitted_atlas import FittedAtlas
from bmg_assets.science.atlas.lattice import lattice_of
from bmg_assets.science.atlas.scan import scan_systems
from bmg_assets.science.atlas.scorer import Scorer

SIZES = (3, 4)
"""Numbers of elements that the atlas has systems of."""


def systems_to_leave_out(atlas: FittedAtlas) -> list[str]:
    """Systems of the literature of a size that the atlas has."""
    return sorted(name for name in atlas.rows_of_systems if name.count(SEPARATOR) + 1 in SIZES)


def left_out_systems(atlas: FittedAtlas, systems: Sequence[str]) -> pd.DataFrame:
    """Each of these systems as if none of its alloys had been reported; all that is related to it is known.

    Returns:
        `system`, `n_elements`, `n_reported`, `best_reported_mm`, `has_bulk`, and of the best composition of the map
        `score`, `deviate`, `uncertainty` (see `BestComposition`).
    """
    rows = []
    for system in systems:
        own, best = atlas.rows_of_systems[system], _best_without(atlas, system)
        best_mm = float(atlas.alloys.dmax_mm[own].max())
        rows.append(
            {
                "system": system,
                "n_elements": best.n_elements,
                "n_reported": len(own),
                "best_reported_mm": best_mm,
                "has_bulk": best_mm >= BULK_FROM_MM,
                "score": best.score,
                "deviate": best.deviate,
                "uncertainty": best.uncertainty,
            }
        )
    return pd.DataFrame(rows)


def best_of_left_out(frame: pd.DataFrame) -> BestOfSystems:
    """The best compositions of rows of `left_out_systems`."""
    return BestOfSystems(*(frame[name].to_numpy() for name in ("n_elements", "deviate", "uncertainty")))


def _best_without(atlas: FittedAtlas, system: str) -> BestComposition:
    elements = tuple(system.split(SEPARATOR))
    scorer = Scorer.of(atlas.fitted, atlas.rows_of_systems[system])
    scan = scan_systems(scorer, [elements], lattice_of(len(elements)))[0]
    return best_of_scan(scan, log_dmax_of(atlas.fitted, scan))
