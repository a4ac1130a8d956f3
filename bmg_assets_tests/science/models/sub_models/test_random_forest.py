"""Random forest: one fit shows what a forest of every size predicts."""

import numpy as np
import pytest

from bmg_assets.science.models.sub_models.base import ROUNDS
from bmg_assets.science.models.sub_models.random_forest import RandomForest
from bmg_assets_tests.science.models.sub_models.cases import SEED, a_fold, fitted_and_unseen, fitted_with, points_of

MODEL = RandomForest()
STAGES = (1, 7, 20, 30)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("params", points_of(MODEL, 2))
def test_the_prediction_at_each_stage_is_that_of_a_forest_of_so_many_trees(params, weighted):
    fold = a_fold(weighted)
    staged = MODEL.fold_predictions(fold, params, STAGES, SEED, 1)
    for stage, predicted in zip(STAGES, staged, strict=True):
        assert predicted == pytest.approx(fitted_with(MODEL, fold, {**params, ROUNDS: stage}), abs=1e-9)


def test_the_stages_differ():
    staged = MODEL.fold_predictions(a_fold(), MODEL.starting_points[0], STAGES, SEED, 1)
    assert len(np.unique(staged.round(9), axis=0)) == len(STAGES)


def test_fewer_descriptors_than_max_features_are_all_used():
    fold = a_fold()
    params = {**MODEL.starting_points[0], ROUNDS: 10}
    assert fold.X_train.shape[1] == 6
    all_six, twenty = (fitted_with(MODEL, fold, {**params, "max_features": count}) for count in (6, 20))
    assert np.array_equal(all_six, twenty)
    assert not np.array_equal(all_six, fitted_with(MODEL, fold, {**params, "max_features": 3}))


def test_alloys_are_predicted_as_by_the_library_itself():
    estimator, unseen = fitted_and_unseen(MODEL, {**MODEL.starting_points[0], ROUNDS: 60})
    np.testing.assert_allclose(estimator.predict(unseen), estimator.forest.predict(unseen), rtol=0, atol=1e-12)
