"""Two runs of one system never overlap, and a run that died holds nobody up."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.events import EngineEventData
from dagster._utils.tags import TagConcurrencyLimitsCounter

from bmg_assets.execution.claims import (
    LAUNCHER_TAG,
    ClaimError,
    SystemBusyError,
    claim_system,
    end_dead_runs,
    nobody_at_work,
    refuse_overlap,
    systems_with_a_run,
)
from bmg_assets.execution.processes import PROCESS_TAG, Process, tag_of_own_process
from bmg_assets.launch.instance import INSTANCE_SETTINGS
from bmg_assets.launch.runs import run_system
from bmg_assets.settings import PROJECT
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


def run_of(system: str, status: dg.DagsterRunStatus, **tags: str) -> dg.DagsterRun:
    return dg.DagsterRun("system_job", tags={"dagster/partition": system, **tags}, status=status)


def named_by_another_process() -> dict[str, str]:
    """The tag of a run that was started by a process which has ended since."""
    script = "from bmg_assets.execution.processes import Process; print(Process.own().to_text())"
    written = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    return {PROCESS_TAG: written.strip()}


def report_process(instance: dg.DagsterInstance, run: dg.DagsterRun, pid: int, hours: float = 0) -> None:
    """As if the run's process had been reported when the clock showed another time."""
    model = instance.add_run(run_of("model", dg.DagsterRunStatus.SUCCESS))
    instance.report_engine_event("begins", model, EngineEventData.in_process(pid))
    (entry,) = instance.all_logs(model.run_id)
    instance.handle_new_event(entry._replace(run_id=run.run_id, timestamp=entry.timestamp + 3600 * hours))


def status_of(instance: dg.DagsterInstance, run: dg.DagsterRun) -> str:
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    return found.status.value


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
    before = deployment.files()
    earlier = deployment.instance.add_run(run_of(ZR, dg.DagsterRunStatus.STARTED))
    claim_system(deployment.instance, ZR, earlier.run_id)
    result = deployment.run_system(ZR)
    assert sentence_of(result).startswith(f"Run {earlier.run_id} is at work on {ZR}")
    assert started(result) == {"lab_results"}
    assert deployment.files() == before


def test_a_step_that_outlives_its_run_stores_nothing_beside_the_next_run(copy_of_finished: Deployment) -> None:
    deployment = copy_of_finished
    before = deployment.files()
    next_run = deployment.instance.add_run(run_of(ZR, dg.DagsterRunStatus.STARTED))
    claim_system(deployment.instance, ZR, next_run.run_id)
    result = deployment.run_system(ZR, ["candidates"])
    assert sentence_of(result).startswith(f"Run {next_run.run_id} is at work on {ZR}")
    assert deployment.files() == before
    deployment.instance.report_run_failed(next_run)
    assert deployment.run_system(ZR, ["candidates"]).success


@pytest.mark.parametrize("status", ["NOT_STARTED", "STARTING", "STARTED", "CANCELING"])
def test_a_run_killed_in_its_first_seconds_holds_up_nobody(deployed: dg.DagsterInstance, status: str) -> None:
    """Its process is known from the moment at which the run is created."""
    tag = named_by_another_process()
    run = deployed.add_run(run_of(ZR, dg.DagsterRunStatus[status], **tag))
    other = deployed.add_run(run_of(MG, dg.DagsterRunStatus[status], **tag_of_own_process()))
    assert end_dead_runs(deployed) == [run.run_id]
    refuse_overlap(deployed, ZR)
    claim_system(deployed, ZR, "the next run")
    with pytest.raises(SystemBusyError, match=other.run_id):
        refuse_overlap(deployed, MG)
    assert status_of(deployed, run) == ("CANCELED" if status == "CANCELING" else "FAILURE")


