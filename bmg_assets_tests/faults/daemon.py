"""The deployment as people run it, `dagster dev`, is killed with all its processes, and started again."""

import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from bmg_assets.launch.instance import INSTANCE_SETTINGS
from bmg_assets.settings import PROJECT
from bmg_assets_tests.automation.test_daemon import FIRST_ALLOYS, SYSTEM, Laboratory, dagster_dev, wait_until
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.faults.counting import Outcome, State
from bmg_assets_tests.faults.place import Place
from bmg_assets_tests.intake.cast_files import inbox_at

LATEST_KILL_S = 45.0


def killed_daemons(folder: Path, count: int, seed: int) -> Iterator[Outcome]:
    """Drop casts, kill everything at a random moment, start it again, and wait until the casts are answered."""
    moments = random.Random(f"daemon {seed}")
    home = folder / "home"
    home.mkdir(parents=True)
    shutil.copy(PROJECT / "data" / "dagster_home" / INSTANCE_SETTINGS, home)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        deployment = Deployment(folder, instance)
        if not deployment.run_literature().success:
            raise RuntimeError("the literature was not read")
        laboratory = Laboratory(deployment, inbox_at(folder), [])
        for _ in range(count):
            yield _killed(laboratory, moments.uniform(2, LATEST_KILL_S))


def _killed(laboratory: Laboratory, after_s: float) -> Outcome:
    folder = laboratory.deployment.folder
    log = folder / "dagster_dev.log"
    with dagster_dev(laboratory) as kill:
        laboratory.drop(FIRST_ALLOYS[: 1 + len(laboratory.cast) % 2])
        time.sleep(after_s)
        there = _samples(laboratory)
        kill()
    why = ""
    try:
        with dagster_dev(laboratory):
            wait_until(laboratory.has_answered, log)
    except BaseException as error:  # pytest's own failure is one
        why = str(error)[-1000:]
    found = Place(folder).compared(_samples(laboratory), laboratory.cast, laboratory.cast[-1:])
    problems = Place(folder).problems()
    state = found[0] if found[0] in (State.LOST, State.DOUBLED) else State.OLD
    if state is State.OLD and set(there) >= set(laboratory.cast):
        state = State.NEW
    if why or problems:
        state = State.UNCLEAR
    return Outcome("dagster dev", f"killed after {after_s:.0f} s", state, why or "; ".join(problems) or found[1], True)


def _samples(laboratory: Laboratory) -> list[str]:
    store = laboratory.deployment.store
    return list(store.read_table("lab_casts", SYSTEM)["sample_id"]) if store.has_table("lab_casts", SYSTEM) else []
