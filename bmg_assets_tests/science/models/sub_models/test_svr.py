"""SVR: distances shared by trials give what scikit-learn's own RBF kernel gives."""

import numpy as np
import pytest
from sklearn.svm import SVR

from bmg_assets.science.models.sub_models.svr import TOLERANCE_MM, SupportVectorRegression
from bmg_assets_tests.science.models.sub_models.cases import SEED, a_fold, fitted_and_unseen, fitted_with, points_of
from bmg_assets_tests.science.synthetic import learnable_table

MODEL = SupportVectorRegression()


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("params", points_of(MODEL))
def test_the_kernel_of_shared_distances_equals_the_rbf_kernel(params, weighted):
    fold = a_fold(weighted)
    (predicted,) = MODEL.fold_predictions(fold, params, (0,), SEED, 1)
    reference = SVR(kernel="rbf", tol=TOLERANCE_MM, **params)
    reference.fit(fold.X_train, fold.y_train, sample_weight=fold.weight_train)
    assert predicted == pytest.approx(reference.predict(fold.X_test), abs=1e-4)
    assert predicted == pytest.approx(fitted_with(MODEL, fold, params), abs=1e-4)


def test_trials_share_distances_without_changing_them():
    fold = a_fold()
    narrow, wide = ({"C": 7, "gamma": gamma, "epsilon": 0.03} for gamma in (0.4, 0.1))
    first = MODEL.fold_predictions(fold, narrow, (0,), SEED, 1)
    MODEL.fold_predictions(fold, wide, (0,), SEED, 1)
    assert MODEL.fold_predictions(fold, narrow, (0,), SEED, 1).tolist() == first.tolist()
    assert fold.squared_distances is fold.squared_distances


@pytest.mark.parametrize("params", points_of(MODEL))
def test_alloys_are_predicted_as_by_the_library_itself(params):
    estimator, unseen = fitted_and_unseen(MODEL, params)
    expected = estimator.svr.predict(unseen)
    assert np.ptp(expected) > 0.1
    np.testing.assert_allclose(estimator.predict(unseen), expected, rtol=0, atol=1e-9)


def test_without_support_vectors_every_alloy_is_predicted_alike():
    X, y = learnable_table(60)
    flat = MODEL.fit_estimator(X, np.full_like(y, 0.3), np.ones(60), {**MODEL.starting_points[0], "epsilon": 0.2}, 0, 1)
    assert len(flat.svr.support_vectors_) == 0
    np.testing.assert_array_equal(flat.predict(X), flat.svr.predict(X))
