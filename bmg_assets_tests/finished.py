"""The finished deployment: the starter table and two systems trained on it, made once for all tests of a run.

python -m bmg_assets_tests.finished FOLDER
"""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import filelock
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bmg_assets.automation.jobs import PROPERTY_VALUES_JOB
from bmg_assets_tests.deployment import Deployment

TRAINED = ("Zr-Al-Cu", "Mg-Zn-Ca")


@contextmanager
def finished_deployment(folder: Path) -> Iterator[Deployment]:
    """The deployment in this folder; it is trained first if nobody has done so."""
    home, done = folder / "instance", folder / "done"
    home.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(f"{folder}.lock"):
        if not done.exists():
            with dg.DagsterInstance.local_temp(str(home)) as instance:
                _train(Deployment(folder, instance))
            done.touch()
    with dg.DagsterInstance.local_temp(str(home)) as instance:
        yield Deployment(folder, instance)


def wait_for_no_disk() -> None:
    """Files of this process may be lost in a power failure from now on: waiting for the disk takes tests minutes."""
    os.fsync = lambda _: None
    event.listen(Engine, "connect", _without_synchronisation)


def _without_synchronisation(connection: Any, _: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


def _train(deployment: Deployment) -> None:
    assert deployment.run_literature().success
    assert deployment.run(PROPERTY_VALUES_JOB).success
    deployment.instance.add_dynamic_partitions("target_system", list(TRAINED))
    for key in TRAINED:
        assert deployment.run_system(key).success


if __name__ == "__main__":
    wait_for_no_disk()
    with finished_deployment(Path(sys.argv[1])):
        pass
