"""The best composition of a quaternary at 1 at.%: a climb from the highest scores of its coarse lattice."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from bmg_assets.science.alloys.distances import exchanged_at_pct
from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray
from bmg_assets.science.atlas.lattice import Lattice, lattice_of
from bmg_assets.science.atlas.scan import Scan
from bmg_assets.science.atlas.scorer import Scorer
from bmg_assets.science.proposals.refinement import FINE_STEP_AT_PCT, exchanges
from bmg_assets.science.surrogates.alloys import Compositions

STARTS = 3
"""Summits of the coarse lattice from which a climb begins."""
REACH_AT_PCT = 2
"""How far a climb looks around, in at.% exchanged, so that a dent of one step does not hold it up."""


@dataclass(frozen=True)
class FineBest:
    """The best composition at 1 at.%."""

    point: IntArray
    """In at.%, shape (1, elements)."""
    score: float
    uncertainty: float
    """Standard deviation that the known alloys leave to the score, without noise."""


def refined_best(scorer: Scorer, scan: Scan, lattice: Lattice) -> FineBest:
    """Climb from the highest summits of a scan to where no composition nearby scores more."""
    scored: dict[tuple[int, ...], float] = {}
    for row in _summits(scan.score, lattice):
        _climb(scorer, scan.elements, lattice.points[row], scored)
    best = max(scored, key=lambda one: scored[one])
    point = np.array([best], dtype=np.int64)
    uncertainty = scorer.uncertainties(_compositions(scorer, scan.elements, point))
    return FineBest(point, scored[best], float(uncertainty[0]))


def _summits(score: FloatArray, lattice: Lattice) -> IntArray:
    """Rows that score no less than all their neighbours on the lattice, the highest first, STARTS at most."""
    higher = np.where(_neighbours(lattice.points.shape[1]), score[np.newaxis, :], -np.inf).max(axis=1)
    rows = np.flatnonzero(score >= higher)
    return np.asarray(rows[np.argsort(-score[rows], kind="stable")][:STARTS], dtype=np.int64)


@cache
def _neighbours(n_elements: int) -> BoolArray:
    """Which rows of a lattice are a step apart, shape (n, n)."""
    lattice = lattice_of(n_elements)
    points = lattice.points.astype(np.float64)
    return np.asarray(np.isclose(exchanged_at_pct(points, points), lattice.step_at_pct))


def _climb(scorer: Scorer, elements: tuple[str, ...], start: IntArray, scored: dict[tuple[int, ...], float]) -> None:
    """Go where the score is highest, until that is here; what was scored is kept."""
    here = tuple(start.tolist())
    while True:
        around = start + np.vstack([np.zeros_like(start), _steps(len(elements))])
        inside = [one for one in map(tuple, around[(around >= FINE_STEP_AT_PCT).all(axis=1)].tolist())]
        new = [one for one in inside if one not in scored]
        if new:
            found = scorer.scores(_compositions(scorer, elements, np.array(new, dtype=np.int64)))
            scored.update(zip(new, found.tolist(), strict=True))
        best = max(inside, key=lambda one: scored[one])
        if best == here:
            return
        here, start = best, np.array(best, dtype=np.int64)


@cache
def _steps(n_elements: int) -> IntArray:
    """The steps that a climb looks at, shape (m, n_elements)."""
    return exchanges(n_elements, REACH_AT_PCT)


def _compositions(scorer: Scorer, elements: tuple[str, ...], points: IntArray) -> Compositions:
    fractions = np.zeros((len(points), len(scorer.elements)))
    fractions[:, [scorer.elements.index(element) for element in elements]] = points / 100
    return Compositions(scorer.elements, fractions, np.empty((len(points), 0)))
