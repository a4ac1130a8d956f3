"""What carries over from other systems: a Gaussian process on the likeness of alloys, calibrated on systems left out.

Nothing is pruned because it is related: what is too much of one kind is weighed down by its system's offset. Two
targets share the process, log(1 + D_max) and whether an alloy is a glass at all; their sum is the score. What a score
means in millimetres is learnt from the training systems, each predicted as if nobody had cast it, with as much left out
beside it as is unknown around the target.
"""

from dataclasses import dataclass, replace

import numpy as np

from bmg_assets.science.calibration import Calibration, LeftOutScores
from bmg_assets.science.folds import BoolArray, FloatArray
from bmg_assets.science.gaussian_process import GaussianProcess
from bmg_assets.science.strategies.alloys import Alloys, Compositions
from bmg_assets.science.strategies.base import Promise, Strategy
from bmg_assets.science.strategies.likeness import Likeness, Places, covariance

NOISE = 0.2
OWN_NOISE = 0.02
"""Variance of a report and of an own cast, where the likeness has one."""
GLASS_WEIGHT = 0.3
"""What being a glass adds to the score, beside log(1 + D_max). Chosen on the development split."""
FEWEST_ALLOYS = 3
"""Alloys that a system has at least to say something about intervals."""


@dataclass(frozen=True)
class LearntTransfer:
    """The process, and what its scores mean."""

    alloys: Alloys
    likeness: Likeness
    places: Places
    process: GaussianProcess
    calibration: Calibration

    def promise(self, compositions: Compositions) -> Promise:
        """Score, expected diameter and probability of a bulk glass."""
        to_known = covariance(self.likeness.places_of(compositions), self.places)
        score = _score(self.process.predict(to_known))
        distribution = self.calibration.distribution
        return Promise(score, distribution.mean(score), self.calibration.probability_bulk(score))

    def interval(self, promise: Promise, coverage: float) -> tuple[FloatArray, FloatArray]:
        """Holds this share of the bulk glasses of systems that nobody has cast, and of the rest."""
        return self.calibration.interval(promise.score, coverage)

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
        """See `Strategy.learn`.

        Raises:
            CalibrationError: too few bulk glasses lie in systems that can be left out.
        """
        likeness, places = Likeness.among(alloys.compositions)
        process = GaussianProcess.fit(covariance(places, places), _noise(alloys), _targets(alloys.dmax_mm))
        calibration = Calibration.fit(_scores_left_out(alloys, places, process, target), seed)
        return LearntTransfer(alloys, likeness, places, process, calibration)


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


def _scores_left_out(alloys: Alloys, places: Places, process: GaussianProcess, target: frozenset[str]) -> LeftOutScores:
    """Scores of the alloys of all systems of the target's number of elements, each predicted without its system."""
    present = alloys.compositions.fractions > 0
    elements = alloys.compositions.elements
    is_target = np.array([element in target for element in elements])
    nothing_related = not hidden_with(present, is_target, related_too=True)[~(present == is_target).all(axis=1)].any()
    scores, labels, systems = [], [], []
    for system in np.unique(places.systems):
        own = np.flatnonzero(places.systems == system)
        of_system = present[own[0]]
        if of_system.sum() != len(target) or len(own) < FEWEST_ALLOYS or (of_system == is_target).all():
            continue
        hidden = np.flatnonzero(hidden_with(present, of_system, related_too=nothing_related))
        scores.append(_score(process.without(hidden, np.searchsorted(hidden, own))))
        labels.append(alloys.dmax_mm[own])
        systems += [str(system)] * len(own)
    if not scores:
        return LeftOutScores(np.empty(0), np.empty(0), np.empty(0, dtype=object))
    return LeftOutScores(np.concatenate(scores), np.concatenate(labels), np.array(systems, dtype=object))


def _targets(dmax_mm: FloatArray) -> FloatArray:
    """log(1 + D_max) and glass or not, shape (n, 2)."""
    return np.column_stack([np.log1p(dmax_mm), (dmax_mm > 0).astype(np.float64)])


def _noise(alloys: Alloys) -> FloatArray:
    return np.where(alloys.is_own, OWN_NOISE, NOISE)


def _score(means: FloatArray) -> FloatArray:
    return np.asarray(means[:, 0] + GLASS_WEIGHT * means[:, 1])
