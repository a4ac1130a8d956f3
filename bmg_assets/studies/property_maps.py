"""The maps of properties in the store: whether one is there as it is wanted, and the training of one that is not.

What a map was made from is stored with its scores, last of all: a map is either complete or trained again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bmg_assets.execution.cores import usable_cores
from bmg_assets.execution.search_pool import LONGEST_FIRST, Search, search_pool, tuned
from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS
from bmg_assets.science.literature.properties import Property
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.settings import Defaults
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.store.store import Store, StoredRowsError
from bmg_assets.store.tables.lab import LAB_CASTS
from bmg_assets.store.tables.property import PROPERTY_ALLOYS, PROPERTY_MAPS, PROPERTY_SCORES

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.alloys.systems import TargetSystem
    from bmg_assets.science.evidence.property_map import PreparedMap
    from bmg_assets.science.models.budgets import Budget
    from bmg_assets.science.models.tuning import TunedSubModel

CODE = ("svr_model", "random_forest_model", "xgboost_model", "lightgbm_model", "fusion_weights", "prediction_grid")
"""Assets of the chain of D_max whose code a map goes through, too."""
MAPS_VERSION = "1"


@dataclass(frozen=True)
class MapTraining:
    """How a map is trained."""

    sub_dataset: int
    budget: Budget
    seed: int
    coverage: float
    code_versions: Mapping[str, str]

    @classmethod
    def chosen(
        cls,
        defaults: Defaults,
        chain: SystemChain,
        prop: Property,
        sub_dataset: int | None,
        budget: str | None,
        seed: int | None,
    ) -> MapTraining:
        """What a person chose, then what the property says, then the deployment's; raises UnknownBudgetError."""
        return cls(
            sub_dataset=prop.sub_dataset if sub_dataset is None else sub_dataset,
            budget=defaults.budget_or_default(budget or prop.budget),
            seed=defaults.seed if seed is None else seed,
            coverage=defaults.coverage,
            code_versions={asset: chain.code_versions[asset] for asset in CODE} | {PROPERTY_MAPS.name: MAPS_VERSION},
        )

    def identity_of(self, prepared: PreparedMap) -> str:
        """What the map is made from."""
        return prepared.made_from(self.budget, self.seed, self.coverage, self.code_versions)


def prepared_map(
    store: Store,
    target: TargetSystem,
    prop: Property,
    values: pd.DataFrame,
    training: MapTraining,
    element_tables: str,
) -> PreparedMap:
    """What the map learns from, with the own casts of all systems and the paper's descriptors; raises as `prepare_map`.

    Args:
        values: the table `property_values`.
        element_tables: name of the element tables that the descriptors are made of.
    """
    from bmg_assets.science.descriptors import elements
    from bmg_assets.science.evidence.property_map import prepare_map

    tables = elements.element_tables(element_tables)
    casts = store.read_all(LAB_CASTS.name)
    return prepare_map(target, prop, values, casts, tables, training.sub_dataset, PAPER_DESCRIPTORS)


def has_map(store: Store, prepared: PreparedMap, training: MapTraining) -> bool:
    """Whether the map is in the store as it is wanted."""
    system, part = prepared.target.key, prepared.prop.name
    if not store.has_table(PROPERTY_SCORES.name, system, part):
        return False
    try:
        stored = store.read_table(PROPERTY_SCORES.name, system, part)["made_from"].iloc[0]
    except StoredRowsError:
        return False
    return bool(stored == training.identity_of(prepared))


def train_map(
    store: Store, prepared: PreparedMap, training: MapTraining, say: Callable[[str], None] = lambda _: None
) -> None:
    """Search for the four sub-models side by side, and store the map.

    Args:
        say: is told of each search that is done.

    Raises:
        TuningError, TooFewAlloysError: a search found nothing.
        FusionError, PredictionError: see `finish_map`.
    """
    done: dict[str, TunedSubModel] = {}
    unit_per_step, unit = prepared.scale.unit_per_step, prepared.prop.unit
    with search_pool(min(usable_cores(), len(SUB_MODELS))) as pool:
        searches = [Search(name, prepared.data, training.budget, training.seed) for name in LONGEST_FIRST]
        for future in as_completed([pool.submit(tuned, search) for search in searches]):
            model = future.result()
            done[model.name] = model
            title = SUB_MODELS[model.name].title
            say(f"{title} has an RMSE of {model.loss * unit_per_step:.3g} {unit}; {len(done)} of {len(searches)} done")
    _store(store, prepared, {name: done[name] for name in SUB_MODELS}, training)


def _store(store: Store, prepared: PreparedMap, models: Mapping[str, TunedSubModel], training: MapTraining) -> None:
    import pandas as pd

    from bmg_assets.science.evidence.property_map import finish_map
    from bmg_assets.science.models.prediction import MapSettings

    finished = finish_map(prepared, models, training.seed, MapSettings(coverage=training.coverage))
    scores = {
        **prepared.described(),
        **finished.scores,
        "coverage": training.coverage,
        "budget": training.budget.name,
        "seed": training.seed,
        "made_from": training.identity_of(prepared),
        "made_at": datetime.now(UTC),
    }
    system, part = prepared.target.key, prepared.prop.name
    store.write_table(PROPERTY_MAPS.name, system, finished.map, part)
    store.write_table(PROPERTY_ALLOYS.name, system, finished.alloys, part)
    store.write_table(PROPERTY_SCORES.name, system, pd.DataFrame([scores]), part)
