"""Rules by which a simulated campaign casts its pairs: those of the proposals, and some to set beside them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.regions import exchange_directions, label_regions, top_share
from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray
from bmg_assets.science.evidence.campaign_names import BLIND, REFERENCE
from bmg_assets.science.evidence.map_process import MapProcess
from bmg_assets.science.proposals.acquisition import best_apart, paper_order, paper_pair
from bmg_assets.science.proposals.batch import Value, added_improvement_mm, added_probability, best_together
from bmg_assets.science.proposals.improvement import expected_improvement_mm, probability_of_improvement

PAIR = 2
APART_AT_PCT = 5.0
TOP_SHARE = 0.05
LEAST_VALUE = 1e-9
"""Where no acquisition value of a map is larger, the score decides."""


@dataclass(frozen=True)
class Round:
    """What a laboratory knows when it chooses the next pair."""

    at_pct: FloatArray
    """Compositions of the map, shape (n, k)."""
    step_at_pct: int | None
    """Step of the grid; None for a pool of reported alloys."""
    process: MapProcess
    """Conditioned on what was cast."""
    free: BoolArray
    """What has not been cast, shape (n,); one at least."""
    best_mm: float
    """Of the casts so far; 0 without one."""

    @property
    def bar_mm(self) -> float:
        """What an alloy has to be above to be better: the best cast, and a bulk glass."""
        return max(self.best_mm, BULK_FROM_MM)


Rule = Callable[[Round, np.random.Generator], IntArray]
"""Chooses two rows, fewer where fewer are free."""


def at_random(known: Round, rng: np.random.Generator) -> IntArray:
    """Blind casting."""
    return np.asarray(rng.permutation(np.flatnonzero(known.free))[:PAIR], dtype=np.int64)


def paper(known: Round, rng: np.random.Generator) -> IntArray:
    """The paper's pair on the score: the best of the largest top region, and the best of the six points around it."""
    score = known.process.score
    if known.step_at_pct is None:
        return paper_pair(known.at_pct, score, known.free)
    points, step = known.at_pct.round().astype(np.int64), known.step_at_pct
    start = (label_regions(points, top_share(score, TOP_SHARE), step) == 1) & known.free
    distance = max(1, round(APART_AT_PCT / step)) * step
    rows = {tuple(point): row for row, point in enumerate(points.tolist())}

    def around(first: int) -> IntArray:
        wanted = (points[first] + distance * exchange_directions(points.shape[1])).tolist()
        return np.array([rows[at] for at in map(tuple, wanted) if at in rows and known.free[rows[at]]], dtype=np.int64)

    return paper_order(score, start if start.any() else known.free, around)[:PAIR]


def score_apart(known: Round, rng: np.random.Generator) -> IntArray:
    """The highest scores, at a distance from each other."""
    return _apart(known, known.process.score)


def gain_apart(known: Round, rng: np.random.Generator) -> IntArray:
    """The highest expected improvements, at a distance from each other."""
    return _apart(known, expected_improvement_mm(known.process.next_cast, known.best_mm))


def expected_gain(known: Round, rng: np.random.Generator) -> IntArray:
    """The highest expected improvement, and what adds most to it."""
    return _together(known, added_improvement_mm(known.best_mm))


def chance_apart(known: Round, rng: np.random.Generator) -> IntArray:
    """The highest probabilities of a better alloy, at a distance from each other."""
    return _apart(known, probability_of_improvement(known.process.next_cast, known.bar_mm))


def chance_of_better(known: Round, rng: np.random.Generator) -> IntArray:
    """The highest probability of a better alloy, and what adds most to it."""
    return _together(known, added_probability(known.bar_mm))


def upper_bound(known: Round, rng: np.random.Generator) -> IntArray:
    """The highest diameters one standard deviation above the mean of the logarithm, at a distance from each other."""
    cast = known.process.next_cast
    return _apart(known, cast.mean + cast.spread)


def thompson(known: Round, rng: np.random.Generator) -> IntArray:
    """The best composition of each of two maps that are drawn from the posterior (Thompson, Biometrika 25, 1933)."""
    cast, factors, free = known.process.next_cast, known.process.factors, known.free.copy()
    picks: list[int] = []
    for _ in range(min(PAIR, int(free.sum()))):
        drawn = cast.mean + cast.spread * (factors @ rng.standard_normal(factors.shape[1]))
        picks.append(int(np.argmax(np.where(free, drawn, -np.inf))))
        free[picks[-1]] = False
    return np.array(picks, dtype=np.int64)


RULES: dict[str, Rule] = {
    REFERENCE: expected_gain,
    "paper": paper,
    "score_apart": score_apart,
    "gain_apart": gain_apart,
    "chance_of_better": chance_of_better,
    "chance_apart": chance_apart,
    "upper_bound": upper_bound,
    "thompson": thompson,
    BLIND: at_random,
}
"""By their names, RULE_NAMES."""


def _apart(known: Round, values: FloatArray) -> IntArray:
    hopeless = values[known.free].max() < LEAST_VALUE
    return best_apart(known.at_pct, known.process.score if hopeless else values, known.free, PAIR, APART_AT_PCT)


def _together(known: Round, value: Value) -> IntArray:
    return best_together(known.process.next_cast, known.process.factors, value, known.free, PAIR)
