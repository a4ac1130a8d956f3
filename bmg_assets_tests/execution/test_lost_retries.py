"""Dagster's daemon reads a failure again that it has passed over, and no other."""

import time

import dagster as dg
import pytest
from dagster._core.execution.backfill import BulkActionStatus
from dagster._core.storage.tags import AUTO_RETRY_RUN_ID_TAG, BACKFILL_ID_TAG
from dagster._daemon.auto_run_reexecution import event_log_consumer
from dagster._daemon.auto_run_reexecution.event_log_consumer import DAGSTER_EVENT_TYPES

from bmg_assets.automation.queueing import QueuedWork, queue
from bmg_assets.execution import lost_retries
from bmg_assets.execution.lost_retries import CURSOR, is_passed_over, look_again
from bmg_assets.execution.run_failures import WILL_RETRY_TAG


@dg.op
def nothing() -> None:
    """Nothing."""


@dg.job
def failing() -> None:
    """Stands for a job."""
    nothing()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost_retries, "SOON_S", -1.0)


def fail(instance: dg.DagsterInstance, tags: dict[str, str], will_retry: str = "true") -> str:
    """A run fails that is to be tried again, or not, and the daemon reads the failure."""
    run = instance.create_run_for_job(failing, status=dg.DagsterRunStatus.STARTED, tags=tags)
    instance.report_run_failed(run, "Its worker was killed.")
    instance.add_run_tags(run.run_id, {WILL_RETRY_TAG: will_retry})
    instance.daemon_cursor_storage.set_cursor_values({CURSOR: str(last_id(instance))})
    return run.run_id


def last_id(instance: dg.DagsterInstance) -> int:
    return instance.event_log_storage.get_maximum_record_id() or 0


def read_by_daemon(instance: dg.DagsterInstance) -> list[str]:
    """The runs whose failures the daemon reads next."""
    (at,) = instance.daemon_cursor_storage.get_cursor_values({CURSOR}).values()
    failure = {dg.DagsterEventType.RUN_FAILURE}
    events = instance.event_log_storage.get_logs_for_all_runs_by_log_id(int(at), failure)
    return [event.run_id for event in events.values()]


def test_the_name_of_the_cursor_is_the_daemons_own() -> None:
    assert CURSOR in {event_log_consumer._create_cursor_key(one) for one in DAGSTER_EVENT_TYPES}


def test_a_failure_that_was_passed_over_is_read_again(instance: dg.DagsterInstance) -> None:
    fail(instance, {}, will_retry="false")
    lost = fail(instance, {})
    fail(instance, {AUTO_RETRY_RUN_ID_TAG: "another"})
    assert read_by_daemon(instance) == []
    assert look_again(instance) == [lost]
    assert read_by_daemon(instance)[0] == lost


@pytest.mark.parametrize("tags", [{AUTO_RETRY_RUN_ID_TAG: "another"}, {BACKFILL_ID_TAG: "removed"}])
def test_what_was_or_cannot_be_tried_again_is_left(instance: dg.DagsterInstance, tags: dict[str, str]) -> None:
    fail(instance, tags)
    assert (look_again(instance), read_by_daemon(instance)) == ([], [])


@pytest.mark.parametrize("status, is_read", [("REQUESTED", True), ("COMPLETED_FAILED", False)])
def test_a_run_of_a_backfill_is_tried_again_while_that_is_open(
    instance: dg.DagsterInstance, status: str, is_read: bool
) -> None:
    backfill = queue(instance, QueuedWork("system_job", ["Zr-Al-Cu"], {}, "a title"))
    instance.update_backfill(backfill.with_status(BulkActionStatus[status]))
    run = fail(instance, {BACKFILL_ID_TAG: backfill.backfill_id})
    assert look_again(instance) == ([run] if is_read else [])


def test_it_is_left_to_the_daemon_at_first_and_to_the_night_in_the_end(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, now = fail(instance, {}), time.time()
    monkeypatch.setattr(lost_retries, "SOON_S", 20.0)
    for later, found in ((5, []), (30, [run]), (3600, [])):
        monkeypatch.setattr(lost_retries.time, "time", lambda later=later: now + later)
        assert look_again(instance) == found


def test_a_failure_is_passed_over_when_it_was_read_and_no_other_run_was_made(
    instance: dg.DagsterInstance,
) -> None:
    run = fail(instance, {})
    assert is_passed_over(instance, run)
    assert not is_passed_over(instance, fail(instance, {AUTO_RETRY_RUN_ID_TAG: "another"}))
    instance.daemon_cursor_storage.set_cursor_values({CURSOR: "0"})
    assert not is_passed_over(instance, run)


def test_no_failure_is_passed_over_before_the_daemon_has_ever_read(instance: dg.DagsterInstance) -> None:
    run = instance.create_run_for_job(failing, status=dg.DagsterRunStatus.STARTED)
    instance.report_run_failed(run, "Its worker was killed.")
    assert not is_passed_over(instance, run.run_id)
