"""The nightly job that deletes old runs from Dagster's history; how old is a setting, see `history_days`."""

from datetime import timedelta

import dagster as dg

from bmg_assets.automation.jobs import READS_LOCAL_FILES
from bmg_assets.execution.failures import ends_in_one_sentence
from bmg_assets.execution.run_pruning import prune_runs
from bmg_assets.settings import history_days, time_zone

BEFORE_THE_NIGHT = "30 1 * * *"


@dg.op
@ends_in_one_sentence
def prune_history(context: dg.OpExecutionContext) -> None:
    """Delete runs that are older than the setting, but for those that made what is there last."""
    days = history_days()
    if days is None:
        context.log.info("No run is deleted: BMG_HISTORY_DAYS is 0.")
        return
    deleted = prune_runs(context.instance, timedelta(days=days), context.log.info)
    context.log.info(f"{deleted} runs older than {days} days are deleted.")


@dg.job(
    description="Delete runs older than BMG_HISTORY_DAYS and their events, but for those that made what is there last.",
    tags={"dagster/max_runtime": str(3600), **READS_LOCAL_FILES},
)
def history_job() -> None:
    """Job of the op `prune_history`."""
    prune_history()


nightly_pruning = dg.ScheduleDefinition(
    name="nightly_pruning",
    job=history_job,
    cron_schedule=BEFORE_THE_NIGHT,
    execution_timezone=time_zone(),
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Keeps Dagster's history of runs from growing for ever.",
)
