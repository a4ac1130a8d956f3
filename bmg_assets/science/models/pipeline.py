"""The paper's method as one chain: sub-models tuned on a training set, the weights of their fusion, predictions.

A system's assets, the paper's study, maps of properties and the surrogate `pruned` go through the functions here. The
label is D_max in mm, or another property in the numbers that its models see. The map is in prediction.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.errors import BmgError
from bmg_assets.science.models.budgets import budget_named
from bmg_assets.science.models.folds import Fold, prepare_folds
from bmg_assets.science.models.fusion import Fusion, find_fusion, fuse
from bmg_assets.science.models.search_space import Params
from bmg_assets.science.models.sub_models.base import ROUNDS, FittedSubModel, SubModel, first_within, stages_of
from bmg_assets.science.models.sub_models.catalogue import SUB_MODEL_ASSETS, SUB_MODELS
from bmg_assets.science.models.tuning import TunedSubModel
from bmg_assets.science.models.uncertainty import residual_intervals, residual_probability

if TYPE_CHECKING:
    from bmg_assets.science.literature.training_set import LearningData

LOWEST_DMAX_MM = 0.0


class PredictionError(BmgError):
    """A prediction that cannot be made from what is stored."""


@dataclass(frozen=True)
class FusedSubModels:
    """Fitted sub-models and the weights of their fusion; predictions and labels are in the unit of the label."""

    fitted: Mapping[str, FittedSubModel]
    """By name, in the order of `weights`."""
    params: Mapping[str, Params]
    """Hyper-parameters of each."""
    weights: FloatArray
    """Shape (m,)."""
    held_out: FloatArray
    """Fused predictions of the rows that were held out of the fits behind the weights, shape (n,)."""
    labels: FloatArray
    """Labels of these rows, shape (n,)."""
    seed: int
    lowest: float = LOWEST_DMAX_MM
    """Lowest value of the label, at which predictions are cut off; minus infinity where there is no bound."""

    def predict_each(self, X: FloatArray) -> FloatArray:
        """Predictions of each sub-model, shape (n, m), from descriptors of shape (n, d)."""
        return np.maximum(np.column_stack([model.predict(X) for model in self.fitted.values()]), self.lowest)

    def predict(self, X: FloatArray) -> FloatArray:
        """Fused predictions, shape (n,), from descriptors of shape (n, d)."""
        return fuse(self.predict_each(X), self.weights)

    def interval(self, predicted: FloatArray, coverage: float) -> tuple[FloatArray, FloatArray]:
        """Bounds of fused predictions of shape (n,), two of shape (n,), see `residual_intervals`."""
        return residual_intervals(self.held_out, self.labels, predicted, coverage, self.lowest)

    def probability_at_least(self, predicted: FloatArray, bound: float) -> FloatArray:
        """Share of held-out residuals with which fused predictions of shape (n,) reach a bound, shape (n,)."""
        return residual_probability(self.held_out, self.labels, predicted, bound)

    def refitted(self, X: FloatArray, y: FloatArray) -> FusedSubModels:
        """The same hyper-parameters and weights, fitted to descriptors of shape (n, d) and labels of shape (n,)."""
        return replace(self, fitted=_fitted(self.params, X, y, self.seed))


def find_weights(tuned: Mapping[str, TunedSubModel], data: LearningData) -> Fusion:
    """The weights of eq. (1) of the paper, found on the out-of-fold predictions of sub-models tuned on `data`.

    Raises:
        PredictionError: a sub-model was trained on other rows.
        FusionError: the labels of a fold are all equal.
    """
    check_trained_on(list(tuned.values()), data)
    return find_fusion(_out_of_fold(tuned), data.y, prepare_folds(data.X, data.y))


def fuse_sub_models(
    tuned: Mapping[str, TunedSubModel], weights: FloatArray, data: LearningData, lowest: float = LOWEST_DMAX_MM
) -> FusedSubModels:
    """Sub-models tuned on `data`, fused.

    Args:
        tuned: by name, in the order of `weights`.
        weights: shape (m,), as `find_weights` gives them.
        lowest: the lowest value of the label, see `FusedSubModels`.

    Raises:
        PredictionError: a sub-model was trained on other rows.
    """
    check_trained_on(list(tuned.values()), data)
    return FusedSubModels(
        fitted={name: model.fitted for name, model in tuned.items()},
        params={name: model.params for name, model in tuned.items()},
        weights=weights,
        held_out=fuse(_out_of_fold(tuned), weights),
        labels=data.y,
        seed=next(iter(tuned.values())).seed,
        lowest=lowest,
    )


def fuse_at_starting_points(X: FloatArray, y: FloatArray, seed: int) -> FusedSubModels:
    """The sub-models without a search, fused: for a benchmark that trains hundreds of times.

    Each stands at the first of its starting points. Rounds and weights are found on one fold, a fifth of the alloys.

    Args:
        X: descriptors, shape (n, d).
        y: D_max in mm, shape (n,).
        seed: of the sub-models' random parts.

    Raises:
        TooFewAlloysError: too few rows for the folds.
        FusionError: the labels of the fold are all equal.
    """
    fold = prepare_folds(X, y)[0]
    found = {name: _at_starting_point(model, fold, seed) for name, model in SUB_MODELS.items()}
    held_out = np.zeros((len(y), len(found)))
    held_out[fold.test] = np.column_stack([predicted for _, predicted in found.values()])
    weights = find_fusion(held_out, y, [fold]).weights
    params = {name: one for name, (one, _) in found.items()}
    return FusedSubModels(
        fitted=_fitted(params, X, y, seed),
        params=params,
        weights=weights,
        held_out=fuse(held_out[fold.test], weights),
        labels=y[fold.test],
        seed=seed,
    )


def predict_held_out(fused: FusedSubModels, folds: Sequence[Fold]) -> FloatArray:
    """Fused predictions for rows held out by other folds than those of the search, shape (n,).

    Args:
        folds: they hold out each row once.
    """
    predicted = np.empty((sum(len(fold.test) for fold in folds), len(fused.params)))
    for column, (name, params) in enumerate(fused.params.items()):
        for fold in folds:
            held_out = SUB_MODELS[name].fold_predictions(fold, params, stages_of(params), fused.seed)
            predicted[fold.test, column] = held_out[0]
    return fuse(predicted, fused.weights)


def check_trained_on(models: Sequence[TunedSubModel], data: LearningData) -> None:
    """See that the sub-models were trained on these very rows.

    Raises:
        PredictionError: one was not.
    """
    for model in models:
        if model.training_fingerprint != data.fingerprint:
            raise PredictionError(
                f"{SUB_MODEL_ASSETS[model.name]} was trained on another training set than the one stored now; "
                "materialize all sub-models of this system again."
            )


def _out_of_fold(tuned: Mapping[str, TunedSubModel]) -> FloatArray:
    """Out-of-fold predictions side by side, shape (n, m)."""
    return np.column_stack([model.out_of_fold for model in tuned.values()])


def _fitted(params: Mapping[str, Params], X: FloatArray, y: FloatArray, seed: int) -> dict[str, FittedSubModel]:
    return {name: SUB_MODELS[name].fit(X, y, one, seed) for name, one in params.items()}


def _at_starting_point(model: SubModel, fold: Fold, seed: int) -> tuple[Params, FloatArray]:
    """The first starting point with the best number of rounds, and its predictions for the fold, shape (n_test,)."""
    start = model.starting_points[0]
    stages = budget_named("standard").stages(model.rounds)
    predicted = model.fold_predictions(fold, start, stages, seed)
    losses = np.sqrt(np.mean((predicted - fold.y_test) ** 2, axis=1))
    best = first_within(losses, model.rounds_tolerance)
    return ({**start, ROUNDS: stages[best]} if model.rounds else dict(start)), predicted[best]
