"""Runs that wait for workers of an earlier version of the code or of other settings: none will come.

Each version and each choice of settings has a queue of its own (queues.py), so that no machine spoils a run. What waits
in another one than today's when the main machine begins is begun anew.
"""

import dagster as dg
from dagster_celery.tags import DAGSTER_CELERY_TASK_ID_TAG

QUEUE_TAG = "bmg/queue"
"""Where a run was sent that any worker of its version may take."""
WHY = "The code or the settings changed while this run waited for a worker: it is begun anew with those of today."


def begin_anew(instance: dg.DagsterInstance, queue: str, at_work: frozenset[str]) -> list[str]:
    """Report runs that wait in another queue as failed, so that Dagster's retries take over; return their ids.

    Args:
        queue: today's.
        at_work: the tasks that workers have begun; they end them with what they were started with.
    """
    waiting = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTING]))
    left = [one for one in waiting if one.tags.get(QUEUE_TAG, queue) != queue]
    not_begun = [one for one in left if one.tags.get(DAGSTER_CELERY_TASK_ID_TAG) not in at_work]
    for run in not_begun:
        instance.report_run_failed(run, WHY)
    return [run.run_id for run in not_begun]
