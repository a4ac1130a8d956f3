"""What carries over from other systems: a Gaussian process on the likeness of alloys, calibrated on systems left out.

Nothing is pruned because it is related: what is too much of one kind is weighed down by its system's offset. Two
targets share the process, log(1 + D_max) and whether an alloy is a glass at all; their sum is the score. What a score
means in millimetres is learnt from the training systems, each predicted as if nobody had cast it, with as much left
out beside it as is unknown around the target. They say, too, what a score means for log(1 + D_max), of which the
process itself says too little where nothing is known, and how far off that is for the uncertainty that it claims.
"""

from dataclasses import dataclass, replace

import numpy as np

from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.models.calibration import FEWEST_BULK, Calibration, CalibrationError, LeftOutScores
from bmg_assets.science.models.gaussian_process import GaussianProcess
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import Promise, Strategy
from bmg_assets.science.surrogates.kernels import Likeness, Places, covariance, prior_variance

NOISE = 0.2
OWN_NOISE = 0.02
"""Variance of a report and of an own cast, where the likeness has one."""
GLASS_WEIGHT = 0.3
"""What being a glass adds to the score, beside log(1 + D_max). Chosen on the development split."""
FEWEST_ALLOYS = 3
"""Alloys that a system has at least to say something about intervals."""
NOT_METALS = frozenset(("H", "B", "C", "N", "O", "Si", "P", "S", "Ge", "As", "Se", "Sb", "Te", "I"))
"""Non-metals and metalloids: glasses with them are a family of their own, where the same score says something else."""


@dataclass(frozen=True)
class LearntTransfer:
    """The process, and what its scores mean."""

    alloys: Alloys
    likeness: Likeness
    places: Places
    process: GaussianProcess
    calibration: Calibration | None
    """None where too few bulk glasses are known in systems that can be left out: then nothing is promised in numbers
    that could not be kept."""
    outlook: "Outlook | None"
    """None where there is no calibration."""

    def promise(self, compositions: Compositions) -> Promise:
        """Score and, where it is calibrated, expected diameter and probability of a bulk glass."""
        means = self.process.predict(covariance(self.likeness.places_of(compositions), self.places))
        score = _score(means)
        if self.calibration is None:
            return Promise(score, np.maximum(np.expm1(means[:, 0]), 0))
        return Promise(score, self.calibration.distribution.mean(score), self.calibration.probability_bulk(score))

    def interval(self, promise: Promise, coverage: float) -> tuple[FloatArray, FloatArray] | None:
        """Holds this share of the bulk glasses of systems that nobody has cast, and of the rest."""
        return None if self.calibration is None else self.calibration.interval(promise.score, coverage)

    def explained(self, compositions: Compositions) -> FloatArray:
        """Share of what is unknown of compositions beforehand that the known alloys explain, 0 to 1, shape (n,)."""
        places = self.likeness.places_of(compositions)
        explained = self.process.explained_variance(covariance(places, self.places))
        return np.clip(explained / prior_variance(places), 0, 1)

    def next_cast(self, compositions: Compositions) -> tuple[FloatArray, FloatArray] | None:
        """Mean and standard deviation of log(1 + D_max) of the next cast, two of shape (n,); None if uncalibrated."""
        if self.outlook is None:
            return None
        places = self.likeness.places_of(compositions)
        to_known = covariance(places, self.places)
        left = np.maximum(prior_variance(places) - self.process.explained_variance(to_known), 0)
        return self.outlook.of(_score(self.process.predict(to_known)), left + OWN_NOISE)

    def relearn(self, alloys: Alloys) -> "LearntTransfer":
        """With alloys that stand behind those known so far; what scores mean stays."""
        more = alloys.take(np.arange(len(self.alloys), len(alloys)))
        places = self.likeness.places_of(more.compositions)
        process = self.process.with_rows(
            covariance(places, self.places), covariance(places, places), _noise(more), _targets(more.dmax_mm)
        )
        return replace(self, alloys=alloys, places=self.places.followed_by(places), process=process)


class Transfer(Strategy):
    """All that is known, by likeness."""

    name = "transfer"
    title = "transfer: all alloys by likeness, one Gaussian process"

    def learn(self, alloys: Alloys, target: frozenset[str], seed: int) -> LearntTransfer:
        """See `Strategy.learn`."""
        likeness, places = Likeness.among(alloys.compositions)
        process = GaussianProcess.fit(covariance(places, places), _noise(alloys), _targets(alloys.dmax_mm))
        left_out = _left_out(alloys, places, process, target)
        try:
            calibration = Calibration.fit(left_out.scores, _of_family(left_out.scores, target), seed)
        except CalibrationError:
            return LearntTransfer(alloys, likeness, places, process, calibration=None, outlook=None)
        return LearntTransfer(alloys, likeness, places, process, calibration, Outlook.fit(left_out))


