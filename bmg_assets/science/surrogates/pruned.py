"""The surrogate `pruned`, the paper's: four sub-models on descriptors, fused.

The pruning is the choice of the alloys, so that whoever hands them over has done it. Each sub-model stands at the first
of its starting points; the number of rounds and the fusion weights are found on one fold, a fifth of the alloys. A
whole search for every system left out would take days and moves the scores by a percent.
"""

from dataclasses import dataclass, replace

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.models.budgets import budget_named
from bmg_assets.science.models.folds import Fold, prepare_folds
from bmg_assets.science.models.fusion import find_fusion, fuse
from bmg_assets.science.models.search_space import Params
from bmg_assets.science.models.sub_models.base import ROUNDS, FittedSubModel, SubModel, first_within
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.models.uncertainty import residual_intervals
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import Posterior, Surrogate

BUDGET = budget_named("standard")


@dataclass(frozen=True)
class FusedPosterior(Posterior):
    """Fused predictions, with the residuals of a random fold."""

    held_out_mm: FloatArray
    """Fused predictions for the alloys of the fold on which rounds and weights were chosen, shape (m,)."""
    reported_mm: FloatArray
    """D_max of these alloys in mm, shape (m,)."""

    def interval(self, coverage: float) -> tuple[FloatArray, FloatArray]:
        """See `Posterior`; from residuals, as in `prediction_grid`."""
        return residual_intervals(self.held_out_mm, self.reported_mm, self.dmax_mm, coverage)


@dataclass(frozen=True)
class FusedSubModels:
    """The sub-models, fitted, and their weights."""

    fitted: dict[str, FittedSubModel]
    params: dict[str, Params]
    weights: FloatArray
    held_out_mm: FloatArray
    """See `FusedPosterior`."""
    reported_mm: FloatArray
    seed: int

    def predict(self, compositions: Compositions) -> FusedPosterior:
        """See `FittedSurrogate.predict`; the paper ranks by the fused diameter."""
        from bmg_assets.science.models.prediction import predict_all

        dmax_mm = fuse(predict_all(self.fitted, compositions.descriptors), self.weights)
        return FusedPosterior(dmax_mm, dmax_mm, self.held_out_mm, self.reported_mm)

    def condition_on(self, alloys: Alloys) -> "FusedSubModels":
        """See `FittedSurrogate.condition_on`: fitted anew with the same hyper-parameters and weights."""
        X, y = alloys.compositions.descriptors, alloys.dmax_mm
        fitted = {name: SUB_MODELS[name].fit(X, y, params, self.seed) for name, params in self.params.items()}
        return replace(self, fitted=fitted)


class Pruned(Surrogate):
    """The paper's."""

    name = "pruned"
    title = "paper: pruned, four fused sub-models"
    colour = "#0072b2"
    makes_maps = True
    is_of_sub_models = True

    def fit(self, alloys: Alloys, target: frozenset[str], seed: int) -> FusedSubModels:
        """See `Surrogate.fit`; the alloys carry the descriptors of the sub-models."""
        X, y = alloys.compositions.descriptors, alloys.dmax_mm
        fold = prepare_folds(X, y)[0]
        found = {name: _at_starting_point(model, fold, seed) for name, model in SUB_MODELS.items()}
        held_out = np.zeros((len(y), len(found)))
        held_out[fold.test] = np.column_stack([predicted for _, predicted in found.values()])
        weights = find_fusion(held_out, y, [fold]).weights
        params = {name: one for name, (one, _) in found.items()}
        return FusedSubModels(
            {name: SUB_MODELS[name].fit(X, y, one, seed) for name, one in params.items()},
            params,
            weights,
            fuse(held_out[fold.test], weights),
            y[fold.test],
            seed,
        )


def _at_starting_point(model: SubModel, fold: Fold, seed: int) -> tuple[Params, FloatArray]:
    """The first starting point with the best number of rounds, and its predictions for the fold in mm."""
    start = model.starting_points[0]
    stages = BUDGET.stages(model.rounds)
    predicted = model.fold_predictions(fold, start, stages, seed, threads=1)
    losses = np.sqrt(np.mean((predicted - fold.y_test) ** 2, axis=1))
    best = first_within(losses, model.rounds_tolerance)
    return ({**start, ROUNDS: stages[best]} if model.rounds else dict(start)), predicted[best]
