"""The paper's strategy: four sub-models on descriptors, fused; what is too close to the target has been left out.

The pruning itself is the choice of the alloys, so it is done by whoever hands them over. Each sub-model stands at the
first of its starting points; the number of rounds and the fusion weights are found on one fold of these alloys, a fifth
of them. A whole search for every system left out would take days and moves the scores by a percent.
"""

from dataclasses import dataclass, replace

import numpy as np

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.models.budgets import budget_named
from bmg_assets.science.models.folds import Fold, prepare_folds
from bmg_assets.science.models.fusion import find_fusion, fuse
from bmg_assets.science.models.prediction import predict_all
from bmg_assets.science.models.search_space import Params
from bmg_assets.science.models.sub_models.base import ROUNDS, FittedSubModel, SubModel, first_within
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.models.uncertainty import residual_intervals
from bmg_assets.science.proposals.acquisition import paper_pair
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import Promise, Strategy

BUDGET = budget_named("standard")


@dataclass(frozen=True)
class FusedSubModels:
    """The four sub-models, fitted, and their weights."""

    fitted: dict[str, FittedSubModel]
    params: dict[str, Params]
    weights: FloatArray
    held_out_mm: FloatArray
    """Fused, of the alloys of the fold that rounds and weights were chosen on, shape (n,)."""
    reported_mm: FloatArray
    """Their diameters, shape (n,)."""
    seed: int

    def promise(self, compositions: Compositions) -> Promise:
        """The fused diameter, which is what the paper ranks by."""
        dmax_mm = fuse(predict_all(self.fitted, compositions.descriptors), self.weights)
        return Promise(dmax_mm, dmax_mm)

    def interval(self, promise: Promise, coverage: float) -> tuple[FloatArray, FloatArray]:
        """From the residuals of a random fold, as on the maps of this strategy."""
        return residual_intervals(self.held_out_mm, self.reported_mm, promise.dmax_mm, coverage)

    def relearn(self, alloys: Alloys) -> "FusedSubModels":
        """The sub-models with the same hyper-parameters and weights, fitted anew."""
        X, y = alloys.compositions.descriptors, alloys.dmax_mm
        fitted = {name: SUB_MODELS[name].fit(X, y, params, self.seed) for name, params in self.params.items()}
        return replace(self, fitted=fitted)


class Pruned(Strategy):
    """The paper's."""

    name = "pruned"
    title = "paper: pruned, four fused sub-models"
    pairs = staticmethod(paper_pair)

    def learn(self, alloys: Alloys, target: frozenset[str], seed: int) -> FusedSubModels:
        """See `Strategy.learn`."""
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
