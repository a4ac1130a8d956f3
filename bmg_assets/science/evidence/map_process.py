"""The surrogate `composite` on the map of one system: what is known but the system itself, and casts one by one.

One fit to the whole literature serves all systems. What a system's own alloys say is taken back in closed form, which
leaves mean and covariance of the process on the map; casts condition these, at the cost of a few columns. The
calibration stays. The numbers are those of `FittedComposite.condition_on`, at a hundredth of its cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray, RealArray
from bmg_assets.science.models.interval_calibration import IntervalCalibration
from bmg_assets.science.models.pivoted_cholesky import pivoted_cholesky
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import LogNormal
from bmg_assets.science.surrogates.composite import FACTORS, UNEXPLAINED, FittedComposite, observed_scores
from bmg_assets.science.surrogates.composite_kernel import composite_kernel
from bmg_assets.science.surrogates.composite_left_out import flags_of
from bmg_assets.science.surrogates.transfer import OWN_NOISE

LEAST_VARIANCE = 1e-9


@dataclass(frozen=True)
class MapProcess:
    """The process on n compositions of a system, and what its scores mean."""

    compositions: Compositions
    score: FloatArray
    """Shape (n,)."""
    covariance: FloatArray
    """Of the scores, shape (n, n)."""
    flags: FloatArray
    """See `LeftOutAlloys.flags`, shape (n, 3)."""
    calibration: IntervalCalibration

    def __len__(self) -> int:
        return len(self.score)

    def take(self, rows: IntArray) -> "MapProcess":
        """The process on some of the compositions."""
        inside = self.covariance[np.ix_(rows, rows)]
        return MapProcess(self.compositions.take(rows), self.score[rows], inside, self.flags[rows], self.calibration)

    def after(self, rows: IntArray, own: Alloys) -> "MapProcess":
        """The process conditioned on own casts of some of the compositions, shape (k,), which were not cast before."""
        if len(rows) == 0:
            return self
        predicted, left = self.score[rows], self.covariance[np.ix_(rows, rows)]
        values, noise = observed_scores(own, predicted, left)
        gain = np.linalg.solve(left + np.diag(noise), self.covariance[rows]).T
        return replace(
            self,
            score=self.score + gain @ (values - predicted),
            covariance=self.covariance - gain @ self.covariance[rows],
        )

    @cached_property
    def variance(self) -> FloatArray:
        """What the process leaves open, shape (n,)."""
        return np.maximum(np.diag(self.covariance), LEAST_VARIANCE)

    @cached_property
    def next_cast(self) -> LogNormal:
        """See `Posterior.next_cast`."""
        log_dmax = self.calibration.predict(self.score, np.sqrt(self.variance), self.flags)
        return LogNormal(log_dmax.mean, log_dmax.spread, shift_mm=0.0, largest_mm=self.calibration.largest_mm)

    @cached_property
    def factors(self) -> FloatArray:
        """See `Posterior.factors`."""
        found = pivoted_cholesky(self.variance, lambda row: self.covariance[:, row], FACTORS, UNEXPLAINED)
        return np.asarray(found / np.sqrt(self.variance + OWN_NOISE)[:, None])


def map_processes(
    fitted: FittedComposite,
    calibration: IntervalCalibration,
    compositions: Compositions,
    hidden: Sequence[BoolArray],
) -> list[MapProcess]:
    """The process on a map for each set of alloys that were never reported.

    Args:
        fitted: to a literature of a alloys, without own casts.
        calibration: of its scores.
        compositions: n compositions of the map.
        hidden: marks the alloys that are not known, each of shape (a,).
    """
    literature, embedding = fitted.process.process, fitted.space.embed(compositions)
    to_known = composite_kernel(embedding, fitted.embedding)
    prior = np.asarray(composite_kernel(embedding, embedding), dtype=np.float64)
    solved, flags = to_known @ literature.inverse, flags_of(embedding)
    found = []
    for mask in hidden:
        rows = np.flatnonzero(mask)
        coefficients = literature.coefficients_without(rows)
        score = np.asarray(to_known @ coefficients + literature.mean, dtype=np.float64)[:, 0]
        covariance = np.asarray(prior - _explained(to_known, solved, literature.inverse, rows))
        found.append(MapProcess(compositions, score, (covariance + covariance.T) / 2, flags, calibration))
    return found


def _explained(to_known: RealArray, solved: RealArray, inverse: RealArray, hidden: IntArray) -> FloatArray:
    """Covariance of n points that a rows without the hidden ones explain, shape (n, n).

    The inverse without some rows and columns follows from that with them by a block of the size of the hidden ones.

    Args:
        to_known: covariance with all rows, shape (n, a).
        solved: `to_known @ inverse`.
        inverse: of the covariance of all rows, noise included, shape (a, a).
        hidden: rows that are not known, shape (h,).
    """
    if len(hidden) == 0:
        return np.asarray(solved @ to_known.T, dtype=np.float64)
    known = to_known.copy()
    known[:, hidden] = 0
    by_known = solved - to_known[:, hidden] @ inverse[hidden]
    to_hidden = by_known[:, hidden].astype(np.float64)
    block = inverse[np.ix_(hidden, hidden)].astype(np.float64)
    return np.asarray(by_known @ known.T - to_hidden @ np.linalg.solve(block, to_hidden.T), dtype=np.float64)
