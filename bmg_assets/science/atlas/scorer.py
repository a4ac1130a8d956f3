"""The surrogate `composite` at a cost that allows millions of compositions, with or without some of what is known."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bmg_assets.science.arrays import FloatArray, IntArray, RealArray
from bmg_assets.science.models.gaussian_process import explained_by
from bmg_assets.science.surrogates.alloys import Compositions
from bmg_assets.science.surrogates.composite import FittedComposite
from bmg_assets.science.surrogates.composite_kernel import KernelColumns, composite_prior_variance

ROWS_AT_ONCE = 512
"""Compositions whose covariance with the known alloys is computed at once: those of a few systems span few directions,
and more would span more."""
SMALLEST_VARIANCE = 1e-9
NO_SYSTEM = ""
"""Name of the system of alloys that are of no known one."""
NOTHING_HIDDEN = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Scorer:
    """A fitted surrogate as if some of its alloys had never been reported."""

    fitted: FittedComposite
    coefficients: RealArray
    """Of the score, shape (n,)."""
    hidden: IntArray
    """Rows of the literature that are not known, shape (h,)."""

    @classmethod
    def of(cls, fitted: FittedComposite, hidden: IntArray = NOTHING_HIDDEN) -> "Scorer":
        """Without these rows of the literature; own casts of the surrogate are not looked at."""
        coefficients = fitted.process.process.coefficients_without(hidden)[:, 0]
        return cls(fitted, coefficients.astype(np.float32), hidden)

    @property
    def elements(self) -> tuple[str, ...]:
        """Columns of the compositions that it takes."""
        return self.fitted.space.elements.symbols

    def scores(self, compositions: Compositions) -> FloatArray:
        """The score of n compositions, shape (n,)."""
        return np.concatenate([self._score_by(self._to_known(part)) for part in _parts(compositions)])

    def uncertainties(self, compositions: Compositions) -> FloatArray:
        """Standard deviation that the known alloys leave to each score, without noise, shape (n,)."""
        process, found = self.fitted.process.process, []
        for part in _parts(compositions):
            to_known = self._to_known(part)
            explained = (
                process.explained_variance(to_known, self.hidden)
                if len(self.hidden)
                else explained_by(self._half_inverse, to_known)
            )
            prior = composite_prior_variance(self.fitted.space.embed(part))
            found.append(np.sqrt(np.maximum(prior - explained, SMALLEST_VARIANCE)))
        return np.concatenate(found)

    def of_many_elements(self, compositions: Compositions) -> tuple[FloatArray, FloatArray]:
        """Scores and uncertainties as if a trace of further elements made a system of many elements of each.

        What is known of their own systems is then known of a related system; nothing may be hidden.
        """
        scores, uncertainties = [], []
        for part in _parts(compositions):
            n, embedding = len(part.fractions), self.fitted.space.embed(part)
            traced = replace(embedding, systems=np.full(n, NO_SYSTEM), has_many_elements=np.ones(n, dtype=bool))
            to_known = self._columns.covariance_of(traced)
            scores.append(self._score_by(to_known))
            explained = explained_by(self._half_inverse, to_known)
            uncertainties.append(np.sqrt(np.maximum(composite_prior_variance(traced) - explained, SMALLEST_VARIANCE)))
        return np.concatenate(scores), np.concatenate(uncertainties)

    def _score_by(self, to_known: RealArray) -> FloatArray:
        return np.asarray(to_known @ self.coefficients, dtype=np.float64) + float(self.fitted.process.mean[0])

    def _to_known(self, compositions: Compositions) -> RealArray:
        return self._columns.covariance_of(self.fitted.space.embed(compositions))

    @cached_property
    def _half_inverse(self) -> RealArray:
        return self.fitted.process.process.half_inverse()

    @cached_property
    def _columns(self) -> KernelColumns:
        return KernelColumns.of(self.fitted.embedding)


def _parts(compositions: Compositions) -> list[Compositions]:
    rows = np.arange(len(compositions.fractions))
    return [compositions.take(rows[start : start + ROWS_AT_ONCE]) for start in range(0, len(rows), ROWS_AT_ONCE)]
