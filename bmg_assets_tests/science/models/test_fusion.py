"""The fusion: that nothing need be refitted, that the lattice and the exact optimum are what they claim to be."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import r2_score, root_mean_squared_error
from sklearn.model_selection import KFold

from bmg_assets.science.models.folds import prepare_folds
from bmg_assets.science.models.fusion import (
    FusionError,
    exact_weights,
    find_fusion,
    fold_scores,
    fuse,
    lattice_steps,
    objective,
    objective_matrix,
    search_weights,
)
from bmg_assets.science.models.sub_models.base import ROUNDS
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets_tests.science.synthetic import learnable_table

WEIGHTS = [[1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25], [0.1, 0.2, 0.3, 0.4], [0.9, 0.03, 0.41, 0.77], [0, 0.5, 0, 1]]
SEED = 7
FEW_ROUNDS = 20


def test_two_columns_by_hand():
    predictions = np.array([[1.0, 3.0], [2.0, 10.0]])
    assert fuse(predictions, np.array([0.5, 0.5])).tolist() == [2.0, 6.0]
    assert fuse(predictions, np.array([0.75, 0.25])).tolist() == [1.5, 4.0]
    # Weights need not sum to one: eq. (1) divides by their sum.
    assert fuse(predictions, np.array([0.9, 0.3])) == pytest.approx([1.5, 4.0])
    assert fuse(predictions, np.array([0.0, 0.2])) == pytest.approx([3.0, 10.0])


def a_point(model):
    point = dict(model.starting_points[0])
    return point if model.rounds is None else {**point, ROUNDS: FEW_ROUNDS}


@pytest.fixture(scope="module")
def out_of_fold():
    """Out-of-fold predictions of the four sub-models as the search makes them, shape (70, 4), with labels and folds."""
    X, y = learnable_table(70)
    folds = prepare_folds(X, y)
    predictions = np.empty((len(y), len(SUB_MODELS)))
    for column, model in enumerate(SUB_MODELS.values()):
        stages = (FEW_ROUNDS,) if model.rounds else (0,)
        for fold in folds:
            predictions[fold.test, column] = model.fold_predictions(fold, a_point(model), stages, SEED, 1)[0]
    return predictions, y, folds


@pytest.fixture(scope="module")
def refitted_folds():
    """Labels and predictions of each fold from sub-models refitted to it, as in the authors' notebooks."""
    X, y = learnable_table(70)
    folds = []
    for train, test in KFold(5, shuffle=True, random_state=12138).split(X):
        fitted = [model.fit(X[train], y[train], a_point(model), SEED) for model in SUB_MODELS.values()]
        folds.append((y[test], [model.predict(X[test]) for model in fitted]))
    return folds


@pytest.mark.parametrize("weights", WEIGHTS)
def test_the_objective_from_out_of_fold_predictions_equals_refitting_the_sub_models_in_every_fold(
    weights, out_of_fold, refitted_folds
):
    refitted = np.mean(
        [
            r2_score(y, sum(w * p for w, p in zip(weights, predictions, strict=True)) / sum(weights))
            for y, predictions in refitted_folds
        ]
    )
    shares = np.array(weights) / sum(weights)
    predictions, y, folds = out_of_fold
    (searched,) = objective(shares[np.newaxis], objective_matrix(predictions, y, folds))
    assert 1 - searched == pytest.approx(refitted, abs=1e-5)
    assert fold_scores(fuse(predictions, np.array(weights)), y, folds).r2_mean == pytest.approx(refitted, abs=1e-5)


def test_the_matrix_is_symmetric_positive_semi_definite_and_its_diagonal_scores_each_sub_model(out_of_fold):
    predictions, y, folds = out_of_fold
    matrix = objective_matrix(predictions, y, folds)
    assert np.allclose(matrix, matrix.T)
    assert np.linalg.eigvalsh(matrix).min() > -1e-12
    for column in range(4):
        assert 1 - matrix[column, column] == pytest.approx(fold_scores(predictions[:, column], y, folds).r2_mean)


def test_scores_are_means_over_the_folds(out_of_fold):
    predictions, y, folds = out_of_fold
    scores = fold_scores(predictions[:, 0], y, folds)
    pairs = [(y[fold.test], predictions[fold.test, 0]) for fold in folds]
    assert scores.r2_mean == pytest.approx(np.mean([r2_score(*pair) for pair in pairs]))
    assert scores.rmse_mean_mm == pytest.approx(np.mean([root_mean_squared_error(*pair) for pair in pairs]))


def loss(weights, matrix):
    weights = np.asarray(weights, dtype=float)
    return float(weights @ matrix @ weights)


@pytest.mark.parametrize("k", [1, 3, 250_001])
def test_the_objective_of_many_weights_is_that_of_each(k):
    rng = np.random.default_rng(k)
    weights, factor = rng.dirichlet(np.ones(4), k), rng.normal(size=(6, 4))
    losses = objective(weights, factor.T @ factor)
    assert losses.shape == (k,)
    for row in rng.integers(0, k, 20):
        assert losses[row] == pytest.approx(loss(weights[row], factor.T @ factor))


