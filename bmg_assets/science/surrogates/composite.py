"""The surrogate `composite`: a Gaussian process with a kernel of three parts, calibrated for whatever is known.

As `transfer` it prunes nothing. Its kernel sees composition more sharply (composite_kernel.py), and one calibration
serves systems that nobody has cast and systems half of which is known (interval_calibration.py): log D_max is normal,
and both its mean and its spread follow from the score and from what the process leaves open.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray
from bmg_assets.science.models.calibration import CalibrationError
from bmg_assets.science.models.gaussian_process import GaussianProcess
from bmg_assets.science.models.interval_calibration import IntervalCalibration, LeftOutAlloys, LogDmax, Regime
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import LogNormal, Posterior, Surrogate
from bmg_assets.science.surrogates.composite_kernel import composite_kernel, composite_prior_variance
from bmg_assets.science.surrogates.kernels import FEWEST_OF_MANY, Embedding, EmbeddingSpace
from bmg_assets.science.surrogates.transfer import GLASS_WEIGHT, NOT_METALS, hidden_with, noise_of

FEWEST_ALLOYS = 4
"""Alloys from which a system takes part in the calibration."""
MOST_WITHOUT_RELATED = 60
"""Systems that are left out with all that is related: the cost grows with the cube of what is related."""


@dataclass(frozen=True)
class CompositePosterior(Posterior):
    """Posterior at n compositions. What the process leaves open is computed on demand."""

    fitted: "FittedComposite"
    embedding: Embedding

    def probability_at_least(self, dmax_mm: float) -> FloatArray | None:
        """See `Posterior`; None without calibration."""
        return None if self.log_dmax is None else self.log_dmax.probability_at_least(dmax_mm)

    def interval(self, coverage: float) -> tuple[FloatArray, FloatArray] | None:
        """See `Posterior`; holds this share of the bulk glasses, and of the other alloys, where as much is known."""
        calibration = self.fitted.calibration
        if calibration is None or self.log_dmax is None:
            return None
        level = calibration.level_for(coverage, self.fitted.regime)
        return self.log_dmax.interval(level, calibration.largest_mm)

    def next_cast(self) -> LogNormal | None:
        """See `Posterior`; None without calibration."""
        calibration = self.fitted.calibration
        if calibration is None or self.log_dmax is None:
            return None
        return LogNormal(
            self.log_dmax.mean,
            self.log_dmax.spread,
            shift_mm=0.0,
            largest_mm=calibration.largest_mm,
            ribbon_mm=calibration.ribbon_mm,
        )

    def explained(self) -> FloatArray:
        """See `Posterior`."""
        return np.clip(1 - self._left_open / composite_prior_variance(self.embedding), 0, 1)

    @cached_property
    def log_dmax(self) -> LogDmax | None:
        """Distribution of log D_max; None without calibration."""
        calibration = self.fitted.calibration
        if calibration is None:
            return None
        return calibration.predict(self.score, np.sqrt(self._left_open), _flags_of(self.embedding))

    @cached_property
    def _left_open(self) -> FloatArray:
        to_known = composite_kernel(self.embedding, self.fitted.embedding)
        prior = composite_prior_variance(self.embedding)
        return np.maximum(prior - self.fitted.process.explained_variance(to_known), 1e-9)


@dataclass(frozen=True)
class FittedComposite:
    """The process conditioned on the known alloys, and the calibration of its scores."""

    space: EmbeddingSpace
    embedding: Embedding
    """Embedding of the known alloys."""
    process: GaussianProcess
    calibration: IntervalCalibration | None
    """None where too few bulk glasses are known in systems that can be left out."""
    regime: Regime
    """How much is known of the target system."""

    def predict(self, compositions: Compositions) -> CompositePosterior:
        """See `FittedSurrogate.predict`."""
        embedding = self.space.embed(compositions)
        score = self.process.predict(composite_kernel(embedding, self.embedding))[:, 0]
        posterior = CompositePosterior(score, np.maximum(np.expm1(score - GLASS_WEIGHT), 0), self, embedding)
        if self.calibration is None or posterior.log_dmax is None:
            return posterior
        return replace(posterior, dmax_mm=posterior.log_dmax.mean_up_to(self.calibration.largest_mm))

    def score_without(self, hidden: BoolArray, compositions: Compositions) -> FloatArray:
        """As `FittedTransfer.score_without`: the score as if some of the known alloys had never been reported."""
        coefficients = self.process.coefficients_without(np.flatnonzero(hidden))
        to_known = composite_kernel(self.space.embed(compositions), self.embedding)
        return np.asarray((to_known @ coefficients + self.process.mean)[:, 0])

    def condition_on(self, alloys: Alloys) -> "FittedComposite":
        """See `FittedSurrogate.condition_on`; the calibration stays, and the system counts as half known."""
        more = alloys.take(np.arange(len(self.embedding.systems), len(alloys)))
        embedding = self.space.embed(more.compositions)
        process = self.process.with_rows(
            composite_kernel(embedding, self.embedding),
            composite_kernel(embedding, embedding),
            noise_of(more),
            _targets(more.dmax_mm),
        )
        return replace(self, embedding=self.embedding.followed_by(embedding), process=process, regime=Regime.HALF_KNOWN)


class Composite(Surrogate):
    """All known alloys in one Gaussian process of three kernels."""

    name = "composite"
    title = "composite: all alloys, a kernel of three parts, calibrated for what is known"
    colour = "#56b4e9"
    makes_maps = True
    has_calibrated_spread = True
    has_explained = True

    def fit(self, alloys: Alloys, target: frozenset[str], seed: int) -> FittedComposite:
        """See `Surrogate.fit`."""
        present = alloys.compositions.fractions > 0
        of_target = np.array([element in target for element in alloys.compositions.elements])
        fitted = replace(uncalibrated_composite(alloys), regime=_regime_of(present, of_target))
        rng = np.random.default_rng(seed)
        left_out = _left_out(alloys, fitted.embedding, fitted.process, of_target, rng)
        try:
            return replace(fitted, calibration=IntervalCalibration.fit(left_out))
        except CalibrationError:
            return fitted


def uncalibrated_composite(alloys: Alloys) -> FittedComposite:
    """The process conditioned on known alloys, for rankings alone: it is of no target system."""
    space, embedding = EmbeddingSpace.fit(alloys.compositions)
    process = GaussianProcess.fit(composite_kernel(embedding, embedding), noise_of(alloys), _targets(alloys.dmax_mm))
    return FittedComposite(space, embedding, process, None, Regime.RELATED_KNOWN)


def _regime_of(present: BoolArray, target: BoolArray) -> Regime:
    """How much is known of the target.

    Args:
        present: elements that each known alloy holds, shape (n, e).
        target: elements of the target, shape (e,).
    """
    if hidden_with(present, target, related_too=False).any():
        return Regime.HALF_KNOWN
    return Regime.RELATED_KNOWN if hidden_with(present, target, related_too=True).any() else Regime.NOTHING_KNOWN


def _left_out(
    alloys: Alloys, embedding: Embedding, process: GaussianProcess, target: BoolArray, rng: np.random.Generator
) -> LeftOutAlloys:
    """Every alloy of the systems other than the target, predicted with more and more of its system known."""
    present = alloys.compositions.fractions > 0
    systems, counts = np.unique(embedding.systems, return_counts=True)
    large = systems[counts >= FEWEST_ALLOYS]
    rows_of = {system: np.flatnonzero(embedding.systems == system) for system in large}
    taken = [s for s in large if present[rows_of[s][0]].sum() > 1 and (present[rows_of[s][0]] != target).any()]
    every = max(1, -(-len(taken) // MOST_WITHOUT_RELATED))
    parts = []

    def predict(regime: Regime, hidden: IntArray, wanted: IntArray) -> None:
        means, variance = process.without(hidden, np.searchsorted(hidden, wanted))
        parts.append(
            _as_left_out(regime, means[:, 0], variance - noise_of(alloys.take(wanted)), wanted, alloys, embedding)
        )

    for place, system in enumerate(taken):
        own = rows_of[system]
        predict(Regime.RELATED_KNOWN, own, own)
        half = np.sort(rng.permutation(own)[: len(own) // 2])
        predict(Regime.HALF_KNOWN, half, half)
        if place % every == 0:
            hidden = hidden_with(present, present[own[0]], related_too=True)
            predict(Regime.NOTHING_KNOWN, np.flatnonzero(hidden), own)
    alone = np.flatnonzero(np.isin(embedding.systems, taken))
    variance = 1 / process.inverse.diagonal()[alone]
    means = process.residuals[alone, 0] - process.coefficients[alone, 0] * variance + process.mean[0]
    left_open = variance - noise_of(alloys.take(alone))
    parts.append(_as_left_out(Regime.ALL_BUT_ONE_KNOWN, means, left_open, alone, alloys, embedding))
    return LeftOutAlloys.of_all(parts)


def _as_left_out(
    regime: Regime, score: FloatArray, left_open: FloatArray, rows: IntArray, alloys: Alloys, embedding: Embedding
) -> LeftOutAlloys:
    systems = embedding.systems[rows].astype(object)
    return LeftOutAlloys(
        score=score,
        uncertainty=np.sqrt(np.maximum(left_open, 1e-9)),
        flags=_flags_of(embedding)[rows],
        dmax_mm=alloys.dmax_mm[rows],
        systems=systems,
        regimes=np.full(len(rows), regime, dtype=object),
    )


def _flags_of(embedding: Embedding) -> FloatArray:
    """Of each alloy whether it has four elements or more, two, and a metalloid or non-metal; shape (n, 3)."""
    systems, place = np.unique(embedding.systems, return_inverse=True)
    elements = [system.split(SEPARATOR) for system in systems]
    flags = [(len(of) >= FEWEST_OF_MANY, len(of) == 2, not NOT_METALS.isdisjoint(of)) for of in elements]
    return np.array(flags, dtype=np.float64)[place]


def _targets(dmax_mm: FloatArray) -> FloatArray:
    """log(1 + D_max) and what being a glass adds, shape (n, 1)."""
    return np.asarray(np.log1p(dmax_mm) + GLASS_WEIGHT * (dmax_mm > 0))[:, None]
