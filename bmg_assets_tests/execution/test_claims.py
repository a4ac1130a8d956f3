"""Two runs of one system never overlap, and a run that died holds nobody up."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.events import EngineEventData
from dagster._utils.tags import TagConcurrencyLimitsCounter

from bmg_assets.execution.claims import SystemBusyError, claim_system, end_dead_runs, refuse_overlap, systems_with_a_run
from bmg_assets.launch.instance import INSTANCE_SETTINGS
from bmg_assets.launch.runs import run_system
from bmg_assets.settings import PROJECT
from bmg_assets_tests.automation.night import report_literature
from bmg_assets_tests.deployment import Deployment, sentence_of, started

ZR, MG = "Zr-Al-Cu", "Mg-Zn-Ca"
SETTINGS = PROJECT / "data" / "dagster_home" / INSTANCE_SETTINGS
SLEEPER = """
import sys, time
import dagster as dg

@dg.op
def sleeps():
    print("asleep", flush=True)
    time.sleep(60)

@dg.job
def sleeping():
    sleeps()

with dg.DagsterInstance.get() as instance:
    sleeping.execute_in_process(instance=instance, tags={"dagster/partition": sys.argv[1]})
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A DAGSTER_HOME with the project's settings."""
    (tmp_path / INSTANCE_SETTINGS).write_text(SETTINGS.read_text())
    return tmp_path


@pytest.fixture
def deployed(home: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield instance


@pytest.fixture
def sleeper(home: Path) -> Iterator[subprocess.Popen]:
    """A process with a run that is at work on a system."""
    command = [sys.executable, "-c", SLEEPER, ZR]
    environment = {**os.environ, "DAGSTER_HOME": str(home)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"asleep\n"
        yield process
        process.kill()


def run_of(system: str, status: dg.DagsterRunStatus) -> dg.DagsterRun:
    return dg.DagsterRun("system_job", tags={"dagster/partition": system}, status=status)


@pytest.mark.parametrize("status", ["NOT_STARTED", "STARTING", "STARTED", "CANCELING"])
def test_a_run_at_work_on_a_system_keeps_a_second_one_out(instance: dg.DagsterInstance, status: str) -> None:
    run = instance.add_run(run_of(ZR, dg.DagsterRunStatus[status]))
    assert systems_with_a_run(instance) == {ZR: run.run_id}
    with pytest.raises(SystemBusyError, match=run.run_id):
        refuse_overlap(instance, ZR)
    with pytest.raises(SystemBusyError, match=run.run_id):
        run_system(instance, ZR)
    refuse_overlap(instance, MG)


@pytest.mark.parametrize("status", ["SUCCESS", "FAILURE", "CANCELED"])
def test_a_run_that_ended_keeps_nobody_out(instance: dg.DagsterInstance, status: str) -> None:
    instance.add_run(run_of(ZR, dg.DagsterRunStatus[status]))
    assert systems_with_a_run(instance) == {}
    refuse_overlap(instance, ZR)


def test_a_run_whose_process_lives_is_left_alone(deployed: dg.DagsterInstance, sleeper: subprocess.Popen) -> None:
    assert end_dead_runs(deployed) == []
    with pytest.raises(SystemBusyError):
        refuse_overlap(deployed, ZR)


@pytest.mark.parametrize("collected", [True, False])
def test_a_run_that_was_killed_holds_up_nobody(
    deployed: dg.DagsterInstance, sleeper: subprocess.Popen, collected: bool
) -> None:
    sleeper.kill()
    if collected:
        sleeper.wait()
    else:
        os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
    (run,) = deployed.get_runs()
    assert run.status == dg.DagsterRunStatus.STARTED
    refuse_overlap(deployed, ZR)
    (run,) = deployed.get_runs()
    assert run.status == dg.DagsterRunStatus.FAILURE


def test_of_runs_that_begin_in_the_same_moment_one_goes_on(deployed: dg.DagsterInstance) -> None:
    runs = [deployed.add_run(run_of(ZR, dg.DagsterRunStatus.STARTING)) for _ in range(8)]
    together = threading.Barrier(len(runs))

    def goes_on(run: dg.DagsterRun) -> bool:
        together.wait()
        try:
            claim_system(deployed, ZR, run.run_id)
        except SystemBusyError:
            return False
        return True

    with ThreadPoolExecutor(len(runs)) as pool:
        winners = [run for run, won in zip(runs, pool.map(goes_on, runs), strict=True) if won]
    assert len(winners) == 1
    claim_system(deployed, ZR, winners[0].run_id)
    for run in (run for run in runs if run not in winners):
        with pytest.raises(SystemBusyError, match=winners[0].run_id):
            claim_system(deployed, ZR, run.run_id)


def test_a_claim_ends_with_its_run_and_holds_for_one_system(deployed: dg.DagsterInstance) -> None:
    first, second = (deployed.add_run(run_of(ZR, dg.DagsterRunStatus.STARTING)) for _ in range(2))
    claim_system(deployed, ZR, first.run_id)
    claim_system(deployed, MG, second.run_id)
    deployed.report_run_failed(first)
    claim_system(deployed, ZR, second.run_id)
    deployed.delete_run(second.run_id)
    claim_system(deployed, ZR, first.run_id)


def test_the_run_that_comes_second_changes_nothing(copy_of_finished: Deployment) -> None:
    deployment = copy_of_finished
    report_literature(deployment.instance)
    before = deployment.files()
    earlier = deployment.instance.add_run(run_of(ZR, dg.DagsterRunStatus.STARTED))
    claim_system(deployment.instance, ZR, earlier.run_id)
    result = deployment.run_system(ZR)
    assert sentence_of(result).startswith(f"Run {earlier.run_id} is at work on {ZR}")
    assert started(result) == {"lab_results"}
    assert deployment.files() == before


@pytest.mark.skipif(not Path("/proc/stat").exists(), reason="only /proc tells when a process began")
def test_a_process_with_the_number_of_a_dead_one_is_not_its_run(deployed: dg.DagsterInstance) -> None:
    living = deployed.add_run(run_of(MG, dg.DagsterRunStatus.STARTED))
    deployed.report_engine_event("begins", living, EngineEventData.in_process(os.getpid()))
    before_the_restart = deployed.add_run(run_of(ZR, dg.DagsterRunStatus.STARTED))
    (entry,) = deployed.all_logs(living.run_id)
    yesterday = entry.timestamp - 24 * 3600
    deployed.handle_new_event(entry._replace(run_id=before_the_restart.run_id, timestamp=yesterday))
    assert end_dead_runs(deployed) == [before_the_restart.run_id]


def test_the_queue_keeps_runs_of_one_system_apart(deployed: dg.DagsterInstance) -> None:
    queue = deployed.get_concurrency_config().run_queue_config
    assert queue is not None
    counter = TagConcurrencyLimitsCounter(queue.tag_concurrency_limits, [run_of(ZR, dg.DagsterRunStatus.STARTED)])
    assert counter.is_blocked(run_of(ZR, dg.DagsterRunStatus.NOT_STARTED))
    assert not counter.is_blocked(run_of(MG, dg.DagsterRunStatus.NOT_STARTED))
