"""SVR: distances shared by trials give what scikit-learn's own RBF kernel gives."""

import pytest
from sklearn.svm import SVR

from bmg_assets.science.sub_models.svr import SupportVectorRegression
from bmg_assets_tests.science.sub_models.cases import SEED, a_fold, fitted_with, points_of

MODEL = SupportVectorRegression()


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("params", points_of(MODEL))
def test_the_kernel_of_shared_distances_equals_the_rbf_kernel(params, weighted):
    fold = a_fold(weighted)
    (predicted,) = MODEL.fold_predictions(fold, params, (0,), SEED, 1)
    reference = SVR(kernel="rbf", **params).fit(fold.X_train, fold.y_train, sample_weight=fold.weight_train)
    assert predicted == pytest.approx(reference.predict(fold.X_test), abs=1e-4)
    assert predicted == pytest.approx(fitted_with(MODEL, fold, params), abs=1e-4)


def test_trials_share_distances_without_changing_them():
    fold = a_fold()
    narrow, wide = ({"C": 7, "gamma": gamma, "epsilon": 0.03} for gamma in (0.4, 0.1))
    first = MODEL.fold_predictions(fold, narrow, (0,), SEED, 1)
    MODEL.fold_predictions(fold, wide, (0,), SEED, 1)
    assert MODEL.fold_predictions(fold, narrow, (0,), SEED, 1).tolist() == first.tolist()
    assert fold.squared_distances is fold.squared_distances
