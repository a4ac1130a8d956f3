"""The surrogate `transfer`: a Gaussian process over all known alloys, calibrated on systems left out.

Nothing is pruned; the offset of each system keeps what is over-represented from dominating. Two targets share the
process, log(1 + D_max) and whether an alloy is a glass at all; their weighted sum is the score. What a score means in
millimetres is calibrated on the known systems. Each is predicted as if nobody had cast it, with as much left out beside
it as is unknown around the target. The same predictions give the predictive distribution of the next cast: the process
alone says too little of log(1 + D_max) where nothing is known, and claims too little uncertainty.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.models.calibration import FEWEST_BULK, Calibration, CalibrationError, LeftOutScores
from bmg_assets.science.models.gaussian_process import GaussianProcess
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import LogNormal, Posterior, Surrogate
from bmg_assets.science.surrogates.kernels import Embedding, EmbeddingSpace, kernel, prior_variance
from bmg_assets.science.surrogates.regimes import hidden_with

NOISE = 0.2
OWN_NOISE = 0.02
"""Noise variance of a report in the literature and of an own cast; the RBF part of the kernel has the variance 1."""
GLASS_WEIGHT = 0.3
"""Weight of being a glass in the score, where log(1 + D_max) has 1. Chosen on the development split."""
FEWEST_ALLOYS = 3
"""Alloys from which a system takes part in the calibration."""
NOT_METALS = frozenset(("H", "B", "C", "N", "O", "Si", "P", "S", "Ge", "As", "Se", "Sb", "Te", "I"))
"""Non-metals and metalloids. Glasses with them are a family of their own, in which a score means something else."""


@dataclass(frozen=True)
class PredictiveLine:
    """Maps score and variance to the predictive distribution of log(1 + D_max), which is normal.

    The mean is a line in the score, fitted to the alloys of systems left out. The variance is that of the process times
    `amplitude`, the mean ratio of squared error to variance. A system weighs by the root of the number of its alloys.
    """

    intercept: float
    slope: float
    amplitude: float

    @classmethod
    def fit(cls, scores: LeftOutScores, variance: FloatArray) -> "PredictiveLine":
        """Fit to two alloys or more with different scores.

        Args:
            scores: of n alloys of systems left out.
            variance: of their scores, noise included, shape (n,).
        """
        log_dmax = np.log1p(scores.dmax_mm)
        # polyfit weighs the errors, not their squares.
        slope, intercept = np.polyfit(scores.score, log_dmax, deg=1, w=np.sqrt(scores.weights))
        errors = (log_dmax - intercept - slope * scores.score) ** 2 / variance
        return cls(float(intercept), float(slope), float(np.average(errors, weights=scores.weights)))

    def predict(self, score: FloatArray, variance: FloatArray) -> LogNormal:
        """Predictive distribution from score and variance, both of shape (n,)."""
        return LogNormal(self.intercept + self.slope * score, np.sqrt(self.amplitude * variance))


@dataclass(frozen=True)
class TransferPosterior(Posterior):
    """Posterior of the process at n compositions. Their variance is computed on demand."""

    fitted: "FittedTransfer"
    embedding: Embedding

    def probability_at_least(self, dmax_mm: float) -> FloatArray | None:
        """See `Posterior`; None without calibration."""
        calibration = self.fitted.calibration
        return None if calibration is None else calibration.distribution.probability_of(self.score, dmax_mm)

    def interval(self, coverage: float) -> tuple[FloatArray, FloatArray] | None:
        """See `Posterior`; holds this share of the bulk glasses of systems nobody has cast, and of the other alloys."""
        calibration = self.fitted.calibration
        return None if calibration is None else calibration.interval(self.score, coverage)

    def next_cast(self) -> LogNormal | None:
        """See `Posterior`; None without calibration."""
        if self.fitted.line is None:
            return None
        left = np.maximum(prior_variance(self.embedding) - self._explained_variance, 0)
        return self.fitted.line.predict(self.score, left + OWN_NOISE)

    def explained(self) -> FloatArray:
        """See `Posterior`."""
        return np.clip(self._explained_variance / prior_variance(self.embedding), 0, 1)

    @cached_property
    def _explained_variance(self) -> FloatArray:
        return self.fitted.process.explained_variance(kernel(self.embedding, self.fitted.embedding))


@dataclass(frozen=True)
class FittedTransfer:
    """The process conditioned on the known alloys, and the calibration of its scores."""

    space: EmbeddingSpace
    embedding: Embedding
    """Embedding of the known alloys."""
    process: GaussianProcess
    calibration: Calibration | None
    """None where too few bulk glasses are known in systems that can be left out. The posterior then has no
    probabilities, intervals or predictive distribution."""
    line: PredictiveLine | None
    """None without calibration."""

    def predict(self, compositions: Compositions) -> TransferPosterior:
        """See `FittedSurrogate.predict`."""
        embedding = self.space.embed(compositions)
        means = self.process.predict(kernel(embedding, self.embedding))
        score = _score(means)
        mean_mm = np.maximum(np.expm1(means[:, 0]), 0)
        if self.calibration is not None:
            mean_mm = self.calibration.distribution.mean(score)
        return TransferPosterior(score, mean_mm, self, embedding)

    def score_without(self, hidden: BoolArray, compositions: Compositions) -> FloatArray:
        """The score as if some of the known alloys had never been reported, shape (m,).

        It is what a fit to the others would give, but for the mean of the targets and the scales of the embedding,
        which stay those of all known alloys.

        Args:
            hidden: which of the n known alloys are not known, shape (n,).
            compositions: m compositions, whose columns are the elements of the known alloys.
        """
        coefficients = self.process.coefficients_without(np.flatnonzero(hidden))
        return _score(kernel(self.space.embed(compositions), self.embedding) @ coefficients + self.process.mean)

    def condition_on(self, alloys: Alloys) -> "FittedTransfer":
        """See `FittedSurrogate.condition_on`; the calibration stays as it is."""
        more = alloys.take(np.arange(len(self.embedding.systems), len(alloys)))
        embedding = self.space.embed(more.compositions)
        process = self.process.with_rows(
            kernel(embedding, self.embedding), kernel(embedding, embedding), noise_of(more), _targets(more.dmax_mm)
        )
        return replace(self, embedding=self.embedding.followed_by(embedding), process=process)


class Transfer(Surrogate):
    """All known alloys in one Gaussian process."""

    name = "transfer"
    title = "transfer: all alloys, one Gaussian process"
    colour = "#d55e00"
    makes_maps = True
    has_calibrated_spread = True
    has_explained = True

    def fit(self, alloys: Alloys, target: frozenset[str], seed: int) -> FittedTransfer:
        """See `Surrogate.fit`."""
        fitted = uncalibrated(alloys)
        scores, variance = _left_out(alloys, fitted.embedding, fitted.process, target)
        try:
            calibration = Calibration.fit(scores, _of_family(scores, target), seed)
        except CalibrationError:
            return fitted
        return replace(fitted, calibration=calibration, line=PredictiveLine.fit(scores, variance))


def uncalibrated(alloys: Alloys) -> FittedTransfer:
    """The process conditioned on known alloys, for rankings alone: it is of no target system."""
    space, embedding = EmbeddingSpace.fit(alloys.compositions)
    process = GaussianProcess.fit(kernel(embedding, embedding), noise_of(alloys), _targets(alloys.dmax_mm))
    return FittedTransfer(space, embedding, process, calibration=None, line=None)


def _left_out(
    alloys: Alloys, embedding: Embedding, process: GaussianProcess, target: frozenset[str]
) -> tuple[LeftOutScores, FloatArray]:
    """Scores and variances for alloys of systems like the target, each predicted as if nobody had cast its system.

    Systems with as many elements as the target are like it. If those hold too few bulk glasses, all systems are.
    """
    present = alloys.compositions.fractions > 0
    is_target = np.array([element in target for element in alloys.compositions.elements])
    of_target = (present == is_target).all(axis=1)
    nothing_related = not (hidden_with(present, is_target, related_too=True) & ~of_target).any()
    systems, first, counts = np.unique(embedding.systems[~of_target], return_index=True, return_counts=True)
    elements = present[~of_target][first].sum(axis=1)
    is_like = elements == len(target)
    in_these = np.isin(embedding.systems, systems[is_like & (counts >= FEWEST_ALLOYS)])
    if (alloys.dmax_mm[in_these] >= BULK_FROM_MM).sum() < FEWEST_BULK:
        is_like = elements > 1
    found = [
        _system_left_out(system, alloys, embedding, process, nothing_related)
        for system in systems[is_like & (counts >= FEWEST_ALLOYS)]
    ]
    scores = LeftOutScores.of_all([scores for scores, _ in found])
    return scores, np.concatenate([np.empty(0), *(variance for _, variance in found)])


def _of_family(scores: LeftOutScores, target: frozenset[str]) -> BoolArray:
    """Whether the system of each alloy is of the target's family: all metal, or with a non-metal or metalloid."""
    all_metal = target.isdisjoint(NOT_METALS)
    return np.array([NOT_METALS.isdisjoint(system.split(SEPARATOR)) == all_metal for system in scores.systems])


def _system_left_out(
    system: str, alloys: Alloys, embedding: Embedding, process: GaussianProcess, related_too: bool
) -> tuple[LeftOutScores, FloatArray]:
    """Scores and variances of the alloys of one system, predicted without them and, on demand, without related ones."""
    present = alloys.compositions.fractions > 0
    own = np.flatnonzero(embedding.systems == system)
    hidden = np.flatnonzero(hidden_with(present, present[own[0]], related_too))
    means, variance = process.without(hidden, np.searchsorted(hidden, own))
    return LeftOutScores(_score(means), alloys.dmax_mm[own], np.full(len(own), system, dtype=object)), variance


def _targets(dmax_mm: FloatArray) -> FloatArray:
    """log(1 + D_max), and 1 for a glass or 0, shape (n, 2)."""
    return np.column_stack([np.log1p(dmax_mm), (dmax_mm > 0).astype(np.float64)])


def noise_of(alloys: Alloys) -> FloatArray:
    """Noise variance of each report or own cast, shape (n,)."""
    return np.where(alloys.is_own, OWN_NOISE, NOISE)


def _score(means: FloatArray) -> FloatArray:
    return np.asarray(means[:, 0] + GLASS_WEIGHT * means[:, 1])
