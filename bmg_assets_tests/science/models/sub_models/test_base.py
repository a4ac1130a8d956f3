"""What every sub-model promises: scaling, weights, seeds, shapes."""

import numpy as np
import pytest

from bmg_assets.science.descriptors.scaler import Scaler
from bmg_assets.science.models.folds import prepare_folds
from bmg_assets.science.models.sub_models.base import ROUNDS, FittedSubModel
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets_tests.science.models.sub_models.cases import SEED, a_fold
from bmg_assets_tests.science.synthetic import learnable_table

MODELS = pytest.mark.parametrize("model", SUB_MODELS.values(), ids=SUB_MODELS)


def a_point(model):
    return dict(model.starting_points[0]) | ({ROUNDS: 60} if model.rounds else {})


class SumOfDescriptors:
    """An estimator whose answer is known."""

    def predict(self, X):
        return X.sum(axis=1)


def test_a_fitted_sub_model_scales_before_it_predicts():
    fitted = FittedSubModel("any", Scaler(np.array([1.0, 10.0]), np.array([2.0, 5.0])), SumOfDescriptors())
    assert fitted.predict(np.array([[3.0, 20.0], [1.0, 10.0]])).tolist() == [3.0, 0.0]


@MODELS
def test_a_fit_learns_and_keeps_the_scaler_of_its_rows(model):
    X, y = learnable_table(80)
    fitted = model.fit(X, y, a_point(model), SEED)
    assert fitted.name == model.name
    assert fitted.scaler.mean == pytest.approx(X.mean(axis=0))
    assert fitted.scaler.scale == pytest.approx(X.std(axis=0))
    predicted = fitted.predict(X)
    assert predicted.shape == (80,)
    assert predicted.dtype == np.float64
    assert np.corrcoef(predicted, y)[0, 1] > 0.8


@MODELS
def test_the_unit_of_a_descriptor_does_not_matter(model):
    X, y = learnable_table(60)
    factor = 2.0 ** np.arange(X.shape[1])
    one = model.fit(X, y, a_point(model), SEED).predict(X)
    other = model.fit(X * factor, y, a_point(model), SEED).predict(X * factor)
    assert other == pytest.approx(one, abs=1e-6)


@MODELS
def test_a_seed_gives_the_same_fit_twice(model):
    X, y = learnable_table(60)
    one, other = (model.fit(X, y, a_point(model), SEED).predict(X) for _ in range(2))
    assert np.array_equal(one, other)


@pytest.mark.parametrize("model", [m for m in SUB_MODELS.values() if m.rounds], ids=lambda m: m.name)
def test_another_seed_gives_another_fit_where_there_is_chance(model):
    X, y = learnable_table(60)
    one, other = (model.fit(X, y, a_point(model), seed).predict(X) for seed in (1, 2))
    assert not np.allclose(one, other)


@MODELS
def test_weights_decide_between_two_labels_of_the_same_alloys(model):
    X = np.vstack([learnable_table(50)[0]] * 2)
    y = np.repeat([0.0, 5.0], 50)
    weight = np.repeat([1.0, 19.0], 50)
    by_fit = model.fit(X, y, a_point(model), SEED, weight=weight).predict(X)
    without = model.fit(X, y, a_point(model), SEED).predict(X)
    assert by_fit.mean() > 4
    assert without.mean() == pytest.approx(2.5, abs=1.5)


@MODELS
def test_weights_decide_in_the_folds_too(model):
    X = np.vstack([learnable_table(50)[0]] * 2)
    y = np.repeat([0.0, 5.0], 50)
    stages = (60,) if model.rounds else (0,)

    def held_out(weight):
        folds = prepare_folds(X, y, weight)
        return np.mean([model.fold_predictions(fold, a_point(model), stages, SEED, 1) for fold in folds])

    # The twin of a held-out alloy, with the other label, is among the fitted ones, so the two are not 5 mm apart.
    assert held_out(np.repeat([1.0, 19.0], 50)) > held_out(np.repeat([19.0, 1.0], 50)) + 0.5


@MODELS
def test_held_out_labels_do_not_reach_the_predictions(model):
    X, y = learnable_table(50)
    before = prepare_folds(X, y)[2]
    changed = y.copy()
    changed[before.test] = 60.0
    stages = (20,) if model.rounds else (0,)
    one, other = (
        model.fold_predictions(fold, a_point(model), stages, SEED, 1) for fold in (before, prepare_folds(X, changed)[2])
    )
    assert np.array_equal(one, other)


@MODELS
def test_there_is_a_row_of_predictions_for_each_stage(model):
    fold = a_fold()
    stages = (2, 5, 9) if model.rounds else (0,)
    predicted = model.fold_predictions(fold, a_point(model), stages, SEED, 1)
    assert predicted.shape == (len(stages), len(fold.test))
    assert np.isfinite(predicted).all()
