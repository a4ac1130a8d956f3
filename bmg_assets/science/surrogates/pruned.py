"""The surrogate `pruned`, the paper's: sub-models on descriptors, fused.

The caller has pruned the alloys. The sub-models are not searched for (see `fuse_at_starting_points`): a whole search
for every system left out would take days and moves the scores by a percent.
"""

from dataclasses import dataclass

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.models.pipeline import FusedSubModels, fuse_at_starting_points
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.base import Posterior, Surrogate


@dataclass(frozen=True)
class FusedPosterior(Posterior):
    """Fused predictions, with the residuals of a random fold."""

    models: FusedSubModels

    def interval(self, coverage: float) -> tuple[FloatArray, FloatArray]:
        """See `Posterior`; from residuals, as in `prediction_grid`."""
        return self.models.interval(self.dmax_mm, coverage)


@dataclass(frozen=True)
class FittedPruned:
    """The fused sub-models of one set of alloys."""

    models: FusedSubModels

    def predict(self, compositions: Compositions) -> FusedPosterior:
        """See `FittedSurrogate.predict`; the paper ranks by the fused diameter."""
        dmax_mm = self.models.predict(compositions.descriptors)
        return FusedPosterior(dmax_mm, dmax_mm, self.models)

    def condition_on(self, alloys: Alloys) -> "FittedPruned":
        """See `FittedSurrogate.condition_on`: fitted anew with the same hyper-parameters and weights."""
        return FittedPruned(self.models.refitted(alloys.compositions.descriptors, alloys.dmax_mm))


class Pruned(Surrogate):
    """The paper's surrogate."""

    name = "pruned"
    title = "paper: pruned, four fused sub-models"
    version = f"1, {', '.join(f'{name} {model.version}' for name, model in SUB_MODELS.items())}"
    """It includes those of the sub-models: the benchmark evaluates it anew when one of them is added or changed."""
    colour = "#0072b2"
    makes_maps = True
    is_of_sub_models = True

    def fit(self, alloys: Alloys, target: frozenset[str], seed: int) -> FittedPruned:
        """See `Surrogate.fit`; the alloys carry the descriptors of the sub-models."""
        return FittedPruned(fuse_at_starting_points(alloys.compositions.descriptors, alloys.dmax_mm, seed))
