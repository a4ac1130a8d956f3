"""The run launcher of a deployment of many machines: Dagster's own for Celery, and what it leaves open.

Named in dagster.yaml of such a deployment; nothing else imports it. A run is judged by whether a worker says that it
is at work on it: the broker hands a message on when its worker is gone, and Dagster ignores the second delivery of a
run that has begun, so that the state of the task tells nothing.
"""

import time
import warnings
from collections.abc import Mapping
from typing import Any, Self

import dagster as dg
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.launcher import CheckRunHealthResult, LaunchRunContext, WorkerStatus
from dagster._serdes import ConfigurableClassData
from dagster_celery.launcher import CeleryRunLauncher
from dagster_celery.tags import DAGSTER_CELERY_QUEUE_TAG, DAGSTER_CELERY_TASK_ID_TAG
from kombu.exceptions import OperationalError

from bmg_assets.execution.processes import PROCESS_TAG, Process
from bmg_assets.launch.left_behind import QUEUE_TAG
from bmg_assets.launch.queues import app_of, broker_away, tasks_at_work
from bmg_assets.launch.shared_facts import SharedFacts
from bmg_assets.settings import DATABASE, ManyMachines, SettingError

LONGEST_SILENCE_S = 60.0
"""How long no worker may say that it is at work on a run; after a loss of the broker they come back within seconds."""
ANSWERS_HOLD_S = 10.0
"""How long the answers of the workers are used: one question serves all runs of a look of Dagster's monitoring."""
# Dagster's launcher makes its task for each run anew, which Celery takes for two tasks of one name.
warnings.filterwarnings("ignore", message="Task name 'execute_job' is already registered")
GONE = "No worker is at work on this run any more: it was killed, or its machine is gone."


class BrokerAwayError(DagsterUserCodeUnreachableError):
    """The broker cannot take a run; Dagster puts it back into its queue, as for code that it cannot reach."""


class MachinesRunLauncher(CeleryRunLauncher):
    """Sends runs to the workers of this deployment, and finds those whose worker is gone."""

    def __init__(self, inst_data: ConfigurableClassData | None = None) -> None:
        machines = ManyMachines.from_environment()
        if machines is None:
            raise SettingError(f"dagster.yaml is of a deployment of several machines, but {DATABASE} is not set.")
        self._machines = machines
        queue = SharedFacts.of_main_machine().queue
        super().__init__(default_queue=queue, broker=machines.broker, inst_data=inst_data)
        self.celery = app_of(machines, queue)
        self._at_work: tuple[float, frozenset[str]] = (0.0, frozenset())
        self._silent_since: dict[str, float] = {}

    def launch_run(self, context: LaunchRunContext) -> None:
        """Send a run to the broker.

        Raises:
            BrokerAwayError: the broker cannot be reached.
        """
        run = context.dagster_run
        if DAGSTER_CELERY_QUEUE_TAG not in run.tags:
            self._instance.add_run_tags(run.run_id, {QUEUE_TAG: self.default_queue})
        try:
            super().launch_run(context)
        except (OperationalError, OSError) as error:
            raise BrokerAwayError(broker_away(self._machines, error)) from error

    def terminate(self, run_id: str) -> bool:
        """Ask the worker of a run to end it; False for a run that no worker has."""
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished or DAGSTER_CELERY_TASK_ID_TAG not in run.tags:
            return False
        self._instance.report_run_canceling(run)
        self.celery.control.revoke(run.tags[DAGSTER_CELERY_TASK_ID_TAG], terminate=True)
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Whether somebody is at work on a run that has begun."""
        if DAGSTER_CELERY_TASK_ID_TAG not in run.tags:
            return _health_of_command(run)
        try:
            at_work = self._tasks_at_work()
        except (OperationalError, OSError):
            return CheckRunHealthResult(WorkerStatus.RUNNING)  # nobody can be asked
        if run.tags[DAGSTER_CELERY_TASK_ID_TAG] in at_work:
            self._silent_since.pop(run.run_id, None)
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        silence = time.monotonic() - self._silent_since.setdefault(run.run_id, time.monotonic())
        if silence < LONGEST_SILENCE_S:
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        self._silent_since.pop(run.run_id)
        return CheckRunHealthResult(WorkerStatus.FAILED, GONE)

    def get_run_worker_debug_info(self, run: dg.DagsterRun, include_container_logs: bool | None = True) -> str | None:
        """Nothing: the worker's own lines are in the journal of its machine."""
        return None

    @property
    def supports_resume_run(self) -> bool:
        """No: a run is tried again as a new one, which leaves out the steps that are done."""
        return False

    def _tasks_at_work(self) -> frozenset[str]:
        asked, found = self._at_work
        if time.monotonic() - asked > ANSWERS_HOLD_S:
            found = tasks_at_work(self.celery)
            self._at_work = (time.monotonic(), found)
        return found

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """Everything follows from the environment."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> Self:
        """The launcher that dagster.yaml names."""
        return cls(inst_data=inst_data)


def _health_of_command(run: dg.DagsterRun) -> CheckRunHealthResult:
    """The health of a run that a person started with a command, on whatever machine: it is no worker's."""
    process = Process.from_text(run.tags.get(PROCESS_TAG, ""))
    if process is not None and process.is_gone():
        return CheckRunHealthResult(WorkerStatus.FAILED, "The process of this run is gone.")
    return CheckRunHealthResult(WorkerStatus.RUNNING)
