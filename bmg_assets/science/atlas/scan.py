"""Scanning systems: the score and what is left open at every composition, computed at a few and interpolated between.

What has the highest interpolated scores is computed itself, so that the best composition is the one that a map of all
compositions has; a test compares both on systems that are known and on systems that nobody has cast.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray
from bmg_assets.science.atlas.lattice import Lattice
from bmg_assets.science.atlas.scorer import Scorer
from bmg_assets.science.surrogates.alloys import Compositions

SYSTEMS_AT_ONCE = 16
"""What the known alloys leave open costs 1.9 ms a composition for 44 of them at once, and 1.2 ms for 176."""


@dataclass(frozen=True)
class Scan:
    """A system at the n compositions of its lattice."""

    elements: tuple[str, ...]
    score: FloatArray
    """Shape (n,)."""
    uncertainty: FloatArray
    """Standard deviation that the known alloys leave to the score, without noise, shape (n,)."""
    is_computed: BoolArray
    """Whether the score was computed, not interpolated, shape (n,)."""

    @property
    def best(self) -> int:
        """Row of the composition with the highest score."""
        return int(np.argmax(self.score))


def scan_all(scorer: Scorer, systems: Sequence[tuple[str, ...]], lattice: Lattice) -> Iterator[Scan]:
    """Scan systems, some at once, in bounded memory."""
    for start in range(0, len(systems), SYSTEMS_AT_ONCE):
        yield from scan_systems(scorer, systems[start : start + SYSTEMS_AT_ONCE], lattice)


def scan_systems(scorer: Scorer, systems: Sequence[tuple[str, ...]], lattice: Lattice) -> list[Scan]:
    """Scan systems of as many elements as the lattice has, together: each call of the surrogate costs milliseconds.

    The score at the best composition of each, and what is left open there, are not interpolated.
    """
    scores, computed = _scores(scorer, systems, lattice)
    opened = lattice.opened.rows
    best = scores.argmax(axis=1)
    asked = [np.append(opened, row) for row in best]
    uncertainties = _asked(scorer.uncertainties, scorer.elements, systems, lattice, asked)
    scans = []
    for system, score, is_computed, row, uncertainty in zip(
        systems, scores, computed, best, uncertainties, strict=True
    ):
        everywhere = np.maximum(lattice.opened.weights @ uncertainty[:-1], uncertainty.min())
        everywhere[asked[0][:-1]] = uncertainty[:-1]
        everywhere[row] = uncertainty[-1]
        scans.append(Scan(system, score, everywhere, is_computed))
    return scans


def _scores(scorer: Scorer, systems: Sequence[tuple[str, ...]], lattice: Lattice) -> tuple[FloatArray, BoolArray]:
    """Scores, and which of them were computed, both of shape (systems, n)."""
    nodes = lattice.scored.rows
    at_nodes = np.vstack(_asked(scorer.scores, scorer.elements, systems, lattice, [nodes] * len(systems)))
    scores = at_nodes @ lattice.scored.weights.T
    scores[:, nodes] = -np.inf
    top = np.argpartition(-scores, lattice.top, axis=1)[:, : lattice.top]
    scores[:, nodes] = at_nodes
    computed = np.zeros(scores.shape, dtype=bool)
    computed[:, nodes] = True
    again = _asked(scorer.scores, scorer.elements, systems, lattice, list(top))
    for row, (of_system, found) in enumerate(zip(top, again, strict=True)):
        scores[row, of_system] = found
        computed[row, of_system] = True
    # An interpolated score may not win over computed ones: nobody has seen it.
    least = np.where(computed, scores, -np.inf).max(axis=1, keepdims=True)
    return np.where(computed, scores, np.minimum(scores, np.nextafter(least, -np.inf))), computed


def _asked(
    ask: Callable[[Compositions], FloatArray],
    elements: tuple[str, ...],
    systems: Sequence[tuple[str, ...]],
    lattice: Lattice,
    rows: Sequence[IntArray],
) -> list[FloatArray]:
    """What the surrogate says at some rows of the lattice, other ones in each of the systems.

    Args:
        elements: columns of the compositions that the surrogate takes.
    """
    fractions = np.zeros((sum(map(len, rows)), len(elements)))
    stops = np.cumsum([len(one) for one in rows])
    for system, of_system, stop in zip(systems, rows, stops, strict=True):
        columns = [elements.index(element) for element in system]
        fractions[stop - len(of_system) : stop, columns] = lattice.points[of_system] / 100
    answers = ask(Compositions(elements, fractions, np.empty((len(fractions), 0))))
    return np.split(answers, stops[:-1])
