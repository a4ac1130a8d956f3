"""Which systems a run is at work on, so that two runs of one system never overlap.

The queue keeps runs of one partition apart (`tag_concurrency_limits` in dagster.yaml); who starts a run beside the
queue asks here before. Should two begin in the same moment all the same, the one that claims the system first goes on.
A run whose process died together with the server that launched it stays "started" in Dagster's storage
until its longest runtime is over. Such runs are ended here: they would hold up their system, and the queue, for hours.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import filelock

from bmg_assets.science.errors import BmgError

PARTITION_TAG = "dagster/partition"
DEAD_STATES = {"Z", "X"}
CLOCKS_DIFFER_S = 30
"""A clock that is set may put a process's start a little after what the process itself reported."""
AT_WORK = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


CLAIMS = "systems"
"""Folder of Dagster's storage with a file per system that names the run that is at work on it."""


class SystemBusyError(BmgError):
    """A system is being trained already."""


def systems_with_a_run(instance: dg.DagsterInstance) -> dict[str, str]:
    """Systems that a run is at work on or waiting for in the queue, each with the run's id."""
    return _runs_by_system(instance, [*AT_WORK, dg.DagsterRunStatus.QUEUED])


def refuse_overlap(instance: dg.DagsterInstance, system: str) -> None:
    """Make sure that no run is at work on a system; one that waits in the queue waits for the new run, too.

    Raises:
        SystemBusyError: a run of this system has not ended.
    """
    end_dead_runs(instance)
    run_id = _runs_by_system(instance, AT_WORK).get(system)
    if run_id is not None:
        raise _busy(system, run_id)


def claim_system(instance: dg.DagsterInstance, system: str, run_id: str) -> None:
    """Make a system this run's own until it ends; to be called at the run's beginning, a second time does no harm.

    A run that looks for others and begins may overlap with one that did the same a second before, between whose look
    and beginning it looked. A claim is looked at and made under one lock. It counts as long as its run is at work, so
    nobody has to take it back. Where runs are on several machines, the queue alone keeps them apart.

    Raises:
        SystemBusyError: another run claimed the system and has not ended; it goes on, and this one is to stop.
    """
    end_dead_runs(instance)
    claim = Path(instance.storage_directory()) / CLAIMS / system
    claim.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(claim.with_name(f"{system}.lock")):
        owner = instance.get_run_by_id(claim.read_text()) if claim.exists() else None
        if owner is not None and owner.run_id != run_id and owner.status in AT_WORK:
            raise _busy(system, owner.run_id)
        claim.write_text(run_id)


def end_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Report runs whose process is gone as failed, so that Dagster's retries take over; gives their ids.

    Only where runs are processes of this machine; elsewhere whoever launches them looks after their health.
    """
    if not isinstance(instance.run_launcher, dg.DefaultRunLauncher):
        return []
    started = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
    gone = [run.run_id for run in started if _process_is_gone(instance, run.run_id)]
    # Read again: a run that ended by itself in the meantime has no process either.
    dead = [run for run in map(instance.get_run_by_id, gone) if run and run.status == dg.DagsterRunStatus.STARTED]
    for run in dead:
        instance.report_run_failed(run, "The process of this run is gone: it was killed, or the machine went down.")
    return [run.run_id for run in dead]


def _busy(system: str, run_id: str) -> SystemBusyError:
    return SystemBusyError(
        f"Run {run_id} is at work on {system}, and two runs of a system must not overlap: wait until it has ended, "
        "or terminate it in the Dagster UI."
    )


def _runs_by_system(instance: dg.DagsterInstance, statuses: list[dg.DagsterRunStatus]) -> dict[str, str]:
    runs = instance.get_runs(dg.RunsFilter(statuses=statuses))
    return {run.tags[PARTITION_TAG]: run.run_id for run in runs if PARTITION_TAG in run.tags}


def _process_is_gone(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether the process that the executor named at its start is not there any more; False while none is named."""
    entries = instance.all_logs(run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
    events = [(entry.timestamp, entry.dagster_event) for entry in entries if entry.dagster_event]
    named = [(when, event.engine_event_data.metadata.get("pid")) for when, event in events if not event.step_key]
    pids = [(int(str(pid.value)), when) for when, pid in named if pid is not None]
    return bool(pids) and not _is_running(*pids[-1])


def _is_running(pid: int, named_at: float) -> bool:
    """Whether the process that had this number at a time (seconds since 1970) lives."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        # Killed, but not yet collected by its parent: a process without life that still answers signals.
        return state not in DEAD_STATES and _started_at(fields) < named_at + CLOCKS_DIFFER_S
    except OSError:
        return _answers(pid)


def _started_at(fields: Sequence[str]) -> float:
    """When a process began, in seconds since 1970, by what /proc/<pid>/stat says after its state.

    Numbers are given again after a restart, at once in a container: its new processes are not the runs of the old.
    Where the machine does not say when it started, every process counts as old.
    """
    lines = Path("/proc/stat").read_text().splitlines()
    booted = next((float(line.split()[1]) for line in lines if line.startswith("btime ")), 0.0)
    return booted + float(fields[18]) / os.sysconf("SC_CLK_TCK")


def _answers(pid: int) -> bool:
    """For systems without /proc."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
