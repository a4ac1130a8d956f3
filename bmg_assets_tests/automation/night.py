"""What Dagster knows of systems that were never computed: materializations reported as if they had been."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from bmg_assets.build import build_definitions, build_resources
from bmg_assets.resources.settings import Defaults
from bmg_assets.resources.system_chain import SystemChain
from bmg_assets.science.staleness import TrainingRecord
from bmg_assets.training_records import DATA_VERSION_TAG, literature_versions

CHAIN: SystemChain = build_resources()["system_chain"]
NIGHT = datetime(2026, 3, 4, 1, tzinfo=UTC)
"""Two o'clock in Berlin."""


def report(instance: dg.DagsterInstance, asset: str, system: str | None = None, data_version: str = "other") -> None:
    """As if the asset had just been materialized."""
    tags = {DATA_VERSION_TAG: data_version}
    instance.report_runless_asset_event(dg.AssetMaterialization(asset, partition=system, tags=tags))


def report_literature(instance: dg.DagsterInstance) -> None:
    for asset in ("literature_reports", *CHAIN.literature):
        report(instance, asset)


def report_training(
    instance: dg.DagsterInstance, system: str, defaults: Defaults | None = None, chain: SystemChain = CHAIN
) -> None:
    """As if the whole chain of a system had just been made from what is there."""
    settings = (defaults or Defaults()).of_systems()
    record = TrainingRecord(literature_versions(instance, chain), settings, chain.code_versions).to_text()
    for asset in chain.parents:
        report(instance, asset, system, record if asset == "training_set" else "other")


def add_systems(instance: dg.DagsterInstance, systems: Iterable[str]) -> None:
    instance.add_dynamic_partitions("target_system", list(systems))


def tick(
    instance: dg.DagsterInstance,
    defaults: Defaults | None = None,
    chain: SystemChain = CHAIN,
    at: datetime = NIGHT,
    log: logging.Handler | None = None,
) -> Any:
    """One evaluation of the nightly schedule: run requests, or the reason why there are none."""
    definitions = build_definitions()
    with dg.build_schedule_context(
        instance=instance,
        repository_def=definitions.get_repository_def(),
        scheduled_execution_time=at,
        resources={"defaults": defaults or Defaults(), "system_chain": chain},
    ) as context:
        if log is not None:
            context.log.addHandler(log)
        return definitions.resolve_schedule_def("nightly_training").evaluate_tick(context)
