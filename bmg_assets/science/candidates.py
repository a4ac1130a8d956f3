"""What to cast next, by the paper's rule, on the map of the paper's strategy or of another.

In the largest connected region of the top share: the point with the highest prediction, and the best of the points
around it, at a set distance. The points around the first pick, with one element held constant at a time, are the
boundary points for verification. The pairs that the paper cast lie 5 at.% apart. What was cast, or refused, is passed
over.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bmg_assets.science.candidate_states import Standing, settled, with_states
from bmg_assets.science.errors import BmgError
from bmg_assets.science.folds import FloatArray, IntArray
from bmg_assets.science.map_strategies import PRUNED, TRANSFER
from bmg_assets.science.regions import exchange_directions
from bmg_assets.science.systems import TargetSystem

COPIED_COLUMNS = ("composition", "at_pct", "dmax_mm", "interval_low_mm", "interval_high_mm")


class CandidateError(BmgError):
    """A grid in which there is nothing to propose."""


@dataclass(frozen=True)
class Candidate:
    """A composition to cast, as the row of the grid that it is."""

    point: int
    """Row of the grid."""
    kind: str
    """`pick` or `verification`."""
    rank: int
    """1 for the first of its kind."""
    reason: str


def propose(
    points: IntArray,
    worth: FloatArray,
    regions: IntArray,
    elements: tuple[str, ...],
    distance_at_pct: int,
    free: NDArray[np.bool_] | None = None,
) -> list[Candidate]:
    """The two picks and the boundary points for verification.

    Args:
        points: the grid in at.%, shape (n, k).
        worth: what the points are ranked by, shape (n,), more is better.
        regions: number of the region of each point, 1 for the largest, 0 outside the top share, shape (n,).
        elements: symbols of the k elements.
        distance_at_pct: how far the second pick and the boundary points lie from the first; where the grid has no
            points at this distance, the nearest one that it has.
        free: points that may be proposed, shape (n,); all of them by default.

    Raises:
        CandidateError: every point of the largest region has been cast or refused.
    """
    free = np.ones(len(points), dtype=bool) if free is None else free
    in_region = np.flatnonzero((regions == 1) & free)
    if len(in_region) == 0:
        raise CandidateError(
            "Every point of the largest top region has been cast or refused; lower the step or raise the share."
        )
    first = int(in_region[np.argmax(worth[in_region])])
    picks = [Candidate(first, "pick", 1, f"best of the largest top region ({int((regions == 1).sum())} compositions)")]
    distance_at_pct = _nearest_distance(points, distance_at_pct)
    around = _points_around(points, first, distance_at_pct, free)
    ranked = sorted(around, key=lambda point: -worth[point])
    if ranked:
        reason = f"best of the {len(ranked)} points {distance_at_pct} at.% around pick 1"
        picks.append(Candidate(ranked[0], "pick", 2, reason))
    return picks + [
        Candidate(point, "verification", rank, _reason_of_boundary(points[point] - points[first], elements))
        for rank, point in enumerate(ranked[1:], start=1)
    ]


def propose_on_map(
    grid: pd.DataFrame,
    system: TargetSystem,
    distance_at_pct: int,
    standings: Mapping[str, Standing],
    strategy: str = PRUNED,
) -> pd.DataFrame:
    """The table `candidates` of a system from its table `prediction_grid`, or `transfer_grid`.

    Args:
        distance_at_pct: how far the second pick and the boundary points lie from the first.
        standings: of the compositions of which casts are reported; those cast or refused are not proposed again.
        strategy: one of map_strategies.MAP_STRATEGIES, by which the grid was made.

    Raises:
        CandidateError: as `propose`; or the strategy cannot say what its scores mean.
    """
    by_score = strategy == TRANSFER
    if by_score and grid["interval_low_mm"].isna().any():
        raise CandidateError(
            "Too few bulk glasses are known for the strategy 'transfer' to say what its scores mean; "
            "take in a larger source, or use the strategy 'pruned'."
        )
    points = np.array(grid["at_pct"].tolist()).round().astype(np.int64)
    proposed = propose(
        points,
        grid["score" if by_score else "dmax_mm"].to_numpy(np.float64),
        grid["region"].fillna(0).to_numpy(np.int64),
        system.elements,
        distance_at_pct,
        free=~grid["composition"].isin(settled(standings)).to_numpy(),
    )
    rows = grid.iloc[[candidate.point for candidate in proposed]].reset_index(drop=True)
    reasons = [candidate.reason for candidate in proposed]
    if by_score:
        reasons = [f"{reason}: {words}" for reason, words in zip(reasons, _words_of_scores(rows), strict=True)]
    table = pd.DataFrame(
        {
            "target_system": system.key,
            "kind": [candidate.kind for candidate in proposed],
            "rank": [candidate.rank for candidate in proposed],
            "strategy": strategy,
            **{name: rows[name] for name in COPIED_COLUMNS},
            "reason": reasons,
        }
    )
    return with_states(table, standings)


def _words_of_scores(rows: pd.DataFrame) -> list[str]:
    return [
        f"bulk glass with a probability of {chance:.0%}, expected D_max {expected:.2f} mm"
        for chance, expected in zip(rows["probability_bulk"], rows["dmax_mm"], strict=True)
    ]


def _nearest_distance(points: IntArray, wanted: int) -> int:
    """The multiple of the grid's step nearest to a distance: quaternaries have steps of 2 at.%, but the pairs 5."""
    step = int(np.gcd.reduce(points, axis=None))
    return max(1, round(wanted / step)) * step


def _points_around(points: IntArray, centre: int, distance: int, free: NDArray[np.bool_]) -> list[int]:
    """Rows of the grid at `distance` from the centre along each exchange of two elements, those cast left out."""
    place = {tuple(point): row for row, point in enumerate(points.tolist())}
    wanted = (points[centre] + distance * exchange_directions(points.shape[1])).tolist()
    rows = [place[tuple(point)] for point in wanted if tuple(point) in place]
    return [row for row in rows if free[row]]


def _reason_of_boundary(change: IntArray, elements: tuple[str, ...]) -> str:
    more, less = elements[int(np.argmax(change))], elements[int(np.argmin(change))]
    return f"boundary of pick 1: {change.max()} at.% of {less} replaced by {more}, the rest held constant"
