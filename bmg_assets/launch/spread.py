"""Work spread over the machines of a deployment: a run for each partition, started by Dagster's own daemon.

The runs are a backfill of Dagster's: it shows in the UI, can be cancelled there, and goes on where the command that
asked for it was ended. Belongs here: asking for it, and following it. Does not belong here: which work is missing, and
summing it up (runs.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import sleep
from typing import Any

import dagster as dg
from dagster._core.execution.backfill import BULK_ACTION_TERMINAL_STATUSES, BulkActionStatus, PartitionBackfill
from dagster._core.storage.tags import BACKFILL_ID_TAG

from bmg_assets.automation.queueing import QueuedWork, is_started, queue, waiting_backfills
from bmg_assets.execution.claims import PARTITION_TAG
from bmg_assets.execution.dead_runs import AT_WORK
from bmg_assets.execution.run_failures import WILL_RETRY_TAG, first_failure_of
from bmg_assets.science.errors import BmgError

BETWEEN_LOOKS_S = 3.0
STOPPED_STATUSES = (BulkActionStatus.CANCELED, BulkActionStatus.CANCELING, BulkActionStatus.FAILED)
TIMES_ASKED_AGAIN = 3
"""How often a run is asked for that Dagster was to try again, and did not."""

Say = Callable[[str], None]


class NobodyStartsRunsError(BmgError):
    """No daemon is at work that would start queued runs."""


class SpreadWorkError(BmgError):
    """Some of the runs did not end well."""


@dataclass(frozen=True)
class SpreadWork:
    """Partitions of a job, each to be made by a run of its own."""

    job: str
    dimension: str | None
    """Where the keys are added first; None for partitions that are there always."""
    keys: Sequence[str]
    run_config: Mapping[str, Any]
    title: str
    """For the list of backfills in the UI."""
    assets: Sequence[dg.AssetKey] | None = None
    """Those of the job that are made; None: all."""


def spread(instance: dg.DagsterInstance, work: SpreadWork, say: Say) -> None:
    """Queue a run for each partition that nobody makes yet, and follow all of them to their end.

    Ended by Ctrl-C, the runs stay queued and at work; the same call follows them again.

    Args:
        say: called with a sentence for each change.

    Raises:
        NobodyStartsRunsError: nothing would start them; nothing is queued.
        SpreadWorkError: not all of them ended well.
    """
    if not is_started(instance):
        raise NobodyStartsRunsError(
            "Nobody starts what is queued: Dagster's daemon has not been at work here in the last two minutes. Start "
            "`bmg ui` and leave it at work, then repeat this; or leave out --spread, and it is done by this machine "
            "alone."
        )
    made = _backfills_of(instance, work)
    waited_for = {key for backfill in made for key in _still_to_make(instance, backfill)}
    new = [key for key in work.keys if key not in waited_for]
    if new:
        if work.dimension is not None:
            instance.add_dynamic_partitions(work.dimension, new)
        made.append(_asked_for(instance, work, new))
    say(f"A run is asked for of each of {len(work.keys)}, {len(waited_for.intersection(work.keys))} of them before.")
    lost = _follow(instance, work.keys, [one.backfill_id for one in made], say)
    for _ in range(TIMES_ASKED_AGAIN):
        if not lost:
            return
        say(f"{len(lost)} lost their machine and were not tried again: a run is asked for of each once more.")
        made.append(_asked_for(instance, work, lost))
        lost = _follow(instance, work.keys, [one.backfill_id for one in made], say)
    if lost:
        raise SpreadWorkError(_failures(instance, work.keys, _latest_runs(instance, [one.backfill_id for one in made])))


def _asked_for(instance: dg.DagsterInstance, work: SpreadWork, keys: Sequence[str]) -> PartitionBackfill:
    return queue(instance, QueuedWork(work.job, keys, work.run_config, work.title, work.assets))


def _backfills_of(instance: dg.DagsterInstance, work: SpreadWork) -> list[PartitionBackfill]:
    """Backfills at work that make some of the same partitions in the same way."""
    return [
        one
        for one in waiting_backfills(instance, work.job)
        if one.run_config == work.run_config and set(one.partition_names or ()) & set(work.keys)
    ]


def _still_to_make(instance: dg.DagsterInstance, backfill: PartitionBackfill) -> set[str]:
    latest = _latest_runs(instance, [backfill.backfill_id])
    return {key for key in backfill.partition_names or () if key not in latest or not _is_over(latest[key])}


def _latest_runs(instance: dg.DagsterInstance, backfills: Sequence[str]) -> dict[str, dg.DagsterRun]:
    """The last run of each partition of these backfills."""
    runs = instance.get_runs(dg.RunsFilter(tags={BACKFILL_ID_TAG: list(backfills)}))
    return {run.tags[PARTITION_TAG]: run for run in reversed(runs) if PARTITION_TAG in run.tags}


def _is_over(run: dg.DagsterRun) -> bool:
    return run.is_finished and run.tags.get(WILL_RETRY_TAG) != "true"


def _follow(instance: dg.DagsterInstance, keys: Sequence[str], backfills: Sequence[str], say: Say) -> list[str]:
    """Follow runs to their end; the keys of those that are to be asked for again, none if all are done.

    Dagster tries a run again whose worker was killed, but not if its backfill ended, or the daemon looked at the run,
    in the moment before the failure was written: then nobody would.
    """
    told, was_started = "", True
    while True:
        found = [instance.get_backfill(one) for one in backfills]
        is_stopped = all(one is None or one.status in STOPPED_STATUSES for one in found)
        is_closed = all(one is None or one.status in BULK_ACTION_TERMINAL_STATUSES for one in found)
        latest = _latest_runs(instance, backfills)
        runs = [latest[key] for key in keys if key in latest]
        done = sum(run.is_success for run in runs)
        at_work = sum(run.status in AT_WORK for run in runs)
        words = f"{done} of {len(keys)} done, {at_work} at work"
        if words != told:
            say(words)
            told = words
        if done == len(keys):
            return []
        if is_closed and len(runs) == len(keys) and all(run.is_finished for run in runs):
            lost = [key for key in keys if not _is_over(latest[key])]
            if lost:
                return lost
        if all(map(_is_over, runs)) and (is_stopped or len(runs) == len(keys)):
            raise SpreadWorkError(_failures(instance, keys, latest))
        starts = is_started(instance)
        if was_started and not starts:
            say("Nobody starts what is queued any more: Dagster's daemon is not at work; `bmg ui` starts it again.")
        was_started = starts
        sleep(BETWEEN_LOOKS_S)


def _failures(instance: dg.DagsterInstance, keys: Sequence[str], latest: Mapping[str, dg.DagsterRun]) -> str:
    """What was not done, with the reason of the first run that failed."""
    left = [key for key in keys if key not in latest or not latest[key].is_success]
    failed = [latest[key] for key in left if key in latest and latest[key].is_failure]
    reason = f" Run {failed[0].run_id} failed: {first_failure_of(instance, failed[0].run_id)}" if failed else ""
    return (
        f"{len(left)} of {len(keys)} were not done ({', '.join(left[:3])}{', ...' if left[3:] else ''}); the others "
        f"are kept, and the same command goes on with what is left.{reason}"
    )
