"""Systems that were left out: what the chance of a bulk glass is calibrated on, and judged by."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.atlas.best import BestComposition, best_of_scan, log_dmax_of
from bmg_assets.science.atlas.chance import BestOfSystems, SystemChance, cross_fitted_chances
from bmg_assets.science.atlas.fitted_atlas import FittedAtlas
from bmg_assets.science.atlas.lattice import lattice_of
from bmg_assets.science.atlas.scan import scan_systems
from bmg_assets.science.atlas.scorer import Scorer
from bmg_assets.science.atlas.shards import SHARDS

SIZES = tuple(sorted({shard.n_elements for shard in SHARDS}))
"""Numbers of elements that the atlas has systems of."""
FOLDS = 10


def systems_to_leave_out(systems: Iterable[str]) -> list[str]:
    """Those of the systems, by name, that are of a size that the atlas has."""
    return sorted({name for name in systems if name.count(SEPARATOR) + 1 in SIZES})


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
    return BestOfSystems(*(frame[name].to_numpy(np.float64) for name in ("n_elements", "deviate", "uncertainty")))


def _best_without(atlas: FittedAtlas, system: str) -> BestComposition:
    elements = tuple(system.split(SEPARATOR))
    scorer = Scorer.of(atlas.fitted, atlas.rows_of_systems[system])
    scan = scan_systems(scorer, [elements], lattice_of(len(elements)))[0]
    return best_of_scan(scan, log_dmax_of(atlas.fitted, scan))


def with_chances(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Rows of `left_out_systems` with `chance_bulk`, each by a calibration on other systems."""
    chances = cross_fitted_chances(best_of_left_out(frame), frame["has_bulk"].to_numpy(bool), FOLDS, seed)
    return frame.assign(chance_bulk=chances)


def chance_by(frame: pd.DataFrame) -> SystemChance:
    """The calibration on all rows of the table `atlas_calibration`."""
    return SystemChance.fit(best_of_left_out(frame), frame["has_bulk"].to_numpy(bool))