def test_the_lattice_search_equals_brute_force():
    steps = 12
    for seed in range(6):
        factor = np.random.default_rng(seed).normal(size=(6, 4))
        matrix = factor.T @ factor
        points = [p for p in product(range(steps + 1), repeat=4) if sum(p) == steps]
        best = min(points, key=lambda p: loss(np.array(p) / steps, matrix))
        assert search_weights(matrix, steps).tolist() == (np.array(best) / steps).tolist()


@pytest.mark.parametrize(("parts", "steps"), [(1, 100), (2, 100), (4, 100), (5, 50), (6, 25), (7, 20), (12, 10)])
def test_more_than_four_sub_models_are_searched_in_coarser_steps(parts: int, steps: int) -> None:
    assert lattice_steps(parts) == steps


def test_the_lattice_has_steps_of_a_hundredth():
    assert search_weights(np.diag([1.0, 2.0])).tolist() == [0.67, 0.33]
    weights = search_weights(np.diag([1.0, 2.0, 4.0, 8.0]))
    assert weights.sum() == pytest.approx(1)
    assert np.allclose(weights * 100, np.round(weights * 100))
    assert np.abs(weights - np.array([8, 4, 2, 1]) / 15).max() < 0.01


@pytest.mark.parametrize(
    "matrix, weights",
    [
        # Independent residuals: weights as the inverse of their variances.
        (np.diag([1.0, 2.0, 4.0, 8.0]), np.array([8, 4, 2, 1]) / 15),
        (np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([0.5, 0.5])),
        # The second is worse and goes with the first: the optimum without the bound would be (1.5, -0.5).
        (np.array([[1.0, 2.0], [2.0, 5.0]]), np.array([1.0, 0.0])),
        # Two of four, by hand.
        (
            np.array([[1.0, 0, 2, 2], [0, 3.0, 3, 3], [2, 3, 9.0, 6], [2, 3, 6, 9.0]]),
            np.array([0.75, 0.25, 0, 0]),
        ),
        (np.array([[4.0]]), np.array([1.0])),
        # A sub-model without an error takes it all, though its row is zero.
        (np.diag([0.0, 1.0]), np.array([1.0, 0.0])),
    ],
)
def test_the_exact_optimum_by_hand(matrix, weights):
    assert exact_weights(matrix) == pytest.approx(weights)


def test_twin_sub_models_share_what_one_would_have():
    # Columns 1 and 2 are the same sub-model: the matrix is singular.
    matrix = np.array([[1.0, 0, 0], [0, 3, 3], [0, 3, 3.0]])
    weights = exact_weights(matrix)
    assert weights[0] == pytest.approx(0.75)
    assert weights[1:].sum() == pytest.approx(0.25)
    assert loss(weights, matrix) == pytest.approx(0.75)


def test_sub_models_whose_errors_cancel_are_mixed_to_no_error():
    errors = np.array([[1.0, -3.0, 2.0], [2.0, -6.0, 5.0]])
    matrix = errors.T @ errors
    assert exact_weights(matrix) == pytest.approx([0.75, 0.25, 0])


@settings(max_examples=60)
@given(st.integers(1, 4), st.integers(1, 6), st.integers(0, 10**6))
def test_the_exact_optimum_satisfies_kkt_and_is_never_worse_than_the_lattice(m, rows, seed):
    residuals = np.random.default_rng(seed).normal(size=(rows, m)) + 0.5
    matrix = residuals.T @ residuals
    weights = exact_weights(matrix)
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    assert loss(weights, matrix) <= loss(search_weights(matrix, 20), matrix) + 1e-9
    gradient, multiplier = matrix @ weights, loss(weights, matrix)
    assert (gradient >= multiplier - 1e-7).all()
    assert gradient[weights > 1e-6] == pytest.approx(multiplier, abs=1e-7)


def test_the_fusion_is_no_worse_than_the_best_sub_model_and_the_exact_one_no_worse_than_the_lattice(out_of_fold):
    predictions, y, folds = out_of_fold
    fusion = find_fusion(predictions, y, folds)
    best_alone = max(fold_scores(predictions[:, column], y, folds).r2_mean for column in range(4))
    assert fusion.scores.r2_mean >= best_alone
    assert fusion.exact_scores.r2_mean >= fusion.scores.r2_mean - 1e-12
    assert fusion.exact_scores.r2_mean - fusion.scores.r2_mean < 1e-3
    assert fusion.scores == fold_scores(fuse(predictions, fusion.weights), y, folds)
    assert np.abs(fusion.weights - fusion.exact_weights).max() < 0.05


@pytest.mark.parametrize("label", [0.0, 0.2, 0.1])
@pytest.mark.parametrize("n", [20, 30, 35, 64])
def test_a_fold_of_alloys_of_one_label_is_refused_with_what_to_do(label, n):
    X, _ = learnable_table(n)
    y = np.full(n, label)
    with pytest.raises(FusionError, match=r"All \d+ alloys of one fold have the same label.*more than one class"):
        find_fusion(np.ones((n, 4)), y, prepare_folds(X, y))
