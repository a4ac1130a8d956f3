"""A run that a command executes itself, and a person who stops it: by Ctrl-C, or with "Terminate" in the Dagster UI.

Dagster counts a run as canceled if somebody asked for that before it was interrupted, and as failed otherwise. Its UI
asks the server that started a run to interrupt it; a run of a command has no such server.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
from dagster._core.errors import DagsterExecutionInterruptedError

BETWEEN_LOOKS_S = 3.0
STOPPED = frozenset({dg.DagsterRunStatus.CANCELING, dg.DagsterRunStatus.CANCELED})
_runs_of_commands = False


@contextmanager
def run_of_command() -> Iterator[None]:
    """Treat the runs that this process executes in the block as those of a command, whose Ctrl-C cancels them."""
    global _runs_of_commands
    _runs_of_commands = True
    try:
        yield
    finally:
        _runs_of_commands = False


@contextmanager
def stopped_by_person(instance: dg.DagsterInstance, run_id: str) -> Iterator[None]:
    """Have a person's stop cancel the run that the block executes, if it is one of a command.

    A run of Dagster's daemon is left as it is: interrupted without anybody asking, as when `bmg ui` ends, it counts as
    failed, and is tried again when the daemon is back.
    """
    if not _runs_of_commands:
        yield
        return
    is_over = threading.Event()
    watcher = threading.Thread(target=_interrupt_when_stopped, args=(instance, run_id, is_over), daemon=True)
    watcher.start()
    try:
        yield
    except (KeyboardInterrupt, DagsterExecutionInterruptedError):
        run = instance.get_run_by_id(run_id)
        if run is not None and run.status not in STOPPED:
            instance.report_run_canceling(run, "A person stopped the command that executes this run.")
        raise
    finally:
        is_over.set()
        watcher.join()


def _interrupt_when_stopped(instance: dg.DagsterInstance, run_id: str, is_over: threading.Event) -> None:
    while not is_over.wait(BETWEEN_LOOKS_S):
        run = instance.get_run_by_id(run_id)
        if run is not None and run.status in STOPPED:
            os.kill(os.getpid(), signal.SIGINT)
            return
