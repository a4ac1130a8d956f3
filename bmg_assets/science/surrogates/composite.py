"""The surrogate `composite`: a Gaussian process with a kernel of three parts, calibrated for whatever is known.

As `transfer` it prunes nothing. Its kernel sees composition more sharply (composite_kernel.py), and one calibration
serves systems that nobody has cast and systems half of which is known (interval_calibration.py): log D_max is normal,
and both its mean and its spread follow from the score and from what the process leaves open. Own casts enter as what
their ladder says: between two rungs, above one, or below one (interval_sites.py). They come on top of the process of
the literature, so that a new cast needs no other fit.
"""

from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from bmg_assets.science.alloys.labels import RIBBON_LABEL_MM
from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.models.calibration import CalibrationError
from bmg_assets.science.models.extended_process import ExtendedProcess, left_by
from bmg_assets.science.models.gaussian_process import GaussianProcess
from bmg_assets.science.models.interval_calibration import IntervalCalibration, LogDmax
from bmg_assets.science.models.interval_sites import sites_of_intervals
from bmg_assets.science.models.pivoted_cholesky import pivoted_cholesky
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import LogNormal, Posterior, Surrogate
from bmg_assets.science.surrogates.composite_kernel import composite_kernel, composite_prior_variance, share_explained
from bmg_assets.science.surrogates.composite_left_out import flags_of, left_out_alloys
from bmg_assets.science.surrogates.kernels import Embedding, EmbeddingSpace
from bmg_assets.science.surrogates.regimes import Regime, regime_of
from bmg_assets.science.surrogates.transfer import GLASS_WEIGHT, OWN_NOISE, noise_of

NARROW = 1e-3
"""Half the width of the score of a D_max that is known as a number."""
FACTORS, UNEXPLAINED = 32, 0.02
"""Most factors of a map, and the share of its variance that they may leave."""
MOST_ALLOYS = 14_000
"""Alloys that fit into 2 GB of memory: the covariance has the square of their number."""


@dataclass(frozen=True)
class CalibratedScores:
    """What the scores of n compositions mean."""

    calibration: IntervalCalibration
    regime: Regime
    log_dmax: LogDmax
    """Distribution of log D_max."""


@dataclass(frozen=True)
class CompositePosterior(Posterior):
    """Posterior at n compositions."""

    embedding: Embedding
    explained_roots: FloatArray
    """Rows whose products are what known alloys take from the prior covariance, shape (n, r)."""
    calibrated: "CalibratedScores | None"

    def probability_at_least(self, dmax_mm: float) -> FloatArray | None:
        """See `Posterior`; None without calibration."""
        return None if self.calibrated is None else self.calibrated.log_dmax.probability_at_least(dmax_mm)

    def interval(self, coverage: float) -> tuple[FloatArray, FloatArray] | None:
        """See `Posterior`; holds this share of the bulk glasses, and of the other alloys, where as much is known."""
        if self.calibrated is None:
            return None
        calibration, regime, log_dmax = self.calibrated.calibration, self.calibrated.regime, self.calibrated.log_dmax
        levels = calibration.levels_for(coverage, regime, self.embedding.has_many_elements)
        return log_dmax.interval(levels, calibration.largest_mm)

    def next_cast(self) -> LogNormal | None:
        """See `Posterior`; None without calibration."""
        if self.calibrated is None:
            return None
        calibration, log_dmax = self.calibrated.calibration, self.calibrated.log_dmax
        return LogNormal(
            log_dmax.mean,
            log_dmax.spread,
            shift_mm=0.0,
            largest_mm=calibration.largest_mm,
            ribbon_mm=calibration.ribbon_mm,
        )

    def explained(self) -> FloatArray:
        """See `Posterior`."""
        return share_explained(self._left_open)

    def factors(self) -> FloatArray:
        """See `Posterior`; the noise of an own cast belongs to what a composition alone decides."""

        def left_open_with(row: int) -> FloatArray:
            prior = composite_kernel(self.embedding, self.embedding.take(np.array([row])))[:, 0]
            return np.asarray(prior - self.explained_roots @ self.explained_roots[row])

        left_open = self._left_open
        found = pivoted_cholesky(left_open, left_open_with, FACTORS, UNEXPLAINED)
        return np.asarray(found / np.sqrt(left_open + OWN_NOISE)[:, None])

    @property
    def _left_open(self) -> FloatArray:
        return _left_open(self.embedding, self.explained_roots)


