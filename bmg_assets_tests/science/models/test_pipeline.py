"""Sub-models, their weights and their fusion: the same whoever calls for them, and refused where they do not belong."""

from dataclasses import replace

import numpy as np
import pytest

from bmg_assets.science.literature.training_set import LearningData
from bmg_assets.science.models.budgets import budget_named
from bmg_assets.science.models.folds import prepare_folds
from bmg_assets.science.models.fusion import fold_scores, fuse
from bmg_assets.science.models.pipeline import (
    FusedSubModels,
    PredictionError,
    find_weights,
    fuse_at_starting_points,
    fuse_sub_models,
    predict_held_out,
)
from bmg_assets.science.models.sub_models.base import ROUNDS
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.models.tuning import TunedSubModel, tune
from bmg_assets_tests.science.synthetic import learnable_table

SEED = 5
X, Y = learnable_table()
DATA = LearningData(X, Y, np.ones(len(Y)), tuple("abcdef"))
UNSEEN = X[:7] + 0.1


@pytest.fixture(scope="module")
def tuned() -> dict[str, TunedSubModel]:
    one_trial = replace(budget_named("quick"), max_evaluations=1)
    return {name: tune(SUB_MODELS[name], X, Y, one_trial, SEED) for name in ("svr", "xgboost")}


@pytest.fixture(scope="module")
def at_starting_points() -> FusedSubModels:
    return fuse_at_starting_points(X, Y, SEED)


def test_weights_come_from_the_out_of_fold_predictions_and_each_part_has_its_score(tuned) -> None:
    fusion = find_weights(tuned, DATA)
    folds = prepare_folds(X, Y)
    assert fusion.weights.sum() == pytest.approx(1)
    assert fusion.part_scores == tuple(fold_scores(model.out_of_fold, Y, folds) for model in tuned.values())
    assert fusion.scores.r2_mean >= max(score.r2_mean for score in fusion.part_scores)


def test_the_fusion_predicts_the_weighted_mean_within_its_interval(tuned) -> None:
    fused = fuse_sub_models(tuned, np.array([0.25, 0.75]), DATA)
    by_hand = [np.maximum(model.fitted.predict(UNSEEN), 0) for model in tuned.values()]
    assert fused.predict(UNSEEN) == pytest.approx(0.25 * by_hand[0] + 0.75 * by_hand[1])
    assert fused.held_out == pytest.approx(0.25 * tuned["svr"].out_of_fold + 0.75 * tuned["xgboost"].out_of_fold)
    low, high = fused.interval(fused.predict(UNSEEN), 0.9)
    assert (low <= fused.predict(UNSEEN)).all()
    assert (fused.predict(UNSEEN) <= high).all()
    assert (high - low > 0).all()


def test_a_label_without_a_bound_is_not_cut_off(tuned) -> None:
    below = LearningData(X, Y - 100, DATA.weight, DATA.descriptors)
    one_trial = replace(budget_named("quick"), max_evaluations=1)
    models = {"svr": tune(SUB_MODELS["svr"], below.X, below.y, one_trial, SEED)}
    weights = np.ones(1)
    assert (fuse_sub_models(models, weights, below).predict(UNSEEN) == 0).all()
    assert (fuse_sub_models(models, weights, below, lowest=-np.inf).predict(UNSEEN) < -50).all()


def test_sub_models_of_another_training_set_are_refused(tuned) -> None:
    other = replace(DATA, y=Y + 0.5)
    for refused in (lambda: find_weights(tuned, other), lambda: fuse_sub_models(tuned, np.ones(2), other)):
        with pytest.raises(PredictionError, match="svr_model was trained on another training set than the one stored"):
            refused()


def test_without_a_search_rounds_and_weights_come_from_one_fold(at_starting_points: FusedSubModels) -> None:
    fold = prepare_folds(X, Y)[0]
    assert at_starting_points.labels == pytest.approx(Y[fold.test])
    each = []
    for name, params in at_starting_points.params.items():
        start = SUB_MODELS[name].starting_points[0]
        assert {key: value for key, value in params.items() if key != ROUNDS} == start
        stages = (int(params.get(ROUNDS, 0)),)
        each.append(SUB_MODELS[name].fold_predictions(fold, params, stages, SEED, threads=1)[0])
    assert at_starting_points.held_out == pytest.approx(
        fuse(np.column_stack(each), at_starting_points.weights), abs=1e-6
    )


def test_a_refit_keeps_hyper_parameters_and_weights_and_learns_the_new_labels(
    at_starting_points: FusedSubModels,
) -> None:
    same, higher = (at_starting_points.refitted(X, Y + shift) for shift in (0.0, 3.0))
    assert same.predict(UNSEEN).tolist() == at_starting_points.predict(UNSEEN).tolist()
    assert higher.params == same.params
    assert higher.weights.tolist() == same.weights.tolist()
    assert (higher.predict(UNSEEN) - same.predict(UNSEEN)).mean() == pytest.approx(3, abs=0.7)


def test_other_folds_are_predicted_with_the_same_hyper_parameters(tuned) -> None:
    """On the folds of the search itself this gives the out-of-fold predictions again."""
    fused = fuse_sub_models(tuned, np.array([0.5, 0.5]), DATA)
    assert predict_held_out(fused, prepare_folds(X, Y)) == pytest.approx(fused.held_out)
