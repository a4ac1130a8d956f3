"""What each system's last training was made from, as Dagster's event log has it, and how that compares with today.

The record is the data version of a system's training set: data versions are the one thing of a materialization that the
event log can tell for thousands of partitions in one query. The order within a system follows from storage ids, which
grow with every event.
"""

from collections.abc import Mapping, Sequence

import dagster as dg

from bmg_assets.resources.settings import Defaults
from bmg_assets.resources.system_chain import SystemChain
from bmg_assets.science.staleness import PresentState, TrainedState, TrainingRecord, staleness_of

TRAINING_SET = "training_set"
DATA_VERSION_TAG = "dagster/data_version"
MATERIALIZATION = dg.DagsterEventType.ASSET_MATERIALIZATION


def record_of_step(context: dg.AssetExecutionContext, chain: SystemChain, defaults: Defaults) -> dg.DataVersion:
    """What the training set that this step makes is made from.

    Literature that came while the step was at work may not be what it read, so what was there when it began counts:
    should it have read the newer one, the system is trained once more than needed, never once less.
    """
    step = context.op_execution_context.get_step_execution_context().step.key
    (stats,) = context.instance.get_run_step_stats(context.run_id, [step])
    return dg.DataVersion(_record(context.instance, chain, defaults, before=stats.start_time).to_text())


def stale_systems(
    instance: dg.DagsterInstance, chain: SystemChain, defaults: Defaults, systems: Sequence[str]
) -> dict[str, list[str]]:
    """Why each of these systems should be trained again; no reasons for one that is up to date.

    A fixed number of queries, however many systems there are.
    """
    now = PresentState(_record(instance, chain, defaults), chain.parents)
    versions = {
        asset: instance.get_latest_storage_id_by_partition(dg.AssetKey(asset), MATERIALIZATION)
        for asset in chain.parents
    }
    records = _training_records(instance)
    return {
        system: staleness_of(
            TrainedState(
                records.get(system),
                {asset: versions[asset][system] for asset in chain.parents if system in versions[asset]},
            ),
            now,
        )
        for system in systems
    }


def literature_versions(
    instance: dg.DagsterInstance, chain: SystemChain, before: float | None = None
) -> dict[str, int | None]:
    """Storage id of the newest materialization of each literature asset, at a time (seconds since 1970) or now."""
    return {name: _newest(instance, name, before) for name in chain.literature}


def _record(
    instance: dg.DagsterInstance, chain: SystemChain, defaults: Defaults, before: float | None = None
) -> TrainingRecord:
    return TrainingRecord(
        literature_versions(instance, chain, before), defaults.of_systems(), dict(chain.code_versions)
    )


def _newest(instance: dg.DagsterInstance, asset: str, before: float | None) -> int | None:
    wanted = dg.AssetRecordsFilter(asset_key=dg.AssetKey(asset), before_timestamp=before)
    records = instance.fetch_materializations(wanted, limit=1).records
    return records[0].storage_id if records else None


def _training_records(instance: dg.DagsterInstance) -> Mapping[str, TrainingRecord | None]:
    tags = instance.event_log_storage.get_latest_tags_by_partition(
        dg.AssetKey(TRAINING_SET), MATERIALIZATION, [DATA_VERSION_TAG]
    )
    return {system: TrainingRecord.from_text(found[DATA_VERSION_TAG]) for system, found in tags.items()}