@dataclass(frozen=True)
class LeftOut:
    """Alloys of systems that were left out: what the process said of them."""

    scores: LeftOutScores
    variance: FloatArray
    """Of the score, noise included, in the unit of the likeness, shape (n,)."""


@dataclass(frozen=True)
class Outlook:
    """What score and variance of a composition mean for log(1 + D_max) as a normal variable.

    The mean is a line of the score, fitted to the alloys of systems left out; the variance is the process's, times the
    mean of the squared errors of that line over the variances. A system counts by the root of its alloys.
    """

    intercept: float
    slope: float
    amplitude: float

    @classmethod
    def fit(cls, left_out: LeftOut) -> "Outlook":
        """Learn it from two alloys or more of different scores."""
        scores = left_out.scores
        log_dmax = np.log1p(scores.dmax_mm)
        # polyfit weighs the errors, not their squares.
        slope, intercept = np.polyfit(scores.score, log_dmax, deg=1, w=np.sqrt(scores.weights))
        errors = (log_dmax - intercept - slope * scores.score) ** 2 / left_out.variance
        return cls(float(intercept), float(slope), float(np.average(errors, weights=scores.weights)))

    def of(self, score: FloatArray, variance: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Mean and standard deviation of log(1 + D_max), two of shape (n,)."""
        return self.intercept + self.slope * score, np.sqrt(self.amplitude * variance)


def hidden_with(present: BoolArray, system: BoolArray, related_too: bool) -> BoolArray:
    """Alloys that are unknown when a system is, shape (n,): its own, and those that share two elements or more with it.

    Args:
        present: which elements each alloy holds, shape (n, e).
        system: the elements of the system, shape (e,).
        related_too: whether alloys of other systems with two of its elements or more are unknown as well; of these,
            what holds nothing else (a binary) stays known, as in the paper's sub-dataset (3).
    """
    own = (present == system).all(axis=1)
    if not related_too:
        return np.asarray(own)
    return np.asarray(own | (((present & system).sum(axis=1) >= 2) & (present & ~system).any(axis=1)))


def _left_out(alloys: Alloys, places: Places, process: GaussianProcess, target: frozenset[str]) -> LeftOut:
    """The alloys of systems like the target, each predicted as if nobody had cast its system.

    Like the target means of as many elements; where too few bulk glasses lie in such systems, of any number.
    """
    present = alloys.compositions.fractions > 0
    is_target = np.array([element in target for element in alloys.compositions.elements])
    of_target = (present == is_target).all(axis=1)
    nothing_related = not (hidden_with(present, is_target, related_too=True) & ~of_target).any()
    systems, first, counts = np.unique(places.systems[~of_target], return_index=True, return_counts=True)
    elements = present[~of_target][first].sum(axis=1)
    is_like = elements == len(target)
    in_these = np.isin(places.systems, systems[is_like & (counts >= FEWEST_ALLOYS)])
    if (alloys.dmax_mm[in_these] >= BULK_FROM_MM).sum() < FEWEST_BULK:
        is_like = elements > 1
    found = [
        _system_left_out(system, alloys, places, process, nothing_related)
        for system in systems[is_like & (counts >= FEWEST_ALLOYS)]
    ]
    return LeftOut(
        LeftOutScores.of_all([one.scores for one in found]),
        np.concatenate([np.empty(0), *(one.variance for one in found)]),
    )


def _of_family(scores: LeftOutScores, target: frozenset[str]) -> BoolArray:
    """Which alloys' systems hold an element that is no metal, if the target does, or none, if it does not."""
    all_metal = target.isdisjoint(NOT_METALS)
    return np.array([NOT_METALS.isdisjoint(system.split(SEPARATOR)) == all_metal for system in scores.systems])


def _system_left_out(
    system: str, alloys: Alloys, places: Places, process: GaussianProcess, related_too: bool
) -> LeftOut:
    """The alloys of one system, without them and, on demand, without those related to them."""
    present = alloys.compositions.fractions > 0
    own = np.flatnonzero(places.systems == system)
    hidden = np.flatnonzero(hidden_with(present, present[own[0]], related_too))
    means, variance = process.without(hidden, np.searchsorted(hidden, own))
    scores = LeftOutScores(_score(means), alloys.dmax_mm[own], np.full(len(own), system, dtype=object))
    return LeftOut(scores, variance)


def _targets(dmax_mm: FloatArray) -> FloatArray:
    """log(1 + D_max) and glass or not, shape (n, 2)."""
    return np.column_stack([np.log1p(dmax_mm), (dmax_mm > 0).astype(np.float64)])


def _noise(alloys: Alloys) -> FloatArray:
    return np.where(alloys.is_own, OWN_NOISE, NOISE)


def _score(means: FloatArray) -> FloatArray:
    return np.asarray(means[:, 0] + GLASS_WEIGHT * means[:, 1])