@dataclass(frozen=True)
class FittedComposite:
    """The process conditioned on the known alloys, and the calibration of its scores."""

    space: EmbeddingSpace
    embedding: Embedding
    """Embedding of the alloys of the literature."""
    own: Alloys
    """Own casts."""
    own_embedding: Embedding
    process: ExtendedProcess
    """Of the literature, and of own casts on top."""
    calibration: IntervalCalibration | None
    """None where too few bulk glasses are known in systems that can be left out."""
    target: frozenset[str]
    regime: Regime
    """How much is known of the target system."""

    def predict(self, compositions: Compositions) -> CompositePosterior:
        """See `FittedSurrogate.predict`."""
        embedding = self.space.embed(compositions)
        to_known = composite_kernel(embedding, self.embedding)
        to_own = composite_kernel(embedding, self.own_embedding)
        score, roots = self.process.predict(to_known, to_own)[:, 0], self.process.explained_roots(to_known, to_own)
        if self.calibration is None:
            return CompositePosterior(score, np.maximum(np.expm1(score - GLASS_WEIGHT), 0), embedding, roots, None)
        uncertainty = np.sqrt(_left_open(embedding, roots))
        log_dmax = self.calibration.predict(score, uncertainty, flags_of(embedding))
        calibrated = CalibratedScores(self.calibration, self.regime, log_dmax)
        dmax_mm = log_dmax.mean_up_to(self.calibration.largest_mm)
        return CompositePosterior(score, dmax_mm, embedding, roots, calibrated)

    def for_system(self, target: frozenset[str], alloys: Alloys) -> "FittedComposite":
        """The same process and calibration, to predict in another system.

        Args:
            alloys: those that it was fitted to, own casts among them, by which it is told how much is known there.
        """
        return replace(self, target=target, regime=regime_of(alloys, target))

    def score_without(self, hidden: BoolArray, compositions: Compositions) -> FloatArray:
        """As `FittedTransfer.score_without`: the score as if some of the literature had never been reported."""
        literature = self.process.process
        coefficients = literature.coefficients_without(np.flatnonzero(hidden))
        to_known = composite_kernel(self.space.embed(compositions), self.embedding)
        return np.asarray((to_known @ coefficients + literature.mean)[:, 0])

    def condition_on(self, alloys: Alloys) -> "FittedComposite":
        """See `FittedSurrogate.condition_on`; the calibration stays, and the system counts as half known."""
        n_known = len(self.embedding.systems) + len(self.own)
        return self._with_own(self.own.followed_by(alloys.take(np.arange(n_known, len(alloys)))))

    def _with_own(self, own: Alloys) -> "FittedComposite":
        """The process of the literature with these own casts and no others."""
        literature, embedding = self.process.process, self.space.embed(own.compositions)
        to_known = composite_kernel(embedding, self.embedding)
        solved, left = left_by(literature, to_known, composite_kernel(embedding, embedding))
        predicted = literature.predict(to_known)[:, 0]
        values, noise = observed_scores(own, predicted, left)
        process = ExtendedProcess.with_rows(literature, solved, left, noise, (values - predicted)[:, None])
        regime = Regime.HALF_KNOWN if regime_of(own, self.target) is Regime.HALF_KNOWN else self.regime
        return replace(self, own=own, own_embedding=embedding, process=process, regime=regime)


