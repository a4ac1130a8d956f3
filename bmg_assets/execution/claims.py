"""Which systems a run is at work on, so that two runs of one system never overlap.

The queue keeps runs of one partition apart (`tag_concurrency_limits` in dagster.yaml). Runs that are started beside the
queue are refused here while another one is at work. If two begin in the same moment, the one that claims the system
first goes on. A run whose process died together with the server that launched it stays "started" in Dagster's storage
until its maximum runtime is over, and would hold up its system and the queue for hours; such runs are ended here.
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
"""Allowance for a clock that was set between the start of a process and its report."""
AT_WORK = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


CLAIMS = "systems"
"""Folder of Dagster's storage with one file per system, which names the run at work on it."""


class SystemBusyError(BmgError):
    """A system is being trained already."""


def systems_with_a_run(instance: dg.DagsterInstance) -> dict[str, str]:
    """Systems that a run is at work on or waiting for in the queue, each with the run's id."""
    return _runs_by_system(instance, [*AT_WORK, dg.DagsterRunStatus.QUEUED])


def refuse_overlap(instance: dg.DagsterInstance, system: str) -> None:
    """Refuse a system that a run is at work on; a run that waits in the queue will wait for the new one.

    Raises:
        SystemBusyError: a run of this system has not ended.
    """
    end_dead_runs(instance)
    run_id = _runs_by_system(instance, AT_WORK).get(system)
    if run_id is not None:
        raise _busy(system, run_id)


def claim_system(instance: dg.DagsterInstance, system: str, run_id: str) -> None:
    """Make a system this run's own until it ends. Call it at the beginning of the run; a second call does no harm.

    Looking for other runs and then beginning is not safe: another run may do the same in between. A claim is read and
    made under one lock. It holds while its run is at work, so nobody has to take it back. Where runs are on several
    machines, only the queue keeps them apart.

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
    """Report runs whose process is gone as failed, so that Dagster's retries take over; return their ids.

    This applies where runs are processes of this machine; other run launchers watch the health of their runs.
    """
    if not isinstance(instance.run_launcher, dg.DefaultRunLauncher):
        return []
    started = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
    gone = [run.run_id for run in started if _process_is_gone(instance, run.run_id)]
    # Read the status again: a run that ended by itself in the meantime has no process either.
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
    """Whether the process that the executor reported at its start has ended; False until one is reported."""
    entries = instance.all_logs(run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
    events = [(entry.timestamp, entry.dagster_event) for entry in entries if entry.dagster_event]
    named = [(when, event.engine_event_data.metadata.get("pid")) for when, event in events if not event.step_key]
    pids = [(int(str(pid.value)), when) for when, pid in named if pid is not None]
    return bool(pids) and not _is_running(*pids[-1])


def _is_running(pid: int, named_at: float) -> bool:
    """Whether the process that had this number at a time (seconds since 1970) is still running."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        # A process that was killed but not yet collected by its parent still answers signals.
        return state not in DEAD_STATES and _started_at(fields) < named_at + CLOCKS_DIFFER_S
    except OSError:
        return _answers(pid)


def _started_at(fields: Sequence[str]) -> float:
    """When a process began, in seconds since 1970, from the fields of /proc/<pid>/stat after its state.

    Process numbers are used again after a restart, in a container at once, so the number alone identifies no run.
    Where the boot time is unknown, every process counts as old.
    """
    lines = Path("/proc/stat").read_text().splitlines()
    booted = next((float(line.split()[1]) for line in lines if line.startswith("btime ")), 0.0)
    return booted + float(fields[18]) / os.sysconf("SC_CLK_TCK")


def _answers(pid: int) -> bool:
    """Whether a process answers a signal, for systems without /proc."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
