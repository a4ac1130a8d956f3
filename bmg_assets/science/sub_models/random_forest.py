"""Random forest regression."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bmg_assets.science.folds import FloatArray, Fold
from bmg_assets.science.search_space import Dimension, SearchSpace
from bmg_assets.science.sub_models.base import ROUNDS, SubModel


@dataclass(frozen=True)
class ForestEstimator:
    """A scikit-learn `RandomForestRegressor` that asks its trees without checking the descriptors for each of them."""

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

    def fold_predictions(
        self, fold: Fold, params: Mapping[str, float], stages: tuple[int, ...], seed: int, threads: int
    ) -> FloatArray:
        """See `SubModel.fold_predictions`."""
        forest = self.fit_estimator(
            fold.X_train, fold.y_train, fold.weight_train, {**params, ROUNDS: stages[-1]}, seed, threads
        ).forest
        X_test = fold.X_test.astype(np.float32)
        of_trees = np.array([tree.tree_.predict(X_test)[:, 0] for tree in forest.estimators_])
        running_mean = of_trees.cumsum(axis=0) / np.arange(1, len(of_trees) + 1)[:, np.newaxis]
        return running_mean[np.array(stages) - 1]

    def fit_estimator(
        self, X: FloatArray, y: FloatArray, weight: FloatArray, params: Mapping[str, float], seed: int, threads: int
    ) -> ForestEstimator:
        """A forest; `max_features` is capped by the number of descriptors."""
        from sklearn.ensemble import RandomForestRegressor

        forest = RandomForestRegressor(
            n_estimators=int(params[ROUNDS]),
            max_features=min(int(params["max_features"]), X.shape[1]),
            max_depth=int(params["max_depth"]),
            min_samples_split=int(params["min_samples_split"]),
            min_impurity_decrease=params["min_impurity_decrease"],
            random_state=seed,
            n_jobs=threads,
        )
        return ForestEstimator(forest.fit(X, y, sample_weight=weight))
