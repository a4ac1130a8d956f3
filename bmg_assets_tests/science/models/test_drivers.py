"""Shares that give the forest's prediction back, and distances that can be worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.literature.training_set import LearningData
from bmg_assets.science.models.drivers import LARGEST_SHARES, descriptor_distances, drivers_of, forest_shares
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.models.sub_models.random_forest import rounded_to_levels
from bmg_assets_tests.science.synthetic import learnable_table

PARAMS = {
    "max_features": 3,
    "max_depth": 8,
    "min_samples_split": 4,
    "min_impurity_decrease": 0.0,
    "n_estimators": 20,
}
X, Y = learnable_table()
NEW = X[:5] * 1.1


@pytest.mark.parametrize(
    "weights", [np.ones(len(Y)), np.linspace(0.2, 3, len(Y))], ids=["equal", "own_casts_count_more"]
)
def test_shares_sum_to_one_and_give_the_forests_prediction_back(weights: np.ndarray):
    fitted = SUB_MODELS["random_forest"].fit(X, Y, PARAMS, seed=1, weight=weights)
    fitted_to = rounded_to_levels(fitted.scaler.transform(X))
    shares = forest_shares(fitted.estimator.forest, fitted_to, fitted.scaler.transform(NEW))
    assert shares.shape == (5, len(X))
    assert shares.min() >= 0
    assert shares.sum(axis=1) == pytest.approx(np.ones(5))
    assert shares @ Y == pytest.approx(fitted.predict(NEW))


def test_distances_are_in_standard_deviations():
    known = np.array([[0.0, 10.0], [2.0, 30.0]])  # standard deviations 1 and 10
    assert descriptor_distances(known, np.array([[0.0, 10.0], [1.0, 20.0]])) == pytest.approx(
        np.array([[0, 2], [1, 1]])
    )


def test_drivers_are_the_largest_shares_then_the_nearest():
    training_set = pd.DataFrame(
        {
            "composition": [f"Zr{50 + n}Cu{50 - n}" for n in range(8)],
            "elements": [["Cu", "Zr"]] * 8,
            "at_pct": [[50.0 - n, 50.0 + n] for n in range(8)],
            "glass_class": "ribbon",
            "dmax_mm": 0.2,
            "category": "II",
        }
    )
    data = LearningData(np.arange(8.0)[:, np.newaxis], np.full(8, 0.2), np.ones(8), ("x",))
    shares = np.array([[0.0, 0.0, 0.1, 0.2, 0.0, 0.3, 0.4, 0.0]])
    candidates = pd.DataFrame({"composition": ["Al1Cu49Zr50"], "at_pct": [[50.0, 1.0, 49.0]]})
    found = drivers_of(
        parse_system("Zr-Al-Cu"), candidates, np.array([[2.0]]), training_set, data, shares, shares_count=True
    )
    # Only four have a share; of the three nearest to 2 (2, then 1 and 3) the alloys 2 and 3 are there already.
    assert found["composition"].tolist() == ["Zr56Cu44", "Zr55Cu45", "Zr53Cu47", "Zr52Cu48", "Zr51Cu49"]
    assert found["forest_share"].tolist() == [0.4, 0.3, 0.2, 0.1, 0.0]
    assert set(found["candidate"]) == {"Al1Cu49Zr50"}
    assert found["exchanged_at_pct"].tolist() == [6, 5, 3, 2, 1]
    assert found["descriptor_distance"].to_numpy() == pytest.approx(np.array([4, 3, 1, 0, 1]) / data.X.std())
    assert len(found) - LARGEST_SHARES == 0
    near = drivers_of(
        parse_system("Zr-Al-Cu"), candidates, np.array([[2.0]]), training_set, data, shares, shares_count=False
    )
    assert near["composition"].tolist() == [f"Zr{50 + n}Cu{50 - n}" for n in (2, 1, 3, 0, 4, 5, 6, 7)]
