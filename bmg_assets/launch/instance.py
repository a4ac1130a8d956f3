"""The Dagster instance of the deployment: its run history and its settings."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from bmg_assets.environment import set_variables
from bmg_assets.execution.run_history import commit_without_waiting
from bmg_assets.settings import COMMITTED, HOME, Locations, SettingError

INSTANCE_SETTINGS = "dagster.yaml"


@contextmanager
def deployment_instance() -> Iterator[dg.DagsterInstance]:
    """The Dagster instance of the deployment."""
    prepare_home()
    commit_without_waiting()
    with dg.DagsterInstance.get() as instance:
        yield instance


def prepare_home() -> str:
    """DAGSTER_HOME, or the one in the data folder, with the project's settings where it has none yet.

    Raises:
        SettingError: DAGSTER_HOME cannot be used.
    """
    home = Locations.from_environment().dagster_home
    settings = home / INSTANCE_SETTINGS
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not settings.exists():
            shutil.copyfile(COMMITTED / "dagster_home" / INSTANCE_SETTINGS, settings)
    except OSError as error:
        raise SettingError(
            f"Dagster's folder {home} cannot be made ({error.strerror or error}); fix that, or set {HOME} to another."
        ) from error
    set_variables({HOME: str(home)})
    return str(home)
