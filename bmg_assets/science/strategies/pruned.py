"""The paper's strategy: four sub-models on descriptors, fused; what is too close to the target has been left out.

The pruning itself is the choice of the alloys, so it is done by whoever hands them over. Each sub-model stands at the
first of its starting points, with the number of rounds and the fusion weights found on the five folds of these alloys:
a whole search for every system left out would take days and moves the scores by a percent.
"""

from dataclasses import dataclass, replace

from bmg_assets.science.acquisition import paper_pair
from bmg_assets.science.budgets import budget_named
from bmg_assets.science.folds import FloatArray, prepare_folds
from bmg_assets.science.fusion import find_fusion, fuse
from bmg_assets.science.prediction import out_of_fold_matrix, predict_all
from bmg_assets.science.search_space import Params
from bmg_assets.science.strategies.alloys import Alloys, Compositions
from bmg_assets.science.strategies.base import Promise, Strategy
from bmg_assets.science.sub_models.base import FittedSubModel
from bmg_assets.science.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.tuning import tune
from bmg_assets.science.uncertainty import residual_intervals

ONE_POINT = replace(budget_named("standard"), max_evaluations=1, neighbours=0)


@dataclass(frozen=True)
class FusedSubModels:
    """The four sub-models, fitted, and their weights."""

    fitted: dict[str, FittedSubModel]
    params: dict[str, Params]
    weights: FloatArray
    out_of_fold_mm: FloatArray
    """Fused, of the alloys that the hyper-parameters were chosen with, shape (n,)."""
    reported_mm: FloatArray
    """Their diameters, shape (n,)."""
    seed: int

    def promise(self, compositions: Compositions) -> Promise:
        """The fused diameter, which is what the paper ranks by."""
        dmax_mm = fuse(predict_all(self.fitted, compositions.descriptors), self.weights)
        return Promise(dmax_mm, dmax_mm)

    def interval(self, promise: Promise, coverage: float) -> tuple[FloatArray, FloatArray]:
        """From the residuals of random folds, as on the maps of this strategy."""
        return residual_intervals(self.out_of_fold_mm, self.reported_mm, promise.dmax_mm, coverage)

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
        tuned = {name: tune(model, X, y, ONE_POINT, seed) for name, model in SUB_MODELS.items()}
        out_of_fold = out_of_fold_matrix(list(tuned.values()))
        weights = find_fusion(out_of_fold, y, prepare_folds(X, y)).weights
        return FusedSubModels(
            {name: one.fitted for name, one in tuned.items()},
            {name: one.params for name, one in tuned.items()},
            weights,
            fuse(out_of_fold, weights),
            y,
            seed,
        )
