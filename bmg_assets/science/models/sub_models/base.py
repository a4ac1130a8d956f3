"""What every sub-model offers: a search space, held-out predictions on a fold, a fit to all rows, and its own format.

A sub-model is one file of this folder and its line in catalogue.py. Everything that differs from one to another is an
attribute or a method here; assets, tables, files, figures and pages are derived from the catalogue.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.descriptors.scaler import Scaler
from bmg_assets.science.models.folds import Fold, rmse
from bmg_assets.science.models.search_space import Dimension, Params, SearchSpace

ROUNDS = "n_estimators"
"""Number of trees or boosting rounds; never drawn by the search, since one fit shows the loss at every number."""
NO_ROUNDS = (0,)
"""The stages of a model without rounds."""
FLAT_ROUNDS = 60
FLAT_SHARE = 0.001
"""A fit grows no further when its last 60 rounds lowered the held-out RMSE by less than this share."""


@dataclass(frozen=True)
class FittedSubModel:
    """A sub-model fitted to all rows of a training set, with the scaler that belongs to it."""

    name: str
    scaler: Scaler
    estimator: Any

    def predict(self, X: FloatArray) -> FloatArray:
        """Critical casting diameters in mm, shape (n,), from descriptors of shape (n, d)."""
        return np.asarray(self.estimator.predict(self.scaler.transform(X)), dtype=np.float64)


class SubModel(ABC):
    """One of the models that the fusion joins. It holds no data: a fold or a training set is handed to each call."""

    name: str
    """In columns, assets and files, like `random_forest`."""
    title: str
    """In figures and text."""
    colour: str
    """Colour of its lines in figures, as `#rrggbb`."""
    kinds: frozenset[str]
    """What Dagster shows on its asset: the libraries behind it."""
    search_time_s: float
    """CPU time of a search, roughly (budget `standard`, 1,350 alloys): the longest is begun first."""
    version: str = "1"
    """To be raised with every change of its numbers: the night then trains it again, and studies their rows."""
    space: SearchSpace
    """What the search draws; the paper's Table S1 without the number of rounds."""
    rounds: Dimension | None = None
    """The range of the number of trees or boosting rounds, where the model has one."""
    screening_rounds: int | None = None
    """Rounds at which trials are compared where a full fit is costly; the best is then evaluated at all rounds."""
    rounds_tolerance: float = 0.0
    """Relative loss given up for fewer rounds."""
    starting_points: tuple[Params, ...]
    """Points of the space tried first, one at least: the best of earlier searches on the published set, for other
    systems. The benchmark trains at the first."""

    @abstractmethod
    def stage_predictions(
        self, fold: Fold, params: Mapping[str, float], stages: tuple[int, ...], seed: int, threads: int
    ) -> Iterator[FloatArray]:
        """Predictions for the held-out rows of a fold in mm, shape (n_test,), after each number of rounds in `stages`.

        One fit grows from stage to stage as far as it is asked to.

        Args:
            fold: standardised descriptors, labels in mm and weights.
            params: a point of the space.
            stages: numbers of rounds, ascending; `(0,)` for a model without rounds.
            seed: of the model's random parts.
            threads: they change no prediction.
        """

    def fold_predictions(
        self, fold: Fold, params: Mapping[str, float], stages: tuple[int, ...], seed: int, threads: int = 1
    ) -> FloatArray:
        """Predictions for the held-out rows of a fold in mm at the first of `stages`, until they get no better.

        Args:
            fold: standardised descriptors, labels in mm and weights.
            params: a point of the space.
            stages: as of `stage_predictions`.
            seed: of the model's random parts.
            threads: they change no prediction.

        Returns:
            Shape (k, n_test) with k from 1 to len(stages): further rounds were not grown, see FLAT_ROUNDS.
        """
        held_out: list[FloatArray] = []
        losses: list[float] = []
        for predicted in self.stage_predictions(fold, params, stages, seed, threads):
            held_out.append(predicted)
            losses.append(rmse(predicted, fold.y_test))
            if stages[len(losses) - 1] - stages[first_within(np.array(losses), FLAT_SHARE)] >= FLAT_ROUNDS:
                break
        return np.array(held_out)

    @abstractmethod
    def fit_estimator(
        self, X: FloatArray, y: FloatArray, weight: FloatArray, params: Mapping[str, float], seed: int, threads: int
    ) -> Any:
        """The library's own estimator, with a `predict(X)` of shape (n,) in mm; arguments and errors as of `fit`.

        Args:
            X: standardised descriptors, shape (n, d).
            y, weight: labels in mm and weights of the rows, both of shape (n,).
            params: a point of the space, with the number of rounds where the model has one.
            seed: of the model's random parts.
            threads: they change no prediction.
        """

    @abstractmethod
    def to_bytes(self, estimator: Any) -> bytes:
        """The estimator in a format of its own library that runs no code when it is read: no pickle."""

    @abstractmethod
    def from_bytes(self, data: bytes) -> Any:
        """The estimator that `to_bytes` was given.

        Raises:
            ValueError, KeyError, TypeError, EOFError: the bytes are no such estimator.
        """

    def fit(
        self,
        X: FloatArray,
        y: FloatArray,
        params: Mapping[str, float],
        seed: int,
        threads: int = 1,
        weight: FloatArray | None = None,
    ) -> FittedSubModel:
        """Fit to all rows.

        Args:
            X: descriptors, shape (n, d).
            y: labels in mm, shape (n,).
            params: a point of the space, with the number of rounds where the model has one.
            seed: of the model's random parts.
            threads: they change no prediction.
            weight: weight of each row, shape (n,); equal by default.

        Raises:
            ValueError, ArithmeticError, RuntimeError: the library cannot fit it.
        """
        scaler = Scaler.fit(X)
        weight = np.ones(len(y)) if weight is None else weight
        return FittedSubModel(
            self.name, scaler, self.fit_estimator(scaler.transform(X), y, weight, params, seed, threads)
        )


def stages_of(params: Mapping[str, float]) -> tuple[int, ...]:
    """The number of rounds that a point names, as the only stage; `(0,)` for a model without rounds."""
    return (int(params[ROUNDS]),) if ROUNDS in params else NO_ROUNDS


def first_within(losses: FloatArray, share: float) -> int:
    """Index of the first loss that exceeds the lowest by no more than a share of it."""
    return int(np.argmax(losses <= losses.min() * (1 + share)))
