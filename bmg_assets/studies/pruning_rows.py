"""The rows of the paper's study in the store: which of them are there, and the training of those that are not.

A row is one system with one sub-dataset. What a row was made from is stored with its scores, last of all, so that a
row is either complete or trained again, and a study that was interrupted goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bmg_assets.execution.cores import usable_cores
from bmg_assets.execution.search_pool import LONGEST_FIRST, Search, search_pool, tuned
from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS
from bmg_assets.settings import Defaults
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.store import Store, StoredRowsError
from bmg_assets.store.tables.literature import ALLOYS, DESCRIPTORS
from bmg_assets.store.tables.study import STUDIED_ALLOYS, STUDIED_MAPS, STUDIED_SCORES

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.alloys.systems import TargetSystem
    from bmg_assets.science.evidence.pruning_study import PreparedRow
    from bmg_assets.science.models.budgets import Budget
    from bmg_assets.science.models.tuning import TunedSubModel

CODE = (
    "training_set",
    "svr_model",
    "random_forest_model",
    "xgboost_model",
    "lightgbm_model",
    "fusion_weights",
    "prediction_grid",
)
"""Assets of a system whose code a row of the study goes through, too."""
STUDY_VERSION = "1"


@dataclass(frozen=True)
class StudySettings:
    """How the rows of a study are trained."""

    budget: Budget
    seed: int
    code_versions: Mapping[str, str]
    """Code version of each asset of a system's own chain."""

    @classmethod
    def chosen(cls, defaults: Defaults, chain: SystemChain, budget: str | None, seed: int | None) -> StudySettings:
        """What a person chose, the deployment's defaults for the rest; raises UnknownBudgetError."""
        return cls(
            budget=defaults.budget_or_default(budget),
            seed=defaults.seed if seed is None else seed,
            code_versions=chain.code_versions,
        )

    def identity_of(self, row: PreparedRow) -> str:
        """What the row is made from."""
        code = {asset: self.code_versions[asset] for asset in CODE} | {STUDIED_MAPS.name: STUDY_VERSION}
        return row.made_from(self.budget, self.seed, code)


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
    return [row for row in rows if _made_from(store, row) != settings.identity_of(row)]


def train_rows(
    store: Store, rows: Sequence[PreparedRow], settings: StudySettings, say: Callable[[str], None] = lambda _: None
) -> None:
    """Search for all rows side by side, and store each as soon as its four searches are done.

    Args:
        say: is told of each search and row that is done.

    Raises:
        TuningError, TooFewAlloysError: a search found nothing.
        FusionError, PredictionError: see `finish_row`.
    """
    if not rows:
        return
    done: dict[int, dict[str, TunedSubModel]] = {row.sub_dataset: {} for row in rows}
    by_number = {row.sub_dataset: row for row in rows}
    of = len(rows) * len(SUB_MODELS)
    with search_pool(min(usable_cores(), of)) as pool:
        waiting = {
            pool.submit(tuned, Search(name, row.data, settings.budget, settings.seed)): row.sub_dataset
            for row in rows
            for name in LONGEST_FIRST
        }
        for future in as_completed(waiting):
            # Let go of what is stored: a fitted forest is large.
            number, model = waiting.pop(future), future.result()
            row = by_number[number]
            done[number][model.name] = model
            title = f"{row.target.key} ({number})"
            say(
                f"{title}: {SUB_MODELS[model.name].title} has an RMSE of {model.loss:.4f} mm; "
                f"{of - len(waiting)} of {of} searches done"
            )
            if len(done[number]) == len(SUB_MODELS):
                scores = _finish(store, row, done.pop(number), settings)
                say(f"{title} is stored: R² of the fusion {scores['fusion_r2']:.4f}")


def _finish(
    store: Store, row: PreparedRow, models: Mapping[str, TunedSubModel], settings: StudySettings
) -> dict[str, object]:
    import pandas as pd

    from bmg_assets.science.evidence.pruning_study import finish_row

    finished = finish_row(row, {name: models[name] for name in SUB_MODELS})
    scores = {
        **row.described(),
        **finished.scores,
        "budget": settings.budget.name,
        "seed": settings.seed,
        "made_from": settings.identity_of(row),
        "made_at": datetime.now(UTC),
    }
    system, part = row.target.key, str(row.sub_dataset)
    store.write_table(STUDIED_MAPS.name, system, finished.map, part)
    store.write_table(STUDIED_ALLOYS.name, system, finished.alloys, part)
    store.write_table(STUDIED_SCORES.name, system, pd.DataFrame([scores]), part)
    return scores


def _made_from(store: Store, row: PreparedRow) -> str | None:
    """What the stored row was made from; None where there is none that this version can read."""
    system, part = row.target.key, str(row.sub_dataset)
    if not store.has_table(STUDIED_SCORES.name, system, part):
        return None
    try:
        return str(store.read_table(STUDIED_SCORES.name, system, part)["made_from"].iloc[0])
    except StoredRowsError:
        return None
