"""The surrogate `weighted`: extremely randomised trees on spread fractions of all known alloys, weighted, not pruned.

An alloy weighs 1 over the root of the number of alloys of its system, so that a large system does not dominate by its
size. This is multiplied by 1 to 3, rising with the share of the target's elements in it. Own casts weigh more.
Spread fractions x'_e = Σ_j x_j k(e, j), with the similarity k of two elements, let the trees see that an alloy of
erbium is nearly one of yttrium.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.melt.elements import melt_elements
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import Posterior, Surrogate

TREES = 100
SHARE_OF_ELEMENTS = 1 / 3
"""Share of the elements tried at each split. Chosen on the development split."""
OWN_WEIGHT = 5.0
"""Weight of an own cast; an alloy that is alone in its system has 1."""
RELATED_WEIGHT = 3.0
"""Factor on the weight of an alloy made of the target's elements alone; an alloy without any of them has 1."""


@dataclass(frozen=True)
class WeightedTrees:
    """Trees on spread fractions."""

    trees: Any
    similarity: FloatArray
    """Similarity of the elements, shape (e, e)."""
    target: frozenset[str]
    seed: int

    def predict(self, compositions: Compositions) -> Posterior:
        """See `FittedSurrogate.predict`: the mean of the trees, grown on log(1 + D_max)."""
        dmax_mm = np.expm1(self.trees.predict(compositions.fractions @ self.similarity))
        return Posterior(dmax_mm, dmax_mm)

    def condition_on(self, alloys: Alloys) -> "WeightedTrees":
        """See `FittedSurrogate.condition_on`: trees grown anew."""
        return _grown(alloys, self.target, self.seed)


class Weighted(Surrogate):
    """A surrogate that weights alloys instead of pruning them."""

    name = "weighted"
    title = "weighted: all alloys, by system and by relation"
    colour = "#cc79a7"
    version = "2"

    def fit(self, alloys: Alloys, target: frozenset[str], seed: int) -> WeightedTrees:
        """See `Surrogate.fit`."""
        return _grown(alloys, target, seed)


def weights_of(alloys: Alloys, target: frozenset[str]) -> FloatArray:
    """Weight of each alloy, shape (n,)."""
    _, place, counts = np.unique(alloys.systems.astype(str), return_inverse=True, return_counts=True)
    by_system = np.where(alloys.is_own, OWN_WEIGHT, 1 / np.sqrt(counts[place]))
    in_target = [element in target for element in alloys.compositions.elements]
    share = alloys.compositions.fractions[:, in_target].sum(axis=1)
    return np.asarray(by_system * (1 + (RELATED_WEIGHT - 1) * share))


def _grown(alloys: Alloys, target: frozenset[str], seed: int) -> WeightedTrees:
    from sklearn.ensemble import ExtraTreesRegressor

    embedding = melt_elements(alloys.compositions.elements).embedding
    similarity = embedding @ embedding.T
    trees = ExtraTreesRegressor(TREES, max_features=SHARE_OF_ELEMENTS, random_state=seed, n_jobs=1)
    weights = weights_of(alloys, target)
    trees.fit(alloys.compositions.fractions @ similarity, np.log1p(alloys.dmax_mm), sample_weight=weights)
    return WeightedTrees(trees, similarity, target, seed)
