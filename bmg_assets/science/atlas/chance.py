"""The chance that a system holds a bulk glass, calibrated on systems that were left out.

The best of thousands of compositions is partly a lucky one, so its own probability promises too much: of left-out
ternaries whose best composition had 92 % on average, 66 % hold a reported bulk glass. A logistic regression on that
probability (as a normal deviate) and on what the known alloys leave open there, for each number of elements, is right
on average. It tells the chance that a bulk glass is reported where people look for one, which is what there is to learn
from: systems in which nobody looked are in no table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray
from bmg_assets.science.atlas.best import BestComposition

FEWEST_OF_A_KIND = 10
"""Left-out systems with a bulk glass, and without one, from which a chance is told."""
PENALTY = 0.1
"""Of the squared coefficients of standardised terms, beside the sum of the logarithms."""


@dataclass(frozen=True)
class BestOfSystems:
    """The best compositions of n systems."""

    n_elements: IntArray
    deviate: FloatArray
    """Normal deviate of the probability that it is a bulk glass."""
    uncertainty: FloatArray
    """Standard deviation that the known alloys leave to its score; all of shape (n,)."""

    @classmethod
    def of(cls, each: Sequence[BestComposition]) -> "BestOfSystems":
        """Several as one."""
        return cls(
            np.array([one.n_elements for one in each], dtype=np.int64),
            np.array([one.deviate for one in each], dtype=np.float64),
            np.array([one.uncertainty for one in each], dtype=np.float64),
        )

    @property
    def terms(self) -> FloatArray:
        """What the chance depends on, shape (n, 2)."""
        return np.column_stack([self.deviate, self.uncertainty])

    def take(self, rows: BoolArray | IntArray) -> "BestOfSystems":
        """Chosen systems."""
        return BestOfSystems(self.n_elements[rows], self.deviate[rows], self.uncertainty[rows])


@dataclass(frozen=True)
class Logistic:
    """Log odds that are linear in two terms."""

    intercept: float
    slopes: FloatArray

    @classmethod
    def fit(cls, terms: FloatArray, outcomes: BoolArray) -> "Logistic":
        """Fit to n outcomes of both kinds; terms have the shape (n, 2)."""
        from sklearn.linear_model import LogisticRegression

        mean, deviation = terms.mean(axis=0), np.maximum(terms.std(axis=0), 1e-9)
        fitted = LogisticRegression(C=1 / PENALTY).fit((terms - mean) / deviation, outcomes)
        slopes = fitted.coef_[0] / deviation
        return cls(float(fitted.intercept_[0] - mean @ slopes), slopes)

    def log_odds(self, terms: FloatArray) -> FloatArray:
        """Shape (n,)."""
        return np.asarray(self.intercept + terms @ self.slopes)


@dataclass(frozen=True)
class SystemChance:
    """For each number of elements a regression; none where too few systems could be left out."""

    by_elements: Mapping[int, Logistic]

    @classmethod
    def fit(cls, left_out: BestOfSystems, has_bulk: BoolArray) -> "SystemChance":
        """Fit to systems that were left out, and whether they hold a reported bulk glass, shape (n,)."""
        found = {}
        for n_elements in np.unique(left_out.n_elements).tolist():
            rows = left_out.n_elements == n_elements
            outcomes = has_bulk[rows]
            is_told = np.isfinite(left_out.deviate[rows]).all()
            if is_told and min(outcomes.sum(), (~outcomes).sum()) >= FEWEST_OF_A_KIND:
                found[n_elements] = Logistic.fit(left_out.take(rows).terms, outcomes)
        return cls(found)

    def log_odds(self, best: BestOfSystems) -> FloatArray:
        """Of each system, shape (n,); NaN where none can be told."""
        found = np.full(len(best.deviate), np.nan)
        for n_elements, regression in self.by_elements.items():
            rows = best.n_elements == n_elements
            found[rows] = regression.log_odds(best.take(rows).terms)
        return found


def cross_fitted_chances(left_out: BestOfSystems, has_bulk: BoolArray, folds: int, seed: int) -> FloatArray:
    """The chance of each left-out system by a regression on the other folds, shape (n,); NaN where none can be told."""
    fold = np.random.default_rng(seed).permutation(len(has_bulk)) % folds
    chances = np.full(len(has_bulk), np.nan)
    for one in range(folds):
        fitted = SystemChance.fit(left_out.take(fold != one), has_bulk[fold != one])
        chances[fold == one] = chance_of(fitted.log_odds(left_out.take(fold == one)))
    return chances


def chance_of(log_odds: FloatArray) -> FloatArray:
    """Probabilities, shape (n,)."""
    from scipy.special import expit

    return np.asarray(expit(log_odds))
