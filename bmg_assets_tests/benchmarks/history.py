"""What the run of a system leaves in Dagster's history, on SQLite and on PostgreSQL, and what deleting runs gives back.

The events of one real run are written again as those of further runs, each of another system.
As a program: python -m bmg_assets_tests.benchmarks.history DAGSTER_HOME RUNS [DATABASE], with a DAGSTER_HOME in SQLite
whose last successful run of `system_job` is taken, and an empty database of PostgreSQL; without one it is SQLite again.
"""

import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy as sa

from bmg_assets.automation.jobs import SYSTEM_JOB
from bmg_assets.execution.claims import PARTITION_TAG
from bmg_assets.execution.run_history import commit_without_waiting
from bmg_assets.execution.run_pruning import prune_runs

EVERYTHING = timedelta(seconds=-1)
"""Older than a second from now."""
SYSTEMS = 5
"""Whose runs follow one another: the last one of each stays."""


@dataclass(frozen=True)
class HistoryCost:
    """What runs cost the storage."""

    events_of_a_run: int
    bytes_of_a_run: int
    write_a_run_s: float
    """By the clock, by one process that does nothing else."""
    deleted: int
    delete_a_run_s: float
    growth_of_the_next_run: int
    """Bytes by which a run makes the storage grow after as many were deleted; in PostgreSQL after its vacuum."""


def history_cost(home: Path, runs: int, folder: Path, database: str | None = None) -> HistoryCost:
    """Write the events of a run again and again, and delete all but the last of each system.

    Args:
        home: DAGSTER_HOME with a successful run of a system.
        runs: how many are written.
        folder: empty; for Dagster's storage.
        database: URL of an empty database of PostgreSQL; None: SQLite.
    """
    commit_without_waiting()
    events = _events_of_a_run(home)
    storage = {"storage": {"postgres": {"postgres_url": database}}} if database else {}
    with dg.DagsterInstance.local_temp(str(folder), overrides=storage) as instance:
        _write(instance, events, 0)  # makes the tables
        before = _size(folder, database)
        written_s = _seconds(lambda: [_write(instance, events, number) for number in range(1, runs + 1)])
        after = _size(folder, database)
        began = time.perf_counter()
        deleted = prune_runs(instance, EVERYTHING, print)
        deleted_s = time.perf_counter() - began
        _vacuum(database)
        for number in range(deleted):
            _write(instance, events, number)
        grown = _size(folder, database) - after
        return HistoryCost(
            len(events),
            (after - before) // runs,
            written_s / runs,
            deleted,
            deleted_s / max(1, deleted),
            max(0, grown) // max(1, deleted),
        )


def _events_of_a_run(home: Path) -> Sequence[dg.EventLogEntry]:
    with dg.DagsterInstance.from_config(str(home)) as instance:
        succeeded = dg.RunsFilter(job_name=SYSTEM_JOB, statuses=[dg.DagsterRunStatus.SUCCESS])
        (run,) = instance.get_runs(succeeded, limit=1)
        return instance.all_logs(run.run_id)


def _write(instance: dg.DagsterInstance, events: Sequence[dg.EventLogEntry], number: int) -> None:
    run_id, system = str(uuid.uuid4()), f"system {number % SYSTEMS}"
    tags = {PARTITION_TAG: system}
    instance.run_storage.add_run(
        dg.DagsterRun(SYSTEM_JOB, run_id=run_id, status=dg.DagsterRunStatus.SUCCESS, tags=tags)
    )
    for event in events:
        instance.event_log_storage.store_event(event._replace(run_id=run_id))


def _size(folder: Path, database: str | None) -> int:
    """Bytes of the storage."""
    if database is None:
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    with sa.create_engine(database).connect() as connection:
        return int(connection.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one())


def _vacuum(database: str | None) -> None:
    """What PostgreSQL does by itself within a minute."""
    if database is not None:
        with sa.create_engine(database, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(sa.text("VACUUM"))


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        found = history_cost(Path(sys.argv[1]), int(sys.argv[2]), Path(scratch), *sys.argv[3:4])
    for what, value in asdict(found).items():
        print(what, round(value, 4))
