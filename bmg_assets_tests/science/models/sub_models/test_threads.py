"""A sub-model is the same whatever machine it was trained on: threads hurry it and change nothing."""

import numpy as np
import pytest

from bmg_assets.science.models.sub_models.base import ROUNDS, SubModel
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS


@pytest.mark.parametrize("model", SUB_MODELS.values(), ids=SUB_MODELS)
def test_the_number_of_threads_changes_no_prediction(model: SubModel) -> None:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(2000, 6))
    y = np.abs(2 * X[:, 0] + np.sin(3 * X[:, 1]) + rng.normal(size=2000))
    params = dict(model.starting_points[0]) | ({ROUNDS: 30} if model.rounds else {})
    one, *more = [model.fit(X, y, params, seed=1, threads=threads).predict(X) for threads in (1, 2, 5)]
    assert all(np.array_equal(one, other) for other in more)
