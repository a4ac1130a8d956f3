"""Fixtures that every test folder shares."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import filelock
import pytest
from hypothesis import settings

from bmg_assets.automation.jobs import PROPERTY_VALUES_JOB
from bmg_assets_tests.deployment import Deployment, shared_folder

PUBLISHED_TABLE = Path("ML_BMG_GFA") / "features_trainset_all.csv"
TRAINED = ("Zr-Al-Cu", "Mg-Zn-Ca")

# A fifth of a second, the default, says more about first imports and other work on the machine than about the code.
settings.register_profile("patient", deadline=timedelta(seconds=30))
settings.load_profile("patient")


@pytest.fixture(scope="session")
def published_csv() -> Path:
    """The paper's published table in the download cache; the test is skipped where nobody has fetched it."""
    cache = Path(os.environ.get("BMG_DOWNLOADS", Path(__file__).parents[1] / "data" / "downloads"))
    path = cache / PUBLISHED_TABLE
    if not path.exists():
        pytest.skip(f"the published table is not in the download cache ({PUBLISHED_TABLE}): run `make data`")
    return path


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """A Dagster instance that lives as long as the test."""
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def fresh(tmp_path: Path, instance: dg.DagsterInstance) -> Deployment:
    """A deployment in which nothing has happened yet."""
    return Deployment(tmp_path, instance)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The starter table and two systems trained on it, from end to end. To be read only.

    Made once for all processes of a test run: whoever comes second waits.
    """
    folder = shared_folder(tmp_path_factory.getbasetemp()) / "finished"
    with filelock.FileLock(f"{folder}.lock"):
        done = folder / "done"
        (folder / "instance").mkdir(parents=True, exist_ok=True)
        with dg.DagsterInstance.local_temp(str(folder / "instance")) as instance:
            if not done.exists():
                _train(Deployment(folder, instance))
                done.touch()
    with dg.DagsterInstance.local_temp(str(folder / "instance")) as instance:
        yield Deployment(folder, instance)


@pytest.fixture
def copy_of_finished(finished: Deployment, tmp_path: Path, instance: dg.DagsterInstance) -> Deployment:
    """What `finished` holds, to be changed."""
    return finished.copied_to(tmp_path, instance)


def _train(deployment: Deployment) -> None:
    assert deployment.run_literature().success
    assert deployment.run(PROPERTY_VALUES_JOB).success
    deployment.instance.add_dynamic_partitions("target_system", list(TRAINED))
    for key in TRAINED:
        assert deployment.run_system(key).success
