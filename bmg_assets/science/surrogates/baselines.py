"""What a strategy has to beat: the nearest known alloy, and the bare amounts of the elements."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import Promise, Strategy

ROWS_AT_ONCE = 64
TREES = 100


@dataclass(frozen=True)
class NearestAlloy:
    """Known alloys, looked up."""

    alloys: Alloys

    def promise(self, compositions: Compositions) -> Promise:
        """The diameter of the alloy of which the fewest atoms differ; the mean of those that are equally near."""
        present = (compositions.fractions > 0).any(axis=0)
        asked, known = compositions.fractions[:, present], self.alloys.compositions.fractions[:, present]
        other_elements = 1 - known.sum(axis=1)
        dmax_mm = np.empty(len(compositions))
        for start in range(0, len(compositions), ROWS_AT_ONCE):
            rows = slice(start, start + ROWS_AT_ONCE)
            distance = (np.abs(asked[rows, np.newaxis] - known).sum(axis=2) + other_elements) / 2
            is_nearest = distance <= distance.min(axis=1, keepdims=True) + 1e-9
            dmax_mm[rows] = (is_nearest * self.alloys.dmax_mm).sum(axis=1) / is_nearest.sum(axis=1)
        return Promise(dmax_mm, dmax_mm)

    def interval(self, promise: Promise, coverage: float) -> None:
        """It knows none."""

    def relearn(self, alloys: Alloys) -> "NearestAlloy":
        """Other alloys to look up."""
        return NearestAlloy(alloys)


class Nearest(Strategy):
    """What everybody does without a model."""

    name = "nearest"
    title = "nearest known alloy"

    def learn(self, alloys: Alloys, target: frozenset[str], seed: int) -> NearestAlloy:
        """See `Strategy.learn`; there is nothing to learn."""
        return NearestAlloy(alloys)


@dataclass(frozen=True)
class TreesOnFractions:
    """Extremely randomised trees on mole fractions."""

    trees: Any
    seed: int

    def promise(self, compositions: Compositions) -> Promise:
        """The mean of the trees."""
        dmax_mm = np.expm1(self.trees.predict(compositions.fractions))
        return Promise(dmax_mm, dmax_mm)

    def interval(self, promise: Promise, coverage: float) -> None:
        """It knows none."""

    def relearn(self, alloys: Alloys) -> "TreesOnFractions":
        """The same trees, grown anew."""
        return _trees_on_fractions(alloys, self.seed)


class Fractions(Strategy):
    """One model that knows nothing of elements but their names."""

    name = "fractions"
    title = "element fractions, one model"

    def learn(self, alloys: Alloys, target: frozenset[str], seed: int) -> TreesOnFractions:
        """See `Strategy.learn`."""
        return _trees_on_fractions(alloys, seed)


def _trees_on_fractions(alloys: Alloys, seed: int) -> TreesOnFractions:
    from sklearn.ensemble import ExtraTreesRegressor

    trees = ExtraTreesRegressor(TREES, random_state=seed, n_jobs=1)
    return TreesOnFractions(trees.fit(alloys.compositions.fractions, np.log1p(alloys.dmax_mm)), seed)
