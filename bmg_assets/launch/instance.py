"""The Dagster instance of the deployment: its run history and its settings."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from bmg_assets.environment import set_variables
from bmg_assets.execution.database_patience import wait_for_database
from bmg_assets.execution.run_history import commit_without_waiting
from bmg_assets.launch.database import check_database, database_away
from bmg_assets.launch.event_log import finish_event_log
from bmg_assets.science.errors import BmgError
from bmg_assets.settings import COMMITTED, DATABASE, HOME, Locations, ManyMachines, SettingError
from bmg_assets.store.folder import write_durably
from bmg_assets.upkeep.dagster_check import findings_of_dagster

INSTANCE_SETTINGS = "dagster.yaml"
WRITTEN_BY_US = (
    "# Several machines: written anew by each command, from the settings of one machine and BMG_RUNS. Remove this line "
    "to keep changes of your own.\n"
)


RETRIES = 3


class DagsterStorageError(BmgError):
    """Dagster's storage is damaged, or cannot be written."""


@contextmanager
def deployment_instance() -> Iterator[dg.DagsterInstance]:
    """The Dagster instance of the deployment.

    Raises:
        DagsterStorageError: its storage fails, now or while the block is at work.
        DatabaseError: the database of several machines does not answer.
        SettingError: DAGSTER_HOME cannot be used.
    """
    home = prepare_home()
    machines = ManyMachines.from_environment()
    if machines is not None:
        # A database that is away at the beginning is told of at once, one that goes away later is waited for.
        refuse_unreachable(machines)
        wait_for_database()
    commit_without_waiting()
    try:
        with dg.DagsterInstance.get() as instance:
            finish_event_log(instance)
            yield instance
    except Exception as error:
        fault = None if isinstance(error, BmgError) else _fault_of_storage(error)
        if fault is None:
            raise
        words = _in_words(Path(home), fault) if machines is None else database_away(machines.database, fault)
        raise DagsterStorageError(words) from error


def refuse_unreachable(machines: ManyMachines) -> None:
    """Refuse a database that does not answer; raises DatabaseError."""
    for _ in check_database(machines):
        pass


def prepare_home() -> str:
    """DAGSTER_HOME, or the one in the data folder, with the project's settings where it has none yet.

    Raises:
        SettingError: DAGSTER_HOME cannot be used, or its dagster.yaml is of one machine where there are several, or the
            other way round.
    """
    home, machines = Locations.from_environment().dagster_home, ManyMachines.from_environment()
    settings, committed = home / INSTANCE_SETTINGS, COMMITTED / "dagster_home" / INSTANCE_SETTINGS
    try:
        home.mkdir(parents=True, exist_ok=True)
        if machines is None:
            if not settings.exists():
                shutil.copyfile(committed, settings)
        elif not settings.exists() or settings.read_text(encoding="utf-8").startswith(WRITTEN_BY_US):
            write_durably(settings, _of_many_machines(committed, machines).encode())
        _refuse_other_kind(settings, machines)
    except OSError as error:
        raise SettingError(
            f"Dagster's folder {home} cannot be made ({error.strerror or error}); fix that, or set {HOME} to another."
        ) from error
    set_variables({HOME: str(home), **({DATABASE: machines.database} if machines else {})})
    return str(home)


def _of_many_machines(committed: Path, machines: ManyMachines) -> str:
    """The settings of one machine with what differs where there are several: storage, launcher and limits."""
    import yaml

    settings = yaml.safe_load(committed.read_text(encoding="utf-8"))
    settings["storage"] = {"postgres": {"postgres_url": {"env": DATABASE}}}
    settings["run_launcher"] = {"module": "bmg_assets.launch.run_launcher", "class": "MachinesRunLauncher"}
    # A run may wait for a machine for hours. A worker that is killed costs its run one try.
    settings["run_monitoring"]["start_timeout_seconds"] = settings["run_monitoring"]["max_runtime_seconds"]
    settings["run_retries"]["max_retries"] = RETRIES
    settings["concurrency"]["runs"]["max_concurrent_runs"] = machines.runs
    # While the broker is away, runs go back into Dagster's queue.
    settings["run_queue"] = {"max_user_code_failure_retries": 10_000, "user_code_failure_retry_delay": 30}
    return WRITTEN_BY_US + yaml.safe_dump(settings, sort_keys=False)


def _refuse_other_kind(settings: Path, machines: ManyMachines | None) -> None:
    is_of_many = DATABASE in settings.read_text(encoding="utf-8")
    if is_of_many and machines is None:
        raise SettingError(
            f"{settings} is of a deployment of several machines, but {DATABASE} is not set: set it, or let {HOME} name "
            "another folder for a deployment of one machine."
        )
    if machines is not None and not is_of_many:
        raise SettingError(
            f"{DATABASE} is set, but {settings} is of a deployment of one machine: let {HOME} name another folder, or "
            "leave it unset for one of its own."
        )


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
