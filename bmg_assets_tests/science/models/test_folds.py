"""The folds: the paper's split, scaling that has not seen the held-out rows, and the authors' own SVR number."""

import numpy as np
import pytest
from sklearn.model_selection import KFold
from sklearn.preprocessing import StandardScaler

from bmg_assets.science.descriptors.scaler import Scaler
from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS
from bmg_assets.science.literature.pruning import categorise_all, excluded_categories
from bmg_assets.science.models.folds import TooFewAlloysError, prepare_folds, prepare_group_folds, rmse
from bmg_assets.science.models.sub_models.svr import SupportVectorRegression
from bmg_assets_tests.science.published import read_published
from bmg_assets_tests.science.synthetic import learnable_table


def test_known_answer_of_the_scaler():
    scaler = Scaler.fit(np.array([[1.0, 10.0], [3.0, 10.0]]))
    assert scaler.mean.tolist() == [2.0, 10.0]
    assert scaler.scale.tolist() == [1.0, 1.0]
    assert scaler.transform(np.array([[5.0, 12.0]])).tolist() == [[3.0, 2.0]]


@pytest.mark.parametrize("constant", [0.0, 0.1, 0.2, 2.3, 1e12, 1e-8])
@pytest.mark.parametrize("n", [10, 24, 64, 5000])
def test_a_constant_descriptor_is_left_at_zero_and_does_not_explode_on_other_alloys(constant, n):
    scaler = Scaler.fit(np.full((n, 1), constant))
    assert np.abs(scaler.transform(np.full((3, 1), constant))).max() <= 1e-9 * max(constant, 1)
    assert scaler.transform(np.array([[constant + 1.0]]))[0, 0] == pytest.approx(1.0, rel=1e-3)


def test_a_descriptor_that_varies_by_rounding_alone_is_constant():
    X = np.array([[0.1 + 0.2], [0.3]] * 20)
    assert X.std() > 0
    assert np.abs(Scaler.fit(X).transform(X)).max() < 1e-12


def test_a_tiny_but_real_variation_is_kept():
    X = np.array([[8.6e-8], [8.7e-8]] * 3000)
    assert np.allclose(np.abs(Scaler.fit(X).transform(X)), 1)


def test_the_scaler_equals_that_of_scikit_learn_also_for_constant_and_tiny_descriptors():
    X = learnable_table(64)[0]
    X = np.column_stack([X, np.full(64, 0.2), 8.6e-8 + 1e-8 * np.sin(np.arange(64))])
    assert np.allclose(Scaler.fit(X).transform(X), StandardScaler().fit_transform(X), atol=1e-9)


def test_the_split_is_that_of_the_papers_notebooks():
    X, y = learnable_table(53)
    folds = prepare_folds(X, y)
    expected = list(KFold(n_splits=5, shuffle=True, random_state=12138).split(X))
    assert [fold.test.tolist() for fold in folds] == [test.tolist() for _, test in expected]
    assert [fold.train.tolist() for fold in folds] == [train.tolist() for train, _ in expected]
    for fold in folds:
        assert np.array_equal(fold.y_test, y[fold.test])
        assert np.array_equal(fold.y_train, y[fold.train])


def test_every_row_is_held_out_once():
    folds = prepare_folds(*learnable_table(53))
    assert sorted(np.concatenate([fold.test for fold in folds])) == list(range(53))
    assert all(not set(fold.train) & set(fold.test) for fold in folds)


def test_held_out_rows_do_not_influence_the_scaling_of_the_rows_that_are_fitted():
    X, y = learnable_table(40)
    before = prepare_folds(X, y)
    for number, fold in enumerate(before):
        changed = X.copy()
        changed[fold.test] = 1e6
        after = prepare_folds(changed, y)[number]
        assert np.array_equal(after.X_train, fold.X_train)
        assert not np.array_equal(after.X_test, fold.X_test)


def test_both_parts_are_scaled_by_the_fitted_rows():
    X, y = learnable_table(40)
    for fold in prepare_folds(X, y):
        mean, deviation = X[fold.train].mean(axis=0), X[fold.train].std(axis=0)
        assert np.allclose(fold.X_train, (X[fold.train] - mean) / deviation)
        assert np.allclose(fold.X_test, (X[fold.test] - mean) / deviation)
        assert np.allclose(fold.X_train.mean(axis=0), 0)
        assert np.allclose(fold.X_train.std(axis=0), 1)


def test_weights_stay_with_their_rows_and_are_equal_by_default():
    X, y = learnable_table(40)
    weight = np.arange(40.0)
    assert all(fold.weight_train.tolist() == weight[fold.train].tolist() for fold in prepare_folds(X, y, weight))
    assert all((fold.weight_train == 1).all() for fold in prepare_folds(X, y))


def test_squared_distances_by_hand():
    fold = prepare_folds(*learnable_table(12))[0]
    to_train, to_test = fold.squared_distances
    assert to_train.shape == (len(fold.train),) * 2
    assert to_test.shape == (len(fold.test), len(fold.train))
    assert to_test[1, 2] == pytest.approx(((fold.X_test[1] - fold.X_train[2]) ** 2).sum())
    assert to_train[0, 3] == pytest.approx(((fold.X_train[0] - fold.X_train[3]) ** 2).sum())


def test_too_few_alloys_are_refused_with_their_number_and_the_mend():
    X, y = learnable_table(10)
    assert len(prepare_folds(X, y)) == 5
    with pytest.raises(TooFewAlloysError, match=r"has 9 alloys; 10 are needed.*prunes less, or add a literature"):
        prepare_folds(X[:9], y[:9])


def test_rmse_by_hand():
    assert rmse(np.array([1.0, 2.0]), np.array([4.0, 6.0])) == pytest.approx(np.sqrt(12.5))


@pytest.mark.published
@pytest.mark.slow
def test_the_authors_best_svr_has_their_cross_validated_error_on_zr_al_cu_3(published_csv):
    table = read_published(published_csv)
    categories = categorise_all(table["elements"], frozenset({"Zr", "Al", "Cu"}))
    kept = table[[category not in excluded_categories(3) for category in categories]]
    assert len(kept) == 5532
    folds = prepare_folds(kept[list(PAPER_DESCRIPTORS)].to_numpy(np.float64), kept["D_max"].to_numpy(np.float64))
    point = {"C": 7, "epsilon": 0.03, "gamma": 0.385}
    errors = [
        rmse(SupportVectorRegression().fold_predictions(fold, point, (0,), 0, 1)[0], fold.y_test) for fold in folds
    ]
    assert np.mean(errors) == pytest.approx(0.628, abs=5e-4)


def test_no_group_lies_in_two_folds():
    X, y = learnable_table(60)
    groups = [f"system {number % 11}" for number in range(60)]
    folds = prepare_group_folds(X, y, groups)
    assert sorted(np.concatenate([fold.test for fold in folds])) == list(range(60))
    for fold in folds:
        assert {groups[row] for row in fold.train}.isdisjoint(groups[row] for row in fold.test)
    with pytest.raises(TooFewAlloysError):
        prepare_group_folds(X[:9], y[:9], groups[:9])
