"""Runs that wait in Dagster's own queue, as backfills: its daemon starts them, the UI shows them and can cancel them.

What is queued outlives whoever queued it. Belongs here: queueing, and whether somebody starts what is queued. Does not
belong here: following the runs (`launch/spread.py`), and what a person may choose for them (`launch/choices.py`).
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import Any

import dagster as dg
from dagster._core.definitions.repository_definition import SINGLETON_REPOSITORY_NAME
from dagster._core.execution.backfill import BulkActionsFilter, BulkActionStatus, PartitionBackfill
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemotePartitionSetOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.remote_representation.external_data import partition_set_snap_name_for_job_name
from dagster._core.utils import make_new_backfill_id
from sqlalchemy.exc import IntegrityError

from bmg_assets.automation.jobs import SYSTEM_JOB, assets_of_run
from bmg_assets.automation.schedules import REASON_TAG
from bmg_assets.execution.claims import SystemBusyError, refuse_overlap, systems_with_a_run
from bmg_assets.partitions import registered_systems
from bmg_assets.science.alloys.systems import SystemKeyError
from bmg_assets.science.errors import BmgError
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.staleness.training_records import why_no_literature
from bmg_assets.store.store import Store

DEFINITIONS = "bmg_assets.definitions"
"""Name of the code location, in `bmg ui` as in workspace.yaml."""
DAEMONS = ("BACKFILL", "QUEUED_RUN_COORDINATOR")
LONGEST_SILENCE_S = 120.0
"""A daemon that is at work gives a sign of life every half minute."""


class NoLiteratureError(BmgError):
    """There is nothing to train on."""


@dataclass(frozen=True)
class QueuedWork:
    """Partitions of a job, each to be made by a run of its own."""

    job: str
    keys: Sequence[str]
    run_config: Mapping[str, Any]
    title: str
    """For the list of backfills in the UI."""
    assets: Sequence[dg.AssetKey] | None = None
    """Those of the job that are made; None: all."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """Of the backfill, and of each of its runs."""


def is_started(instance: dg.DagsterInstance) -> bool:
    """Whether a daemon is at work that starts what is queued."""
    signs, latest = instance.get_daemon_heartbeats(), time.time() - LONGEST_SILENCE_S
    return all(name in signs and signs[name].timestamp > latest for name in DAEMONS)


def queue(instance: dg.DagsterInstance, work: QueuedWork, backfill_id: str | None = None) -> PartitionBackfill:
    """Queue a run for each key.

    Args:
        backfill_id: up to 32 characters; a new one by default.

    Raises:
        IntegrityError: there is a backfill of this id already.
    """
    backfill = PartitionBackfill(
        backfill_id=backfill_id or make_new_backfill_id(),
        status=BulkActionStatus.REQUESTED,
        from_failure=False,
        tags=dict(work.tags),
        backfill_timestamp=time.time(),
        asset_selection=work.assets,
        title=work.title,
        run_config=work.run_config,
        partition_set_origin=_origin(work.job),
        partition_names=list(work.keys),
    )
    instance.add_backfill(backfill)
    return backfill


def waiting_backfills(instance: dg.DagsterInstance, job: str) -> list[PartitionBackfill]:
    """Backfills of a job that the daemon has still to look after, the newest first."""
    waiting = instance.get_backfills(BulkActionsFilter(statuses=[BulkActionStatus.REQUESTED]))
    name = _origin(job).partition_set_name
    return [
        one
        for one in waiting
        if one.partition_set_origin is not None and one.partition_set_origin.partition_set_name == name
    ]


def trainings_asked_for(instance: dg.DagsterInstance) -> set[str]:
    """Systems of which a run is asked for that the daemon has not made yet."""
    return {key for one in waiting_backfills(instance, SYSTEM_JOB) for key in one.partition_names or ()}


def queue_training(
    instance: dg.DagsterInstance,
    store: Store,
    chain: SystemChain,
    key: str,
    run_config: Mapping[str, Any],
    reason: str = "",
    assets: Sequence[dg.AssetKey] | None = None,
) -> str:
    """Queue one run that trains a registered system; the id of its backfill, which is a tag of the run too.

    Of two calls in the same moment one is refused.

    Args:
        reason: why, for the tag of the run.
        assets: those that are made; None: all that a run makes of the system.

    Raises:
        SystemKeyError: the system is not registered.
        NoLiteratureError: there is nothing to train on.
        SystemBusyError: a run of it is at work, waits, or is asked for.
    """
    if key not in registered_systems(instance):
        raise SystemKeyError(f"'{key}' is not a registered system; `bmg add {key}` registers it.")
    no_literature = why_no_literature(store, chain)
    if no_literature is not None:
        raise NoLiteratureError(no_literature)
    tags = {REASON_TAG: reason} if reason else {}
    work = QueuedWork(SYSTEM_JOB, [key], run_config, f"Training of {key}", assets or assets_of_run(key), tags)
    # Two who ask at once find the same number free, and ids are unique.
    free_id = next(one for one in _ids_of(key) if instance.get_backfill(one) is None)
    _refuse_second(instance, key)
    try:
        return queue(instance, work, free_id).backfill_id
    except IntegrityError:
        raise _asked_for(key) from None


def _refuse_second(instance: dg.DagsterInstance, key: str) -> None:
    refuse_overlap(instance, key)
    waiting = systems_with_a_run(instance).get(key)
    if waiting is not None:
        raise SystemBusyError(f"Run {waiting} of {key} waits in the queue already; it begins by itself.")
    if key in trainings_asked_for(instance):
        raise _asked_for(key)


def _asked_for(key: str) -> SystemBusyError:
    return SystemBusyError(f"A run of {key} is asked for already; it begins by itself.")


def _ids_of(key: str) -> Iterator[str]:
    """The ids of a system's backfills, one after the other."""
    return (sha256(f"{key} {number}".encode()).hexdigest()[:32] for number in count(1))


def _origin(job: str) -> RemotePartitionSetOrigin:
    location = RegisteredCodeLocationOrigin(DEFINITIONS)
    repository = RemoteRepositoryOrigin(location, SINGLETON_REPOSITORY_NAME)
    return RemotePartitionSetOrigin(
        repository_origin=repository, partition_set_name=partition_set_snap_name_for_job_name(job)
    )
