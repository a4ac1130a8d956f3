"""A run whose process is gone is ended, so that it holds nobody up; one that lives is left alone."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.events import EngineEventData

from bmg_assets.execution.claims import SystemBusyError, claim_system, refuse_overlap
from bmg_assets.execution.dead_runs import LAUNCHER_TAG, end_dead_runs
from bmg_assets.execution.processes import PROCESS_TAG, Process, tag_of_own_process
from bmg_assets.launch.instance import INSTANCE_SETTINGS
from bmg_assets_tests.execution.instances import deployed, home, run_of

__all__ = ["deployed", "home"]

ZR, MG = "Zr-Al-Cu", "Mg-Zn-Ca"
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
def sleeper(home: Path) -> Iterator[subprocess.Popen]:
    """A process with a run that is at work on a system."""
    command = [sys.executable, "-c", SLEEPER, ZR]
    environment = {**os.environ, "DAGSTER_HOME": str(home)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"asleep\n"
        yield process
        process.kill()


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
    monkeypatch.setattr("bmg_assets.execution.dead_runs.LONGEST_START_S", -1)
    assert end_dead_runs(deployed) == [run.run_id]


@pytest.fixture
def of_several(home: Path) -> Iterator[dg.DagsterInstance]:
    """An instance whose runs are sent to other machines."""
    settings = yaml.safe_load((home / INSTANCE_SETTINGS).read_text())
    settings["run_launcher"] = {"module": "dagster._core.test_utils", "class": "MockedRunLauncher"}
    (home / INSTANCE_SETTINGS).write_text(yaml.safe_dump(settings))
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield instance


def test_of_runs_that_were_sent_to_other_machines_only_those_of_this_one_are_judged(
    of_several: dg.DagsterInstance,
) -> None:
    here = of_several.add_run(run_of(ZR, dg.DagsterRunStatus.STARTED, **named_by_another_process()))
    elsewhere = of_several.add_run(run_of(MG, dg.DagsterRunStatus.STARTED))
    report_process(of_several, elsewhere, pid=2**22 + 1)
    assert end_dead_runs(of_several) == [here.run_id]


def test_a_run_that_was_made_and_never_sent_to_another_machine_is_given_up_after_a_while(
    of_several: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_sent = of_several.add_run(run_of(ZR, dg.DagsterRunStatus.NOT_STARTED))
    of_several.add_run(run_of(MG, dg.DagsterRunStatus.STARTING))
    assert end_dead_runs(of_several) == []
    monkeypatch.setattr("bmg_assets.execution.dead_runs.LONGEST_START_S", -1)
    assert end_dead_runs(of_several) == [never_sent.run_id]
