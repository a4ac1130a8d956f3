"""The deployment at work (`dagster dev`) answers files of casts by itself, also after it was killed."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from bmg_assets.intake.file import is_file_of_casts, name_without_hash
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.intake.record import fingerprint_of
from bmg_assets.launch.instance import INSTANCE_SETTINGS
from bmg_assets.partitions import registered_systems
from bmg_assets.settings import PROJECT
from bmg_assets.staleness.comparison import unfinished
from bmg_assets.staleness.training_records import known_casts, stored_of_systems
from bmg_assets_tests.automation.night import CHAIN
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.intake.cast_files import inbox_at, line, table

SYSTEM = "Zr-Al-Cu"
FIRST_ALLOYS = ("Zr50Al5Cu45", "Zr45Al5Cu50")
MORE_ALLOYS = ("Zr58Al12Cu30", "Zr55Al10Cu35", "Zr40Al10Cu50")
FILES_OF_LAST_ROUND = 40
LONGEST_ROUND_S = 900.0
"""A run that is killed before its process began is given up by Dagster after two minutes and a half only."""
SHARE_OF_RUN = 0.7
LATEST_AFTER_INTAKE_S = 8.0
BETWEEN_LOOKS_S = 0.2
NOT_ENDED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Laboratory:
    """A deployment, an inbox beside it, and what has been cast so far."""

    deployment: Deployment
    inbox: LabInbox
    cast: list[str]

    def drop(self, alloys: tuple[str, ...], files: int = 1) -> list[str]:
        """Report casts of alloys in so many files, copied in as a file manager does it; gives the files' names."""
        names = []
        for _ in range(files):
            samples = [f"S{len(self.cast) + number}" for number in range(len(alloys))]
            name = f"casts {samples[0]}.csv"
            lines = [line(one, composition_nominal=alloy) for one, alloy in zip(samples, alloys, strict=True)]
            (self.inbox.inbox / f"{name}.part").write_bytes(table(*lines))
            (self.inbox.inbox / f"{name}.part").rename(self.inbox.inbox / name)
            self.cast.extend(samples)
            names.append(name)
        return names

    def candidates(self) -> pd.DataFrame:
        return self.deployment.store.read_table("candidates", SYSTEM)[["composition", "dmax_mm"]]

    def iteration(self) -> int:
        return int(self.deployment.store.read_table("iterations", SYSTEM)["iteration"].iloc[-1])

    def is_at_work(self) -> bool:
        """Whether a run has begun and not ended."""
        return bool(self._runs(dg.DagsterRunStatus.STARTED))

    def has_answered(self) -> bool:
        """Whether candidates follow from all casts, the inbox is empty, and nobody is at work any more."""
        if any(self.inbox.inbox.iterdir()) or self._runs(*NOT_ENDED):
            return False
        store, wanted = self.deployment.store, fingerprint_of(self.inbox.wanted(), SYSTEM.split("-"))
        if known_casts(store).get(SYSTEM) != wanted:
            return False
        return not unfinished(stored_of_systems(store, CHAIN.parents)[SYSTEM], CHAIN.parents)

    def _runs(self, *statuses: dg.DagsterRunStatus) -> list[dg.DagsterRun]:
        return list(self.deployment.instance.get_runs(dg.RunsFilter(statuses=list(statuses))))


@pytest.fixture
def laboratory(tmp_path: Path) -> Iterator[Laboratory]:
    """The literature is there, and no system."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(PROJECT / "data" / "dagster_home" / INSTANCE_SETTINGS, home)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        deployment = Deployment(tmp_path, instance)
        assert deployment.run_literature().success
        yield Laboratory(deployment, inbox_at(tmp_path), [])


@contextmanager
def dagster_dev(laboratory: Laboratory) -> Iterator[Callable[[], None]]:
    """`dagster dev` at work on the deployment; gives what kills it, with every process that it started."""
    folder = laboratory.deployment.folder
    variables = {"DAGSTER_HOME": str(folder / "home"), "BMG_BUDGET": "quick"}
    with open(folder / "dagster_dev.log", "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dagster", "dev", "--port", str(_free_port())],
            cwd=PROJECT,
            env={**os.environ, **laboratory.deployment.variables(), **variables},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def kill() -> None:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    try:
        yield kill
    finally:
        kill()


def wait_until(condition: Callable[[], bool], log: Path, pause_s: float = BETWEEN_LOOKS_S) -> None:
    end = time.monotonic() + LONGEST_ROUND_S
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"nothing came of it in {LONGEST_ROUND_S:g} s:\n{log.read_text()[-4000:]}")
        time.sleep(pause_s)


def test_casts_become_candidates_with_nobody_clicking_whatever_is_killed(laboratory: Laboratory) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"moments of the kills: seed {seed}")
    moments = random.Random(seed)
    log = laboratory.deployment.folder / "dagster_dev.log"
    inbox = laboratory.inbox

    with dagster_dev(laboratory):
        dropped = laboratory.drop(FIRST_ALLOYS)
        wait_until(laboratory.is_at_work, log)
        began = time.monotonic()
        wait_until(laboratory.has_answered, log)
        length_s = time.monotonic() - began
        assert registered_systems(laboratory.deployment.instance) == ["Zr-Al-Cu"]
        iteration, before = laboratory.iteration(), laboratory.candidates()

    # Killed somewhere in the run that follows from the intake.
    with dagster_dev(laboratory) as kill:
        dropped += laboratory.drop(MORE_ALLOYS)
        wait_until(laboratory.is_at_work, log)
        time.sleep(moments.uniform(0, SHARE_OF_RUN * length_s))
        kill()
    assert laboratory.is_at_work(), "the run was over before it was killed"
    with dagster_dev(laboratory):
        wait_until(laboratory.has_answered, log)
    assert laboratory.iteration() == iteration + 1
    assert not laboratory.candidates().equals(before)

    # Killed while files are taken in, while the run is asked for, or before its process begins.
    with dagster_dev(laboratory) as kill:
        dropped += laboratory.drop(FIRST_ALLOYS, files=FILES_OF_LAST_ROUND)
        wait_until(lambda: len(list(inbox.inbox.iterdir())) < FILES_OF_LAST_ROUND, log, pause_s=0.01)
        time.sleep(moments.uniform(0, LATEST_AFTER_INTAKE_S))
        kill()
    with dagster_dev(laboratory):
        wait_until(laboratory.has_answered, log)
    _assert_each_cast_once(laboratory, dropped)


def _assert_each_cast_once(laboratory: Laboratory, dropped: list[str]) -> None:
    inbox, store, cast = laboratory.inbox, laboratory.deployment.store, sorted(laboratory.cast)
    files = [path.name for path in inbox.accepted_folder.glob("*.csv") if is_file_of_casts(path)]
    assert sorted(map(name_without_hash, files)) == sorted(dropped)
    assert list(inbox.inbox.iterdir()) == list(inbox.rejected_folder.iterdir()) == []
    assert inbox.accepted().lost == ()
    assert sorted(store.read_table("lab_casts", SYSTEM)["sample_id"]) == cast
    results, rows = store.read_table("lab_results", SYSTEM), store.read_table("training_set", SYSTEM)
    assert sorted(results["sample_ids"].explode()) == cast
    assert results["n_casts"].sum() == len(cast)
    assert sorted(rows["composition"][rows["category"] == "lab"]) == sorted(results["composition"])
    assert len(results) == len({*FIRST_ALLOYS, *MORE_ALLOYS})


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("localhost", 0))
        return int(one.getsockname()[1])
