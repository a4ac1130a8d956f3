"""Baselines that a surrogate has to beat: the nearest known alloy, and trees on the bare amounts of the elements."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from bmg_assets.science.alloys.distances import exchanged_at_pct
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import Posterior, Surrogate

ROWS_AT_ONCE = 64
TIE_AT_PCT = 1e-7
"""Distances that differ by less are equal but for rounding."""
TREES = 100


@dataclass(frozen=True)
class NearestAlloy:
    """Known alloys to look up."""

    alloys: Alloys

    def predict(self, compositions: Compositions) -> Posterior:
        """See `FittedSurrogate.predict`: D_max of the alloy in which the fewest atoms differ, the mean over ties."""
        present = (compositions.fractions > 0).any(axis=0)
        asked, known = (100 * one.fractions[:, present] for one in (compositions, self.alloys.compositions))
        dmax_mm = np.empty(len(compositions))
        for start in range(0, len(compositions), ROWS_AT_ONCE):
            rows = slice(start, start + ROWS_AT_ONCE)
            distance = exchanged_at_pct(asked[rows], known)
            is_nearest = distance <= distance.min(axis=1, keepdims=True) + TIE_AT_PCT
            dmax_mm[rows] = (is_nearest * self.alloys.dmax_mm).sum(axis=1) / is_nearest.sum(axis=1)
        return Posterior(dmax_mm, dmax_mm)

    def condition_on(self, alloys: Alloys) -> "NearestAlloy":
        """See `FittedSurrogate.condition_on`."""
        return NearestAlloy(alloys)


class Nearest(Surrogate):
    """The baseline without a model: D_max of the nearest known alloy."""

    name = "nearest"
    title = "nearest known alloy"
    colour = "#e69f00"

    def fit(self, alloys: Alloys, target: frozenset[str], seed: int) -> NearestAlloy:
        """See `Surrogate.fit`; nothing is fitted."""
        return NearestAlloy(alloys)


@dataclass(frozen=True)
class TreesOnFractions:
    """Extremely randomised trees on mole fractions."""

    trees: Any
    seed: int

    def predict(self, compositions: Compositions) -> Posterior:
        """See `FittedSurrogate.predict`: the mean of the trees, grown on log(1 + D_max)."""
        dmax_mm = np.expm1(self.trees.predict(compositions.fractions))
        return Posterior(dmax_mm, dmax_mm)

    def condition_on(self, alloys: Alloys) -> "TreesOnFractions":
        """See `FittedSurrogate.condition_on`: trees grown anew."""
        return _trees_on_fractions(alloys, self.seed)


class Fractions(Surrogate):
    """Trees on the mole fractions alone, without data of the elements."""

    name = "fractions"
    title = "element fractions, one model"
    colour = "#009e73"

    def fit(self, alloys: Alloys, target: frozenset[str], seed: int) -> TreesOnFractions:
        """See `Surrogate.fit`."""
        return _trees_on_fractions(alloys, seed)


def _trees_on_fractions(alloys: Alloys, seed: int) -> TreesOnFractions:
    from sklearn.ensemble import ExtraTreesRegressor

    trees = ExtraTreesRegressor(TREES, random_state=seed, n_jobs=1)
    return TreesOnFractions(trees.fit(alloys.compositions.fractions, np.log1p(alloys.dmax_mm)), seed)
