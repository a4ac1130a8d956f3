"""Machines whose cable is pulled: nothing there ends, and nobody hears of it. Minutes.

`make test-distributed` runs them; where no servers or no networks can be had they are skipped with the reason.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bmg_assets_tests.distributed.machines import Cluster, Machine, running_cluster
from bmg_assets_tests.distributed.network import Cable, running_network
from bmg_assets_tests.distributed.servers import NoServersError
from bmg_assets_tests.distributed.waiting import ASKED
from bmg_assets_tests.distributed.work import (
    SYSTEMS,
    Once,
    awaited,
    busy_machine,
    failed_runs,
    predictions,
    train,
    wait_for_steps,
)

pytestmark = pytest.mark.slow

TWO_AT_WORK = "2 at work"
LOOKS_S = 30.0
"""Until Dagster has read the end of a run, and would have tried it again."""
LET_GO_S = 120.0
"""Longest time after which a database lets go of a machine that vanished: a minute, and the start of another."""
AWAY_S = 90.0
"""A connection counts as lost after 60 s."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A main machine and two workers, each at a cable of its own."""
    try:
        with (
            running_network() as network,
            tempfile.TemporaryDirectory() as folder,
            running_cluster(Path(folder), runs=2, network=network) as found,
        ):
            yield found
    except NoServersError as error:
        pytest.skip(str(error))


def cable_of(machine: Machine) -> Cable:
    assert machine.cable is not None
    return machine.cable


def test_a_run_of_a_worker_that_is_cut_off_is_repeated_by_another_and_stored_once(cluster: Cluster) -> None:
    systems, failed, cut_off = list(SYSTEMS[:2]), failed_runs(cluster), list[Machine]()

    def pull() -> None:
        wait_for_steps(cluster, systems)
        cut_off.append(busy_machine(cluster))
        cable_of(cut_off[0]).pull()

    at_work = Once(pull, lambda words: TWO_AT_WORK in words)
    # Then both are at work on the system, for a while.
    given_up = Once(lambda: cable_of(cut_off[0]).plug(), lambda _: bool(cut_off) and failed_runs(cluster) > failed)

    def follow(words: str) -> None:
        at_work(words)
        given_up(words)

    train(cluster, systems, follow)
    assert given_up.was_done
    (machine,) = cut_off
    machine.wait_for("counts as ended (failure) and is still at work")
    machine.wait_for("The broker was lost while a run was at work here.")
    time.sleep(LOOKS_S)
    assert "Traceback" not in machine.said()
    assert "CPendingDeprecationWarning" not in machine.said()
    assert {system: predictions(cluster, system) for system in systems} == dict.fromkeys(systems, 1)
    assert failed_runs(cluster) == failed + 1
    awaited(lambda: answers_as_worker(cluster, machine), f"{machine.name} waits for runs again")


def test_runs_at_work_wait_for_servers_that_are_cut_off_and_restart_meanwhile(cluster: Cluster) -> None:
    systems, failed = list(SYSTEMS[2:4]), failed_runs(cluster)
    cables = [cable_of(machine) for machine in (cluster.main, *cluster.workers)]

    def cut() -> None:
        wait_for_steps(cluster, systems)
        for cable in cables:
            cable.pull()
        cluster.servers.stop_database()
        cluster.servers.start_database()
        time.sleep(AWAY_S)
        for cable in cables:
            cable.plug()

    half = Once(cut, lambda words: TWO_AT_WORK in words)
    train(cluster, systems, half)
    assert half.was_done
    assert failed_runs(cluster) == failed
    assert {system: predictions(cluster, system) for system in systems} == dict.fromkeys(systems, 1)


def test_an_answer_that_cannot_come_any_more_is_not_waited_for(cluster: Cluster) -> None:
    machine = cluster.new_machine()
    machine.start("bmg_assets_tests.distributed.waiting")
    machine.wait_for(ASKED)
    cable_of(machine).pull()
    machine.wait_for("The database closed a connection: what was asked of it is asked again.")
    machine.wait_for("The database does not answer (")
    cable_of(machine).plug()
    machine.wait_for("The database answers again.")
    machine.kill()


def test_a_main_machine_that_is_cut_off_holds_up_the_next_for_a_minute_and_gives_way(cluster: Cluster) -> None:
    system, former = SYSTEMS[4], cluster.main
    cluster.main = cluster.new_machine()
    cluster.main.variables = former.variables
    cable_of(former).pull()
    start_ui_when_it_is_let(cluster)
    cable_of(former).plug()
    former.wait_for("It began while this one had lost the database.")
    former.wait_until_ended()
    train(cluster, [system], print)
    assert predictions(cluster, system) == 1


def start_ui_when_it_is_let(cluster: Cluster) -> None:
    """Start `bmg ui` again and again until it is the main machine's."""
    latest = time.monotonic() + LET_GO_S
    while True:
        before = len(cluster.main.said())
        try:
            cluster.start_ui()
        except AssertionError:
            said = cluster.main.said()[before:]
            assert "Another `bmg ui` is at work on the database postgresql+psycopg2://bmg:***@10.77." in said
            assert "(bmg ui of main, process " in said
            assert time.monotonic() < latest
            cluster.main.wait_until_ended()
        else:
            return


def answers_as_worker(cluster: Cluster, machine: Machine) -> bool:
    """Whether a machine's worker is among those that the broker reaches."""
    from celery import Celery

    app = Celery(broker=cluster.servers.broker, set_as_current=False)
    return any(name.endswith(f"@{machine.name}") for name in app.control.inspect(timeout=3.0).ping() or {})
