"""Gradient boosting with LightGBM."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.models.folds import Fold
from bmg_assets.science.models.search_space import Dimension, SearchSpace
from bmg_assets.science.models.sub_models.base import ROUNDS, SubModel
from bmg_assets.science.models.sub_models.compiled_library import loading

MAX_BIN = 63
"""Distinct values of a descriptor. Against the default, 255, half the cost; the RMSE of one point was 1 % better on
Zr-Al-Cu (3) and 2 % worse on Mg-Zn-Ca (3), no more than another split into folds changes."""

ROUNDS_AT_ONCE = 20
"""LightGBM takes each row through all its trees; so few of them stay in a core's cache, which is three times faster."""


@dataclass(frozen=True)
class LightGBMEstimator:
    """A booster that predicts some rounds at a time."""

    booster: Any

    def predict(self, X: FloatArray) -> FloatArray:
        """Critical casting diameters in mm, shape (n,), as the booster's own to rounding."""
        total = np.zeros(len(X))
        for start in range(0, self.booster.num_trees(), ROUNDS_AT_ONCE):
            total += self.booster.predict(X, start_iteration=start, num_iteration=ROUNDS_AT_ONCE)
        return total


class LightGBM(SubModel):
    """LightGBM; boosting rounds are read off along one fit."""

    name = "lightgbm"
    title = "LightGBM"
    colour = "#cc79a7"
    kinds = frozenset({"lightgbm"})
    search_time_s = 123
    version = "2"
    space = SearchSpace(
        (
            Dimension("num_leaves", 10, 400, 5),
            Dimension("learning_rate", 0.1, 0.5, 0.02),
            Dimension("min_child_samples", 1, 40, 1),
            Dimension("reg_alpha", 0, 10, 0.5),
            Dimension("reg_lambda", 0, 100, 2),
            Dimension("subsample", 0.5, 1, 0.1),
        )
    )
    rounds = Dimension(ROUNDS, 100, 800, 5)
    starting_points = space.points((320, 0.14, 3, 3, 78, 0.9), (60, 0.1, 5, 0, 10, 0.8), (270, 0.14, 11, 0, 44, 1))

    def stage_predictions(
        self, fold: Fold, params: Mapping[str, float], stages: tuple[int, ...], seed: int, threads: int
    ) -> Iterator[FloatArray]:
        """See `SubModel.stage_predictions`; each stage adds the trees since the one before."""
        booster = _untrained(fold.X_train, fold.y_train, fold.weight_train, params, seed, threads)
        predicted = np.zeros(len(fold.test))
        for start, stop in zip((0, *stages[:-1]), stages, strict=True):
            _boost(booster, stop - start)
            predicted = predicted + booster.predict(
                fold.X_test, start_iteration=start, num_iteration=stop - start, num_threads=threads
            )
            yield predicted

    def fit_estimator(
        self, X: FloatArray, y: FloatArray, weight: FloatArray, params: Mapping[str, float], seed: int, threads: int
    ) -> LightGBMEstimator:
        """See `SubModel.fit_estimator`: a booster that draws a share of the rows anew every round."""
        booster = _untrained(X, y, weight, params, seed, threads)
        _boost(booster, int(params[ROUNDS]))
        return LightGBMEstimator(booster)

    def to_bytes(self, estimator: LightGBMEstimator) -> bytes:
        """LightGBM's text."""
        return bytes(estimator.booster.model_to_string().encode())

    def from_bytes(self, data: bytes) -> LightGBMEstimator:
        """See `SubModel.from_bytes`."""
        with loading("lightgbm"):
            import lightgbm

        with _errors_fail_one_trial():
            return LightGBMEstimator(lightgbm.Booster(model_str=data.decode()))


def _untrained(
    X: FloatArray, y: FloatArray, weight: FloatArray, params: Mapping[str, float], seed: int, threads: int
) -> Any:
    with loading("lightgbm"):
        import lightgbm

    settings = {
        "objective": "regression",
        "num_leaves": int(params["num_leaves"]),
        "learning_rate": params["learning_rate"],
        "min_child_samples": int(params["min_child_samples"]),
        "reg_alpha": params["reg_alpha"],
        "reg_lambda": params["reg_lambda"],
        "subsample": params["subsample"],
        "subsample_freq": 1,
        "max_bin": MAX_BIN,
        "seed": seed,
        "num_threads": threads,
        "deterministic": True,
        "force_col_wise": True,
        "verbosity": -1,
    }
    with _errors_fail_one_trial():
        return lightgbm.Booster(settings, lightgbm.Dataset(X, y, weight=weight, params=settings))


def _boost(booster: Any, rounds: int) -> None:
    with _errors_fail_one_trial():
        for _ in range(rounds):
            if booster.update():  # no leaf can be split any more
                return


@contextmanager
def _errors_fail_one_trial() -> Iterator[None]:
    """LightGBM's own error has Exception as its base; as a ValueError it fails one trial, as other libraries' do."""
    with loading("lightgbm"):
        import lightgbm

    try:
        yield
    except lightgbm.basic.LightGBMError as error:
        raise ValueError(f"LightGBM: {error}") from error
