"""Gradient boosting with XGBoost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.models.folds import Fold
from bmg_assets.science.models.search_space import Dimension, SearchSpace
from bmg_assets.science.models.sub_models.base import ROUNDS, SubModel
from bmg_assets.science.models.sub_models.compiled_library import loading

MAX_BIN = 64
"""Distinct values of a descriptor. Against the default, 256, a third of the cost; the RMSE of one point was 2 %
better on Zr-Al-Cu (3) and 2 % worse on Mg-Zn-Ca (3), no more than another split into folds changes."""

ROUNDS_AT_ONCE = 50
"""So few trees stay in a core's cache."""


@dataclass(frozen=True)
class XGBoostEstimator:
    """A booster that predicts some rounds at a time."""

    booster: Any

    def predict(self, X: FloatArray) -> FloatArray:
        """Critical casting diameters in mm, shape (n,), as the booster's own: it goes on from the margin so far."""
        rounds, margin = self.booster.num_boosted_rounds(), None
        for start in range(0, rounds, ROUNDS_AT_ONCE):
            span = (start, min(start + ROUNDS_AT_ONCE, rounds))
            margin = self.booster.inplace_predict(X, iteration_range=span, base_margin=margin)
        return np.asarray(margin, dtype=np.float64)


class XGBoost(SubModel):
    """XGBoost with histogram trees; boosting rounds are read off along one fit."""

    name = "xgboost"
    title = "XGBoost"
    colour = "#d55e00"
    kinds = frozenset({"xgboost"})
    search_time_s = 44.7
    version = "2"
    space = SearchSpace(
        (
            Dimension("learning_rate", 0.05, 0.3, 0.002),
            Dimension("subsample", 0.5, 1, 0.1),
            Dimension("colsample_bytree", 0.3, 1, 0.1),
            Dimension("colsample_bynode", 0.1, 1, 0.1),
            Dimension("gamma", 0, 15, 0.2),
            Dimension("reg_lambda", 0, 25, 0.5),
            Dimension("min_child_weight", 0, 50, 0.5),
            Dimension("max_depth", 5, 45, 1),
        )
    )
    rounds = Dimension(ROUNDS, 150, 450, 3)
    starting_points = space.points((0.08, 0.8, 0.7, 0.5, 0, 5, 1, 10))

    def stage_predictions(
        self, fold: Fold, params: Mapping[str, float], stages: tuple[int, ...], seed: int, threads: int
    ) -> Iterator[FloatArray]:
        """See `SubModel.stage_predictions`; each stage adds the trees since the one before."""
        base = float(np.average(fold.y_train, weights=fold.weight_train))
        booster, data = _untrained(fold.X_train, fold.y_train, fold.weight_train, params, seed, threads)
        predicted = np.full(len(fold.test), base)
        for start, stop in zip((0, *stages[:-1]), stages, strict=True):
            _boost(booster, data, start, stop)
            predicted = predicted + booster.inplace_predict(fold.X_test, iteration_range=(start, stop)) - base
            yield predicted

    def fit_estimator(
        self, X: FloatArray, y: FloatArray, weight: FloatArray, params: Mapping[str, float], seed: int, threads: int
    ) -> XGBoostEstimator:
        """See `SubModel.fit_estimator`: a booster that starts from the weighted mean label."""
        booster, data = _untrained(X, y, weight, params, seed, threads)
        _boost(booster, data, 0, int(params[ROUNDS]))
        return XGBoostEstimator(booster)

    def to_bytes(self, estimator: XGBoostEstimator) -> bytes:
        """XGBoost's UBJSON."""
        return bytes(estimator.booster.save_raw("ubj"))

    def from_bytes(self, data: bytes) -> XGBoostEstimator:
        """See `SubModel.from_bytes`."""
        with loading("xgboost"):
            import xgboost

        return XGBoostEstimator(xgboost.Booster(model_file=bytearray(data)))


def _untrained(
    X: FloatArray, y: FloatArray, weight: FloatArray, params: Mapping[str, float], seed: int, threads: int
) -> tuple[Any, Any]:
    """A booster without trees and the matrix of its training rows."""
    with loading("xgboost"):
        import xgboost

    settings: dict[str, Any] = {name: value for name, value in params.items() if name != ROUNDS}
    settings |= {
        "max_depth": int(params["max_depth"]),
        "max_bin": MAX_BIN,
        "objective": "reg:squarederror",
        "tree_method": "hist",
        "base_score": float(np.average(y, weights=weight)),
        "seed": seed,
        "nthread": threads,
        "verbosity": 0,
    }
    data = xgboost.QuantileDMatrix(X, y, weight=weight, nthread=threads, max_bin=MAX_BIN)
    return xgboost.Booster(settings, [data]), data


def _boost(booster: Any, data: Any, start: int, stop: int) -> None:
    for number in range(start, stop):
        booster.update(data, number)
