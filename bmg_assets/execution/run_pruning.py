"""Deleting old runs from Dagster's history, with their events and logs, so that it does not grow for ever.

The run of the last materialization of anything stays, however old it is: the sensors, the sub-models and the UI read
it. So does a run that has not ended. What systems are trained again for is in the store and does not depend on runs.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import sqlalchemy as sa
from dagster._core.storage.dagster_run import FINISHED_STATUSES
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage

MATERIALIZATION = dg.DagsterEventType.ASSET_MATERIALIZATION.value
BETWEEN_WORDS = 500


def prune_runs(instance: dg.DagsterInstance, older_than: timedelta, say: Callable[[str], None]) -> int:
    """Delete runs that ended and were created that long ago; return how many.

    It may be stopped at any time: a run is deleted as a whole, or with the next call.

    Args:
        say: is called with a sentence now and then.
    """
    created_before = datetime.now(UTC) - older_than
    old = instance.get_run_ids(dg.RunsFilter(statuses=FINISHED_STATUSES, created_before=created_before))
    storage = instance.event_log_storage
    assert isinstance(storage, SqlEventLogStorage), storage
    kept = _runs_of_last_materializations(storage)
    deleted = [run_id for run_id in old if run_id not in kept]
    for number, run_id in enumerate(deleted, start=1):
        _delete(instance, storage, run_id)
        if number % BETWEEN_WORDS == 0:
            say(f"{number} of {len(deleted)} old runs are deleted")
    return len(deleted)


def _runs_of_last_materializations(storage: SqlEventLogStorage) -> set[str]:
    """The runs that made what is there last of each asset and partition, by one query."""
    event = SqlEventLogStorageTable.c
    made = sa.select(sa.func.max(event.id)).where(event.dagster_event_type == MATERIALIZATION)
    last = made.group_by(event.asset_key, event.partition)
    with storage.index_connection() as connection:
        found = connection.execute(sa.select(event.run_id).distinct().where(event.id.in_(last)))
        return {row[0] for row in found}


def _delete(instance: dg.DagsterInstance, storage: SqlEventLogStorage, run_id: str) -> None:
    """Delete the run itself last, so that one that was interrupted is found again."""
    with storage.index_connection() as connection:
        storage.delete_events_for_run(connection, run_id)
    if isinstance(storage, SqliteEventLogStorage):
        # A file for each run: Dagster would empty it and leave it where it is, as large as before.
        for end in ("", "-wal", "-shm"):
            Path(f"{storage.path_for_shard(run_id)}{end}").unlink(missing_ok=True)
    instance.compute_log_manager.delete_logs(prefix=[run_id])
    instance.run_storage.delete_run(run_id)
