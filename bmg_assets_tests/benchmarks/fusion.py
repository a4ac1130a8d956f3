"""Fusion: weights judged on stored out-of-fold predictions, against the authors' way of refitting for every trial."""

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.alloys.simplex import simplex_points
from bmg_assets.science.models.folds import prepare_folds
from bmg_assets.science.models.fusion import (
    LATTICE_STEPS,
    exact_weights,
    fold_scores,
    fuse,
    objective_matrix,
    search_weights,
)
from bmg_assets.science.models.search_space import Params
from bmg_assets_tests.benchmarks.alloys import learning_data
from bmg_assets_tests.benchmarks.authors_procedure import estimator, five_folds
from bmg_assets_tests.benchmarks.line import Line, at_least, at_most, number, seconds
from bmg_assets_tests.benchmarks.size import Size
from bmg_assets_tests.benchmarks.timing import peak_mb, timed

TUNED: dict[str, Params] = {
    "svr": {"C": 7, "gamma": 0.385, "epsilon": 0.03},
    "random_forest": {
        "n_estimators": 150,
        "max_features": 8,
        "max_depth": 40,
        "min_samples_split": 2,
        "min_impurity_decrease": 0,
    },
    "xgboost": {
        "n_estimators": 200,
        "learning_rate": 0.08,
        "subsample": 0.8,
        "colsample_bytree": 0.7,
        "colsample_bynode": 0.5,
        "gamma": 0,
        "reg_lambda": 10,
        "min_child_weight": 1,
        "max_depth": 14,
    },
    "lightgbm": {
        "n_estimators": 200,
        "num_leaves": 265,
        "learning_rate": 0.1,
        "min_child_samples": 7,
        "reg_alpha": 0.5,
        "reg_lambda": 32,
        "subsample": 0.7,
    },
}
"""Tuned sub-models, the numbers of rounds from the lower third of the authors' ranges: theirs cost more."""
SAME_R2 = 1e-9


def run(size: Size) -> list[Line]:
    """Trials a second, and the exact optimum."""
    data = learning_data(size.rows)
    folds = prepare_folds(data.X, data.y)
    refitted = [timed(refit, data.X, data.y) for _ in range(size.fusion_trials)]
    predictions = refitted[0][0]
    trial_s = float(np.mean([spent for _, spent in refitted]))
    matrix, matrix_s = timed(objective_matrix, predictions, data.y, folds)
    weights, search_s = timed(search_weights, matrix)
    exact, exact_s = timed(exact_weights, matrix)
    trials = len(simplex_points(len(TUNED), LATTICE_STEPS))
    rate = trials / (matrix_s + search_s)
    by_matrix = float(1 - weights @ matrix @ weights)
    scored = fold_scores(fuse(predictions, weights), data.y, folds).r2_mean
    best = float(1 - exact @ matrix @ exact)
    return [
        Line(
            f"fusion, a trial of four weights ({len(data.y):,} alloys)",
            f"{number(rate)} trials/s (all {trials:,} of the lattice)",
            f"{seconds(trial_s)} a trial, four sub-models refitted in five folds ({size.fusion_trials} timed)",
            trial_s * rate,
            peak_mb(),
            at_least(10_000, "trials/s"),
            rate,
        ),
        Line(
            "R² of the best weights: by the quadratic form, and by fusing the refitted predictions",
            f"{by_matrix:.4f}",
            f"{scored:.4f}",
            target=at_most(SAME_R2, "apart"),
            found=abs(by_matrix - scored),
        ),
        Line(
            "exact optimum of the weights",
            f"R² {best:.5f} in {seconds(exact_s)}",
            f"R² {by_matrix:.5f} on the lattice of 1/{LATTICE_STEPS} in {seconds(search_s)}",
            search_s / exact_s,
        ),
    ]


def refit(X: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a trial of the authors' fusion computes: held-out predictions in mm of the four sub-models, shape (n, 4)."""
    from sklearn.model_selection import cross_val_predict

    return np.column_stack(
        [cross_val_predict(estimator(name, params), X, y, cv=five_folds()) for name, params in TUNED.items()]
    )
