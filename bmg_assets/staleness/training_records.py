"""Records of trainings in Dagster's event log: what each system's last training was made from, and whether it is stale.

The record is the data version of a system's training set, because the event log gives the data versions of thousands of
partitions in one query. The order within a system follows from storage ids, which grow with every event. The literature
is compared by its data versions, which identify the content: reading the same sources again is no reason to train.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import dagster as dg

from bmg_assets.defaults import Defaults
from bmg_assets.intake.record import NO_CASTS, is_fingerprint
from bmg_assets.partitions import usable_systems
from bmg_assets.science.literature.other_casts import casts_fingerprint, systems_to_learn_from
from bmg_assets.staleness.comparison import PresentState, TrainedState, TrainingRecord, staleness_of
from bmg_assets.staleness.system_chain import SystemChain

TRAINING_SET = dg.AssetKey("training_set")
LAB_RESULTS = dg.AssetKey("lab_results")
DATA_VERSION_TAG = "dagster/data_version"
MATERIALIZATION = dg.DagsterEventType.ASSET_MATERIALIZATION


def systems_with_casts(instance: dg.DagsterInstance) -> dict[str, str]:
    """Registered systems that have casts, each with the identity of its casts."""
    versions = _data_versions(instance, LAB_RESULTS)
    return {
        system: versions[system]
        for system in usable_systems(instance)
        if is_fingerprint(versions.get(system, "")) and versions[system] != NO_CASTS
    }


def record_of_step(
    context: dg.AssetExecutionContext, chain: SystemChain, defaults: Defaults, cast: Mapping[str, str]
) -> dg.DataVersion:
    """The record of the training set that this step makes.

    If the literature changed while the step ran, it is unknown which version the step read. Then both versions are
    recorded. Such a record matches no later state, so the system may be trained once too often, but never too seldom.

    Args:
        cast: see `systems_with_casts`; queried before the casts are read, for the same reason.
    """
    step = context.op_execution_context.get_step_execution_context().step.key
    (stats,) = context.instance.get_run_step_stats(context.run_id, [step])
    begun = literature_versions(context.instance, chain, before=stats.start_time)
    record = _record(context.instance, chain, defaults)
    read = {name: now if now == begun[name] else f"{begun[name]} or {now}" for name, now in record.literature.items()}
    record = replace(record, literature=read)
    return dg.DataVersion(_for_system(record, context.partition_key, cast, defaults).to_text())


def stale_systems(
    instance: dg.DagsterInstance, chain: SystemChain, defaults: Defaults, systems: Sequence[str]
) -> dict[str, list[str]]:
    """Reasons to train each of these systems again; an empty list for one that is up to date.

    The number of queries does not depend on the number of systems.
    """
    record, cast = _record(instance, chain, defaults), systems_with_casts(instance)
    versions = {
        asset: instance.get_latest_storage_id_by_partition(dg.AssetKey(asset), MATERIALIZATION)
        for asset in chain.parents
    }
    texts = _data_versions(instance, TRAINING_SET)

    def reasons(system: str) -> list[str]:
        made = {asset: versions[asset][system] for asset in chain.parents if system in versions[asset]}
        seen = TrainedState(TrainingRecord.from_text(texts.get(system, "")), made)
        return staleness_of(seen, PresentState(_for_system(record, system, cast, defaults), chain.parents))

    return {system: reasons(system) for system in systems}


def literature_versions(
    instance: dg.DagsterInstance, chain: SystemChain, before: float | None = None
) -> dict[str, str | None]:
    """Identity of what each literature asset holds, at a time (seconds since 1970) or now; None before the first."""
    return {name: _newest(instance, name, before) for name in chain.literature}


def _record(instance: dg.DagsterInstance, chain: SystemChain, defaults: Defaults) -> TrainingRecord:
    """The part of the record that all systems share."""
    return TrainingRecord(literature_versions(instance, chain), defaults.of_systems(), dict(chain.code_versions))


def _for_system(record: TrainingRecord, system: str, cast: Mapping[str, str], defaults: Defaults) -> TrainingRecord:
    others = systems_to_learn_from(system, cast, defaults.sub_dataset)
    return replace(record, casts_of_others=casts_fingerprint(others))


def _newest(instance: dg.DagsterInstance, asset: str, before: float | None) -> str | None:
    wanted = dg.AssetRecordsFilter(asset_key=dg.AssetKey(asset), before_timestamp=before)
    records = instance.fetch_materializations(wanted, limit=1).records
    made = records[0].asset_materialization if records else None
    return (made.tags or {}).get(DATA_VERSION_TAG, f"event {records[0].storage_id}") if made is not None else None


def _data_versions(instance: dg.DagsterInstance, asset: dg.AssetKey) -> dict[str, str]:
    tags = instance.event_log_storage.get_latest_tags_by_partition(asset, MATERIALIZATION, [DATA_VERSION_TAG])
    return {system: found[DATA_VERSION_TAG] for system, found in tags.items()}