class Composite(Surrogate):
    """All known alloys in one Gaussian process of three kernels."""

    name = "composite"
    title = "composite: all alloys, a kernel of three parts, calibrated for what is known"
    colour = "#56b4e9"
    version = "4"
    makes_maps = True
    has_calibrated_spread = True
    has_explained = True
    takes_bounds = True
    most_alloys = MOST_ALLOYS

    def fit(self, alloys: Alloys, target: frozenset[str], seed: int) -> FittedComposite:
        """See `Surrogate.fit`."""
        # With own casts alone there is no literature for them to come on top of.
        is_own = alloys.is_own if not alloys.is_own.all() else np.zeros(len(alloys), dtype=bool)
        literature = alloys.take(~is_own)
        fitted = replace(uncalibrated_composite(literature), target=target, regime=regime_of(literature, target))
        left_out = left_out_alloys(literature, fitted.embedding, fitted.process.process, target, seed)
        with suppress(CalibrationError):
            fitted = replace(fitted, calibration=IntervalCalibration.fit(left_out))
        return fitted._with_own(alloys.take(is_own)) if is_own.any() else fitted


def uncalibrated_composite(alloys: Alloys) -> FittedComposite:
    """The process conditioned on known alloys, for rankings alone: it is of no target system."""
    space, embedding = EmbeddingSpace.fit(alloys.compositions)
    process = GaussianProcess.fit(composite_kernel(embedding, embedding), noise_of(alloys), _targets(alloys.dmax_mm))
    none = np.zeros(0, dtype=np.int64)
    return FittedComposite(
        space=space,
        embedding=embedding,
        own=alloys.take(none),
        own_embedding=embedding.take(none),
        process=ExtendedProcess.of(process),
        calibration=None,
        target=frozenset(),
        regime=Regime.RELATED_KNOWN,
    )


def _left_open(embedding: Embedding, explained_roots: FloatArray) -> FloatArray:
    """Variance that known alloys leave to the score, without noise, shape (n,)."""
    return np.asarray(np.maximum(composite_prior_variance(embedding) - (explained_roots**2).sum(axis=1), 1e-9))


def observed_scores(own: Alloys, predicted: FloatArray, left: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The value and the variance of the noise that stand for each own cast, both of shape (k,).

    Args:
        own: k casts, with bounds or a D_max.
        predicted: their scores by the literature alone, shape (k,).
        left: covariance that the literature leaves to them, shape (k, k).
    """
    bounds = own.bounds_mm
    noise, values = np.full(len(own), OWN_NOISE), _targets(own.dmax_mm)[:, 0]
    is_bounded = np.isfinite(bounds[:, 0])
    if not is_bounded.any():
        return values, noise
    # A D_max that is reported as a number is observed as a narrow interval around it.
    reach = np.array([-NARROW, NARROW])
    scores = np.where(is_bounded[:, None], _score_bounds(bounds), values[:, None] + reach)
    sites = sites_of_intervals(predicted, left, scores, noise)
    return sites.values, sites.noise


def _score_bounds(bounds_mm: FloatArray) -> FloatArray:
    """Bounds of the score of each cast, shape (k, 2), from those of its D_max in mm."""
    low, high = bounds_mm.T
    lowest = np.where(low > 0, np.log1p(low) + GLASS_WEIGHT, -np.inf)
    # What is no glass even as a ribbon, below 0.2 mm, has the score 0, and may not be higher than that of a ribbon.
    highest = np.where(np.isfinite(high), np.log1p(high) + GLASS_WEIGHT * (high > RIBBON_LABEL_MM), np.inf)
    return np.column_stack([lowest, highest])


def _targets(dmax_mm: FloatArray) -> FloatArray:
    """log(1 + D_max) and what being a glass adds, shape (n, 1)."""
    return np.asarray(np.log1p(dmax_mm) + GLASS_WEIGHT * (dmax_mm > 0))[:, None]
