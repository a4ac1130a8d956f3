"""A run names its process, and a step that waits for a pool says who has it."""

import os
import sys
from pathlib import Path

import dagster as dg
import psycopg2
import pytest
import sqlalchemy
from dagster._core.events import EngineEventData
from dagster._utils.error import serializable_error_info_from_exc_info
from dagster_postgres.utils import DagsterPostgresException

from bmg_assets.execution.executor import multiprocess
from bmg_assets.execution.processes import PROCESS_TAG, Process, tag_of_own_process
from bmg_assets.execution.run_failures import WILL_RETRY_TAG, first_failure_of

POOL = "one_at_a_time"
TERMINATED = "terminating connection due to administrator command"
CONFIG = {"execution": {"config": {"start_method": {"forkserver": {}}}}}


@dg.op(pool=POOL)
def works() -> None:
    """Nothing."""


@dg.job(executor_def=multiprocess)
def working() -> None:
    works()


@dg.op
def is_mistaken() -> None:
    raise ValueError("the input")


@dg.op
def loses_the_database() -> None:
    try:
        raise psycopg2.OperationalError(TERMINATED)
    except psycopg2.Error as error:
        raise sqlalchemy.exc.OperationalError("INSERT", {}, error) from error


@dg.job(executor_def=multiprocess)
def mistaken() -> None:
    is_mistaken()


@dg.job(executor_def=multiprocess)
def losing() -> None:
    loses_the_database()


@pytest.fixture
def home(tmp_path: Path) -> str:
    (tmp_path / "dagster.yaml").write_text("concurrency: {pools: {default_limit: 1, granularity: op}}")
    return str(tmp_path)


def test_a_run_has_the_process_that_executes_it_as_a_tag(home: str) -> None:
    with dg.DagsterInstance.from_config(home) as instance:
        result = dg.execute_job(dg.reconstructable(working), instance, run_config=CONFIG)
        assert result.success
        run = instance.get_run_by_id(result.run_id)
        assert run is not None
        process = Process.from_text(run.tags[PROCESS_TAG])
        assert process is not None
        assert process.pid == os.getpid()


def test_a_step_that_waits_says_for_whom_and_goes_on_when_that_run_has_ended(home: str) -> None:
    with dg.DagsterInstance.from_config(home) as instance:
        storage = instance.event_log_storage
        storage.initialize_concurrency_limit_to_default(POOL)
        holder = instance.add_run(
            dg.DagsterRun("literature_job", status=dg.DagsterRunStatus.STARTED, tags=tag_of_own_process())
        )
        assert storage.claim_concurrency_slot(POOL, holder.run_id, "works").is_claimed
        told: list[str] = []

        def hear(entry: dg.EventLogEntry, _: object) -> None:
            if "waits for" in entry.user_message:
                told.append(entry.user_message)
                instance.report_run_failed(holder)
                storage.free_concurrency_slots_for_run(holder.run_id)

        run = instance.create_run_for_job(working, run_config=CONFIG)
        storage.watch(run.run_id, None, hear)
        from dagster._core.execution.api import execute_run

        assert execute_run(dg.reconstructable(working), run, instance).success
        assert told == [f"works waits for the pool {POOL}, which run {holder.run_id} (literature_job) holds"]


@pytest.mark.parametrize(
    "job, tried_again, words",
    [
        (losing, "true", f"The database was away for longer than a run waits for it ({TERMINATED}): see that"),
        (mistaken, "false", "Step is_mistaken: ValueError: the input"),
    ],
)
def test_only_a_step_that_lost_the_database_is_tried_again(
    tmp_path: Path, job: dg.JobDefinition, tried_again: str, words: str
) -> None:
    retries = "run_retries: {enabled: true, max_retries: 3, retry_on_asset_or_op_failure: false}"
    (tmp_path / "dagster.yaml").write_text(retries)
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        run_id = dg.execute_job(dg.reconstructable(job), instance, run_config=CONFIG).run_id
        run = instance.get_run_by_id(run_id)
        assert run is not None
        assert run.tags[WILL_RETRY_TAG] == tried_again
        assert first_failure_of(instance, run_id).startswith(words)


def test_a_run_that_lost_the_database_says_so_also_where_it_could_not_say_that_it_failed(
    instance: dg.DagsterInstance,
) -> None:
    run = instance.create_run_for_job(working, status=dg.DagsterRunStatus.STARTED)
    try:
        raise DagsterPostgresException("too many retries for DB connection") from psycopg2.OperationalError(TERMINATED)
    except DagsterPostgresException:
        error = serializable_error_info_from_exc_info(sys.exc_info())
    instance.report_engine_event("An error", run, EngineEventData.engine_error(error))
    instance.report_run_failed(run)
    words = f"The database was away for longer than a run waits for it ({TERMINATED}): see that"
    assert first_failure_of(instance, run.run_id).startswith(words)
