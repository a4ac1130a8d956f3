"""Which process a run is the work of, so that a run whose process is gone can be told from one that is at work.

A process is named by its machine, its number and when it began, counted in clock ticks since the machine started. None
of this depends on the clock, which people and time servers set. Numbers of processes are used again after a restart, in
a container at once, so the number alone identifies nothing.
"""

import json
import os
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

PROCESS_TAG = "bmg/process"
"""Tag of a run: the process that started it, and from its first step on the one that executes it."""
DEAD_STATES = {"Z", "X"}


@dataclass(frozen=True)
class Process:
    """A process of some machine."""

    host: str
    """The machine: its name, and its identity where it has one, since two may be named alike."""
    boot: str
    """The start of the machine, and the container within it; empty where that is unknown."""
    pid: int
    began: str
    """Clock ticks from the start of the machine to that of the process; empty where that is unknown."""

    @classmethod
    def own(cls) -> "Process":
        """This process."""
        return cls(_host(), _boot(), os.getpid(), _state_and_beginning(os.getpid())[1])

    @classmethod
    def from_text(cls, text: str) -> "Process | None":
        """The process that `to_text` wrote; None for any other text."""
        with suppress(ValueError, TypeError):
            return cls(**json.loads(text))
        return None

    def to_text(self) -> str:
        """The process as one line."""
        return json.dumps(asdict(self))

    def is_gone(self) -> bool:
        """Whether this process has ended; False for one of another machine or container, which nobody here can see."""
        if self.boot != _boot():
            return self.host == _host()
        state, began = _state_and_beginning(self.pid)
        # A process that was killed but not yet collected by its parent still answers signals.
        return state in DEAD_STATES or began != self.began or not answers(self.pid)


def answers(pid: int) -> bool:
    """Whether a process of this number is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _state_and_beginning(pid)[0] not in DEAD_STATES


def tag_of_own_process() -> dict[str, str]:
    """The tag of a run that this process starts or executes."""
    return {PROCESS_TAG: Process.own().to_text()}


def _state_and_beginning(pid: int) -> tuple[str, str]:
    """State and clock ticks since the start of the machine; empty where there is no /proc, or no such process."""
    with suppress(OSError):
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return state, fields[18]
    return "", ""


@cache
def _host() -> str:
    with suppress(OSError):
        return f"{socket.gethostname()} {Path('/etc/machine-id').read_text().strip()}".strip()
    return socket.gethostname()


@cache
def _boot() -> str:
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    return ""
