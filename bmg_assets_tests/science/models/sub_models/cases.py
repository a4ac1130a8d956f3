"""What the sub-models are tested on: folds of a small table, and points of their spaces."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.descriptors.scaler import Scaler
from bmg_assets.science.models.folds import Fold, prepare_folds
from bmg_assets.science.models.search_space import Params
from bmg_assets.science.models.sub_models.base import SubModel
from bmg_assets_tests.science.synthetic import learnable_table

SEED = 3


def a_fold(weighted: bool = False) -> Fold:
    """The first fold of a small table; with weights that differ between rows where they are asked for."""
    X, y = learnable_table(60)
    return prepare_folds(X, y, np.linspace(0.2, 3, 60) if weighted else None)[0]


def points_of(model: SubModel, n: int = 3) -> list[Params]:
    """The model's starting points and some of its space, drawn at random."""
    rng = np.random.default_rng(11)
    drawn = [{d.name: d.snap(rng.uniform(d.start, d.end)) for d in model.space.dimensions} for _ in range(n)]
    return [*model.starting_points, *drawn]


def fitted_with(model: SubModel, fold: Fold, params: Params) -> NDArray[np.float64]:
    """Held-out predictions in mm of the estimator that is fitted to the whole fold with these parameters."""
    estimator = model.fit_estimator(fold.X_train, fold.y_train, fold.weight_train, params, SEED, 1)
    return np.asarray(estimator.predict(fold.X_test), dtype=np.float64)


def fitted_and_unseen(model: SubModel, params: Params) -> tuple[Any, NDArray[np.float64]]:
    """An estimator fitted to 200 alloys, and 300 others, too many to be predicted at once."""
    X, y = learnable_table(500)
    X = Scaler.fit(X).transform(X)
    return model.fit_estimator(X[:200], y[:200], np.ones(200), params, SEED, 1), X[200:]
