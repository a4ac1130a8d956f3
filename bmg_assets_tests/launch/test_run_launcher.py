"""How the launcher of several machines judges runs, without a broker: its answers are given."""

import json
import time
from dataclasses import asdict, replace
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.launcher import LaunchRunContext, WorkerStatus
from dagster_celery.launcher import CeleryRunLauncher
from kombu.exceptions import OperationalError

from bmg_assets.execution.processes import PROCESS_TAG, Process
from bmg_assets.launch.left_behind import QUEUE_TAG
from bmg_assets.launch.run_launcher import GONE, LONGEST_SILENCE_S, MachinesRunLauncher
from bmg_assets_tests.launch.several import set_several

TASK = "dagster-celery/task_id"


@pytest.fixture
def launcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MachinesRunLauncher:
    set_several(monkeypatch, tmp_path)
    return MachinesRunLauncher()


def run_with(**tags: str) -> dg.DagsterRun:
    return dg.DagsterRun(job_name="system_job", tags=tags, status=dg.DagsterRunStatus.STARTED)


def test_a_run_is_given_up_when_no_worker_has_named_it_for_a_minute(
    launcher: MachinesRunLauncher, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, clock, at_work = run_with(**{TASK: "one"}), [time.monotonic()], {"one"}
    monkeypatch.setattr("bmg_assets.launch.run_launcher.time.monotonic", lambda: clock[0])
    monkeypatch.setattr(launcher, "_tasks_at_work", lambda: at_work)

    def health_after(seconds: float) -> WorkerStatus:
        clock[0] += seconds
        return launcher.check_run_worker_health(run).status

    assert health_after(0) == WorkerStatus.RUNNING
    at_work.clear()
    assert health_after(0) == WorkerStatus.RUNNING
    assert health_after(LONGEST_SILENCE_S - 1) == WorkerStatus.RUNNING
    at_work.add("one")  # the worker had lost the broker for a moment
    assert health_after(2) == WorkerStatus.RUNNING
    at_work.clear()
    assert health_after(1) == WorkerStatus.RUNNING
    assert health_after(LONGEST_SILENCE_S) == WorkerStatus.FAILED
    monkeypatch.setattr("bmg_assets.launch.run_launcher.time.monotonic", lambda: clock[0] + 2 * LONGEST_SILENCE_S)
    assert launcher.check_run_worker_health(run).status == WorkerStatus.RUNNING  # the clock of a new silence
    assert GONE.endswith("gone.")


def test_while_the_broker_is_away_no_run_is_given_up(
    launcher: MachinesRunLauncher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(launcher, "_tasks_at_work", away)
    for _ in range(2):
        assert launcher.check_run_worker_health(run_with(**{TASK: "one"})).status == WorkerStatus.RUNNING
        later = time.monotonic() + 10 * LONGEST_SILENCE_S
        monkeypatch.setattr("bmg_assets.launch.run_launcher.time.monotonic", lambda later=later: later)


def test_a_run_of_a_command_is_judged_by_its_process_where_that_can_be_seen(launcher: MachinesRunLauncher) -> None:
    own = Process.own()
    gone = replace(own, began="1")
    elsewhere = replace(own, host="another machine", boot="another boot")
    healthy = {
        json.dumps(asdict(process)): launcher.check_run_worker_health(
            run_with(**{PROCESS_TAG: process.to_text()})
        ).status
        for process in (own, gone, elsewhere)
    }
    assert list(healthy.values()) == [WorkerStatus.RUNNING, WorkerStatus.FAILED, WorkerStatus.RUNNING]


def test_a_run_that_no_worker_has_cannot_be_terminated_from_here(
    launcher: MachinesRunLauncher, instance: dg.DagsterInstance
) -> None:
    launcher.register_instance(instance)
    run = instance.create_run_for_job(dg.GraphDefinition(name="empty").to_job())
    assert not launcher.terminate(run.run_id)
    assert not launcher.terminate("no such run")
    assert not launcher.supports_resume_run


@pytest.mark.parametrize(("queue_of_its_own", "is_named"), [({}, True), ({"dagster-celery/queue": "bmg-main"}, False)])
def test_a_run_names_the_queue_of_its_version_before_it_is_sent(
    launcher: MachinesRunLauncher,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
    queue_of_its_own: dict[str, str],
    is_named: bool,
) -> None:
    launcher.register_instance(instance)
    run = instance.create_run_for_job(dg.GraphDefinition(name="empty").to_job(), tags=queue_of_its_own)
    found: list[str | None] = []

    def send(_: CeleryRunLauncher, context: LaunchRunContext) -> None:
        sent = instance.get_run_by_id(context.dagster_run.run_id)
        found.append(sent.tags.get(QUEUE_TAG) if sent else None)

    monkeypatch.setattr(CeleryRunLauncher, "launch_run", send)
    launcher.launch_run(LaunchRunContext(run, None))
    assert found == [launcher.default_queue if is_named else None]
