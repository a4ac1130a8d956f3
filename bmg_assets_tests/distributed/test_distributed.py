"""Several machines together: what is lost when one is killed, the database restarts, or a server is away. Minutes.

`make test-distributed` runs them; where no servers can be had they are skipped with the reason.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from bmg_assets.launch.spread import SpreadWorkError
from bmg_assets_tests.distributed.machines import Cluster, Machine, running_cluster
from bmg_assets_tests.distributed.servers import NoServersError
from bmg_assets_tests.distributed.work import SYSTEMS, busy_machine, predictions, seen_from_outside, store_of, train

pytestmark = pytest.mark.slow

TWENTY = 20
READS = 1000


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A main machine and two workers, with the literature read; other users cannot reach a folder of pytest's."""
    try:
        with tempfile.TemporaryDirectory() as folder, running_cluster(Path(folder), runs=2) as found:
            yield found
    except NoServersError as error:
        pytest.skip(str(error))


class OnceHalfway:
    """Does something when a third of the systems is trained."""

    def __init__(self, something: Callable[[], None], at: int = TWENTY // 3) -> None:
        self._something, self._at, self.was_done = something, at, False

    def __call__(self, words: str) -> None:
        print(time.strftime("%T"), words, flush=True)
        first = words.partition(" ")[0]
        if first.isdecimal() and int(first) >= self._at and not self.was_done:
            self.was_done = True
            self._something()


def test_one_worker_dies_and_all_systems_are_trained_once(cluster: Cluster) -> None:
    systems, reader = list(SYSTEMS[:TWENTY]), cluster.new_machine()
    readers = [_reading(reader, cluster, READS // 2) for _ in range(2)]

    def one_dies() -> None:
        busy_machine(cluster).vanish()
        cluster.join()

    half = OnceHalfway(one_dies)
    train(cluster, systems, half)
    assert half.was_done
    assert {system: predictions(cluster, system) for system in systems} == dict.fromkeys(systems, 1)
    store = store_of(cluster)
    assert all(store.has_bytes(f"reports/{system}.html") for system in systems)
    with seen_from_outside(cluster) as instance:
        failed = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], job_name="system_job"))
        assert len(failed) == 1  # the run of the machine that died, and no other
    for process in readers:
        said, _ = process.communicate(timeout=600)
        assert json.loads(said) == {"reads": READS // 2, "errors": {}}


def test_the_database_restarts_and_all_systems_are_trained_once(cluster: Cluster) -> None:
    systems = list(SYSTEMS[TWENTY : 2 * TWENTY])

    def restart() -> None:
        cluster.servers.stop_database()
        cluster.servers.start_database()

    half = OnceHalfway(restart)
    train(cluster, systems, half)
    assert half.was_done
    assert {system: predictions(cluster, system) for system in systems} == dict.fromkeys(systems, 1)


def test_the_broker_is_away_for_a_minute_and_no_run_is_lost(cluster: Cluster) -> None:
    systems = list(SYSTEMS[:4])
    before = {system: predictions(cluster, system) for system in systems}

    def away() -> None:
        cluster.servers.stop_broker()
        assert ": The broker amqp://bmg:***@127.0.0.1" in cluster.main.refused("worker")
        assert "The broker amqp://bmg:***@127.0.0.1" in cluster.main.bmg("list")
        time.sleep(40)
        cluster.servers.start_broker()

    half = OnceHalfway(away, at=1)
    train(cluster, systems, half)
    assert half.was_done
    assert {system: predictions(cluster, system) - before[system] for system in systems} == dict.fromkeys(systems, 1)


def test_a_run_that_a_person_starts_on_a_worker_s_machine_is_at_work_there(cluster: Cluster) -> None:
    machine, system = cluster.workers[-1], SYSTEMS[0]
    before = predictions(cluster, system)
    assert "Cast next in" in machine.bmg("run", system)
    assert predictions(cluster, system) == before + 1


def test_a_run_is_terminated_on_whatever_machine_it_is(cluster: Cluster) -> None:
    terminated: list[str] = []

    def terminate(words: str) -> None:
        with seen_from_outside(cluster) as instance:
            while "done" in words and not terminated:
                started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED], job_name="system_job")
                for run in instance.get_runs(started, limit=1):
                    terminated.append(run.run_id)
                    assert instance.run_launcher.terminate(run.run_id)
                time.sleep(1)

    with pytest.raises(SpreadWorkError):
        train(cluster, list(SYSTEMS[:2]), terminate)
    with seen_from_outside(cluster) as instance:
        statuses = {instance.get_run_by_id(one).status for one in terminated}
    assert statuses == {dg.DagsterRunStatus.CANCELED}


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"BMG_BUDGET": "paper"}, "2: BMG_BUDGET is 'paper' here and 'quick' on the main machine"),
        ({"BMG_STORE": "/tmp"}, "2: The store /tmp holds no deployment.json"),
        ({"BMG_BROKER": "wrong password"}, "2: The broker amqp://bmg:***@127.0.0.1"),
        ({"BMG_DATABASE": "wrong password"}, "2: The database postgresql+psycopg2://bmg:***@127.0.0.1"),
    ],
)
def test_a_machine_that_cannot_join_says_why_in_one_sentence(
    cluster: Cluster, variables: dict[str, str], words: str
) -> None:
    machine = cluster.workers[-1]
    wrong = {
        name: machine.variables[name].replace(":glass@", ":wrong@") if text == "wrong password" else text
        for name, text in variables.items()
    }
    said = machine.refused("worker", **wrong)
    assert said.startswith(words)
    assert "\n" not in said


def _reading(machine: Machine, cluster: Cluster, count: int) -> "subprocess.Popen[bytes]":
    module = "bmg_assets_tests.distributed.readers"
    return subprocess.Popen(
        [*machine._as_user(), sys.executable, "-m", module, cluster.main.variables["BMG_STORE"], str(count)],
        env=machine.environment(),
        cwd=Path(machine.folder),
        stdout=subprocess.PIPE,
        umask=0o002,
    )
