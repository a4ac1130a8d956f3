"""Everything that the page of a system shows, gathered once, so that words and figures show the same."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.pages.drawing import scale_top
from bmg_assets.pages.sentences import formula_led_by, reported_in_words, rounds_in_words
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.literature.known_alloys import alloys_of_system
from bmg_assets.science.literature.nearest_reported import nearest_reported, reported_alloys
from bmg_assets.science.literature.training_set import learning_data
from bmg_assets.science.models.drivers import drivers_of, forest_shares
from bmg_assets.science.models.importance import Importance, permutation_importance
from bmg_assets.science.models.pipeline import fuse_sub_models
from bmg_assets.science.models.prediction import describe_points
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.models.sub_models.random_forest import rounded_to_levels
from bmg_assets.science.models.tuning import TunedSubModel
from bmg_assets.science.proposals.refinement import is_of_coarse_grid


@dataclass(frozen=True)
class SystemTables:
    """The tables of one system, and the literature's."""

    candidates: pd.DataFrame
    grid: pd.DataFrame
    fusion: pd.DataFrame
    training_set: pd.DataFrame
    lab: pd.DataFrame
    trials: pd.DataFrame
    iterations: pd.DataFrame
    outcomes: pd.DataFrame
    earlier_map: pd.DataFrame | None
    """The map of the iteration before this one; none in the first."""
    alloys: pd.DataFrame
    """The table `alloys` of the literature."""
    transfer: pd.DataFrame
    """The table `transfer_grid`."""
    coverage: float
    """Nominal coverage of the intervals."""

    @property
    def recommended(self) -> str:
        """Name of the surrogate whose picks are recommended."""
        return str(self.candidates.loc[self.candidates["is_recommended"], "strategy"].iloc[0])

    @property
    def surrogate(self) -> str:
        """Name of the surrogate that made `transfer_grid`."""
        return str(self.transfer["strategy"].iloc[0])

    @property
    def recommends_surrogate(self) -> bool:
        """Whether the recommended picks were chosen on `transfer_grid`, not on the paper's map."""
        return self.recommended == self.surrogate

    @property
    def recommended_map(self) -> pd.DataFrame:
        """The map on which the recommended picks were chosen, at the step of its whole grid."""
        return self.coarse_transfer if self.recommends_surrogate else self.grid

    @property
    def coarse_transfer(self) -> pd.DataFrame:
        """`transfer_grid` without the points by which it is refined: what figures show, and what shares are of."""
        return self.transfer[is_of_coarse_grid(self.transfer)].reset_index(drop=True)

    @property
    def is_beyond(self) -> pd.Series:
        """Whether a composition lies too far from what is known for a number, by composition."""
        return ~self.transfer.set_index("composition")["is_trusted"].astype(bool)

    @property
    def weights(self) -> dict[str, float]:
        """Fusion weight of each sub-model."""
        weights = self.fusion.set_index("model")["weight"]
        return {name: float(weights[name]) for name in SUB_MODELS}

    @property
    def forest_counts(self) -> bool:
        """Whether the paper's prediction rests on the random forest at all, so that its shares explain something."""
        return self.weights["random_forest"] > 0


