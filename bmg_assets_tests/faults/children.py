"""Work in a process of its own, which is killed at some moment, or says in which words it ended."""

import json
import os
import select
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from bmg_assets.science.errors import BmgError

LONGEST_S = 600.0
MOST_WORDS = 8000
Work = Callable[[], None]


@dataclass(frozen=True)
class Ending:
    """How such a process ended."""

    was_killed: bool = False
    refusal: str = ""
    """The sentence of an error of the platform."""
    accident: str = ""
    """The traceback of any other error, or that there was no end."""

    @property
    def is_good(self) -> bool:
        """Whether the work was done."""
        return not (self.was_killed or self.refusal or self.accident)


@dataclass(frozen=True)
class Child:
    """Such a process at work."""

    pid: int
    listen: int

    @classmethod
    def at(cls, work: Work) -> "Child":
        """Begin the work in a fork of this process."""
        listen, tell = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(listen)
            _work_and_tell(work, tell)
        os.close(tell)
        return cls(child, listen)

    def ending(self, killed_after_s: float | None = None) -> Ending:
        """Wait for the end, or kill it with all that it has started after some time."""
        patience = LONGEST_S if killed_after_s is None else killed_after_s
        ended = bool(select.select([self.listen], [], [], patience)[0])
        told = os.read(self.listen, 1 << 16) if ended else b""
        os.kill(self.pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        os.close(self.listen)
        _, status = os.waitpid(self.pid, 0)
        if told:
            return Ending(**json.loads(told))
        if killed_after_s is not None and not ended:
            return Ending(was_killed=True)
        return Ending(accident=f"no end after {patience:g} s, or the process died (status {status})")


def in_child(work: Work, killed_after_s: float | None = None) -> Ending:
    """Do the work in a fork of this process, and kill that after some time."""
    return Child.at(work).ending(killed_after_s)


def seconds_of(work: Work) -> float:
    """How long the work takes in such a process; raises RuntimeError if it does not succeed."""
    began = time.monotonic()
    ending = in_child(work)
    if not ending.is_good:
        raise RuntimeError(f"without any fault: {ending.refusal or ending.accident}")
    return time.monotonic() - began


def _work_and_tell(work: Work, tell: int) -> None:
    """The child: it never returns."""
    ending = {}
    try:
        os.setsid()
        quiet = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(quiet, stream)
        work()
    except BmgError as error:
        ending = {"refusal": str(error)}
    except BaseException:
        ending = {"accident": traceback.format_exc()}
    finally:
        told = {name: words[:MOST_WORDS] for name, words in ending.items()}
        os.write(tell, json.dumps(told).encode())
        os._exit(0)
