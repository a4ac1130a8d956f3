"""All that is known, weighed instead of pruned: extremely randomised trees on fractions spread over similar elements.

An alloy counts by one over the root of the number of alloys of its system, so that no system is learnt by its size, and
up to three times as much where it consists of the target's elements; own casts count more. Spread fractions,
x'_e = Σ_j x_j k(e, j) with the likeness k of two elements, let the trees see that an alloy of erbium is nearly one of
yttrium.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.melt.elements import melt_elements
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import Promise, Strategy

TREES = 100
SHARE_OF_ELEMENTS = 1 / 3
"""Elements looked at for each split. Chosen on the development split."""
OWN_WEIGHT = 5.0
"""Weight of an own cast, where an alloy that is alone in its system has one."""
RELATED_WEIGHT = 3.0
"""By how much more an alloy counts that consists of the target's elements than one that has none of them."""


@dataclass(frozen=True)
class WeightedTrees:
    """Trees, and how fractions are spread before they see them."""

    trees: Any
    likeness: FloatArray
    """Of elements, shape (e, e)."""
    target: frozenset[str]
    seed: int

    def promise(self, compositions: Compositions) -> Promise:
        """The mean of the trees, which were grown on log(1 + D_max)."""
        dmax_mm = np.expm1(self.trees.predict(compositions.fractions @ self.likeness))
        return Promise(dmax_mm, dmax_mm)

    def interval(self, promise: Promise, coverage: float) -> None:
        """It knows none."""

    def relearn(self, alloys: Alloys) -> "WeightedTrees":
        """The same trees, grown anew."""
        return _grown(alloys, self.target, self.seed)


class Weighted(Strategy):
    """Weights instead of pruning."""

    name = "weighted"
    title = "weighted: all alloys, by system and by relation"
    version = "2"

    def learn(self, alloys: Alloys, target: frozenset[str], seed: int) -> WeightedTrees:
        """See `Strategy.learn`."""
        return _grown(alloys, target, seed)


def weights_of(alloys: Alloys, target: frozenset[str]) -> FloatArray:
    """Weight of each alloy, shape (n,)."""
    _, place, counts = np.unique(alloys.systems.astype(str), return_inverse=True, return_counts=True)
    by_system = np.where(alloys.is_own, OWN_WEIGHT, 1 / np.sqrt(counts[place]))
    in_target = [element in target for element in alloys.compositions.elements]
    share = alloys.compositions.fractions[:, in_target].sum(axis=1)
    weights: FloatArray = by_system * (1 + (RELATED_WEIGHT - 1) * share)
    return weights


def _grown(alloys: Alloys, target: frozenset[str], seed: int) -> WeightedTrees:
    from sklearn.ensemble import ExtraTreesRegressor

    embedding = melt_elements(alloys.compositions.elements).embedding
    likeness = embedding @ embedding.T
    trees = ExtraTreesRegressor(TREES, max_features=SHARE_OF_ELEMENTS, random_state=seed, n_jobs=1)
    weights = weights_of(alloys, target)
    trees.fit(alloys.compositions.fractions @ likeness, np.log1p(alloys.dmax_mm), sample_weight=weights)
    return WeightedTrees(trees, likeness, target, seed)
