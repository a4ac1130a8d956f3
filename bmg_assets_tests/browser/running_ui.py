"""`bmg ui` as a process of its own, and the browser that looks at it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bmg_assets.settings import PROJECT

IN_THE_BACKGROUND = ["sh", "-c", 'trap "" INT; exec "$@"', "sh"]
"""Deaf to Ctrl-C, as shells start a command that ends in "&"."""
LONGEST_START_S = 180.0
LONGEST_END_S = 90.0


@dataclass(frozen=True)
class Served:
    """Where `bmg ui` answers: the Dagster UI, and the web application."""

    port: int
    pages_port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def app_address(self) -> str:
        return f"http://localhost:{self.pages_port}"


def free_places() -> Served:
    """Two ports that nobody listens at."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return Served(one.getsockname()[1], other.getsockname()[1])


@contextmanager
def running_ui(
    here: Served, folder: Path, variables: Mapping[str, str], options: Sequence[str] = (), prefix: str = ""
) -> Iterator[None]:
    """`bmg ui` of a deployment while the block runs; it is ended as a service manager ends it.

    Args:
        folder: where its output goes, into ui.log.
        variables: what the environment says of the deployment.
        options: further ones of the command.
        prefix: below which path it answers by them.
    """
    places = ["--port", str(here.port), "--pages-port", str(here.pages_port)]
    command = [sys.executable, "-m", "bmg_assets.cli.main", "ui", *places, *options]
    log = folder / "ui.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*IN_THE_BACKGROUND, *command],
            cwd=PROJECT,
            env={name: value for name, value in os.environ.items() if name != "BMG_PAGES_URL"} | dict(variables),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_answered(f"{here.url}{prefix}/server_info", process, log)
        yield
    finally:
        _end(process)
    assert process.returncode == 0, log.read_text()[-4000:]


def _wait_until_answered(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + LONGEST_START_S
    while process.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"the UI did not start:\n{log.read_text()[-4000:]}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ended by a signal; should it live on, it is killed with its group."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(LONGEST_END_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
