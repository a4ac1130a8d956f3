"""LightGBM: one fit shows what a booster of every length predicts, also where it stops growing."""

import numpy as np
import pytest

from bmg_assets.science.models.sub_models.base import ROUNDS
from bmg_assets.science.models.sub_models.lightgbm import ROUNDS_AT_ONCE, LightGBM
from bmg_assets_tests.science.models.sub_models.cases import SEED, a_fold, fitted_and_unseen, fitted_with, points_of

MODEL = LightGBM()
STAGES = (1, 5, 8, 25, 40)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("params", points_of(MODEL))
def test_the_prediction_at_each_stage_is_that_of_so_many_rounds(params, weighted):
    fold = a_fold(weighted)
    staged = MODEL.fold_predictions(fold, params, STAGES, SEED, 1)
    for stage, predicted in zip(STAGES, staged, strict=True):
        assert predicted == pytest.approx(fitted_with(MODEL, fold, {**params, ROUNDS: stage}), abs=1e-9)


def test_a_booster_that_cannot_split_says_the_weighted_mean_at_every_stage():
    fold = a_fold(weighted=True)
    params = {**MODEL.starting_points[0], "min_child_samples": 40}
    mean = np.average(fold.y_train, weights=fold.weight_train)
    assert MODEL.fold_predictions(fold, params, (1, 20, 40), SEED, 1) == pytest.approx(mean, abs=1e-6)


def test_a_booster_that_stops_growing_keeps_its_prediction():
    fold = a_fold()
    params = {**MODEL.starting_points[0], "reg_alpha": 10, "reg_lambda": 0, "learning_rate": 0.5, "subsample": 1}
    stages = (1, 2, 50, 200)
    staged = MODEL.fold_predictions(fold, params, stages, SEED, 1)
    assert np.array_equal(staged[-2], staged[-1])
    assert not np.allclose(staged[0], staged[-1])
    assert staged[-1] == pytest.approx(fitted_with(MODEL, fold, {**params, ROUNDS: 200}), abs=1e-9)


def test_every_parameter_of_the_space_reaches_the_booster():
    fold = a_fold()
    params = {**MODEL.starting_points[0], ROUNDS: 20}
    changes = {"num_leaves": 2, "learning_rate": 0.3, "min_child_samples": 15, "reg_alpha": 5, "reg_lambda": 100}
    changes |= {"subsample": 0.5}
    assert set(changes) == {d.name for d in MODEL.space.dimensions}
    base = fitted_with(MODEL, fold, params)
    for name, value in changes.items():
        assert not np.allclose(base, fitted_with(MODEL, fold, {**params, name: value})), name


@pytest.mark.parametrize("rounds", [1, ROUNDS_AT_ONCE, 2 * ROUNDS_AT_ONCE + 7])
def test_alloys_are_predicted_as_by_the_library_itself(rounds):
    estimator, unseen = fitted_and_unseen(MODEL, {**MODEL.starting_points[0], ROUNDS: rounds})
    np.testing.assert_allclose(estimator.predict(unseen), estimator.booster.predict(unseen), rtol=0, atol=1e-12)
