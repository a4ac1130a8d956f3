"""Twenty systems to train, what happens meanwhile, and how they are followed from outside of all machines."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations
from typing import TypeVar

import dagster as dg

from bmg_assets.automation.jobs import SYSTEM_JOB
from bmg_assets.execution.claims import PARTITION_TAG
from bmg_assets.execution.processes import PROCESS_TAG, Process
from bmg_assets.launch.spread import SpreadWork, spread
from bmg_assets.partitions import DIMENSION
from bmg_assets.store.record import Record
from bmg_assets.store.store import Store
from bmg_assets_tests.distributed.machines import Cluster, Machine

ELEMENTS = ("Zr", "Cu", "Al", "Ni", "Ti", "Mg", "Ca", "Y")
SYSTEMS = tuple("-".join(three) for three in combinations(ELEMENTS, 3))
"""Enough for twenty and twenty others."""
LONGEST_WAIT_S = 180.0
COARSE = {"ops": {grid: {"config": {"step_at_pct": 5}} for grid in ("prediction_grid", "transfer_grid")}}
"""Run config of a system: maps of 231 compositions instead of 5151."""


@contextmanager
def seen_from_outside(cluster: Cluster) -> Iterator[dg.DagsterInstance]:
    """Dagster's storage, as a program of nobody's machine finds it."""
    before = dict(os.environ)
    os.environ.update(cluster.main.variables)
    os.environ["BMG_DATA"] = str(cluster.folder / "outside")
    os.environ["DAGSTER_HOME"] = ""
    try:
        from bmg_assets.launch.instance import deployment_instance

        with deployment_instance() as instance:
            yield instance
    finally:
        os.environ.clear()
        os.environ.update(before)


def train(cluster: Cluster, systems: list[str], say: Callable[[str], None]) -> None:
    """Register systems and train each once, on whatever machine; returns when all are done."""
    with seen_from_outside(cluster) as instance:
        spread(instance, SpreadWork(SYSTEM_JOB, DIMENSION, systems, COARSE, "systems of the demonstration"), say)


class Once:
    """Does something as soon as what is said of the work is so."""

    def __init__(self, something: Callable[[], None], when: Callable[[str], bool]) -> None:
        self._something, self._when, self.was_done = something, when, False

    def __call__(self, words: str) -> None:
        print(time.strftime("%T"), words, flush=True)
        if not self.was_done and self._when(words):
            self.was_done = True
            self._something()


def trained(count: int) -> Callable[[str], bool]:
    """Whether so many systems are trained."""

    def is_so(words: str) -> bool:
        first = words.partition(" ")[0]
        return first.isdecimal() and int(first) >= count

    return is_so


def reading(machine: Machine, cluster: Cluster, count: int) -> "subprocess.Popen[bytes]":
    """A process of a machine that reads the store so many times, and prints what came of it."""
    module = "bmg_assets_tests.distributed.readers"
    return subprocess.Popen(
        [*machine.as_user(), sys.executable, "-m", module, cluster.common["BMG_STORE"], str(count)],
        env=machine.environment(),
        cwd=machine.folder,
        stdout=subprocess.PIPE,
        umask=0o002,
    )


def busy_machine(cluster: Cluster) -> Machine:
    """A worker's machine that is at work on a run; waits until there is one."""
    with seen_from_outside(cluster) as instance:

        def busy() -> Machine | None:
            runs = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
            found = (Process.from_text(run.tags.get(PROCESS_TAG, "")) for run in runs)
            processes = [one for one in found if one is not None]
            return next((machine for machine in cluster.workers if any(map(machine.runs, processes))), None)

        return awaited(busy, "a worker is at work")


def wait_for_steps(cluster: Cluster, systems: Sequence[str]) -> None:
    """Wait until the last run of each of these systems has a step done."""
    done = dg.DagsterEventType.STEP_SUCCESS
    with seen_from_outside(cluster) as instance:

        def has_step(system: str) -> bool:
            of_system = dg.RunsFilter(job_name=SYSTEM_JOB, tags={PARTITION_TAG: system})
            return any(instance.all_logs(run.run_id, of_type=done) for run in instance.get_runs(of_system, limit=1))

        awaited(lambda: all(map(has_step, systems)), f"a step is done of {', '.join(systems)}")


Found = TypeVar("Found")


def awaited(look: Callable[[], Found | None], what: str) -> Found:
    """What a look finds at last; raises AssertionError where that takes too long."""
    latest = time.monotonic() + LONGEST_WAIT_S
    while not (found := look()):
        assert time.monotonic() < latest, f"within {LONGEST_WAIT_S:g} s it has not come about that {what}"
        time.sleep(0.3)
    return found


def failed_runs(cluster: Cluster) -> int:
    """How many runs of systems have failed until now."""
    with seen_from_outside(cluster) as instance:
        failed = dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], job_name=SYSTEM_JOB)
        return instance.get_runs_count(failed)


def tasks_at_work(cluster: Cluster) -> int:
    """How many runs the workers say that they are at work on, when all of them are asked."""
    from celery import Celery

    answers = Celery(broker=cluster.servers.broker, set_as_current=False).control.inspect(timeout=3.0).active() or {}
    return sum(map(len, answers.values()))


def predictions(cluster: Cluster, system: str) -> int:
    """How many predictions the record has of a system: one for each training."""
    return len(list(Record(url=cluster.common["BMG_RECORD"]).predictions(system).entries()))


def store_of(cluster: Cluster) -> Store:
    """The store of all of them."""
    return Store(url=cluster.common["BMG_STORE"])
