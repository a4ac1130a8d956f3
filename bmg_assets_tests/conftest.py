"""Fixtures that every test folder shares."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from hypothesis import settings

from bmg_assets_tests.browser.chromium import launched_chromium
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.finished import finished_deployment, wait_for_no_disk
from bmg_assets_tests.object_server import ObjectServer, forgotten_servers, object_server

PUBLISHED_TABLE = Path("ML_BMG_GFA") / "features_trainset_all.csv"
FIRST_WORKERS = {"gw0", None}
"""The worker that starts what is made once for all of them; there is only one without a name where all run alone."""

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
def objects() -> Iterator[ObjectServer]:
    """A server of S3."""
    with object_server() as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's chromium. While it runs no other test of the process can have an event loop of its own."""
    with launched_chromium() as browser:
        yield browser


@pytest.fixture
def bucket(objects: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """URL of an empty bucket that this process, and those that it starts, can reach."""
    for name, value in objects.variables().items():
        monkeypatch.setenv(name, value)
    with forgotten_servers():
        yield objects.make_bucket(f"lab-{uuid.uuid4().hex}")


def pytest_configure() -> None:
    wait_for_no_disk()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with tests of the finished deployment come last, so that nobody waits for its training."""
    last = {item.path for item in items if _needs_finished(item)}
    items.sort(key=lambda item: item.path in last)


def pytest_collection_finish(session: pytest.Session) -> None:
    """The finished deployment is trained in a process of its own while other tests run."""
    waiting = [item for item in session.items if _needs_finished(item)]
    is_first = os.environ.get("PYTEST_XDIST_WORKER") in FIRST_WORKERS
    if not is_first or not 0 < len(waiting) < len(session.items) or session.config.option.collectonly:
        return
    command = [sys.executable, "-m", finished_deployment.__module__, str(_folder_of_finished(session.config))]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    session.config.add_cleanup(process.wait)
    session.config.add_cleanup(process.terminate)


@pytest.fixture(scope="session")
def finished(pytestconfig: pytest.Config) -> Iterator[Deployment]:
    """The starter table and two systems trained on it, from end to end. To be read only.

    It is made once for all processes of a test run. Whoever comes before it is there waits.
    """
    with finished_deployment(_folder_of_finished(pytestconfig)) as deployment:
        yield deployment


@pytest.fixture
def copy_of_finished(finished: Deployment, tmp_path: Path, instance: dg.DagsterInstance) -> Deployment:
    """What `finished` holds, to be changed."""
    return finished.copied_to(tmp_path, instance)


def _needs_finished(item: pytest.Item) -> bool:
    return "finished" in getattr(item, "fixturenames", ())


def _folder_of_finished(config: pytest.Config) -> Path:
    """A folder that all processes of one test run see."""
    base: Path = config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "finished"
