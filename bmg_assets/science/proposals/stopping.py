"""When to stop: the chance that a composition nobody has cast beats the best alloy by more than a few millimetres.

Whole maps are drawn from the posterior, and counted is on how many of them any composition lies above the bar. The
factors alone are drawn: what a composition decides for itself, and the noise of a cast, would lift the largest of
thousands of points on every map. The share that is counted is too sure of itself either way, and the better the best
alloy is, the rarer is one that beats it. Simulated campaigns (science/evidence/campaigns.py) say how often there was
one, and a curve of three parameters turns the share into a chance.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.casts.candidate_states import Standing, settled
from bmg_assets.science.proposals.casting_practice import CastingPractice
from bmg_assets.science.proposals.refinement import is_of_coarse_grid
from bmg_assets.science.proposals.surrogate_map import factors_of, next_cast_of
from bmg_assets.science.surrogates.base import LogNormal

if TYPE_CHECKING:
    import pandas as pd

DRAWS = 4096
AT_ONCE = 512
SEED = 0
FARTHEST = 5.0
"""Standard deviations beyond which no draw of a few thousand lies."""
INTERCEPT, BY_SHARE, BY_BEST = 0.722, 0.407, -0.934
"""Log-odds of a better composition: by the log-odds of the share, and by log(1 + best D_max in mm).

Fitted to campaigns in every second system, and tested on the others (science/evidence/stop_curve.py)."""
LEAST_TRUSTED = 0.5
"""Share of a map that must be near enough to what is known; the rest decides most of the chance otherwise."""
LEAST_SHARE = 0.02
"""A share nearer to 0 or 1 says no more: in campaigns it was right no more often."""


def chance_in_system(
    grid: "pd.DataFrame",
    system: TargetSystem,
    practice: CastingPractice,
    standings: Mapping[str, Standing],
    x_mm: float,
) -> float | None:
    """Calibrated chance that a composition that may still be cast beats the best known alloy by more than x mm.

    Args:
        grid: the table `transfer_grid` of the system.
        practice: limits and prices of the laboratory.
        standings: of the compositions with reported casts.
        x_mm: gain in mm that is worth a cast.

    Returns:
        See `chance_of_more`; None, too, where most of the map is too far from what is known (trust.py).
    """
    # The curve was fitted to maps of one step: more points would find more that beat the best.
    grid = grid[is_of_coarse_grid(grid)]
    if grid["is_trusted"].mean() < LEAST_TRUSTED:
        return None
    at_pct = np.array(grid["at_pct"].tolist(), dtype=np.float64)
    is_known = grid["composition"].isin(settled(standings)).to_numpy() | (grid["nearest_at_pct"] == 0).to_numpy()
    is_free = practice.allows(at_pct, system) & ~is_known
    return chance_of_more(grid, float(grid["best_known_mm"].iloc[0]), x_mm, is_free)


def chance_of_more(grid: "pd.DataFrame", best_cast_mm: float, x_mm: float, is_free: BoolArray) -> float | None:
    """Calibrated chance that a free composition has a D_max above the best one by more than x mm, 0 to 1.

    Args:
        grid: the table `transfer_grid` of a system, n points.
        best_cast_mm: the best D_max so far, in mm; 0 without one.
        x_mm: gain in mm that is worth a cast.
        is_free: points that have not been cast and may be, shape (n,).

    Returns:
        None where the surrogate says nothing of next casts, or not how they go together.
    """
    cast, factors = next_cast_of(grid), factors_of(grid)
    if cast is None or factors is None:
        return None
    above_mm = best_cast_mm + x_mm
    if not is_free.any() or above_mm >= cast.largest_mm:
        return 0.0
    return calibrated(sampled_share(cast, factors, above_mm, is_free, DRAWS), best_cast_mm)


def sampled_share(
    cast: LogNormal, factors: FloatArray, above_mm: float, is_free: BoolArray, draws: int = AT_ONCE
) -> float:
    """Share of maps, drawn from the factors, on which a free composition has a D_max above a bar.

    Args:
        cast: predictive distribution of the next cast at n compositions.
        factors: how these go together, shape (n, r), see `Posterior.factors`.
        above_mm: the bar in mm.
        is_free: shape (n,).
        draws: maps that are drawn, a multiple of AT_ONCE.
    """
    bar = (np.log(cast.shift_mm + above_mm) - cast.mean) / cast.spread
    in_reach = is_free & (bar <= FARTHEST * np.linalg.norm(factors, axis=1))
    if not in_reach.any() or above_mm >= cast.largest_mm:
        return 0.0
    reached, bar = factors[in_reach].astype(np.float32), bar[in_reach].astype(np.float32)
    rng = np.random.default_rng(SEED)
    above = 0
    for _ in range(draws // AT_ONCE):
        drawn = reached @ rng.standard_normal((factors.shape[1], AT_ONCE), dtype=np.float32)
        above += int((drawn > bar[:, None]).any(axis=0).sum())
    return above / draws


def calibrated(share: float, best_mm: float) -> float:
    """How often there was a better composition where this share of maps had one.

    Args:
        share: see `sampled_share`.
        best_mm: the best D_max so far.
    """
    from scipy.special import expit

    return float(expit(curve_terms(share, best_mm) @ np.array([INTERCEPT, BY_SHARE, BY_BEST])))


def curve_terms(share: FloatArray | float, best_mm: FloatArray | float) -> FloatArray:
    """What the log-odds of a better composition are linear in, shape (n, 3) of n shares."""
    from scipy.special import logit

    of_share = logit(np.clip(share, LEAST_SHARE, 1 - LEAST_SHARE))
    return np.stack([np.ones_like(of_share), of_share, np.log1p(best_mm)], axis=-1)
