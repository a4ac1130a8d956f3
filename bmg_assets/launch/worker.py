"""A machine's worker: Celery's own, which takes one run at a time. `bmg worker`, and `bmg ui` for its own machine.

`python -m bmg_assets.launch.worker` is the worker of the main machine, for the jobs that read its files.
"""

import multiprocessing
import os
import sys
import uuid
from typing import Any

from bmg_assets.automation.jobs import MAIN_MACHINE
from bmg_assets.environment import set_where_unset, variable
from bmg_assets.execution.cores import usable_cores
from bmg_assets.execution.database_patience import wait_for_database
from bmg_assets.launch.database import check_database
from bmg_assets.launch.instance import prepare_home
from bmg_assets.launch.shared_facts import OtherDeploymentError, SharedFacts
from bmg_assets.settings import BROKER, DATABASE, LAB_SETTINGS, Locations, ManyMachines, settle_environment
from bmg_assets.sources.published_settings import FOLDER
from bmg_assets.store.store import Store

BETWEEN_TRIES_S = 15


def run_worker(name: str | None = None) -> None:
    """Work for the deployment until a signal ends it.

    Args:
        name: what the worker is called; by default the name of the machine. It is made unique.

    Raises:
        OtherDeploymentError: this machine is in no deployment of several, or not as its main machine.
        BmgError: a setting is wrong, or a server cannot be used.
    """
    machines = ManyMachines.from_environment()
    if machines is None or variable("BMG_STORE") is None:
        missing = [one for one in (DATABASE, BROKER, "BMG_STORE") if variable(one) is None]
        raise OtherDeploymentError(
            "`bmg worker` joins this machine to a deployment of several, and needs to know where that is: set "
            f"{', '.join(missing)} as on its main machine (docs/deployment.md)."
        )
    places = Locations.from_environment()
    facts = SharedFacts.read(Store.at(places))
    facts.adopt()
    set_where_unset(LAB_SETTINGS, f"{places.store_url.rstrip('/')}/{FOLDER}")
    settle_environment()
    facts.refuse_differences()
    for remark in check_database(machines):
        print(remark, file=sys.stderr, flush=True)
    _work(machines, facts, facts.queue, unique_name(name or os.uname().nodename), places.store_url)


def unique_name(name: str) -> str:
    """A name that no other worker has: two machines may be called alike, and one machine may have two workers."""
    return f"{name}-{uuid.uuid4().hex[:6]}"


def _work(machines: ManyMachines, facts: SharedFacts, queue: str, name: str, store: str) -> None:
    from celery.signals import worker_process_init
    from dagster_celery.tasks import create_execute_job_task

    from bmg_assets.launch.leaving import leave_after_the_run
    from bmg_assets.launch.queues import answering, app_of
    from bmg_assets.launch.worker_log import tell_losses_in_sentences

    prepare_home()
    with answering(machines):
        pass
    wait_for_database()
    app = app_of(machines, facts.queue)
    create_execute_job_task(app, **_tried_again())
    leave_after_the_run(app)
    # A run's process is forked from this one: what it needs is loaded once.
    import bmg_assets.definitions  # noqa: F401

    main_process = multiprocessing.current_process()

    def may_have_children(**_: Any) -> None:
        # Celery's processes count as daemons, which may have no children; a run has one for each step.
        multiprocessing.process._current_process = main_process  # type: ignore[attr-defined]

    worker_process_init.connect(may_have_children, weak=False)
    worker = app.Worker(
        hostname=f"{name}@{os.uname().nodename}",
        queues=[queue],
        pool_cls="prefork",
        concurrency=1,
        max_tasks_per_child=1,
        loglevel="WARNING",
        quiet=True,
        # Else each worker listens to all others, of which nothing is made.
        without_gossip=True,
    )
    tell_losses_in_sentences()
    print(
        f"{name} works for the deployment of the store {store}: one run at a time, on {usable_cores()} cores. Ctrl-C "
        "ends it when its run has ended, a second Ctrl-C at once.",
        flush=True,
    )
    worker.start()
    sys.exit(worker.exitcode)


def _tried_again() -> dict[str, Any]:
    """A run that comes while the database is away is tried again until it is there."""
    from dagster_postgres.utils import DagsterPostgresException
    from sqlalchemy.exc import DBAPIError

    return {
        "autoretry_for": (DBAPIError, DagsterPostgresException),
        "max_retries": None,
        "default_retry_delay": BETWEEN_TRIES_S,
    }


def main() -> None:
    """The worker of the main machine, started by `bmg ui`."""
    machines = ManyMachines.from_environment()
    assert machines is not None
    facts = SharedFacts.of_main_machine()
    name = unique_name(MAIN_MACHINE)
    _work(machines, facts, MAIN_MACHINE, name, Locations.from_environment().store_url)


if __name__ == "__main__":
    main()
