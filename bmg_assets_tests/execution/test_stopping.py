"""A run that a person stops is canceled, keeps what was good, and is not tried again; any other interruption fails."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError

from bmg_assets.execution import stopping
from bmg_assets.execution.executor import multiprocess
from bmg_assets.execution.run_failures import WILL_RETRY_TAG, was_stopped
from bmg_assets.execution.stopping import run_of_command
from bmg_assets.settings import PROJECT

CANCELED, FAILURE = dg.DagsterRunStatus.CANCELED, dg.DagsterRunStatus.FAILURE
LONGEST_S = 60.0
SETTINGS = "run_retries: {enabled: true, max_retries: 1, retry_on_asset_or_op_failure: false}"
AS_COMMAND = """
import sys, dagster as dg
from contextlib import nullcontext
from bmg_assets.execution.run_failures import was_stopped
from bmg_assets.execution.stopping import run_of_command
from bmg_assets_tests.execution import test_stopping as module
with dg.DagsterInstance.from_config(sys.argv[1]) as instance:
    with run_of_command() if sys.argv[2] == "command" else nullcontext():
        result = dg.execute_job(dg.reconstructable(module.long_job), instance, run_config=module.CONFIG)
    print(was_stopped(result.all_events))
"""
CONFIG = {"execution": {"config": {"start_method": {"forkserver": {}}}}}


@dg.asset
def done_before() -> None:
    """A step that ends well."""


@dg.asset(deps=[done_before])
def at_work(context: dg.AssetExecutionContext) -> None:
    """A step that takes its time."""
    context.log.info("at work")
    time.sleep(LONGEST_S)


def long_job() -> dg.JobDefinition:
    job = dg.define_asset_job("long_job", executor_def=multiprocess)
    return dg.Definitions(assets=[done_before, at_work], jobs=[job]).resolve_job_def("long_job")


def wait_for_step(instance: dg.DagsterInstance) -> dg.DagsterRun:
    """The run whose second step is at work."""
    latest = time.monotonic() + LONGEST_S
    while time.monotonic() < latest:
        for run in instance.get_runs():
            if any(entry.user_message == "at work" for entry in instance.all_logs(run.run_id)):
                return run
        time.sleep(0.1)
    raise AssertionError("no step began")


def executed(home: Path, as_command: bool) -> "subprocess.Popen[str]":
    arguments = [str(home), "command" if as_command else "daemon"]
    return subprocess.Popen(
        [sys.executable, "-c", AS_COMMAND, *arguments],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize(("as_command", "status"), [(True, CANCELED), (False, FAILURE)])
def test_ctrl_c_cancels_a_run_of_a_command_and_what_was_good_stays(
    tmp_path: Path, as_command: bool, status: dg.DagsterRunStatus
) -> None:
    (tmp_path / "dagster.yaml").write_text(SETTINGS)
    process = executed(tmp_path, as_command)
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        run = wait_for_step(instance)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=LONGEST_S)
        assert said == "True\n"
        ended = instance.get_run_by_id(run.run_id)
        assert ended is not None
        assert ended.status == status
        assert (ended.tags.get(WILL_RETRY_TAG) == "true") == (status == FAILURE)
        assert len(instance.fetch_materializations(done_before.key, limit=5).records) == 1


@pytest.mark.slow
def test_the_dagster_ui_stops_a_run_of_a_command(tmp_path: Path) -> None:
    (tmp_path / "dagster.yaml").write_text(SETTINGS)
    process = executed(tmp_path, as_command=True)
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        run = wait_for_step(instance)
        assert not instance.run_launcher.terminate(run.run_id)  # no server has it
        said, _ = process.communicate(timeout=LONGEST_S)
        assert said == "True\n"
        ended = instance.get_run_by_id(run.run_id)
        assert ended is not None
        assert ended.status == CANCELED


@pytest.fixture
def run(instance: dg.DagsterInstance) -> dg.DagsterRun:
    return instance.add_run(dg.DagsterRun("a_job", status=dg.DagsterRunStatus.STARTED))


def status_of(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dg.DagsterRunStatus:
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    return found.status


@pytest.fixture
def interrupts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The signals that this process sends itself."""
    sent: list[int] = []
    monkeypatch.setattr(stopping, "BETWEEN_LOOKS_S", 0.01)
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append(number))
    return sent


@pytest.mark.parametrize("error", [KeyboardInterrupt, DagsterExecutionInterruptedError])
def test_an_interruption_asks_for_the_cancellation_of_a_run_of_a_command_alone(
    instance: dg.DagsterInstance, run: dg.DagsterRun, error: type[BaseException]
) -> None:
    with pytest.raises(error), stopping.stopped_by_person(instance, run.run_id):
        raise error
    assert status_of(instance, run) == dg.DagsterRunStatus.STARTED
    with pytest.raises(error), run_of_command(), stopping.stopped_by_person(instance, run.run_id):
        raise error
    assert status_of(instance, run) == dg.DagsterRunStatus.CANCELING


def test_a_run_that_was_stopped_elsewhere_is_interrupted_here(
    instance: dg.DagsterInstance, run: dg.DagsterRun, interrupts: list[int]
) -> None:
    with run_of_command(), stopping.stopped_by_person(instance, run.run_id):
        instance.report_run_canceling(run)
        latest = time.monotonic() + LONGEST_S
        while not interrupts and time.monotonic() < latest:
            time.sleep(0.01)
    assert interrupts == [signal.SIGINT]


def test_a_run_that_ends_by_itself_is_no_stop(
    instance: dg.DagsterInstance, run: dg.DagsterRun, interrupts: list[int]
) -> None:
    with run_of_command(), stopping.stopped_by_person(instance, run.run_id):
        time.sleep(0.1)
    assert interrupts == []
    assert not was_stopped([dg.DagsterEvent("PIPELINE_SUCCESS", job_name="a_job")])
