"""Predictions of alloys while others are hidden, from as few fits as can be.

A Gaussian process predicts each case in closed form from one fit, and says what it leaves open; the nearest alloy is
looked up; trees are grown anew, for unrelated systems together.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from bmg_assets.science.alloys.distances import exchanged_at_pct
from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray
from bmg_assets.science.evidence.learners import TreesAnew
from bmg_assets.science.evidence.learnt_alloys import LearntAlloys, unrelated_groups
from bmg_assets.science.evidence.regime_cases import Case
from bmg_assets.science.surrogates.baselines import TIE_AT_PCT
from bmg_assets.science.surrogates.composite import FittedComposite
from bmg_assets.science.surrogates.composite_kernel import composite_prior_variance, share_explained
from bmg_assets.science.surrogates.kernels import prior_variance
from bmg_assets.science.surrogates.regimes import Regime
from bmg_assets.science.surrogates.transfer import GLASS_WEIGHT, FittedTransfer, noise_of

SMALLEST_VARIANCE = 1e-9
TENTHS = 10
"""Trees know nine tenths of the alloys of a system where a process knows all but one."""


class LeftOutPredictor(ABC):
    """Scores of the alloys that cases ask for."""

    name: str

    @abstractmethod
    def scores(self, cases: Sequence[Case]) -> list[FloatArray]:
        """Scores of the alloys of each case, more is better."""


class ProcessPredictor(LeftOutPredictor):
    """A Gaussian process, fitted once."""

    def __init__(self, name: str, fitted: FittedTransfer | FittedComposite, learnt: LearntAlloys) -> None:
        self.name, self.fitted = name, fitted
        self.noise = noise_of(learnt.alloys)
        is_composite = isinstance(fitted, FittedComposite)
        self.process = fitted.process.process if isinstance(fitted, FittedComposite) else fitted.process
        self.prior = (composite_prior_variance if is_composite else prior_variance)(fitted.embedding)

    def scores(self, cases: Sequence[Case]) -> list[FloatArray]:
        """See `LeftOutPredictor.scores`."""
        return [self.predict(case)[0] for case in cases]

    def share_explained(self, left_open: FloatArray, asked: IntArray) -> FloatArray:
        """Share of the variance of these alloys that is not left open, as the posterior tells it, shape (m,)."""
        if isinstance(self.fitted, FittedComposite):
            return share_explained(left_open)
        return np.clip(1 - left_open / self.prior[asked], 0, 1)

    def predict(self, case: Case) -> tuple[FloatArray, FloatArray]:
        """Scores, and the variance that is left open without noise, of the alloys of a case; shape (m,) each."""
        means, variance = self.process.without(case.hidden, np.searchsorted(case.hidden, case.asked))
        return self.score_of(means), np.maximum(variance - self.noise[case.asked], SMALLEST_VARIANCE)

    def score_of(self, means: FloatArray) -> FloatArray:
        """Score of each row of predicted targets, shape (m,)."""
        return np.asarray(means[:, 0] if means.shape[1] == 1 else means[:, 0] + GLASS_WEIGHT * means[:, 1])


class NearestPredictor(LeftOutPredictor):
    """D_max of the nearest known alloy, the mean over ties."""

    name = "nearest"

    def __init__(self, learnt: LearntAlloys) -> None:
        self.learnt = learnt

    def scores(self, cases: Sequence[Case]) -> list[FloatArray]:
        """See `LeftOutPredictor.scores`."""
        dmax_mm = self.learnt.alloys.dmax_mm
        found = []
        for distance in distances_of(self.learnt, cases):
            is_nearest = distance <= distance.min(axis=1, keepdims=True) + TIE_AT_PCT
            found.append((is_nearest @ dmax_mm) / is_nearest.sum(axis=1))
        return found


class TreesPredictor(LeftOutPredictor):
    """The surrogate `weighted` without its weights by relation, grown anew for each set of alloys that is hidden."""

    name = "weighted"

    def __init__(self, learnt: LearntAlloys, seed: int) -> None:
        self.learnt, self.trees = learnt, TreesAnew(learnt.alloys, seed)

    def scores(self, cases: Sequence[Case]) -> list[FloatArray]:
        """See `LeftOutPredictor.scores`; systems that share two elements or more are never hidden together."""
        scores: list[FloatArray] = [np.empty(0)] * len(cases)
        for places in self._together(cases):
            hidden: BoolArray = np.zeros(len(self.learnt.alloys), dtype=bool)
            for place in places:
                hidden[cases[place].hidden] = True
            rank = self.trees.without(hidden)
            for place in places:
                scores[place] = rank(self.learnt.alloys.compositions.take(cases[place].asked))
        return scores

    def _together(self, cases: Sequence[Case]) -> list[list[int]]:
        """Places of the cases that are hidden together."""
        groups = unrelated_groups(sorted({case.system for case in cases}))
        group_of = {system: number for number, group in enumerate(groups) for system in group}
        together: dict[tuple[str, int, int], list[int]] = defaultdict(list)
        for place, case in enumerate(cases):
            if case.regime is Regime.NOTHING_KNOWN:
                key = (case.system, 0, 0)
            elif case.regime is Regime.ALL_BUT_ONE_KNOWN:
                key = ("", -1, case.part % TENTHS)
            else:
                key = ("", group_of[case.system], case.part + 2 * (case.regime is Regime.HALF_KNOWN))
            together[key].append(place)
        return list(together.values())


def distances_of(learnt: LearntAlloys, cases: Sequence[Case]) -> list[FloatArray]:
    """Distances in at.% exchanged of the alloys of each case from all, infinite from hidden ones; shape (m, n) each."""
    by_system: dict[str, tuple[IntArray, FloatArray]] = {}
    found = []
    for case in cases:
        if case.system not in by_system:
            by_system = {case.system: _distances_in(learnt, case.system)}
        own, distances = by_system[case.system]
        distance = distances[np.searchsorted(own, case.asked)]
        distance[:, case.hidden] = np.inf
        found.append(distance)
    return found


def _distances_in(learnt: LearntAlloys, system: str) -> tuple[IntArray, FloatArray]:
    own = np.flatnonzero(learnt.alloys.systems == system)
    columns = learnt.present[own[0]]
    amounts = 100 * learnt.alloys.compositions.fractions[:, columns]
    return own, exchanged_at_pct(amounts[own], amounts)
