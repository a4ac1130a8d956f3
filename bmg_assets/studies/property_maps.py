"""The maps of properties in the store: whether one is there as it is wanted, and the training of one that is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bmg_assets.execution.search_pool import tune_side_by_side
from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS
from bmg_assets.science.models.budgets import budget_named
from bmg_assets.science.models.sub_models.catalogue import SUB_MODEL_ASSETS, SUB_MODELS
from bmg_assets.settings import Settings
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.store.store import Store
from bmg_assets.store.tables.lab import LAB_CASTS
from bmg_assets.store.tables.property import PROPERTY_ALLOYS, PROPERTY_MAPS, PROPERTY_SCORES
from bmg_assets.studies.cached_entries import CachedEntry

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.alloys.systems import TargetSystem
    from bmg_assets.science.evidence.property_map import PreparedMap
    from bmg_assets.science.literature.properties import Property
    from bmg_assets.science.models.budgets import Budget
    from bmg_assets.science.models.tuning import TunedSubModel

CODE = (*SUB_MODEL_ASSETS.values(), "fusion_weights", "prediction_grid")
"""Assets of the chain of D_max whose code a map goes through, too."""
MAPS_VERSION = "2"
MAP_PARTS = (PROPERTY_MAPS.name, PROPERTY_ALLOYS.name)


@dataclass(frozen=True)
class MapTraining:
    """How a map is trained."""

    sub_dataset: int
    budget: Budget
    seed: int
    coverage: float
    code_versions: Mapping[str, str]

    @classmethod
    def chosen(cls, settings: Settings, chain: SystemChain) -> MapTraining:
        """How these settings train a map; raises UnknownBudgetError."""
        return cls(
            sub_dataset=settings.sub_dataset,
            budget=budget_named(settings.budget),
            seed=settings.seed,
            coverage=settings.coverage,
            code_versions={asset: chain.code_versions[asset] for asset in CODE} | {PROPERTY_MAPS.name: MAPS_VERSION},
        )

    def entry_of(self, prepared: PreparedMap) -> CachedEntry:
        """The map in the store, as it is wanted."""
        made_from = prepared.made_from(self.budget, self.seed, self.coverage, self.code_versions)
        return CachedEntry(PROPERTY_SCORES.name, prepared.target.key, prepared.prop.name, made_from, MAP_PARTS)


def prepared_map(
    store: Store,
    target: TargetSystem,
    prop: Property,
    values: pd.DataFrame,
    training: MapTraining,
    element_tables: str,
) -> PreparedMap:
    """Data of a map, with the own casts of all systems and the paper's descriptors; raises as `prepare_map`.

    Args:
        values: the table `property_values`.
        element_tables: name of the element tables that the descriptors are made of.
    """
    from bmg_assets.science.descriptors import elements
    from bmg_assets.science.evidence.property_map import prepare_map

    tables = elements.element_tables(element_tables)
    casts = store.read_all(LAB_CASTS.name)
    return prepare_map(target, prop, values, casts, tables, training.sub_dataset, PAPER_DESCRIPTORS)


def train_map(
    store: Store, prepared: PreparedMap, training: MapTraining, say: Callable[[str], None] = lambda _: None
) -> None:
    """Search for the sub-models side by side, and store the map.

    Args:
        say: called with a sentence after each search.

    Raises:
        TuningError, TooFewAlloysError: a search found nothing.
        FusionError, PredictionError: see `finish_map`.
    """
    symbol, unit = prepared.prop.symbol, prepared.prop.error_unit

    def tell(_: str, model: TunedSubModel, progress: str) -> None:
        title, error = SUB_MODELS[model.name].title, model.loss * prepared.scale.per_step
        say(f"{title} has an RMSE of {error:.3g} {unit}; {progress} done")

    def store_map(_: str, models: dict[str, TunedSubModel]) -> None:
        _finish(store, prepared, models, training)

    tune_side_by_side([(symbol, prepared.data)], training.budget, training.seed, tell, store_map)


def _finish(store: Store, prepared: PreparedMap, models: Mapping[str, TunedSubModel], training: MapTraining) -> None:
    import pandas as pd

    from bmg_assets.science.evidence.property_map import finish_map
    from bmg_assets.science.models.prediction import MapSettings

    finished = finish_map(prepared, models, MapSettings(coverage=training.coverage))
    scores = {
        **prepared.described(),
        **finished.scores,
        "coverage": training.coverage,
        "budget": training.budget.name,
        "seed": training.seed,
        "made_at": datetime.now(UTC),
    }
    training.entry_of(prepared).write(
        store, pd.DataFrame([scores]), property_maps=finished.map, property_alloys=finished.alloys
    )
