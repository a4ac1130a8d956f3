"""The Dagster instance of the deployment: its run history and its settings."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from bmg_assets.environment import set_variables
from bmg_assets.execution.run_history import commit_without_waiting
from bmg_assets.launch.event_log import finish_event_log
from bmg_assets.science.errors import BmgError
from bmg_assets.settings import COMMITTED, HOME, Locations, SettingError
from bmg_assets.upkeep.dagster_check import findings_of_dagster

INSTANCE_SETTINGS = "dagster.yaml"


class DagsterStorageError(BmgError):
    """Dagster's storage is damaged, or cannot be written."""


@contextmanager
def deployment_instance() -> Iterator[dg.DagsterInstance]:
    """The Dagster instance of the deployment.

    Raises:
        DagsterStorageError: its storage fails, now or while the block is at work.
        SettingError: DAGSTER_HOME cannot be used.
    """
    home = prepare_home()
    commit_without_waiting()
    try:
        with dg.DagsterInstance.get() as instance:
            finish_event_log(instance)
            yield instance
    except Exception as error:
        fault = None if isinstance(error, BmgError) else _fault_of_storage(error)
        if fault is None:
            raise
        raise DagsterStorageError(_in_words(Path(home), fault)) from error


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


def _fault_of_storage(error: BaseException | None) -> BaseException | None:
    """The database's error behind an error of Dagster's; None where there is none."""
    from sqlalchemy.exc import DBAPIError

    while error is not None and not isinstance(error, DBAPIError | sqlite3.Error):
        error = error.__cause__ or error.__context__
    return getattr(error, "orig", None) or error


def _in_words(home: Path, fault: BaseException) -> str:
    damaged = next(iter(findings_of_dagster(home)), None)
    if damaged is not None:
        return f"Dagster's storage fails: {damaged.file} {damaged.what}: {damaged.remedy}."
    return (
        f"Dagster's storage in {home} fails ({fault}): see that its disk has room, that it can be written, and that "
        "nobody else holds it; then run again. What was finished before is kept."
    )
