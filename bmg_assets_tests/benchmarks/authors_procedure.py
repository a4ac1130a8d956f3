"""The authors' way of evaluating a trial, as their notebooks have it: the libraries' wrappers, five folds refitted.

The number of trees or boosting rounds is a dimension of the search like any other. Drawn here is uniformly from their
ranges, which costs less than their search: that spends its trials where the loss is low and the models are large.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.models.folds import FOLD_SEED, N_FOLDS
from bmg_assets.science.models.search_space import Dimension, Params
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

TRIALS = {"random_forest": 277, "svr": 174, "xgboost": 341, "lightgbm": 245}
"""Trials that the authors' notebooks took on Zr-Al-Cu (3)."""
FUSION_TRIALS = 116
RMSE_MM = {"svr": 0.6280, "random_forest": 0.6530, "xgboost": 0.6060, "lightgbm": 0.6075}
"""Best mean RMSE of five folds in the authors' notebooks, Zr-Al-Cu (3)."""
FUSION_R2 = 0.7930

RANGES: dict[str, tuple[Dimension, ...]] = {
    name: (*([model.rounds] if model.rounds else []), *model.space.dimensions) for name, model in SUB_MODELS.items()
}
"""Their ranges (start, end, step), which our searches keep to, with the number of rounds as one more dimension."""


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
