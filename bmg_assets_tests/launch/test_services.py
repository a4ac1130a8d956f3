"""Services live exactly as long as what started them, however that ends, and never twice on one DAGSTER_HOME."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bmg_assets.launch import services
from bmg_assets.launch.services import ServicesError, running_services

SLEEPER = "bmg_assets_tests.launch.sleeper"
LONGEST_S = 20.0
SUPERVISOR = f"""
import sys
from pathlib import Path
from bmg_assets.launch.services import running_services
with running_services(Path(sys.argv[1])) as services:
    services.start("One", "{SLEEPER}", sys.argv[1] + "/one", *sys.argv[2:])
    services.start("Two", "{SLEEPER}", sys.argv[1] + "/two")
    services.watch()
"""


def wait_until(condition: Callable[[], bool], longest_s: float = LONGEST_S) -> None:
    latest = time.monotonic() + longest_s
    while not condition():
        assert time.monotonic() < latest, "nothing came of it"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


def processes(home: Path) -> list[int]:
    """Numbers of the services and of what they started, once all are there."""
    files = [home / "one", home / "two"]
    wait_until(lambda: all(file.exists() for file in files))
    return [int(pid) for file in files for pid in file.read_text().split()]


def supervised(home: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", SUPERVISOR, str(home), *arguments])


linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks /proc who lives")


@linux
def test_killed_alone_it_leaves_nobody_behind_and_a_second_set_may_start(tmp_path: Path) -> None:
    supervisor = supervised(tmp_path)
    pids = processes(tmp_path)
    assert all(map(is_alive, pids))
    supervisor.kill()
    supervisor.wait()
    with running_services(tmp_path):
        assert not [pid for pid in pids if is_alive(pid)]


@linux
def test_the_lock_holds_as_long_as_one_service_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    supervisor = supervised(tmp_path, "deaf")
    pids = processes(tmp_path)
    supervisor.kill()
    supervisor.wait()
    with pytest.raises(ServicesError, match="Another `bmg ui` is at work"), running_services(tmp_path, wait_s=1.0):
        pass
    os.kill(pids[0], signal.SIGKILL)
    with running_services(tmp_path, wait_s=LONGEST_S):
        pass
    os.kill(pids[1], signal.SIGKILL)


@linux
def test_a_service_that_does_not_listen_is_killed_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "PATIENCE_S", 0.5)
    with running_services(tmp_path) as started:
        started.start("One", SLEEPER, str(tmp_path / "one"), "deaf")
        started.start("Two", SLEEPER, str(tmp_path / "two"))
        pids = processes(tmp_path)
    wait_until(lambda: not any(map(is_alive, pids)))


def test_a_second_set_is_refused_at_once(tmp_path: Path) -> None:
    with running_services(tmp_path):
        began = time.monotonic()
        with (
            pytest.raises(ServicesError, match=f"Another `bmg ui` is at work on {tmp_path}"),
            running_services(tmp_path),
        ):
            pass
        assert time.monotonic() - began < 1
    with running_services(tmp_path):
        pass


def test_a_service_that_ends_by_itself_ends_all_and_is_named(tmp_path: Path) -> None:
    with running_services(tmp_path) as started:
        started.start("The other", SLEEPER, str(tmp_path / "one"))
        started.start("The daemon", SLEEPER, str(tmp_path / "two"), "failing")
        pids = processes(tmp_path)
        with pytest.raises(ServicesError, match="The daemon ended with status 7"):
            started.watch()
    wait_until(lambda: not any(map(is_alive, pids)))


def test_a_file_that_a_service_makes_is_waited_for(tmp_path: Path) -> None:
    with running_services(tmp_path) as started:
        started.start("One", SLEEPER, str(tmp_path / "one"))
        started.wait_for_file(tmp_path / "one")
        started.start("Two", SLEEPER, str(tmp_path / "two"), "failing")
        with pytest.raises(ServicesError, match="Two ended with status 7"):
            started.wait_for_file(tmp_path / "never")


def test_a_folder_that_cannot_be_locked_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken" / services.LOCK_FILE).mkdir(parents=True)
    with pytest.raises(ServicesError, match=r"bmg_ui\.lock cannot be locked \(.+\); DAGSTER_HOME must be a local"):
        running_services(tmp_path / "taken").__enter__()

    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(services.fcntl, "flock", no_locks)
    with pytest.raises(ServicesError, match=r"cannot be locked \(No locks available\)"):
        running_services(tmp_path).__enter__()
