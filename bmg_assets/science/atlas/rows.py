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
from bmg_assets.science.atlas.best import BestComposition, best_of_scan, dmax_mm_of, log_dmax_at, log_dmax_of
from bmg_assets.science.atlas.chance import BestOfSystems, SystemChance, chance_of
from bmg_assets.science.atlas.fitted_atlas import SURROGATE, FittedAtlas
from bmg_assets.science.atlas.lattice import Lattice, lattice_of
from bmg_assets.science.atlas.refined import FineBest, refined_best
from bmg_assets.science.atlas.scan import Scan, scan_all
from bmg_assets.science.melt.estimates import ESTIMATES, estimate_melts
from bmg_assets.science.models.interval_calibration import LogDmax
from bmg_assets.science.proposals.refinement import FINE_STEP_AT_PCT
from bmg_assets.science.proposals.trust import is_trusted
from bmg_assets.science.surrogates.alloys import Compositions
from bmg_assets.science.surrogates.composite_kernel import share_explained
from bmg_assets.science.surrogates.kernels import FEWEST_OF_MANY
from bmg_assets.science.surrogates.regimes import Regime

MAP_STEP_AT_PCT = 5
"""Distance of the compositions whose D_max is kept of a ternary."""
MAP_DIGITS = 2
REFINED_OF_A_SHARD = 10
"""Systems of four elements whose best composition is sought at 1 at.%, those of the highest chances of each shard. A
shard has every 240th system, whatever its elements, so that the best thousand of all are among these.
"""


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
        faces_mm: see `faces_as_quaternaries`; empty for ternaries.
    """
    if len(systems) == 0:
        return pd.DataFrame()
    lattice = lattice_of(len(systems[0]))
    described = [_described(atlas, scan, lattice, settings) for scan in scan_all(atlas.scorer, systems, lattice)]
    frame = pd.DataFrame([row for row, _ in described])
    log_odds = chance.log_odds(BestOfSystems.of([best for _, best in described]))
    # Both are of the best composition of the lattice: chances are calibrated on such ones.
    frame = frame.assign(chance_bulk=chance_of(log_odds), score=np.where(np.isnan(log_odds), frame["score"], log_odds))
    if len(systems[0]) > TERNARY:
        frame = _with_best_refined(atlas, frame, lattice, settings)
    return frame.assign(**_estimates(atlas, frame), **_beside_faces(frame, faces_mm))


def _described(
    atlas: FittedAtlas, scan: Scan, lattice: Lattice, settings: AtlasSettings
) -> tuple[dict[str, Any], BestComposition]:
    """What is said of one system but for its estimates, its chance and its faces; and its best composition."""
    system, log_dmax = chemical_system(scan.elements), log_dmax_of(atlas.fitted, scan)
    best = best_of_scan(scan, log_dmax)
    n_known, best_known_mm, best_known_composition = atlas.best_known(system)
    regions = label_regions(lattice.points, top_share(scan.score, settings.top_share), lattice.step_at_pct)
    row = {
        "system": system,
        "elements": list(scan.elements),
        "n_elements": len(scan.elements),
        "step_at_pct": lattice.step_at_pct,
        "score": float(scan.score[best.row]),
        "n_regions": int(regions.max()),
        "n_known": n_known,
        "best_known_mm": best_known_mm,
        "best_known_composition": best_known_composition,
        "strategy": SURROGATE.name,
        "known_fingerprint": atlas.fingerprint,
        **_of_map(atlas, scan, log_dmax),
    }
    point = lattice.points[[best.row]]
    of_best = None if log_dmax is None else LogDmax(log_dmax.mean[[best.row]], log_dmax.spread[[best.row]])
    return row | _of_best(atlas, scan.elements, FineBest(point, best.score, best.uncertainty), of_best, settings), best


def _with_best_refined(
    atlas: FittedAtlas, frame: pd.DataFrame, lattice: Lattice, settings: AtlasSettings
) -> pd.DataFrame:
    """The rows, those of the highest chances with their best composition at 1 at.%."""
    rows: list[dict[str, Any]] = [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
    best_first = np.argsort(-frame["score"].to_numpy(np.float64), kind="stable")[:REFINED_OF_A_SHARD]
    systems = [tuple(rows[number]["elements"]) for number in best_first]
    for number, scan in zip(best_first, scan_all(atlas.scorer, systems, lattice), strict=True):
        best = refined_best(atlas.scorer, scan, lattice)
        log_dmax = log_dmax_at(atlas.fitted, scan.elements, np.array([best.score]), np.array([best.uncertainty]))
        rows[number] |= _of_best(atlas, scan.elements, best, log_dmax, settings) | {"step_at_pct": FINE_STEP_AT_PCT}
    return pd.DataFrame(rows)


def _of_map(atlas: FittedAtlas, scan: Scan, log_dmax: LogDmax | None) -> dict[str, Any]:
    """What the calibration says of all compositions together: how many are bulk glasses, and a small map."""
    calibration = atlas.fitted.calibration
    if log_dmax is None or calibration is None:
        return {"extent": None, "map_mm": None}
    is_ternary = len(scan.elements) == TERNARY
    dmax_mm = log_dmax.mean_up_to(calibration.largest_mm)
    return {
        "extent": float((log_dmax.probability_at_least(BULK_FROM_MM) > 0.5).mean()),
        "map_mm": dmax_mm[_map_rows()].round(MAP_DIGITS).tolist() if is_ternary else None,
    }


def _of_best(
    atlas: FittedAtlas,
    elements: tuple[str, ...],
    best: FineBest,
    log_dmax: LogDmax | None,
    settings: AtlasSettings,
) -> dict[str, Any]:
    """What is said of the best composition of a system.

    Args:
        log_dmax: of this composition alone; None without calibration.
    """
    explained = share_explained(np.array([best.uncertainty**2]))
    return {
        "composition": grid_keys(best.point, elements)[0],
        "at_pct": best.point[0].astype(np.float64).tolist(),
        "explained": float(explained[0]),
        "is_trusted": bool(is_trusted(explained, 1)[0]),
        "nearest_at_pct": float(exchanged_at_pct(best.point.astype(np.float64), atlas.amounts_of(elements)).min()),
        **_expected(atlas, elements, best, log_dmax, settings),
    }


def _expected(
    atlas: FittedAtlas,
    elements: tuple[str, ...],
    best: FineBest,
    log_dmax: LogDmax | None,
    settings: AtlasSettings,
) -> dict[str, Any]:
    """What the calibration says of the D_max of the best composition."""
    calibration = atlas.fitted.calibration
    dmax_mm = float(dmax_mm_of(atlas.fitted, np.array([best.score]), log_dmax)[0])
    if log_dmax is None or calibration is None:
        return {"dmax_mm": dmax_mm} | dict.fromkeys(("interval_low_mm", "interval_high_mm", "probability_bulk"))
    n_known, _, _ = atlas.best_known(chemical_system(elements))
    regime = Regime.HALF_KNOWN if n_known else Regime.RELATED_KNOWN
    has_many = np.full(1, len(elements) >= FEWEST_OF_MANY)
    low, high = log_dmax.interval(calibration.levels_for(settings.coverage, regime, has_many), calibration.largest_mm)
    return {
        "dmax_mm": dmax_mm,
        "interval_low_mm": float(low[0]),
        "interval_high_mm": float(high[0]),
        "probability_bulk": float(log_dmax.probability_at_least(BULK_FROM_MM)[0]),
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
    """Of each system the ternary face of the largest D_max among quaternaries, and what the system itself has more."""
    if frame["n_elements"].iloc[0] == TERNARY:
        return dict.fromkeys(("best_face", "face_dmax_mm", "gain_over_faces_mm"))
    best = [
        max((chemical_system(face) for face in combinations(elements, TERNARY)), key=lambda name: faces_mm[name])
        for elements in frame["elements"]
    ]
    face_mm = np.array([faces_mm[name] for name in best])
    return {"best_face": best, "face_dmax_mm": face_mm, "gain_over_faces_mm": frame["dmax_mm"] - face_mm}
