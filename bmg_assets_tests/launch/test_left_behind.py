"""Runs that wait in the queue of an earlier version are begun anew; those that a worker has begun are left to it."""

import dagster as dg
import pytest

from bmg_assets.launch.left_behind import QUEUE_TAG, WHY, begin_anew

STARTING, STARTED, FAILURE = dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE
BEFORE, TODAY = {QUEUE_TAG: "bmg-before"}, {QUEUE_TAG: "bmg-today"}


@pytest.mark.parametrize(
    ("status", "tags", "is_begun_anew"),
    [
        (STARTING, {**BEFORE, "dagster-celery/task_id": "one"}, True),
        (STARTING, BEFORE, True),  # the main machine was killed before the broker had it
        (STARTING, {**BEFORE, "dagster-celery/task_id": "at work"}, False),
        (STARTED, {**BEFORE, "dagster-celery/task_id": "one"}, False),
        (STARTING, {**TODAY, "dagster-celery/task_id": "one"}, False),
        (STARTING, {"dagster-celery/queue": "bmg-main", "dagster-celery/task_id": "one"}, False),
    ],
)
def test_only_what_nobody_would_take_is_begun_anew(
    instance: dg.DagsterInstance, status: dg.DagsterRunStatus, tags: dict[str, str], is_begun_anew: bool
) -> None:
    run = instance.create_run_for_job(dg.GraphDefinition(name="empty").to_job(), tags=tags, status=status)
    assert begin_anew(instance, "bmg-today", frozenset({"at work"})) == [run.run_id] * is_begun_anew
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    assert found.status == (FAILURE if is_begun_anew else status)
    said = [one.message for one in instance.all_logs(run.run_id)]
    assert any(WHY in words for words in said) == is_begun_anew
