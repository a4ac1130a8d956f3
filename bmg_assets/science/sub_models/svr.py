"""Support vector regression with a radial basis function kernel."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from bmg_assets.science.folds import FloatArray, Fold
from bmg_assets.science.search_space import Dimension, SearchSpace
from bmg_assets.science.sub_models.base import SubModel

KERNEL_CACHE_MB = 1000


class SupportVectorRegression(SubModel):
    """SVR (RBF). Trials share the distances of a fold, which the kernel's width only rescales."""

    name = "svr"
    title = "SVR"
    space = SearchSpace(
        (
            Dimension("C", 1, 50, 1),
            Dimension("gamma", 0.1, 0.45, 0.005),
            Dimension("epsilon", 0, 0.2, 0.002),
        )
    )
    starting_points = ({"C": 7, "gamma": 0.385, "epsilon": 0.03},)

    def fold_predictions(
        self, fold: Fold, params: Mapping[str, float], stages: tuple[int, ...], seed: int, threads: int
    ) -> FloatArray:
        """See `SubModel.fold_predictions`; there is one stage."""
        from sklearn.svm import SVR

        to_train, to_test = fold.squared_distances
        estimator = SVR(kernel="precomputed", C=params["C"], epsilon=params["epsilon"], cache_size=KERNEL_CACHE_MB)
        estimator.fit(np.exp(-params["gamma"] * to_train), fold.y_train, sample_weight=fold.weight_train)
        return estimator.predict(np.exp(-params["gamma"] * to_test))[np.newaxis, :]

    def fit_estimator(
        self, X: FloatArray, y: FloatArray, weight: FloatArray, params: Mapping[str, float], seed: int, threads: int
    ) -> Any:
        """A scikit-learn `SVR`; it has no random part and uses one thread."""
        from sklearn.svm import SVR

        return SVR(
            kernel="rbf", C=params["C"], gamma=params["gamma"], epsilon=params["epsilon"], cache_size=KERNEL_CACHE_MB
        ).fit(X, y, sample_weight=weight)