@pytest.mark.parametrize("hours", [-24, -1, 1, 24])
def test_a_clock_that_is_set_ends_no_living_run(deployed: dg.DagsterInstance, hours: int) -> None:
    """The time at which the process was reported is hours away from that of the clock."""
    run = deployed.add_run(run_of(ZR, dg.DagsterRunStatus.STARTED, **tag_of_own_process()))
    report_process(deployed, run, os.getpid(), hours)
    of_the_ui = deployed.add_run(run_of(MG, dg.DagsterRunStatus.STARTED))
    report_process(deployed, of_the_ui, os.getpid(), hours)
    assert end_dead_runs(deployed) == []


@pytest.mark.skipif(not Path("/proc/stat").exists(), reason="only /proc tells when a process began")
def test_a_process_with_the_number_of_a_dead_one_is_not_its_run(deployed: dg.DagsterInstance) -> None:
    before_the_restart = replace(Process.own(), began="1")
    run = deployed.add_run(run_of(ZR, dg.DagsterRunStatus.STARTED, **{PROCESS_TAG: before_the_restart.to_text()}))
    report_process(deployed, run, os.getpid())
    assert end_dead_runs(deployed) == [run.run_id]


def test_a_run_that_repeats_a_dead_one_is_not_taken_for_it(deployed: dg.DagsterInstance) -> None:
    """Dagster copies the tags of the run that it runs again."""
    tag = named_by_another_process()
    dead = deployed.add_run(run_of(ZR, dg.DagsterRunStatus.FAILURE, **tag))
    again = run_of(ZR, dg.DagsterRunStatus.STARTING, **tag)
    deployed.add_run(again._replace(parent_run_id=dead.run_id, root_run_id=dead.run_id))
    assert end_dead_runs(deployed) == []


def test_a_run_whose_server_is_gone_before_its_process_began_holds_up_nobody(
    deployed: dg.DagsterInstance, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "server"))
        server.listen()
        places = {"living": {"host": "localhost", "socket": str(tmp_path / "server")}}
        places |= {"dead": {"host": "localhost", "socket": str(tmp_path / "nobody")}}
        places |= {"elsewhere": {"host": "another-machine.invalid", "port": 4000}}
        runs = {
            name: deployed.add_run(run_of(name, dg.DagsterRunStatus.STARTING, **{LAUNCHER_TAG: json.dumps(place)}))
            for name, place in places.items()
        }
        assert end_dead_runs(deployed) == [runs["dead"].run_id]


def test_a_run_of_which_nobody_is_named_is_given_up_after_a_while(
    deployed: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = deployed.add_run(run_of(ZR, dg.DagsterRunStatus.NOT_STARTED))
    assert end_dead_runs(deployed) == []
    monkeypatch.setattr("bmg_assets.execution.claims.LONGEST_START_S", -1)
    assert end_dead_runs(deployed) == [run.run_id]


def test_a_system_cannot_be_claimed_while_it_is_removed(deployed: dg.DagsterInstance) -> None:
    claimed = threading.Event()

    def claim() -> None:
        claim_system(deployed, ZR, "a run that just begins")
        claimed.set()

    with nobody_at_work(deployed, ZR):
        thread = threading.Thread(target=claim)
        thread.start()
        assert not claimed.wait(0.5)
    assert claimed.wait(10)
    thread.join()


def test_the_queue_keeps_runs_of_one_system_apart(deployed: dg.DagsterInstance) -> None:
    queue = deployed.get_concurrency_config().run_queue_config
    assert queue is not None
    counter = TagConcurrencyLimitsCounter(queue.tag_concurrency_limits, [run_of(ZR, dg.DagsterRunStatus.STARTED)])
    assert counter.is_blocked(run_of(ZR, dg.DagsterRunStatus.NOT_STARTED))
    assert not counter.is_blocked(run_of(MG, dg.DagsterRunStatus.NOT_STARTED))


@pytest.mark.parametrize("broken", ["mkdir", "write_text"])
def test_a_claim_that_cannot_be_written_ends_in_one_sentence(
    deployed: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, broken, full)
        with pytest.raises(ClaimError, match=r"No space left on device\): free some space"):
            claim_system(deployed, ZR, "a run")
    claim_system(deployed, ZR, "a run")
