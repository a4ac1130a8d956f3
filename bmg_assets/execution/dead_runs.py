"""Runs whose process is gone: they are ended here, so that they hold up neither their system nor the queue.

A run whose process died together with the server that launched it stays as it is in Dagster's storage until its maximum
runtime is over. Which process that was, and how it is found dead, is said in processes.py.
"""

import json
import socket
import time
from contextlib import closing, suppress

import dagster as dg

from bmg_assets.execution.pools import free_slots_of_ended_runs
from bmg_assets.execution.processes import PROCESS_TAG, Process, answers

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


def end_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Report runs whose process is gone as failed, so that Dagster's retries take over; return their ids.

    Of a run on another machine nothing can be told here: its launcher watches its health. What ended runs hold of the
    pools is given back, whatever ended them.
    """
    dead = _dead_runs(instance)
    for run in dead:
        is_stopped = run.status == dg.DagsterRunStatus.CANCELING
        report = instance.report_run_canceled if is_stopped else instance.report_run_failed
        report(run, "The process of this run is gone: it was killed, or the machine went down.")
    free_slots_of_ended_runs(instance)
    return [run.run_id for run in dead]


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
    if run.status != dg.DagsterRunStatus.NOT_STARTED and not isinstance(instance.run_launcher, dg.DefaultRunLauncher):
        return False  # it may have been sent to any machine
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
