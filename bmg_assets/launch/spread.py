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
from dagster._core.execution.backfill import BULK_ACTION_TERMINAL_STATUSES, BulkActionStatus
from dagster._core.storage.tags import AUTO_RETRY_RUN_ID_TAG, BACKFILL_ID_TAG

from bmg_assets.automation.queueing import QueuedWork, is_started, queue, waiting_backfills
from bmg_assets.execution.claims import PARTITION_TAG
from bmg_assets.execution.dead_runs import AT_WORK
from bmg_assets.execution.lost_retries import is_passed_over
from bmg_assets.execution.run_failures import WILL_RETRY_TAG, first_failure_of
from bmg_assets.science.errors import BmgError

BETWEEN_LOOKS_S = 3.0
STOPPED_STATUSES = (BulkActionStatus.CANCELED, BulkActionStatus.CANCELING, BulkActionStatus.FAILED)
TIMES_ASKED_AGAIN = 3
"""How often a run is asked for that Dagster was to try again, and did not."""

Say = Callable[[str], None]
_Followed = dict[str, str]
"""The backfill that is to make each partition: the last one that was asked for it."""


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
    followed = _asked_for_before(instance, work)
    before, new = len(followed), [key for key in work.keys if key not in followed]
    if new:
        if work.dimension is not None:
            instance.add_dynamic_partitions(work.dimension, new)
        followed |= _asked_for(instance, work, new)
    say(f"A run is asked for of each of {len(work.keys)}, {before} of them before.")
    lost = _follow(instance, followed, say)
    for _ in range(TIMES_ASKED_AGAIN):
        if not lost:
            return
        say(f"{len(lost)} lost their machine and were not tried again: a run is asked for of each once more.")
        followed |= _asked_for(instance, work, lost)
        lost = _follow(instance, followed, say)
    if lost:
        raise SpreadWorkError(_failures(instance, followed, _latest_runs(instance, followed)))


def _asked_for(instance: dg.DagsterInstance, work: SpreadWork, keys: Sequence[str]) -> _Followed:
    backfill = queue(instance, QueuedWork(work.job, keys, work.run_config, work.title, work.assets))
    return dict.fromkeys(keys, backfill.backfill_id)


def _asked_for_before(instance: dg.DagsterInstance, work: SpreadWork) -> _Followed:
    """The partitions that backfills at work have still to make in the same way."""
    asked: _Followed = {}
    for one in reversed(waiting_backfills(instance, work.job)):  # the newest last
        if one.run_config == work.run_config:
            asked |= dict.fromkeys(set(one.partition_names or ()).intersection(work.keys), one.backfill_id)
    latest = _latest_runs(instance, asked)
    return {key: backfill for key, backfill in asked.items() if key not in latest or not _is_over(latest[key])}


def _latest_runs(instance: dg.DagsterInstance, followed: _Followed) -> dict[str, dg.DagsterRun]:
    """The last run of each partition by the backfill that is to make it; that of an earlier one may have just ended."""
    if not followed:
        return {}
    runs = instance.get_runs(dg.RunsFilter(tags={BACKFILL_ID_TAG: sorted(set(followed.values()))}))
    keyed = [(run.tags.get(PARTITION_TAG, ""), run) for run in reversed(runs)]
    latest = {key: run for key, run in keyed if followed.get(key) == run.tags[BACKFILL_ID_TAG]}
    return {key: _last_try(instance, run) for key, run in latest.items()}


def _last_try(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dg.DagsterRun:
    """The last run that tries this one again; one that Dagster makes just after the backfill has ended is not in it."""
    run_id = run.tags.get(AUTO_RETRY_RUN_ID_TAG)
    again = instance.get_run_by_id(run_id) if run_id else None
    return run if again is None else _last_try(instance, again)


def _is_over(run: dg.DagsterRun) -> bool:
    return run.is_finished and run.tags.get(WILL_RETRY_TAG) != "true"


def _follow(instance: dg.DagsterInstance, followed: _Followed, say: Say) -> list[str]:
    """Follow runs to their end; the keys of those that are to be asked for again, none if all are done.

    Dagster tries a run again whose worker was killed, but not if its backfill ended before its daemon reads the
    failure, or if it read that in the moment before the run was marked: then nobody would.
    """
    keys, told, was_started = list(followed), "", True
    while True:
        backfills = {one: instance.get_backfill(one) for one in set(followed.values())}
        stopped = {one for one, found in backfills.items() if found is None or found.status in STOPPED_STATUSES}
        is_closed = all(one is None or one.status in BULK_ACTION_TERMINAL_STATUSES for one in backfills.values())
        latest = _latest_runs(instance, followed)
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
            if lost and all(is_passed_over(instance, latest[key].run_id) for key in lost):
                return lost
        if all(map(_is_over, runs)) and all(key in latest or followed[key] in stopped for key in keys):
            raise SpreadWorkError(_failures(instance, followed, latest))
        starts = is_started(instance)
        if was_started and not starts:
            say("Nobody starts what is queued any more: Dagster's daemon is not at work; `bmg ui` starts it again.")
        was_started = starts
        sleep(BETWEEN_LOOKS_S)


def _failures(instance: dg.DagsterInstance, followed: _Followed, latest: Mapping[str, dg.DagsterRun]) -> str:
    """What was not done, with the reason of the first run that failed."""
    keys = list(followed)
    left = [key for key in keys if key not in latest or not latest[key].is_success]
    failed = [latest[key] for key in left if key in latest and latest[key].is_failure]
    reason = f" Run {failed[0].run_id} failed: {first_failure_of(instance, failed[0].run_id)}" if failed else ""
    return (
        f"{len(left)} of {len(keys)} were not done ({', '.join(left[:3])}{', ...' if left[3:] else ''}); the others "
        f"are kept, and the same command goes on with what is left.{reason}"
    )
