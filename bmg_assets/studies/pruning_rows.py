"""The rows of the paper's study in the store: which of them are there, and the training of those that are not.

A row is one system with one sub-dataset (see cached_entries.py for how it is stored).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bmg_assets.execution.search_pool import tune_side_by_side
from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS
from bmg_assets.science.models.budgets import budget_named
from bmg_assets.science.models.sub_models.catalogue import SUB_MODEL_ASSETS, SUB_MODELS
from bmg_assets.settings import Settings
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.store import Store
from bmg_assets.store.tables.literature import ALLOYS, DESCRIPTORS
from bmg_assets.store.tables.study import STUDIED_ALLOYS, STUDIED_MAPS, STUDIED_SCORES
from bmg_assets.studies.cached_entries import CachedEntry

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.alloys.systems import TargetSystem
    from bmg_assets.science.evidence.pruning_study import PreparedRow
    from bmg_assets.science.models.budgets import Budget
    from bmg_assets.science.models.tuning import TunedSubModel

CODE = ("training_set", *SUB_MODEL_ASSETS.values(), "fusion_weights", "prediction_grid")
"""Assets of a system whose code a row of the study goes through, too."""
STUDY_VERSION = "1"
STUDY_PARTS = (STUDIED_MAPS.name, STUDIED_ALLOYS.name)


@dataclass(frozen=True)
class StudySettings:
    """How the rows of a study are trained."""

    budget: Budget
    seed: int
    code_versions: Mapping[str, str]
    """Code version of each asset of a system's own chain."""

    @classmethod
    def chosen(cls, settings: Settings, chain: SystemChain) -> StudySettings:
        """How these settings train rows; raises UnknownBudgetError."""
        return cls(budget_named(settings.budget), settings.seed, chain.code_versions)

    def entry_of(self, row: PreparedRow) -> CachedEntry:
        """The row in the store, as it is wanted."""
        code = {asset: self.code_versions[asset] for asset in CODE} | {STUDIED_MAPS.name: STUDY_VERSION}
        made_from = row.made_from(self.budget, self.seed, code)
        return CachedEntry(STUDIED_SCORES.name, row.target.key, str(row.sub_dataset), made_from, STUDY_PARTS)


def prepared_rows(
    target: TargetSystem, sub_datasets: Sequence[int], alloys: pd.DataFrame, descriptors: pd.DataFrame
) -> list[PreparedRow]:
    """The rows of a system with the paper's descriptors.

    Args:
        alloys: the table `alloys` of the literature.
        descriptors: the table `descriptors` of the literature.

    Raises:
        SubDatasetError: there is no such sub-dataset.
        TrainingSetError: the system cannot be described, or a sub-dataset has no alloys.
    """
    from bmg_assets.science.descriptors.elements import element_tables
    from bmg_assets.science.evidence.pruning_study import prepare_row
    from bmg_assets.science.literature.training_set import check_describable

    tables = element_tables(descriptors["element_tables"].iloc[0])
    check_describable(target, tables, PAPER_DESCRIPTORS)
    return [
        prepare_row(target, number, alloys, descriptors, tables, PAPER_DESCRIPTORS)
        for number in sorted(set(sub_datasets))
    ]


def unfinished_systems(
    store: Store, targets: Sequence[TargetSystem], sub_datasets: Sequence[int], settings: StudySettings
) -> list[TargetSystem]:
    """Those of the systems of which a wanted row is not in the store; raises as `prepared_rows`."""
    literature = LiteratureDatabase(store=store)
    alloys, descriptors = literature.read(ALLOYS.name), literature.read(DESCRIPTORS.name)
    rows = {target: prepared_rows(target, sub_datasets, alloys, descriptors) for target in targets}
    return [target for target in targets if rows_to_train(store, rows[target], settings)]


def rows_to_train(store: Store, rows: Sequence[PreparedRow], settings: StudySettings) -> list[PreparedRow]:
    """Those of the rows that are not in the store as they are wanted."""
    return [row for row in rows if not settings.entry_of(row).is_in(store)]


def train_rows(
    store: Store, rows: Sequence[PreparedRow], settings: StudySettings, say: Callable[[str], None] = lambda _: None
) -> None:
    """Search for all rows side by side, and store each as soon as its searches are done.

    Args:
        say: called with a sentence after each search and row.

    Raises:
        TuningError, TooFewAlloysError: a search found nothing.
        FusionError, PredictionError: see `finish_row`.
    """
    by_number = {row.sub_dataset: row for row in rows}
    titles = {number: f"{row.target.key} ({number})" for number, row in by_number.items()}

    def tell(number: int, model: TunedSubModel, progress: str) -> None:
        title = SUB_MODELS[model.name].title
        say(f"{titles[number]}: {title} has an RMSE of {model.loss:.4f} mm; {progress} searches done")

    def store_row(number: int, models: dict[str, TunedSubModel]) -> None:
        r2 = _finish(store, by_number[number], models, settings)
        say(f"{titles[number]} is stored: R² of the fusion {r2:.4f}")

    training_sets = [(number, row.data) for number, row in by_number.items()]
    tune_side_by_side(training_sets, settings.budget, settings.seed, tell, store_row)


def _finish(store: Store, row: PreparedRow, models: Mapping[str, TunedSubModel], settings: StudySettings) -> object:
    """Store the row; R² of its fusion."""
    import pandas as pd

    from bmg_assets.science.evidence.pruning_study import finish_row

    finished = finish_row(row, models)
    scores = {
        **row.described(),
        **finished.scores,
        "budget": settings.budget.name,
        "seed": settings.seed,
        "made_at": datetime.now(UTC),
    }
    settings.entry_of(row).write(
        store, pd.DataFrame([scores]), studied_maps=finished.map, studied_alloys=finished.alloys
    )
    return finished.scores["fusion_r2"]
