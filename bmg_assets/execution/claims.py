"""Which systems a run is at work on, so that two runs of one system never overlap.

The queue keeps runs of one partition apart (`tag_concurrency_limits` in dagster.yaml). Runs that are started beside the
queue are refused here while another one is at work. If two begin in the same moment, the one that claims the system
first goes on. A run whose process died together with the server that launched it stays as it is in Dagster's storage
until its maximum runtime is over, and would hold up its system and the queue for hours; such runs are ended here.
"""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import dagster as dg
import filelock

from bmg_assets.execution.pools import free_slots_of_ended_runs
from bmg_assets.execution.processes import PROCESS_TAG, Process, answers
from bmg_assets.science.errors import BmgError

PARTITION_TAG = "dagster/partition"
LAUNCHER_TAG = ".dagster/grpc_info"
"""Tag by which Dagster keeps the address of the server that starts the process of a run."""
LONGEST_START_S = 600
"""How long a run may have begun without a process or a server being named; it takes seconds."""
SERVER_ANSWERS_S = 2.0
AT_WORK = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


CLAIMS = "systems"
"""Folder of Dagster's storage with one file per system, which names the run at work on it."""


class ClaimError(BmgError):
    """The claim of a system cannot be written."""


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
    with _locked(instance, system) as claim:
        _check_owner(instance, claim, system, run_id)
        with _writing(claim):
            claim.write_text(run_id)


def refuse_taken_over(instance: dg.DagsterInstance, system: str, run_id: str) -> None:
    """Refuse to store what a run made of a system that another run has claimed since.

    A step may outlive the process of its run, which then counts as dead; what it stores would mix two trainings.

    Raises:
        SystemBusyError: the other run is at work.
    """
    with _locked(instance, system) as claim:
        _check_owner(instance, claim, system, run_id)


@contextmanager
def nobody_at_work(instance: dg.DagsterInstance, system: str) -> Iterator[None]:
    """Keep runs of a system from claiming it while the block runs.

    Raises:
        SystemBusyError: a run of this system has not ended.
    """
    with _locked(instance, system):
        refuse_overlap(instance, system)
        yield


def end_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Report runs whose process is gone as failed, so that Dagster's retries take over; return their ids.

    This applies where runs are processes of this machine; other run launchers watch the health of their runs. What
    ended runs hold of the pools is given back, whatever ended them.
    """
    dead = _dead_runs(instance) if isinstance(instance.run_launcher, dg.DefaultRunLauncher) else []
    for run in dead:
        is_stopped = run.status == dg.DagsterRunStatus.CANCELING
        report = instance.report_run_canceled if is_stopped else instance.report_run_failed
        report(run, "The process of this run is gone: it was killed, or the machine went down.")
    free_slots_of_ended_runs(instance)
    return [run.run_id for run in dead]


@contextmanager
def _locked(instance: dg.DagsterInstance, system: str) -> Iterator[Path]:
    """The file of a system's claim, which nobody else reads or writes meanwhile."""
    # A key that somebody typed into the UI may be anything.
    name = quote(system, safe="")
    claim = Path(instance.storage_directory()) / CLAIMS / name
    lock = filelock.FileLock(claim.with_name(f"{name}.lock"))
    with _writing(claim):
        claim.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        yield claim
    finally:
        lock.release()


@contextmanager
def _writing(claim: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ClaimError(
            f"{claim}, which keeps two runs of a system apart, cannot be written ({error.strerror or error}): free "
            "some space or fix the rights of Dagster's folder, and run again. Nothing was changed."
        ) from error


def _check_owner(instance: dg.DagsterInstance, claim: Path, system: str, run_id: str) -> None:
    owner = instance.get_run_by_id(claim.read_text()) if claim.exists() else None
    if owner is not None and owner.run_id != run_id and owner.status in AT_WORK:
        raise _busy(system, owner.run_id)


def _busy(system: str, run_id: str) -> SystemBusyError:
    return SystemBusyError(
        f"Run {run_id} is at work on {system}, and two runs of a system must not overlap: wait until it has ended, "
        "or terminate it in the Dagster UI."
    )


def _runs_by_system(instance: dg.DagsterInstance, statuses: list[dg.DagsterRunStatus]) -> dict[str, str]:
    runs = instance.get_runs(dg.RunsFilter(statuses=statuses))
    return {run.tags[PARTITION_TAG]: run.run_id for run in runs if PARTITION_TAG in run.tags}


def _dead_runs(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    records = instance.get_run_records(dg.RunsFilter(statuses=AT_WORK))
    gone = [one.dagster_run for one in records if _is_gone(instance, one)]
    # Read the status again: a run that ended by itself in the meantime has no process either.
    again = [(run, instance.get_run_by_id(run.run_id)) for run in gone]
    return [now for then, now in again if now is not None and now.status == then.status]


def _is_gone(instance: dg.DagsterInstance, record: dg.RunRecord) -> bool:
    """Whether nothing is at work on a run any more. A run of which nobody is named is given time for its start."""
    run = record.dagster_run
    process = Process.from_text(_own_tag(instance, run, PROCESS_TAG))
    if process is not None:
        return process.is_gone()
    pid = _reported_pid(instance, run.run_id)
    if pid is not None:
        return not answers(pid)
    server = _own_tag(instance, run, LAUNCHER_TAG)
    if server:
        return not _listens(server)
    return time.time() - record.create_timestamp.timestamp() > LONGEST_START_S


def _own_tag(instance: dg.DagsterInstance, run: dg.DagsterRun, tag: str) -> str:
    """The tag of a run; empty where it was copied from the run that this one repeats."""
    value = run.tags.get(tag, "")
    parent = instance.get_run_by_id(run.parent_run_id) if run.parent_run_id else None
    return "" if run.parent_run_id and (parent is None or parent.tags.get(tag) == value) else value


def _reported_pid(instance: dg.DagsterInstance, run_id: str) -> int | None:
    """Number of the process that was reported when the run began; None until one is."""
    entries = instance.all_logs(run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
    events = [entry.dagster_event for entry in entries if entry.dagster_event and not entry.dagster_event.step_key]
    pids = [event.engine_event_data.metadata.get("pid") for event in events]
    return next((int(str(pid.value)) for pid in reversed(pids) if pid is not None), None)


def _listens(server: str) -> bool:
    """Whether the server that starts the process of a run is there; True where nobody here can know."""
    place = json.loads(server)
    with suppress(OSError), closing(_connected(place)):
        return True
    return place.get("host") not in (None, "localhost", "127.0.0.1")


def _connected(place: dict[str, str]) -> socket.socket:
    if "port" in place:
        return socket.create_connection((place["host"], int(place["port"])), SERVER_ANSWERS_S)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(SERVER_ANSWERS_S)
    try:
        connection.connect(place["socket"])
    except OSError:
        connection.close()
        raise
    return connection
