"""What Dagster knows of systems that were never computed: materializations reported as if they had been."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from bmg_assets.build import build_definitions, build_resources
from bmg_assets.defaults import Defaults
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.intake.record import FINGERPRINT_START, NO_CASTS
from bmg_assets.science.literature.other_casts import casts_fingerprint, systems_to_learn_from
from bmg_assets.staleness.comparison import TrainingRecord
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.staleness.training_records import DATA_VERSION_TAG, literature_versions, systems_with_casts
from bmg_assets.store.record import Record

CHAIN: SystemChain = build_resources()["system_chain"]
CASTS = f"{FINGERPRINT_START}0123456789abcdef"
"""Identity of some accepted casts."""
NO_LABORATORY = LabInbox(root="no laboratory", record=Record(url="memory://no-record"))
"""Nothing was ever cast, and no folder is there."""
NIGHT = datetime(2026, 3, 4, 1, tzinfo=UTC)
"""Two o'clock in Berlin."""


def report(instance: dg.DagsterInstance, asset: str, system: str | None = None, data_version: str = "other") -> None:
    """As if the asset had just been materialized."""
    tags = {DATA_VERSION_TAG: data_version}
    instance.report_runless_asset_event(dg.AssetMaterialization(asset, partition=system, tags=tags))


def report_literature(instance: dg.DagsterInstance, content: str = "some alloys") -> None:
    for asset in ("literature_reports", *CHAIN.literature):
        report(instance, asset, data_version=content)


def report_training(
    instance: dg.DagsterInstance,
    system: str,
    defaults: Defaults | None = None,
    chain: SystemChain = CHAIN,
    casts: str = NO_CASTS,
) -> None:
    """As if the whole chain of a system had just been made from what is there, with these casts of its own."""
    defaults = defaults or Defaults()
    others = systems_to_learn_from(system, systems_with_casts(instance), defaults.sub_dataset)
    record = TrainingRecord(
        literature_versions(instance, chain), defaults.of_systems(), chain.code_versions, casts_fingerprint(others)
    )
    versions = {"lab_results": casts, "training_set": record.to_text()}
    for asset in chain.parents:
        report(instance, asset, system, versions.get(asset, "other"))


def add_systems(instance: dg.DagsterInstance, systems: Iterable[str]) -> None:
    instance.add_dynamic_partitions("target_system", list(systems))


def tick(
    instance: dg.DagsterInstance,
    defaults: Defaults | None = None,
    chain: SystemChain = CHAIN,
    at: datetime = NIGHT,
    log: logging.Handler | None = None,
    laboratory: LabInbox = NO_LABORATORY,
) -> Any:
    """One evaluation of the nightly schedule: run requests, or the reason why there are none."""
    definitions = build_definitions()
    with dg.build_schedule_context(
        instance=instance,
        repository_def=definitions.get_repository_def(),
        scheduled_execution_time=at,
        resources={"defaults": defaults or Defaults(), "system_chain": chain, "lab_inbox": laboratory},
    ) as context:
        if log is not None:
            context.log.addHandler(log)
        return definitions.resolve_schedule_def("nightly_training").evaluate_tick(context)
