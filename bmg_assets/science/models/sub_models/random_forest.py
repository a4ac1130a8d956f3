"""Random forest regression."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.models.folds import Fold
from bmg_assets.science.models.search_space import Dimension, SearchSpace
from bmg_assets.science.models.sub_models.base import ROUNDS, SubModel

LEVELS = 32
"""Distinct values of a descriptor. Half the cost of all values; the RMSE of one point was 2 % better on Zr-Al-Cu (3)
and on Mg-Zn-Ca (3)."""

TREE_TYPES = ["sklearn.tree._tree.Tree"]
"""Types that skops loads only from a trusted file: whoever can write the store can do more harm than a false tree."""


@dataclass(frozen=True)
class ForestEstimator:
    """A scikit-learn `RandomForestRegressor` that predicts without checking the descriptors again for each tree."""

    forest: Any

    def predict(self, X: FloatArray) -> FloatArray:
        """Critical casting diameters in mm, shape (n,), as the forest's own to rounding."""
        X_single = X.astype(np.float32)
        total = np.zeros(len(X))
        for tree in self.forest.estimators_:
            total += tree.tree_.predict(X_single)[:, 0]
        return total / len(self.forest.estimators_)


class RandomForest(SubModel):
    """Random forest. A forest's mean over its first n trees is the forest of n trees, so one fit shows every n."""

    name = "random_forest"
    title = "RF"
    colour = "#009e73"
    kinds = frozenset({"scikitlearn"})
    search_time_s = 46.8
    version = "2"
    space = SearchSpace(
        (
            Dimension("max_features", 3, 29, 1),
            Dimension("max_depth", 8, 55, 1),
            Dimension("min_samples_split", 2, 10, 1),
            Dimension("min_impurity_decrease", 0, 5, 0.1),
        )
    )
    rounds = Dimension(ROUNDS, 50, 550, 5)
    screening_rounds = 50
    rounds_tolerance = 0.002
    starting_points = ({"max_features": 8, "max_depth": 40, "min_samples_split": 2, "min_impurity_decrease": 0},)

    def stage_predictions(
        self, fold: Fold, params: Mapping[str, float], stages: tuple[int, ...], seed: int, threads: int
    ) -> Iterator[FloatArray]:
        """See `SubModel.stage_predictions`; the forest so far is kept and trees are added to it."""
        forest = _unfitted(params, fold.X_train.shape[1], seed, threads).set_params(warm_start=True)
        X_train, X_test = rounded_to_levels(fold.X_train), fold.X_test.astype(np.float32)
        sum_of_trees = np.zeros(len(fold.test))
        for start, stop in zip((0, *stages[:-1]), stages, strict=True):
            forest.set_params(n_estimators=stop).fit(X_train, fold.y_train, sample_weight=fold.weight_train)
            sum_of_trees = sum_of_trees + sum(tree.tree_.predict(X_test)[:, 0] for tree in forest.estimators_[start:])
            yield sum_of_trees / stop

    def fit_estimator(
        self, X: FloatArray, y: FloatArray, weight: FloatArray, params: Mapping[str, float], seed: int, threads: int
    ) -> ForestEstimator:
        """See `SubModel.fit_estimator`: trees; the number of descriptors caps `max_features`."""
        forest = _unfitted(params, X.shape[1], seed, threads).set_params(n_estimators=int(params[ROUNDS]))
        return ForestEstimator(forest.fit(rounded_to_levels(X), y, sample_weight=weight))

    def to_bytes(self, estimator: ForestEstimator) -> bytes:
        """The forest as skops writes it."""
        import skops.io

        return bytes(skops.io.dumps(estimator.forest))

    def from_bytes(self, data: bytes) -> ForestEstimator:
        """See `SubModel.from_bytes`."""
        import skops.io

        return ForestEstimator(skops.io.loads(data, trusted=TREE_TYPES))


def rounded_to_levels(X: FloatArray) -> FloatArray:
    """Each descriptor rounded to the nearest of 32 values, its quantiles; shape (n, d) as `X`.

    Only what a forest is fitted to is rounded: its thresholds then lie between these values, and it predicts from
    descriptors as they are.
    """
    rounded = np.empty_like(X)
    for column, values in enumerate(X.T):
        levels = np.unique(np.quantile(values, np.linspace(0, 1, LEVELS)))
        rounded[:, column] = levels[np.searchsorted((levels[1:] + levels[:-1]) / 2, values)]
    return rounded


def _unfitted(params: Mapping[str, float], descriptors: int, seed: int, threads: int) -> Any:
    from sklearn.ensemble import RandomForestRegressor

    return RandomForestRegressor(
        max_features=min(int(params["max_features"]), descriptors),
        max_depth=int(params["max_depth"]),
        min_samples_split=int(params["min_samples_split"]),
        min_impurity_decrease=params["min_impurity_decrease"],
        random_state=seed,
        n_jobs=threads,
    )
