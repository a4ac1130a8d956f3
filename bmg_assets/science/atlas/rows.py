"""The rows of the table `system_atlas`: what a scan of a system comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.compositions import chemical_system, fraction_matrix
from bmg_assets.science.alloys.density import estimated_density_g_cm3
from bmg_assets.science.alloys.distances import exchanged_at_pct
from bmg_assets.science.alloys.grid import composition_grid, grid_keys
from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.regions import label_regions, top_share
from bmg_assets.science.alloys.systems import TERNARY
from bmg_assets.science.arrays import IntArray
from bmg_assets.science.atlas.best import BestComposition, best_of_scan, log_dmax_of
from bmg_assets.science.atlas.chance import BestOfSystems, SystemChance, chance_of
from bmg_assets.science.atlas.fitted_atlas import SURROGATE, FittedAtlas
from bmg_assets.science.atlas.lattice import Lattice, lattice_of
from bmg_assets.science.atlas.scan import Scan, scan_all
from bmg_assets.science.melt.estimates import ESTIMATES, estimate_melts
from bmg_assets.science.models.interval_calibration import LogDmax
from bmg_assets.science.proposals.trust import is_trusted
from bmg_assets.science.surrogates.alloys import Compositions
from bmg_assets.science.surrogates.composite_kernel import prior_variance_of
from bmg_assets.science.surrogates.kernels import FEWEST_OF_MANY
from bmg_assets.science.surrogates.regimes import Regime
from bmg_assets.science.surrogates.transfer import GLASS_WEIGHT

MAP_STEP_AT_PCT = 5
"""Distance of the compositions whose D_max is kept of a ternary."""
MAP_DIGITS = 2


@dataclass(frozen=True)
class AtlasSettings:
    """What the rows are made with."""

    coverage: float
    """Of the intervals, 0 to 1."""
    top_share: float
    """Share of a map whose regions are counted."""


def atlas_rows(
    atlas: FittedAtlas,
    systems: Sequence[tuple[str, ...]],
    chance: SystemChance,
    settings: AtlasSettings,
    faces_mm: Mapping[str, float],
) -> pd.DataFrame:
    """Rows of systems of as many elements, without `shard` and `made_from`.

    Args:
        systems: elements of each in alphabetical order.
        chance: that a system holds a bulk glass.
        faces_mm: expected D_max of the ternary systems by name; empty for ternaries.
    """
    if len(systems) == 0:
        return pd.DataFrame()
    lattice = lattice_of(len(systems[0]))
    described = [_described(atlas, scan, lattice, settings) for scan in scan_all(atlas.scorer, systems, lattice)]
    frame = pd.DataFrame([row for row, _ in described])
    frame = frame.assign(**_estimates(atlas, frame))
    log_odds = chance.log_odds(BestOfSystems.of([best for _, best in described]))
    return frame.assign(
        chance_bulk=chance_of(log_odds),
        score=np.where(np.isnan(log_odds), frame["score"], log_odds),
        **_beside_faces(frame, faces_mm),
    )


def _described(
    atlas: FittedAtlas, scan: Scan, lattice: Lattice, settings: AtlasSettings
) -> tuple[dict[str, Any], BestComposition]:
    """What is said of one system but for its estimates, its chance and its faces; and its best composition."""
    system, log_dmax = chemical_system(scan.elements), log_dmax_of(atlas.fitted, scan)
    best = best_of_scan(scan, log_dmax)
    point = lattice.points[[best.row]]
    n_known, best_known_mm, best_known_composition = atlas.best_known(system)
    explained = 1 - best.uncertainty**2 / prior_variance_of(len(scan.elements))
    regions = label_regions(lattice.points, top_share(scan.score, settings.top_share), lattice.step_at_pct)
    row = {
        "system": system,
        "elements": list(scan.elements),
        "n_elements": len(scan.elements),
        "step_at_pct": lattice.step_at_pct,
        "composition": grid_keys(point, scan.elements)[0],
        "at_pct": point[0].astype(np.float64).tolist(),
        "score": float(scan.score[best.row]),
        "n_regions": int(regions.max()),
        "explained": float(np.clip(explained, 0, 1)),
        "is_trusted": bool(is_trusted(np.array([explained]), 1)[0]),
        "nearest_at_pct": float(exchanged_at_pct(point.astype(np.float64), atlas.amounts_of(scan.elements)).min()),
        "n_known": n_known,
        "best_known_mm": best_known_mm,
        "best_known_composition": best_known_composition,
        "strategy": SURROGATE.name,
        "known_fingerprint": atlas.fingerprint,
        **_expected(atlas, scan, log_dmax, best, Regime.HALF_KNOWN if n_known else Regime.RELATED_KNOWN, settings),
    }
    return row, best


def _expected(
    atlas: FittedAtlas,
    scan: Scan,
    log_dmax: LogDmax | None,
    best: BestComposition,
    regime: Regime,
    settings: AtlasSettings,
) -> dict[str, Any]:
    """What the calibration says of D_max: of the best composition, and of the whole system."""
    calibration = atlas.fitted.calibration
    if log_dmax is None or calibration is None:
        # As the surrogate itself expects it where nothing calibrates it.
        return {"dmax_mm": float(np.maximum(np.expm1(best.score - GLASS_WEIGHT), 0))} | dict.fromkeys(
            ("interval_low_mm", "interval_high_mm", "probability_bulk", "extent", "map_mm")
        )
    dmax_mm = log_dmax.mean_up_to(calibration.largest_mm)
    has_many = np.full(1, len(scan.elements) >= FEWEST_OF_MANY)
    of_best = LogDmax(log_dmax.mean[[best.row]], log_dmax.spread[[best.row]])
    levels = calibration.levels_for(settings.coverage, regime, has_many)
    low, high = of_best.interval(levels, calibration.largest_mm)
    is_ternary = len(scan.elements) == TERNARY
    return {
        "dmax_mm": float(dmax_mm[best.row]),
        "interval_low_mm": float(low[0]),
        "interval_high_mm": float(high[0]),
        "probability_bulk": float(of_best.probability_at_least(BULK_FROM_MM)[0]),
        "extent": float((log_dmax.probability_at_least(BULK_FROM_MM) > 0.5).mean()),
        "map_mm": dmax_mm[_map_rows()].round(MAP_DIGITS).tolist() if is_ternary else None,
    }


@cache
def _map_rows() -> IntArray:
    """Rows of the lattice of a ternary whose D_max is kept, in the order of their own grid."""
    points = lattice_of(TERNARY).points
    row = {tuple(point): number for number, point in enumerate(points.tolist())}
    return np.array([row[tuple(point)] for point in composition_grid(TERNARY, MAP_STEP_AT_PCT).tolist()])


def _estimates(atlas: FittedAtlas, frame: pd.DataFrame) -> dict[str, Any]:
    """Estimated liquidus and density of the best compositions."""
    fractions, elements = fraction_matrix(list(frame["elements"]), list(frame["at_pct"]))
    compositions = Compositions(elements, fractions, np.empty((len(fractions), 0)))
    space = atlas.fitted.space.elements
    melts = estimate_melts(compositions.with_elements(space.symbols).fractions, space)
    amounts = [dict(zip(*of, strict=True)) for of in zip(frame["elements"], frame["at_pct"], strict=True)]
    return {
        "liquidus_kelvin": melts.by_itself[:, ESTIMATES.index("liquidus")],
        "density_g_cm3": [estimated_density_g_cm3(of) for of in amounts],
    }


def _beside_faces(frame: pd.DataFrame, faces_mm: Mapping[str, float]) -> dict[str, Any]:
    """Of each system the ternary face of the largest D_max, and what the system itself has more."""
    if frame["n_elements"].iloc[0] == TERNARY:
        return dict.fromkeys(("best_face", "face_dmax_mm", "gain_over_faces_mm"))
    best = [
        max((chemical_system(face) for face in combinations(elements, TERNARY)), key=lambda name: faces_mm[name])
        for elements in frame["elements"]
    ]
    face_mm = np.array([faces_mm[name] for name in best])
    return {"best_face": best, "face_dmax_mm": face_mm, "gain_over_faces_mm": frame["dmax_mm"] - face_mm}
