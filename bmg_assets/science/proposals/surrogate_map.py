"""The map of the surrogate in use: its posterior on the grid of a system, and the improvement that a cast may bring.

Each point states how far it can be trusted: the probability of a bulk glass and an interval, the share of the prior
variance that the known alloys explain, and the distance to the nearest of them.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.compositions import fraction_matrix
from bmg_assets.science.alloys.distances import nearest_known
from bmg_assets.science.alloys.grid import composition_grid, default_step, grid_keys, scale_to_unit
from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.systems import SEPARATOR, TargetSystem
from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray
from bmg_assets.science.errors import BmgError
from bmg_assets.science.fingerprints import fingerprint_arrays
from bmg_assets.science.literature.known_alloys import BOUNDS, amounts_of, is_of_system
from bmg_assets.science.models.prediction import MapSettings
from bmg_assets.science.proposals.acquisition import best_apart
from bmg_assets.science.proposals.improvement import expected_improvement_mm, probability_of_improvement
from bmg_assets.science.proposals.refinement import FINE_STEP_AT_PCT, best_by_any, fine_points, regions_of, top_of
from bmg_assets.science.proposals.trust import is_trusted
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import LogNormal, Posterior, Surrogate
from bmg_assets.science.surrogates.possible import possible_for
from bmg_assets.science.surrogates.regimes import regime_of
from bmg_assets.science.surrogates.thinning import thinned

DISTRIBUTION = ("log_mean", "log_spread", "log_shift_mm", "largest_mm", "ribbon_mm")
"""Columns of the distribution of the next cast, see `LogNormal`."""
FACTOR_DIGITS = 4
"""Digits of a factor that are kept."""
LARGEST_ROD_MM = 100.0
"""Nobody casts a thicker rod of glass."""
RANKED = 10
RANKED_APART_AT_PCT = 5.0
"""Least distance of the ranked compositions from each other, in at.% exchanged."""


class SurrogateMapError(BmgError):
    """A map that cannot be made from what is known."""


def map_of_surrogate(
    surrogate: Surrogate, target: TargetSystem, known: pd.DataFrame, settings: MapSettings, seed: int
) -> pd.DataFrame:
    """The table `transfer_grid` of a system.

    Args:
        surrogate: one that makes maps.
        known: see `known_to`.
        settings: step, top share and coverage of the intervals. Where no step is asked for, a coarse grid is refined
            around its best points.
        seed: of everything random in the surrogate.

    Raises:
        SurrogateMapError: nothing is known, of alloys or of an element.
        GridError: there is no such grid.
    """
    if known["dmax_mm"].isna().all():
        raise SurrogateMapError("No alloy with a diameter is known; take in a source of literature (`bmg literature`).")
    unplaced = possible_for(target.elements).unplaced
    if unplaced:
        raise SurrogateMapError(
            f"{target.key} cannot be mapped: nothing is known of {', '.join(unplaced)} that a surrogate could place it "
            "by; choose elements that are cast."
        )
    step = settings.step_at_pct or default_step(len(target.elements))
    points = composition_grid(len(target.elements), step)
    best_known = best_known_mm(target, known)
    alloys = thinned(
        alloys_of_known(known, target.elements, surrogate), target.element_set, surrogate.most_alloys, seed
    )
    fitted = surrogate.fit(alloys, target.element_set, seed)
    posterior = fitted.predict(_compositions(target, points, alloys))
    is_coarse = np.ones(len(points), dtype=bool)
    if settings.step_at_pct is None and step > FINE_STEP_AT_PCT:
        fine = fine_points(points, _best_first(posterior, best_known, settings.top_share))
        points, is_coarse = np.vstack([points, fine]), np.append(is_coarse, np.zeros(len(fine), dtype=bool))
        posterior = fitted.predict(_compositions(target, points, alloys))
    low, high = posterior.interval(settings.coverage) or (np.nan, np.nan)
    marked = top_of(posterior.score, is_coarse, settings.top_share)
    regions = regions_of(points, marked, is_coarse, step)
    distance = nearest_known(points.astype(np.float64), amounts_of(target, known))[1]
    cast, explained, factors = posterior.next_cast(), posterior.explained(), posterior.factors()
    gain, chance = _improvement(cast, best_known)
    support = support_of_elements(target, known)
    rarest = min(support, key=lambda symbol: support[symbol])
    may_be_missing = ["probability_bulk", "expected_gain_mm", "chance_of_better", "explained", *DISTRIBUTION]
    return pd.DataFrame(
        {
            "target_system": target.key,
            "strategy": surrogate.name,
            "regime": str(regime_of(alloys, target.element_set)),
            "point": np.arange(len(points)),
            "composition": grid_keys(points, target.elements),
            "at_pct": points.astype(np.float64).tolist(),
            "step_at_pct": np.where(is_coarse, step, FINE_STEP_AT_PCT),
            "score": posterior.score,
            "dmax_mm": posterior.dmax_mm,
            "dmax_scaled": scale_to_unit(posterior.score),
            "probability_bulk": posterior.probability_at_least(BULK_FROM_MM),
            "interval_low_mm": low,
            "interval_high_mm": high,
            "expected_gain_mm": gain,
            "chance_of_better": chance,
            "best_known_mm": best_known,
            "explained": explained,
            "is_trusted": is_trusted(explained, len(points)),
            **dict(zip(DISTRIBUTION, _distribution(cast), strict=True)),
            "factors": None if factors is None else list(factors.round(FACTOR_DIGITS)),
            "nearest_at_pct": distance,
            "rank_apart": ranks_apart(points.astype(np.float64), posterior.score, distance > 0),
            "top_share": marked,
            "region": pd.Series(regions, dtype="Int64").mask(regions == 0),
            "rarest_element": rarest,
            "n_with_rarest_element": support[rarest],
            "n_known": len(alloys),
            "known_fingerprint": fingerprint_arrays(alloys.compositions.fractions, alloys.dmax_mm, alloys.bounds_mm),
        }
    ).astype(dict.fromkeys(may_be_missing, "float64"))


def _compositions(target: TargetSystem, points: IntArray, alloys: Alloys) -> Compositions:
    """Points of the system as the surrogate takes them, with the elements of the alloys as columns."""
    grid = Compositions(target.elements, points / 100, np.empty((len(points), 0)))
    return grid.with_elements(alloys.compositions.elements)


def _best_first(posterior: Posterior, best_known: float, share: float) -> IntArray:
    """Rows of the map around which alloys will be chosen, by score or by what a cast may add, the best first."""
    gain, _ = _improvement(posterior.next_cast(), best_known)
    values = [posterior.score] if isinstance(gain, float) else [posterior.score, gain]
    return best_by_any(share, *values)


def next_cast_of(grid: pd.DataFrame) -> LogNormal | None:
    """Predictive distribution of the next cast at the points of a table `transfer_grid`; None without calibration."""
    if grid["log_mean"].isna().any():
        return None
    mean, spread, *others = (grid[name].to_numpy(np.float64) for name in DISTRIBUTION)
    return LogNormal(mean, spread, *(float(column[0]) for column in others))


def factors_of(grid: pd.DataFrame) -> FloatArray | None:
    """How the casts of the points go together (see `Posterior.factors`), shape (n, r); None where it is not known."""
    return None if grid["factors"].isna().any() else np.vstack(grid["factors"].to_list()).astype(np.float64)


def best_known_mm(target: TargetSystem, known: pd.DataFrame) -> float:
    """The largest known D_max of alloys of exactly the system's elements in mm, or 0 where there is none.

    Args:
        known: see `known_to`.
    """
    inside = is_of_system(target, known)
    return float(known.loc[inside, "dmax_mm"].max()) if inside.any() else 0.0


def support_of_elements(target: TargetSystem, known: pd.DataFrame) -> dict[str, int]:
    """Number of known alloys that hold each element of the system."""
    return {symbol: int(sum(symbol in elements for elements in known["elements"])) for symbol in target.elements}


def ranks_apart(at_pct: FloatArray, score: FloatArray, is_unknown: BoolArray) -> pd.Series:
    """Ranks of the best compositions that are far enough apart, 1 first; missing for all but `RANKED` of them.

    Args:
        at_pct: n compositions in at.%, shape (n, k).
        score: of the surrogate, more is better, shape (n,).
        is_unknown: whether nothing is known of exactly this composition, shape (n,).
    """
    rows = best_apart(at_pct, score, is_unknown, RANKED, RANKED_APART_AT_PCT)
    ranks = pd.Series(pd.NA, index=range(len(at_pct)), dtype="Int64")
    ranks.iloc[rows] = np.arange(1, len(rows) + 1)
    return ranks


def _improvement(cast: LogNormal | None, best_known: float) -> tuple[FloatArray | float, FloatArray | float]:
    """Expected improvement in mm, and the probability of an alloy that is better and a bulk glass; NaN if unknown."""
    if cast is None:
        return np.nan, np.nan
    gain = expected_improvement_mm(cast, best_known)
    return gain, probability_of_improvement(cast, max(best_known, BULK_FROM_MM))


def _distribution(cast: LogNormal | None) -> tuple[FloatArray | float, ...]:
    """The columns DISTRIBUTION; nothing above LARGEST_ROD_MM is said where the surrogate sets no bound."""
    if cast is None:
        return (np.nan,) * len(DISTRIBUTION)
    return cast.mean, cast.spread, cast.shift_mm, min(cast.largest_mm, LARGEST_ROD_MM), cast.ribbon_mm


def alloys_of_known(known: pd.DataFrame, elements_too: Sequence[str], surrogate: Surrogate) -> Alloys:
    """The known alloys (see `known_to`) as the surrogate takes them, with columns for these elements, too."""
    if not surrogate.takes_bounds:
        known = known[known["dmax_mm"].notna()]
    fractions, elements = fraction_matrix(list(known["elements"]), list(known["at_pct"]))
    wider = tuple(sorted({*elements, *elements_too}))
    compositions = Compositions(elements, fractions, np.empty((len(known), 0))).with_elements(wider)
    systems = np.array([SEPARATOR.join(sorted(one)) for one in known["elements"]], dtype=object)
    low, high = (known[name].to_numpy(np.float64) for name in BOUNDS)
    bounds = np.column_stack([low, np.where(np.isfinite(low) & np.isnan(high), np.inf, high)])
    is_own = known["is_own"].to_numpy(bool)
    return Alloys(compositions, known["dmax_mm"].to_numpy(np.float64), systems, is_own, bounds)
