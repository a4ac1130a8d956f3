"""What to cast next: candidates on the map of a surrogate, by the paper's rule or by an acquisition value.

The paper's rule takes the point with the highest prediction in the largest connected region of the top share, and the
best of the points around it, at a set distance. The points around the first pick, with one element held constant at a
time, are the boundary points for verification. The pairs that the paper cast lie 5 at.% apart.

The other rules take the point with the highest acquisition value, then what adds most to it, and so on (batch.py);
alloys in the furnace count as chosen. Where a map does not say how its casts go together, or promises nothing, a
distance keeps the picks apart.

Compositions that were cast or refused, that are in the furnace, or that the limits exclude are
passed over. No pick repeats a reported alloy unless somebody wants that; a boundary point may, since it verifies.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.distances import exchanged_at_pct, nearest_known
from bmg_assets.science.alloys.grid import step_of_points
from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.regions import exchange_directions
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray
from bmg_assets.science.casts.candidate_states import Standing, settled, with_states
from bmg_assets.science.errors import BmgError
from bmg_assets.science.proposals.acquisition import best_apart, far_enough, paper_order
from bmg_assets.science.proposals.batch import Value, added_improvement_mm, added_probability, best_together
from bmg_assets.science.proposals.candidate_choice import (
    CHANCE_OF_BETTER,
    GAIN_PER_PRICE,
    PAPER,
    WEIGHTED,
    CandidateChoice,
)
from bmg_assets.science.proposals.objectives import ObjectiveTable
from bmg_assets.science.proposals.refinement import is_of_coarse_grid
from bmg_assets.science.proposals.surrogate_map import factors_of, next_cast_of
from bmg_assets.science.surrogates.catalogue import PAPER as PAPER_SURROGATE
from bmg_assets.science.surrogates.catalogue import mapping_surrogate

COPIED_COLUMNS = ("composition", "at_pct", "dmax_mm", "interval_low_mm", "interval_high_mm")
SAME_AT_PCT = 1e-6
"""Compositions that differ by less are the same."""
LEAST_GAIN_MM = 0.01
LEAST_CHANCE = 0.001
"""If all acquisition values of a map are smaller, their differences mean nothing."""
FEW_ALLOYS = 30
"""If fewer known alloys hold an element of a candidate, its reason names the element."""


class CandidateError(BmgError):
    """A grid in which there is nothing to propose."""


class UncalibratedMapError(CandidateError):
    """A map whose scores have no meaning in mm, because too few bulk glasses are known."""


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
    values: FloatArray,
    regions: IntArray,
    elements: tuple[str, ...],
    distance_at_pct: int,
    free: BoolArray | None = None,
    is_repeat: BoolArray | None = None,
) -> list[Candidate]:
    """The two picks and the boundary points for verification.

    Args:
        points: the grid in at.%, shape (n, k).
        values: what the points are ranked by, shape (n,), more is better.
        regions: number of the region of each point, 1 for the largest, 0 outside the top share, shape (n,).
        elements: symbols of the k elements.
        distance_at_pct: how far the second pick and the boundary points lie from the first; where the grid has no
            points at this distance, the nearest one that it has.
        free: points that may be proposed, shape (n,); all of them by default.
        is_repeat: points that may not be picked, but may verify the boundary, shape (n,); none by default.

    Raises:
        CandidateError: no point of the largest region is free.
    """
    free = np.ones(len(points), dtype=bool) if free is None else free
    may_be_picked = free if is_repeat is None else free & ~is_repeat
    distance_at_pct = _nearest_distance(points, distance_at_pct)
    ranked = paper_order(
        values, (regions == 1) & may_be_picked, lambda first: _points_around(points, first, distance_at_pct, free)
    ).tolist()
    if not ranked:
        raise CandidateError(
            "Every point of the largest top region has been cast or refused or is out of the question; lower the step, "
            f"raise the share or widen the limits.{_repeats_in_words(is_repeat)}"
        )
    first, *around = ranked
    picks = [Candidate(first, "pick", 1, f"best of the largest top region ({int((regions == 1).sum())} compositions)")]
    second = next((point for point in around if may_be_picked[point]), None)
    if second is not None:
        reason = f"best of the {len(around)} points {distance_at_pct} at.% around pick 1"
        picks.append(Candidate(second, "pick", 2, reason))
    boundary = [point for point in around if point != second]
    return picks + [
        Candidate(point, "verification", rank, _reason_of_boundary(points[point] - points[first], elements))
        for rank, point in enumerate(boundary, start=1)
    ]


def propose_on_map(
    grid: pd.DataFrame,
    system: TargetSystem,
    choice: CandidateChoice,
    standings: Mapping[str, Standing],
    is_repeat: BoolArray | None = None,
    objectives: ObjectiveTable | None = None,
) -> pd.DataFrame:
    """What is proposed in a system on the map of the surrogate that was chosen.

    Args:
        grid: the table `prediction_grid`, or `transfer_grid` for a surrogate that has a score.
        choice: the surrogate, the rule, and the limits.
        standings: of the compositions with reported casts; those cast or refused are not proposed again.
        is_repeat: whether each point of the grid is a reported alloy, shape (n,); such a one is no pick.
        objectives: of the compositions of the system, where the choice names some.

    Raises:
        ObjectiveError: one of those does not exist here.
        UncalibratedMapError: the map could not be calibrated.
        CandidateError: nothing is left to propose, or the map is another surrogate's.
        NotCastError, FormulaError, CandidateChoiceError: see `CandidateChoice.check_system`.
    """
    surrogate = mapping_surrogate(choice.strategy)
    by_score = not surrogate.is_of_sub_models
    if by_score:
        check_map(grid, choice.strategy)
        if choice.rule == PAPER:
            # Its pair and the boundary points lie at a distance from each other, which needs a grid of one step.
            is_coarse = is_of_coarse_grid(grid)
            grid, is_repeat = grid[is_coarse], None if is_repeat is None else is_repeat[is_coarse]
    if surrogate.has_calibrated_spread and grid["interval_low_mm"].isna().any():
        raise UncalibratedMapError(
            f"Too few bulk glasses, or too few other alloys, are known for the strategy '{choice.strategy}' to say "
            f"what its scores mean; take in a larger source, or use the strategy '{PAPER_SURROGATE.name}'."
        )
    choice.check_system(system)
    at_pct = np.array(grid["at_pct"].tolist(), dtype=np.float64)
    grid = grid.assign(price_per_kg=choice.practice.alloy_prices_per_kg(at_pct, system))
    wanted = None if objectives is None else objectives.aligned(list(grid["composition"]))
    free = _free(grid, at_pct, system, choice, wanted) & ~grid["composition"].isin(settled(standings)).to_numpy()
    if choice.rule == PAPER:
        proposed = propose(
            at_pct.round().astype(np.int64),
            grid["score" if by_score else "dmax_mm"].to_numpy(np.float64),
            grid["region"].fillna(0).to_numpy(np.int64),
            system.elements,
            choice.pair_distance_at_pct,
            free,
            is_repeat,
        )
    else:
        may_be_picked = free if is_repeat is None else free & ~is_repeat
        if not may_be_picked.any() and free.any():
            raise CandidateError(f"Every composition that may be cast is a known alloy.{_repeats_in_words(is_repeat)}")
        if wanted is not None and choice.rule == WEIGHTED:
            proposed = _best_by_weights(grid, at_pct, system, choice, may_be_picked, wanted)
        else:
            proposed = _best_by_acquisition(grid, at_pct, system, choice, may_be_picked)
    rows = grid.iloc[[candidate.point for candidate in proposed]].reset_index(drop=True)
    table = pd.DataFrame(
        {
            "target_system": system.key,
            "kind": [candidate.kind for candidate in proposed],
            "rank": [candidate.rank for candidate in proposed],
            "strategy": choice.strategy,
            **{name: rows[name] for name in COPIED_COLUMNS},
            "reason": _with_posterior(rows, proposed) if by_score else [one.reason for one in proposed],
            "rule": choice.rule,
            "limits": pd.Series([choice.limits_in_words(system)] * len(rows), dtype=object),
            "expected_gain_mm": rows["expected_gain_mm"] if by_score else np.nan,
            "chance_of_better": rows["chance_of_better"] if by_score else np.nan,
            "price_per_kg": rows["price_per_kg"],
        }
    )
    return with_states(table, standings)


def check_map(transfer_grid: pd.DataFrame, strategy: str) -> None:
    """Refuse the map of another surrogate than the one by which alloys are to be chosen.

    Raises:
        CandidateError: it is another one's.
    """
    if (transfer_grid["strategy"] != strategy).any():
        raise CandidateError(
            f"The stored transfer_grid is the map of strategy '{transfer_grid['strategy'].iloc[0]}', but candidates by "
            f"strategy '{strategy}' are wanted; materialize transfer_grid with that strategy first."
        )


def _free(
    grid: pd.DataFrame,
    at_pct: FloatArray,
    system: TargetSystem,
    choice: CandidateChoice,
    wanted: ObjectiveTable | None,
) -> BoolArray:
    """Points that may be proposed by what was chosen, shape (n,).

    Raises:
        CandidateError: there is none.
    """
    free = choice.practice.allows(at_pct, system)
    if choice.least_explained > 0:
        free &= grid["explained"].to_numpy() >= choice.least_explained
    if wanted is not None:
        free &= wanted.within(choice.at_least, choice.at_most)
    free &= _is_away_from(at_pct, choice.pending_at_pct(system), choice.least_apart_at_pct)
    if not free.any():
        raise CandidateError(
            f"No composition of {system.key} is left to propose ({choice.limits_in_words(system)}); widen the limits."
        )
    return free


def _is_away_from(at_pct: FloatArray, pending: FloatArray, apart_at_pct: float) -> BoolArray:
    """Points that are no pending alloy and no nearer to one than this, shape (n,)."""
    if len(pending) == 0:
        return np.ones(len(at_pct), dtype=bool)
    return np.asarray(exchanged_at_pct(at_pct, pending).min(axis=1) >= max(apart_at_pct - 1e-9, SAME_AT_PCT))


def _best_by_acquisition(
    grid: pd.DataFrame, at_pct: FloatArray, system: TargetSystem, choice: CandidateChoice, free: BoolArray
) -> list[Candidate]:
    """The picks of a rule with an acquisition value, the best first."""
    if not free.any():
        raise CandidateError("Every composition that may be proposed has been cast or refused; widen the limits.")
    hopeless = not _can_improve(grid[free], choice.rule)
    cast, factors = next_cast_of(grid), factors_of(grid)
    among = f"of {int(free.sum()):,} compositions"
    pending = choice.pending_at_pct(system)
    if hopeless or cast is None or factors is None:
        values = grid["score"].to_numpy(np.float64) if hopeless else _acquisition_values(grid, choice.rule)
        away = free & _is_away_from(at_pct, pending, choice.distance_at_pct)
        chosen = best_apart(at_pct, values, away if away.any() else free, choice.picks, choice.distance_at_pct)
        beside = f"among those that differ from the picks before it by {choice.distance_at_pct:g} at.% or more"
    else:
        chosen = best_together(
            cast,
            factors,
            _value_of(grid, choice.rule),
            free,
            choice.picks,
            pending=nearest_known(pending, at_pct)[0],
            prices=grid["price_per_kg"].to_numpy(np.float64) if choice.rule == GAIN_PER_PRICE else 1.0,
            narrow=lambda rows, picks: far_enough(at_pct, rows, picks, choice.least_apart_at_pct),
        )
        beside = "beside the picks before it, which it adds most to"
        if choice.least_apart_at_pct:
            beside += f", {choice.least_apart_at_pct:g} at.% or more from them"
    return [
        Candidate(
            int(point),
            "pick",
            rank,
            f"{_reason(grid.iloc[point].to_dict(), choice.rule, hopeless)} {among if rank == 1 else beside}",
        )
        for rank, point in enumerate(chosen, start=1)
    ]


def _best_by_weights(
    grid: pd.DataFrame,
    at_pct: FloatArray,
    system: TargetSystem,
    choice: CandidateChoice,
    free: BoolArray,
    wanted: ObjectiveTable,
) -> list[Candidate]:
    """The picks with the highest weighted sum of objectives, apart from each other; none too far from what is known."""
    is_trusted = grid["is_trusted"].to_numpy(bool)
    values = wanted.weighted(choice.weights, is_trusted)
    usable = free & is_trusted & ~np.isnan(values)
    if not usable.any():
        raise CandidateError(
            f"No composition of {system.key} that may be proposed is near enough to what is known, or has all of "
            f"{', '.join(choice.weights)}; widen the limits, or use another rule."
        )
    away = usable & _is_away_from(at_pct, choice.pending_at_pct(system), choice.distance_at_pct)
    chosen = best_apart(at_pct, values, away if away.any() else usable, choice.picks, choice.distance_at_pct)
    weights = ", ".join(f"{name} {weight:g}" for name, weight in choice.weights.items())
    among = f"of {int(usable.sum()):,} compositions"
    beside = f"among those that differ from the picks before it by {choice.distance_at_pct:g} at.% or more"
    reasons = [
        f"the highest weighted sum ({weights}) {among if rank == 1 else beside}, with "
        f"{_values_in_words(wanted, choice, int(point))}"
        for rank, point in enumerate(chosen, start=1)
    ]
    return [
        Candidate(int(point), "pick", rank, reason)
        for rank, (point, reason) in enumerate(zip(chosen, reasons, strict=True), start=1)
    ]


def _values_in_words(wanted: ObjectiveTable, choice: CandidateChoice, point: int) -> str:
    found = [wanted.named(name) for name in choice.weights]
    return ", ".join(f"{one.title} {one.values[point]:.3g} {one.unit}".strip() for one in found)


def _value_of(grid: pd.DataFrame, rule: str) -> Value:
    """What a batch is chosen for."""
    best_mm = float(grid["best_known_mm"].iloc[0])
    return added_probability(max(best_mm, BULK_FROM_MM)) if rule == CHANCE_OF_BETTER else added_improvement_mm(best_mm)


def _can_improve(grid: pd.DataFrame, rule: str) -> bool:
    """Whether a cast anywhere on the map is predicted to have a chance against the best known alloy."""
    if rule == CHANCE_OF_BETTER:
        return bool(grid["chance_of_better"].max() >= LEAST_CHANCE)
    return bool(grid["expected_gain_mm"].max() >= LEAST_GAIN_MM)


def _acquisition_values(grid: pd.DataFrame, rule: str) -> FloatArray:
    """Acquisition value of each point by a rule, shape (n,)."""
    if rule == CHANCE_OF_BETTER:
        return grid["chance_of_better"].to_numpy(np.float64)
    gain = grid["expected_gain_mm"].to_numpy(np.float64)
    return gain / grid["price_per_kg"].to_numpy(np.float64) if rule == GAIN_PER_PRICE else gain


def _repeats_in_words(is_repeat: BoolArray | None) -> str:
    """How to have known alloys proposed, where some are kept back."""
    if is_repeat is None or not is_repeat.any():
        return ""
    return " Known alloys are not picked; the setting repeats (`--repeats`) allows it."


def _reason(point: Mapping[Hashable, Any], rule: str, hopeless: bool) -> str:
    best = point["best_known_mm"]
    if hopeless:
        return f"the map predicts nothing above the best known {best:g} mm, so by score alone: the best"
    if rule == CHANCE_OF_BETTER:
        bar = f"the best known {best:g} mm" if best >= BULK_FROM_MM else f"{BULK_FROM_MM:g} mm, none being known"
        return f"a chance of {point['chance_of_better']:.1%} of a D_max above {bar}, the most"
    gain = f"an expected gain of {point['expected_gain_mm']:.2f} mm over the best known {best:g} mm"
    return f"{gain} at {point['price_per_kg']:.3g} per kg, the most" if rule == GAIN_PER_PRICE else f"{gain}, the most"


def _with_posterior(rows: pd.DataFrame, proposed: Sequence[Candidate]) -> list[str]:
    """Reasons, with the posterior of the points and a warning where few alloys support it."""
    return [
        f"{candidate.reason}: {_probability(row)}expected D_max {row['dmax_mm']:.2f} mm{_thin_support(row)}"
        for candidate, row in zip(proposed, rows.to_dict("records"), strict=True)
    ]


def _probability(point: Mapping[Hashable, Any]) -> str:
    probability = point["probability_bulk"]
    if pd.isna(probability):
        return ""
    # No calibration makes a next cast certain.
    shown = "more than 99%" if probability > 0.99 else "less than 1%" if probability < 0.01 else f"{probability:.0%}"
    return f"bulk glass with a probability of {shown}, "


def _thin_support(point: Mapping[Hashable, Any]) -> str:
    count = point["n_with_rarest_element"]
    return f"; only {count} known alloys hold {point['rarest_element']}" if count < FEW_ALLOYS else ""


def _nearest_distance(points: IntArray, wanted: int) -> int:
    """The multiple of the grid's step nearest to a distance: quaternaries have steps of 2 at.%, but the pairs 5."""
    step = step_of_points(points)
    return max(1, round(wanted / step)) * step


def _points_around(points: IntArray, centre: int, distance: int, free: BoolArray) -> IntArray:
    """Free rows of the grid at `distance` from the centre along each exchange of two elements."""
    place = {tuple(point): row for row, point in enumerate(points.tolist())}
    wanted = (points[centre] + distance * exchange_directions(points.shape[1])).tolist()
    rows = [place[tuple(point)] for point in wanted if tuple(point) in place]
    return np.array([row for row in rows if free[row]], dtype=np.int64)


def _reason_of_boundary(change: IntArray, elements: tuple[str, ...]) -> str:
    more, less = elements[int(np.argmax(change))], elements[int(np.argmin(change))]
    return f"boundary of pick 1: {change.max()} at.% of {less} replaced by {more}, the rest held constant"
