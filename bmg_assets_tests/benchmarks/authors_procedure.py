"""The authors' way of evaluating a trial, as their notebooks have it: the libraries' wrappers, five folds refitted.

The number of trees or boosting rounds is a dimension of the search like any other. Drawn here is uniformly from their
ranges, which costs less than their search: that spends its trials where the loss is low and the models are large.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.folds import FOLD_SEED, N_FOLDS
from bmg_assets.science.search_space import Dimension, Params

TRIALS = {"random_forest": 277, "svr": 174, "xgboost": 341, "lightgbm": 245}
"""Trials that the authors' notebooks took on Zr-Al-Cu (3)."""
FUSION_TRIALS = 116
RMSE_MM = {"svr": 0.6280, "random_forest": 0.6530, "xgboost": 0.6060, "lightgbm": 0.6075}
"""Best mean RMSE of five folds in the authors' notebooks, Zr-Al-Cu (3)."""
FUSION_R2 = 0.7930

RANGES: dict[str, tuple[Dimension, ...]] = {
    "svr": (Dimension("C", 1, 50, 1), Dimension("gamma", 0.1, 0.45, 0.005), Dimension("epsilon", 0, 0.2, 0.002)),
    "random_forest": (
        Dimension("n_estimators", 50, 550, 5),
        Dimension("max_features", 3, 29, 1),
        Dimension("max_depth", 8, 55, 1),
        Dimension("min_samples_split", 2, 10, 1),
        Dimension("min_impurity_decrease", 0, 5, 0.1),
    ),
    "xgboost": (
        Dimension("n_estimators", 150, 450, 3),
        Dimension("learning_rate", 0.05, 0.3, 0.002),
        Dimension("subsample", 0.5, 1, 0.1),
        Dimension("colsample_bytree", 0.3, 1, 0.1),
        Dimension("colsample_bynode", 0.1, 1, 0.1),
        Dimension("gamma", 0, 15, 0.2),
        Dimension("reg_lambda", 0, 25, 0.5),
        Dimension("min_child_weight", 0, 50, 0.5),
        Dimension("max_depth", 5, 45, 1),
    ),
    "lightgbm": (
        Dimension("n_estimators", 100, 800, 5),
        Dimension("num_leaves", 10, 400, 5),
        Dimension("learning_rate", 0.1, 0.5, 0.02),
        Dimension("min_child_samples", 1, 40, 1),
        Dimension("reg_alpha", 0, 10, 0.5),
        Dimension("reg_lambda", 0, 100, 2),
        Dimension("subsample", 0.5, 1, 0.1),
    ),
}
"""Their ranges (start, end, step), with the number of rounds."""


def draw(name: str, rng: np.random.Generator) -> Params:
    """A trial of a sub-model."""
    return {dimension.name: dimension.snap(rng.uniform(dimension.start, dimension.end)) for dimension in RANGES[name]}


def estimator(name: str, params: Mapping[str, float]) -> Any:
    """The library's wrapper behind a standardisation, on one thread."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), _wrapper(name, params))


def cross_validated_rmse(
    name: str, params: Mapping[str, float], X: NDArray[np.float64], y: NDArray[np.float64]
) -> float:
    """A trial: mean RMSE in mm over the five folds."""
    from sklearn.model_selection import cross_val_score

    scores = cross_val_score(
        estimator(name, params), X, y, cv=five_folds(), scoring="neg_root_mean_squared_error", error_score="raise"
    )
    return float(-scores.mean())


def five_folds() -> Any:
    """The authors' folds."""
    from sklearn.model_selection import KFold

    return KFold(N_FOLDS, shuffle=True, random_state=FOLD_SEED)


def _wrapper(name: str, params: Mapping[str, float]) -> Any:
    if name == "svr":
        from sklearn.svm import SVR

        return SVR(kernel="rbf", **params)
    if name == "random_forest":
        from sklearn.ensemble import RandomForestRegressor

        given = {**params, "max_features": int(params["max_features"])}
        return RandomForestRegressor(**given, random_state=FOLD_SEED, n_jobs=1)
    if name == "xgboost":
        from xgboost import XGBRegressor

        return XGBRegressor(**params, random_state=FOLD_SEED, n_jobs=1)
    from lightgbm import LGBMRegressor

    return LGBMRegressor(**params, random_state=FOLD_SEED, n_jobs=1, verbosity=-1)
