"""Calibration on systems left out: probability of bulk glass and intervals that hold for systems that nobody has cast.

A surrogate's score ranks compositions; it has no unit. What a score means is estimated on systems that were left out
whole while the score was made: for every diameter, the share of alloys above it as a rising function of the score
(isotonic distributional regression, Henzi, Ziegel and Gneiting, J. R. Stat. Soc. B 83 (2021) 963). The probability of a
bulk glass, the expected diameter and intervals all follow from this distribution.

Most alloys are no bulk glasses, so that an interval that holds most alloys may miss most bulk glasses. The level of the
intervals is therefore chosen by class (conformal prediction with Mondrian classes, Vovk et al., Algorithmic Learning in
a Random World, 2005): high enough for the bulk glasses, and for the rest, of the systems that are alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.errors import BmgError

FEWEST_BULK, FEWEST_OTHERS = 10, 3
"""Fewest bulk glasses of left-out systems, and fewest other alloys, with which a calibration is tried."""
ABOVE_TIES = 1e-9
PARTS = 5
"""Parts of the left-out systems, each held out once when the level of the intervals is chosen."""


class CalibrationError(BmgError):
    """The left-out systems hold too few bulk glasses, or hardly anything else, to calibrate."""


@dataclass(frozen=True)
class LeftOutScores:
    """Scores of alloys whose systems were left out, with their D_max and system."""

    score: FloatArray
    """Scores, more is better, shape (n,)."""
    dmax_mm: FloatArray
    """Shape (n,)."""
    systems: NDArray[np.object_]
    """Chemical system of each alloy, shape (n,)."""

    @classmethod
    def of_all(cls, parts: Sequence["LeftOutScores"]) -> "LeftOutScores":
        """Scores of several systems as one."""
        return cls(
            np.concatenate([np.empty(0), *(part.score for part in parts)]),
            np.concatenate([np.empty(0), *(part.dmax_mm for part in parts)]),
            np.concatenate([np.empty(0, dtype=object), *(part.systems for part in parts)]),
        )

    def contradicted(self) -> "LeftOutScores":
        """Add two invented alloys: no glass at the highest score, the thickest glass at the lowest.

        The next alloy may differ from all before it: no probability shall be 0 or 1 because few alloys were seen.
        """
        extremes = [self.score.max(), self.score.min()]
        return LeftOutScores(
            np.append(self.score, extremes),
            np.append(self.dmax_mm, [self.dmax_mm.min(), self.dmax_mm.max()]),
            np.append(self.systems, ["above all", "below all"]),
        )

    def take(self, rows: NDArray[np.bool_]) -> "LeftOutScores":
        """The scores of chosen rows."""
        return LeftOutScores(self.score[rows], self.dmax_mm[rows], self.systems[rows])

    @property
    def weights(self) -> FloatArray:
        """One over the root of the number of alloys of the system: large systems count more, but not in proportion."""
        _, place, counts = np.unique(self.systems.astype(str), return_inverse=True, return_counts=True)
        return np.asarray(1 / np.sqrt(counts[place]))


@dataclass(frozen=True)
class Distribution:
    """Isotonic distributional regression of D_max on a score."""

    scores: FloatArray
    """Scores that were seen, rising, shape (m,)."""
    diameters_mm: FloatArray
    """Diameters that were seen, rising, shape (t,)."""
    above: FloatArray
    """Probability of a diameter above each of these at each of the scores, shape (m, t); the last is zero."""

    @classmethod
    def fit(cls, left_out: LeftOutScores) -> "Distribution":
        """Fit to left-out scores; between the scores that were seen, probabilities are interpolated."""
        from sklearn.isotonic import isotonic_regression

        order = np.argsort(left_out.score, kind="stable")
        scores, place = np.unique(left_out.score[order], return_inverse=True)
        weight = left_out.weights[order]
        weight_of_score = np.bincount(place, weight)
        diameters = np.unique(left_out.dmax_mm)
        above = np.empty((len(scores), len(diameters)))
        for column, diameter in enumerate(diameters):
            share = np.bincount(place, weight * (left_out.dmax_mm[order] > diameter)) / weight_of_score
            above[:, column] = isotonic_regression(share, sample_weight=weight_of_score)
        return cls(scores, diameters, above)

    def above_at(self, score: FloatArray) -> FloatArray:
        """Probability of a diameter above each of `diameters_mm`, shape (n, t)."""
        return np.column_stack([np.interp(score, self.scores, column) for column in self.above.T])

    def probability_of(self, score: FloatArray, diameter_mm: float) -> FloatArray:
        """Probability of this diameter or more, shape (n,)."""
        below = int(np.searchsorted(self.diameters_mm, diameter_mm))  # diameters seen that are smaller
        return np.ones(len(score)) if below == 0 else self.above_at(score)[:, below - 1]

    def at_least(self, score: FloatArray, diameter_mm: FloatArray) -> FloatArray:
        """Probability of its own diameter or more for each alloy, shape (n,)."""
        above = np.column_stack([np.ones(len(score)), self.above_at(score)])
        return np.asarray(above[np.arange(len(score)), np.searchsorted(self.diameters_mm, diameter_mm)])

    def mean(self, score: FloatArray) -> FloatArray:
        """Expected diameter in mm, shape (n,): the integral of P(D > d) over d."""
        above = np.column_stack([np.ones(len(score)), self.above_at(score)[:, :-1]])
        return np.asarray(above @ np.diff(self.diameters_mm, prepend=0.0))

    def interval(self, score: FloatArray, coverage: float) -> tuple[FloatArray, FloatArray]:
        """Quantiles of D_max in mm with the same probability below and above them, two of shape (n,)."""
        above = self.above_at(score)
        tail = (1 - coverage) / 2
        # The smallest diameter that no more than a share of the alloys exceeds.
        low = (above > 1 - tail - 1e-12).sum(axis=1)
        high = (above > tail + 1e-12).sum(axis=1)
        last = len(self.diameters_mm) - 1
        return self.diameters_mm[np.minimum(low, last)], self.diameters_mm[np.minimum(high, last)]


@dataclass(frozen=True)
class Calibration:
    """The distribution of D_max at each score, and how far intervals must reach to hold each class."""

    distribution: Distribution
    alike: LeftOutScores
    """Scores of the systems by which the levels of intervals are chosen."""
    needed: FloatArray
    """The smallest nominal level at which each of their alloys lay within the interval of its held-out score."""

    @classmethod
    def fit(cls, left_out: LeftOutScores, alike: NDArray[np.bool_], seed: int) -> "Calibration":
        """Fit the distribution to all systems, and choose the levels on parts of the systems held out in turn.

        Args:
            left_out: of n alloys.
            alike: which of them are of the family of the target system, shape (n,); the levels are chosen by these,
                where there are bulk glasses enough among them.
            seed: of the parts.

        Raises:
            CalibrationError: there are too few bulk glasses, or too few other alloys.
        """
        is_bulk = left_out.dmax_mm >= BULK_FROM_MM
        for kind, found, fewest in (
            ("bulk glasses", is_bulk.sum(), FEWEST_BULK),
            ("alloys that are no bulk glasses", (~is_bulk).sum(), FEWEST_OTHERS),
        ):
            if found < fewest:
                raise CalibrationError(
                    f"Found {found} {kind} in systems that can be left out, expected {fewest} or more; "
                    "add a source of alloys."
                )
        if (left_out.dmax_mm[alike] >= BULK_FROM_MM).sum() < FEWEST_BULK:
            alike = np.ones(len(left_out.score), dtype=bool)
        needed = _levels_needed(left_out, seed)
        return cls(Distribution.fit(left_out.contradicted()), left_out.take(alike), needed[alike])

    def level_for(self, coverage: float) -> float:
        """The nominal level of the intervals that hold this share of the bulk glasses, and of the rest."""
        is_bulk = self.alike.dmax_mm >= BULK_FROM_MM
        return max(
            conformal_quantile(self.needed[rows], self.alike.systems[rows], coverage)
            for rows in (is_bulk, ~is_bulk)
            if rows.any()
        )

    def interval(self, score: FloatArray, coverage: float) -> tuple[FloatArray, FloatArray]:
        """Bounds of D_max in mm, two of shape (n,), that hold this share of the bulk glasses, and of the rest."""
        return self.distribution.interval(score, self.level_for(coverage))


def _levels_needed(left_out: LeftOutScores, seed: int) -> FloatArray:
    """The smallest nominal level at which each alloy lies within the interval of its held-out score, shape (n,)."""
    systems = np.unique(left_out.systems.astype(str))
    part_of = dict(zip(systems, np.random.default_rng(seed).permutation(len(systems)) % PARTS, strict=True))
    parts = np.array([part_of[str(system)] for system in left_out.systems])
    needed = np.ones(len(left_out.score))
    for part in range(PARTS):
        held_out = parts == part
        if held_out.any() and not held_out.all():
            needed[held_out] = _level_of(
                Distribution.fit(left_out.take(~held_out).contradicted()), left_out.take(held_out)
            )
    return needed


def _level_of(distribution: Distribution, alloys: LeftOutScores) -> FloatArray:
    above = distribution.above_at(alloys.score)
    rows = np.arange(len(alloys.score))
    upper = np.searchsorted(distribution.diameters_mm, alloys.dmax_mm, side="left")
    # `more` is P(D > d) and `above_or_at` is P(D ≥ d), d being the alloy's own diameter.
    above_or_at = np.where(upper > 0, above[rows, np.maximum(upper - 1, 0)], 1.0)
    more = above[rows, np.minimum(upper, len(distribution.diameters_mm) - 1)]
    # An interval reaches d only if its tail is smaller than P(D ≥ d).
    level: FloatArray = np.clip(np.maximum(1 - 2 * above_or_at, 2 * more - 1) + ABOVE_TIES, 0.0, 1.0)
    return level


def conformal_quantile(needed: FloatArray, systems: NDArray[np.object_], coverage: float) -> float:
    """The level that holds this share of the alloys, every system counting once, for one system more (conformal)."""
    _, place, counts = np.unique(systems.astype(str), return_inverse=True, return_counts=True)
    order = np.argsort(needed)
    reached = np.cumsum(1 / counts[place][order])
    rank = int(np.searchsorted(reached, coverage * (len(counts) + 1) - 1e-9))
    return 1.0 if rank >= len(needed) else float(needed[order[rank]])
