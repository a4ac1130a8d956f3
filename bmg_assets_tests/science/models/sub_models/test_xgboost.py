"""XGBoost: one fit shows what a booster of every length predicts, from the weighted mean on."""

import numpy as np
import pytest

from bmg_assets.science.models.sub_models.base import ROUNDS
from bmg_assets.science.models.sub_models.xgboost import ROUNDS_AT_ONCE, XGBoost
from bmg_assets_tests.science.models.sub_models.cases import SEED, a_fold, fitted_and_unseen, fitted_with, points_of

MODEL = XGBoost()
STAGES = (1, 5, 8, 25, 40)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("params", points_of(MODEL))
def test_the_prediction_at_each_stage_is_that_of_so_many_rounds(params, weighted):
    fold = a_fold(weighted)
    staged = MODEL.fold_predictions(fold, params, STAGES, SEED, 1)
    for stage, predicted in zip(STAGES, staged, strict=True):
        assert predicted == pytest.approx(fitted_with(MODEL, fold, {**params, ROUNDS: stage}), abs=1e-5)


def test_the_full_range_of_stages_adds_up_without_losing_digits():
    fold = a_fold()
    params = MODEL.starting_points[0]
    stages = tuple(range(150, 451, 3))
    staged = list(MODEL.stage_predictions(fold, params, stages, SEED, 1))
    assert len(staged) == 101
    assert staged[-1] == pytest.approx(fitted_with(MODEL, fold, {**params, ROUNDS: 450}), abs=1e-4)


def test_a_booster_that_cannot_split_says_the_weighted_mean():
    fold = a_fold(weighted=True)
    params = {**MODEL.starting_points[0], "gamma": 1e9, "subsample": 1}
    mean = np.average(fold.y_train, weights=fold.weight_train)
    assert MODEL.fold_predictions(fold, params, (1, 20), SEED, 1) == pytest.approx(mean, abs=1e-4)


def test_every_parameter_of_the_space_reaches_the_booster():
    fold = a_fold()
    params = {**MODEL.starting_points[0], ROUNDS: 20}
    changes = {"learning_rate": 0.3, "subsample": 0.5, "colsample_bytree": 0.3, "colsample_bynode": 1.0}
    changes |= {"gamma": 15, "reg_lambda": 25, "min_child_weight": 20, "max_depth": 1}
    assert set(changes) == {d.name for d in MODEL.space.dimensions}
    base = fitted_with(MODEL, fold, params)
    for name, value in changes.items():
        assert not np.allclose(base, fitted_with(MODEL, fold, {**params, name: value})), name


@pytest.mark.parametrize("rounds", [1, ROUNDS_AT_ONCE, 2 * ROUNDS_AT_ONCE + 7])
def test_alloys_are_predicted_as_by_the_library_itself(rounds):
    estimator, unseen = fitted_and_unseen(MODEL, {**MODEL.starting_points[0], ROUNDS: rounds})
    np.testing.assert_array_equal(estimator.predict(unseen), estimator.booster.inplace_predict(unseen))
