"""One fault: something is at work, the fault strikes, what is there is looked at, the work is done again."""

import errno
import random
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Protocol

from bmg_assets_tests.faults.children import Ending, in_child, seconds_of
from bmg_assets_tests.faults.counting import GOOD, Outcome, State
from bmg_assets_tests.faults.failing_disk import fail_from

LATER_THAN_WHOLE = 1.1
"""Kills strike up to this share of the time that the whole takes."""
MOST_WRITES = 400
REMEDY = re.compile(
    r"free some space|fix the folder|run again|`bmg [a-z]+|move it away|mount it|materializ|wait until|bring it back"
    r"|try again|stop |use the version"
)


class Operation(Protocol):
    """Something that a fault can strike."""

    kind: str

    @property
    def folder(self) -> Path:
        """Where it writes."""

    def prepare(self) -> None:
        """See to it that there is something to do."""

    def work(self) -> None:
        """Do it, in a process of its own."""

    def state(self) -> tuple[State, str]:
        """What is there of it, and what is wrong."""

    def problems(self) -> list[str]:
        """What `bmg verify` finds, once the work is done."""


def killed(operation: Operation, count: int, seed: int) -> Iterator[Outcome]:
    """Kill the work at so many random moments."""
    moments = random.Random(f"{operation.kind} {seed}")
    operation.prepare()
    length_s = seconds_of(operation.work)
    done = 0
    while done < count:
        operation.prepare()
        after_s = moments.uniform(0, LATER_THAN_WHOLE * length_s)
        ending = in_child(operation.work, after_s)
        outcome = judged(operation, f"killed after {after_s:.3f} s", ending)
        if ending.was_killed or outcome.state not in GOOD:
            done += 1
            yield outcome
        else:
            length_s *= 0.95  # it was faster this time; it ended before it could be killed


def at_every_write(operation: Operation, number: int, every: int = 1) -> Iterator[Outcome]:
    """Let the disk be full, or read-only, from each write on, until the work succeeds."""
    for first in range(1, MOST_WRITES, every):
        operation.prepare()
        ending = in_child(partial(_work_on_failing_disk, operation, first, number))
        words = "full" if number == errno.ENOSPC else "read-only"
        yield judged(operation, f"disk {words} from write {first} on", ending)
        if ending.is_good:
            return


def fault_of(words: str, folder: Path, file: str = "") -> str:
    """What a refusal lacks; nothing if it is a sentence or two that name a file (`file` will do) and a remedy."""
    if "Traceback" in words or "\n" in words.strip():
        return f"no sentence: {words}"
    if str(folder) not in words and not (file and file in words):
        return f"no file is named: {words}"
    return "" if REMEDY.search(words) else f"no remedy is named: {words}"


def _work_on_failing_disk(operation: Operation, first: int, number: int) -> None:
    fail_from(first, number, operation.folder)
    operation.work()


def judged(operation: Operation, fault: str, ending: Ending) -> Outcome:
    """Look at what is there, do the work again, and look once more."""
    state, why = _state_after(operation, ending)
    again = in_child(operation.work)
    if state in GOOD:
        at_last, what = operation.state() if again.is_good else (State.UNCLEAR, again.refusal or again.accident)
        if at_last is not State.NEW:
            state, why = (State.UNCLEAR if at_last in GOOD else at_last), f"after the repeat: {what}"
        elif problems := operation.problems():
            state, why = State.UNCLEAR, "; ".join(problems)
    return Outcome(operation.kind, fault, state, "" if state in GOOD else why, ending.was_killed)


def _state_after(operation: Operation, ending: Ending) -> tuple[State, str]:
    if ending.accident:
        return State.UNCLEAR, ending.accident
    if ending.refusal and (why := fault_of(ending.refusal, operation.folder)):
        return State.UNCLEAR, why
    return operation.state()
