"""The Dagster UI with its daemon, and the server of pages beside it: what `bmg ui` runs."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import filelock

from bmg_assets.environment import set_where_unset
from bmg_assets.launch.instance import prepare_home
from bmg_assets.launch.page_server import PagesError, serving_pages
from bmg_assets.settings import PROJECT, Locations
from bmg_assets.store.store import Store

PATIENCE_S = 20.0
"""How long `dagster dev` may take to end its services before it is asked more firmly."""


def run_ui(store: Store, host: str, port: int, pages_port: int) -> None:
    """Run `dagster dev` until it is stopped.

    Raises:
        PagesError: a port is taken, another UI of this deployment is at work, or `dagster dev` ended by itself.
    """
    if _is_taken(host, port):
        raise PagesError(f"Port {port} is taken, perhaps by another Dagster UI; stop that, or choose --port.")
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    # A shell has what it starts in the background ignore Ctrl-C. `dagster dev` would inherit that, ignore SIGTERM with
    # it, and leave its webserver and daemon behind when it is killed in the end.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    pages = set_where_unset("BMG_PAGES_URL", f"http://{_reachable(host)}:{pages_port}")
    # At its usual level the daemon reports every few seconds that a run waits or the inbox is empty; the UI shows that.
    command = [sys.executable, "-m", "dagster", "dev", "--host", host, "--port", str(port), "--log-level", "warning"]
    with _only_ui_of(prepare_home()), serving_pages(store, host, pages_port):
        print(f"Dagster UI: http://{_reachable(host)}:{port}   pages: {pages}", flush=True)
        print("The Dagster UI is there within half a minute; only warnings and errors are written here.", flush=True)
        print(f"Casts go into {Locations.from_environment().lab / 'inbox'}. Ctrl-C ends it all.", flush=True)
        status = run_until_stopped(command)
    if status:
        raise PagesError(f"`dagster dev` ended with status {status}; its last lines above have the reason.")


@contextmanager
def _only_ui_of(home: str) -> Iterator[None]:
    """Two daemons at one DAGSTER_HOME would start every run twice."""
    lock = filelock.FileLock(os.path.join(home, "bmg_ui.lock"), timeout=0)
    try:
        with lock:
            yield
    except filelock.Timeout:
        raise PagesError(f"Another `bmg ui` is at work on {home}; use that one, or stop it first.") from None


def run_until_stopped(command: list[str]) -> int:
    """Exit status of the child; 0 where a person ended it, which it needs a while to obey."""
    dagster = subprocess.Popen(command, cwd=PROJECT)
    try:
        return dagster.wait()
    except KeyboardInterrupt:
        # A process that was started in the background may ignore Ctrl-C.
        for ask in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            dagster.send_signal(ask)
            with suppress(subprocess.TimeoutExpired):
                dagster.wait(PATIENCE_S)
                break
        return 0


def _as_ctrl_c(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _reachable(host: str) -> str:
    return socket.getfqdn() if host == "0.0.0.0" else "localhost" if host == "127.0.0.1" else host
