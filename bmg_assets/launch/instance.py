"""The Dagster instance of the deployment: its run history and its settings."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from bmg_assets.execution.run_history import commit_without_waiting
from bmg_assets.settings import PROJECT, Locations

INSTANCE_SETTINGS = "dagster.yaml"


@contextmanager
def deployment_instance() -> Iterator[dg.DagsterInstance]:
    """The Dagster instance of the deployment."""
    prepare_home()
    commit_without_waiting()
    with dg.DagsterInstance.get() as instance:
        yield instance


def prepare_home() -> str:
    """DAGSTER_HOME, or the one in the data folder, with the project's settings where it has none yet."""
    home = os.environ.setdefault("DAGSTER_HOME", str(Locations.from_environment().dagster_home))
    os.makedirs(home, exist_ok=True)
    settings = os.path.join(home, INSTANCE_SETTINGS)
    if not os.path.exists(settings):
        shutil.copy(PROJECT / "data" / "dagster_home" / INSTANCE_SETTINGS, settings)
    return home
