"""Everything that Dagster gets to see, assembled in pipeline order."""

import functools
from collections.abc import Mapping
from typing import Any

import dagster as dg

from bmg_assets.assets import (
    atlas,
    atlas_evidence,
    campaign_evidence,
    evaluations,
    iterations,
    lab,
    literature,
    literature_evidence,
    pages,
    prediction,
    properties,
    pruning_study,
    regime_evidence,
    strategy_benchmark,
    training,
)
from bmg_assets.automation import add_and_train, history, jobs, lost_literature, notice_sensor, schedules, sensors
from bmg_assets.defaults import Defaults
from bmg_assets.environment import own_variables
from bmg_assets.execution.console import run_console
from bmg_assets.execution.cores import shared_cores, usable_cores
from bmg_assets.execution.executor import multiprocess
from bmg_assets.execution.fork_server import PRELOADED
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.settings import Locations
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.store.io_managers import LiteratureIOManager, SystemTableIOManager
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.model_files import SubModelIOManager
from bmg_assets.store.record import Record
from bmg_assets.store.store import Store
from bmg_assets.store.tables.catalogue import TABLES_BY_ASSET
from bmg_assets.store.tables.dagster_schema import table_schema

OWNERS = ["team:metallic-glass"]

ASSETS = [
    literature.literature_reports,
    literature.literature_alloys,
    literature.literature_films,
    literature.alloy_descriptors,
    literature.literature_profile,
    lab.lab_results,
    training.training_set,
    *training.sub_model_assets,
    training.fusion_weights,
    prediction.prediction_grid,
    prediction.transfer_grid,
    prediction.recommendations,
    prediction.candidates,
    iterations.iterations,
    pages.system_report,
    prediction.system_overview,
    pruning_study.studied_maps,
    pruning_study.pruning_study,
    strategy_benchmark.strategy_benchmark,
    literature_evidence.literature_evidence,
    regime_evidence.regime_evidence,
    campaign_evidence.campaign_evidence,
    evaluations.evaluations,
    properties.property_reports,
    properties.property_values,
    properties.property_maps,
    atlas.atlas_calibration,
    atlas.system_atlas,
    atlas_evidence.atlas_evidence,
]

JOBS: list[dg.JobDefinition | Any] = [
    jobs.literature_job,
    jobs.system_job,
    jobs.add_system_job,
    add_and_train.add_and_train_job,
    jobs.add_from_atlas_job,
    jobs.remove_system_job,
    jobs.study_job,
    jobs.evidence_job,
    jobs.literature_evidence_job,
    jobs.regime_evidence_job,
    jobs.campaign_evidence_job,
    jobs.evaluation_job,
    jobs.property_values_job,
    jobs.property_job,
    jobs.atlas_calibration_job,
    jobs.atlas_job,
    jobs.atlas_evidence_job,
    history.history_job,
]


def build_resources() -> dict[str, Any]:
    """The resources of the deployment that the environment describes."""
    places = Locations.from_environment()
    store, record = Store.at(places), Record(url=places.record_url)
    return {
        "store": store,
        "record": record,
        "defaults": Defaults.from_environment(),
        "lab_inbox": LabInbox(root=str(places.lab), record=record, is_elsewhere=places.lab_settings is not None),
        "system_chain": SystemChain.of_assets(ASSETS),
        "literature_tables": LiteratureIOManager(database=LiteratureDatabase(store=store)),
        "system_tables": SystemTableIOManager(store=store),
        "sub_models": SubModelIOManager(store=store),
    }


def build_executor() -> dg.ExecutorDefinition:
    """Steps side by side share the cores with the threads of each, so that none is oversubscribed (see cores.py).

    Steps are forked from a server that has the heavy libraries loaded, which spares each of them seconds.
    """
    return multiprocess.configured(
        {
            "max_concurrent": shared_cores(usable_cores(), Defaults.from_environment().threads).steps,
            "start_method": {"forkserver": {"preload_modules": PRELOADED}},
        }
    )


def build_definitions(resource_overrides: Mapping[str, Any] | None = None) -> dg.Definitions:
    """The definitions, with some resources exchanged by name (tests and tools do)."""
    return dg.Definitions(
        assets=[asset.map_asset_specs(_described) for asset in ASSETS],
        jobs=JOBS,
        schedules=[schedules.nightly_training, history.nightly_pruning],
        sensors=[sensors.lab_inbox_sensor, lost_literature.lost_literature_sensor, notice_sensor.notice_sensor],
        resources=build_resources() | dict(resource_overrides or {}),
        executor=build_executor(),
        loggers={"console": run_console},
    )


def present_definitions() -> dg.Definitions:
    """The definitions in the present environment, made once: the steps of a run find those of the fork server."""
    return _definitions_in(tuple(own_variables().items()))


@functools.lru_cache(maxsize=1)
def _definitions_in(_environment: tuple[tuple[str, str], ...]) -> dg.Definitions:
    return build_definitions()


def _described(spec: dg.AssetSpec) -> dg.AssetSpec:
    """The spec with what holds for all assets: an owner, and the columns of its table before anything is computed."""
    table = TABLES_BY_ASSET.get(spec.key.path[-1])
    columns = {"dagster/column_schema": table_schema(table)} if table is not None else {}
    return spec.replace_attributes(owners=OWNERS, metadata={**spec.metadata, **columns})