@dataclass(frozen=True)
class SystemFacts:
    """What the page of a system shows."""

    system: TargetSystem
    tables: SystemTables
    models: Mapping[str, TunedSubModel]
    known: pd.DataFrame
    """Literature alloys of the diagram, see `alloys_of_system`."""
    nearest: pd.Series
    """For each point of the map to point at, by its composition: the nearest known alloy in words."""
    drivers: pd.DataFrame
    """See `drivers_of`."""
    importance: Importance
    out_of_fold: FloatArray
    """Fused out-of-fold predictions in mm, in the order of the training set."""
    fingerprint: str
    """Identity of the training set."""

    @property
    def iteration(self) -> int:
        return int(self.tables.iterations["iteration"].iloc[-1])

    @property
    def stage(self) -> str:
        """How far the system has come, like "after 2 rounds of own casts"."""
        return str(rounds_in_words(self.tables.iterations)[self.iteration])

    @property
    def top_mm(self) -> float:
        """Upper end of the colour scale: that of the highest prediction of all iterations, so that maps compare."""
        return scale_top(float(self.tables.iterations["best_predicted_mm"].max()))

    @property
    def training(self) -> str:
        """Identity of the training set for figures: how many alloys, and which."""
        rows = self.tables.training_set
        own = int((rows["category"] == "lab").sum())
        first = rows.iloc[0]
        return (
            f"{len(rows) - own:,} known alloys and {own} own alloys; sub-dataset ({first['sub_dataset']}), "
            f"{first['element_tables']} element tables; training set {self.fingerprint}; {self.stage}"
        )

    @property
    def known_to_surrogate(self) -> str:
        """The same of the alloys behind `transfer_grid`."""
        first = self.tables.transfer.iloc[0]
        return f"{first['n_known']:,} known and own alloys, none pruned; {first['known_fingerprint']}; {self.stage}"


def gather_facts(system: TargetSystem, tables: SystemTables, models: Mapping[str, TunedSubModel]) -> SystemFacts:
    """Compute importance, drivers and nearest known alloys from the models and the literature; takes seconds.

    Args:
        models: the tuned sub-models by name.
    """
    data = learning_data(tables.training_set)
    fused = fuse_sub_models(models, np.array([tables.weights[name] for name in models]), data)
    # A composition that two surrogates chose is explained once.
    chosen = tables.candidates.drop_duplicates("composition")
    points = np.array(chosen["at_pct"].tolist())
    element_data = element_tables(tables.training_set["element_tables"].iloc[0])
    X = describe_points(points / 100, system, element_data, data.descriptors)
    forest = fused.fitted["random_forest"]
    fitted_to = rounded_to_levels(forest.scaler.transform(data.X))
    shares = forest_shares(forest.estimator.forest, fitted_to, forest.scaler.transform(X))
    return SystemFacts(
        system=system,
        tables=tables,
        models=models,
        known=alloys_of_system(system, tables.alloys, tables.training_set),
        nearest=nearest_in_words(system, tables),
        drivers=drivers_of(system, chosen, X, tables.training_set, data, shares, shares_count=tables.forest_counts),
        importance=permutation_importance(fused.predict, data.X, data.y, data.descriptors, fused.seed),
        out_of_fold=fused.held_out,
        fingerprint=data.fingerprint,
    )


def nearest_in_words(system: TargetSystem, tables: SystemTables) -> pd.Series:
    """The nearest known alloy, pruned or not, of each point of the map to point at, as "Cu50Zr50 (..), 2 at.% away".

    The literature and the group's own alloys count; `exchanged_at_pct` defines the distance. Systems of five elements
    and more have no map to point at, so none of their points is in it.
    """
    if not (system.is_ternary or system.is_quaternary):
        return pd.Series(dtype=object)
    grid = tables.grid if system.is_ternary else tables.recommended_map
    points = np.array(grid["at_pct"].tolist())
    nearest = nearest_reported(system, points, reported_alloys(tables.lab, tables.alloys))
    words = [
        f"{_known_in_words(system, alloy)}, {round(alloy['distance_at_pct'], 2):g} at.% away"
        for alloy in nearest.to_dict("records")
    ]
    return pd.Series(words, index=grid["composition"])


def _known_in_words(system: TargetSystem, alloy: Mapping[Hashable, Any]) -> str:
    """Formula, class, D_max and reporter of an alloy."""
    formula = formula_led_by(system.elements, dict(zip(alloy["elements"], alloy["at_pct"], strict=True)))
    return f"{formula} ({reported_in_words(str(alloy['glass_class']), alloy['dmax_mm'])}; {alloy['who']})"
