"""The processes beside `bmg ui`, under one supervision: none of them outlives it, and a second set never starts."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bmg_assets.launch.service import PATIENCE_S
from bmg_assets.science.errors import BmgError

LOCK_FILE = "bmg_ui.lock"
BETWEEN_LOOKS_S = 0.5
WAIT_FOR_LOCK_S = PATIENCE_S + 5.0
"""How long a `bmg ui` that was killed may need to end its services."""


class ServicesError(BmgError):
    """Services cannot be started, or one of them ended by itself."""


@dataclass
class Services:
    """Processes that were started together.

    Attributes:
        kept: descriptors that each of them keeps open, and with them the lock of their DAGSTER_HOME and others.
    """

    kept: Sequence[int]
    _processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    _lifeline: tuple[int, int] = field(default_factory=os.pipe)

    def start(self, name: str, module: str, *arguments: str) -> None:
        """Start a module as a service; its name is for sentences."""
        end = self._lifeline[0]
        self._processes[name] = subprocess.Popen(
            [sys.executable, "-m", "bmg_assets.launch.service", str(end), module, *arguments],
            pass_fds=[end, *self.kept],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait_for_file(self, path: Path) -> None:
        """Wait until one of them has made a file.

        Raises:
            ServicesError: one of them ended before.
        """
        while not path.exists():
            self._check()
            time.sleep(BETWEEN_LOOKS_S / 10)

    def watch(self, check: Callable[[], None] = lambda: None) -> None:
        """Wait until one of them ends.

        Args:
            check: is called twice a second; what it raises ends the watch.

        Raises:
            ServicesError: one of them ended, as none does by itself.
        """
        while True:
            self._check()
            check()
            time.sleep(BETWEEN_LOOKS_S)

    def end(self) -> None:
        """End all of them: asked first, killed with everything that they started when their patience is over."""
        for number in (signal.SIGINT, signal.SIGKILL):
            for process in self._processes.values():
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, number)
            latest = time.monotonic() + PATIENCE_S
            with suppress(subprocess.TimeoutExpired):
                for process in self._processes.values():
                    process.wait(max(0.0, latest - time.monotonic()))
        for descriptor in self._lifeline:
            os.close(descriptor)

    def _check(self) -> None:
        for name, process in self._processes.items():
            status = process.poll()
            if status is not None:
                raise ServicesError(f"{name} ended with status {status}; its last lines above have the reason.")


@contextmanager
def running_services(home: Path, wait_s: float = WAIT_FOR_LOCK_S, kept: Sequence[int] = ()) -> Iterator[Services]:
    """A set of services to start, for one DAGSTER_HOME: two daemons at one would start every run twice.

    The lock is kept by the services themselves, so it holds as long as one of them lives.

    Args:
        wait_s: how long to wait for the services of a killed `bmg ui` to end.
        kept: further descriptors that each of them keeps open.

    Raises:
        ServicesError: services of another `bmg ui` are at work, or the folder cannot be locked.
    """
    try:
        lock = os.open(home / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise ServicesError(_not_locked(home, error)) from error
    try:
        _acquire(lock, home, wait_s)
        services = Services([lock, *kept])
        try:
            yield services
        finally:
            services.end()
    finally:
        os.close(lock)


def _acquire(lock: int, home: Path, wait_s: float) -> None:
    latest = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            # Services whose `bmg ui` was killed are about to end.
            if _owner_lives(lock) or time.monotonic() > latest:
                raise ServicesError(f"Another `bmg ui` is at work on {home}; use that one, or stop it first.") from None
            time.sleep(BETWEEN_LOOKS_S / 5)
        except OSError as error:
            raise ServicesError(_not_locked(home, error)) from error
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)


def _owner_lives(lock: int) -> bool:
    try:
        os.kill(int(os.pread(lock, 20, 0)), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _not_locked(home: Path, error: OSError) -> str:
    return f"{home / LOCK_FILE} cannot be locked ({error.strerror}); DAGSTER_HOME must be a local folder of your own."
