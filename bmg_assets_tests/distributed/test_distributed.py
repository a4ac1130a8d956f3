"""Several machines together: what is lost when one is killed, the database restarts, or a server is away. Minutes.

`make test-distributed` runs them; where no servers can be had they are skipped with the reason.
"""

import json
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import sqlalchemy as sa

from bmg_assets.execution import database_connection
from bmg_assets.execution.database_patience import wait_for_database
from bmg_assets.launch.spread import SpreadWorkError
from bmg_assets_tests.distributed.machines import Cluster, Machine, running_cluster
from bmg_assets_tests.distributed.servers import NoServersError, free_ports
from bmg_assets_tests.distributed.work import (
    SYSTEMS,
    Once,
    busy_machine,
    failed_runs,
    predictions,
    reading,
    seen_from_outside,
    store_of,
    tasks_at_work,
    train,
    trained,
    wait_for_steps,
)

pytestmark = pytest.mark.slow

TWENTY = 20
READS = 1000
CUTTING_S = 30.0
TASK = "dagster-celery/task_id"
"""Tag of a run that the broker has."""
AWAY_S = 90.0
"""Dagster by itself gives a database up after 11 s."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A main machine and two workers, with the literature read; other users cannot reach a folder of pytest's."""
    try:
        with tempfile.TemporaryDirectory() as folder, running_cluster(Path(folder), runs=2) as found:
            yield found
    except NoServersError as error:
        pytest.skip(str(error))


def test_one_worker_dies_and_all_systems_are_trained_once(cluster: Cluster) -> None:
    systems, reader = list(SYSTEMS[:TWENTY]), cluster.new_machine()
    readers = [reading(reader, cluster, READS // 2) for _ in range(2)]

    def one_dies() -> None:
        busy_machine(cluster).vanish()
        cluster.join()

    half = Once(one_dies, trained(TWENTY // 3))
    train(cluster, systems, half)
    assert half.was_done
    assert {system: predictions(cluster, system) for system in systems} == dict.fromkeys(systems, 1)
    store = store_of(cluster)
    assert all(store.has_bytes(f"reports/{system}.html") for system in systems)
    assert failed_runs(cluster) == 1  # that of the machine that died, and no other
    for process in readers:
        said, _ = process.communicate(timeout=600)
        assert json.loads(said) == {"reads": READS // 2, "errors": {}}


def test_the_database_restarts_and_all_systems_are_trained_once(cluster: Cluster) -> None:
    systems = list(SYSTEMS[TWENTY : 2 * TWENTY])

    def restart() -> None:
        cluster.servers.stop_database()
        cluster.servers.start_database()

    half = Once(restart, trained(TWENTY // 3))
    train(cluster, systems, half)
    assert half.was_done
    assert {system: predictions(cluster, system) for system in systems} == dict.fromkeys(systems, 1)


def test_the_database_is_away_for_a_minute_and_a_half_and_runs_at_work_wait_for_it(cluster: Cluster) -> None:
    systems, failed = list(SYSTEMS[2 * TWENTY : 2 * TWENTY + 2]), failed_runs(cluster)

    def away() -> None:
        wait_for_steps(cluster, systems)
        cluster.servers.stop_database()
        time.sleep(AWAY_S)
        assert cluster.main.refused("list").startswith("2: The database postgresql+psycopg2://bmg:***@127.0.0.1")
        cluster.servers.start_database()

    once = Once(away, lambda words: "2 at work" in words)
    train(cluster, systems, once)
    assert once.was_done
    assert {system: predictions(cluster, system) for system in systems} == dict.fromkeys(systems, 1)
    assert failed_runs(cluster) == failed
    said = [machine.said() for machine in cluster.workers]
    assert any("waiting up to 300 s for it." in words and "The database answers again." in words for words in said)
    assert "The database is back." in cluster.main.said()


def engine_of(cluster: Cluster, isolation: str = "AUTOCOMMIT") -> sa.Engine:
    """Connections as Dagster has them, each statement of which counts by itself; or with transactions."""
    address = cluster.servers.database.replace("postgresql://", "postgresql+psycopg2://")
    return sa.create_engine(address, isolation_level=isolation, poolclass=sa.NullPool)


@dataclass
class Cut:
    """The database closes connections of an engine: under each statement once, and once before the first commit.

    Attributes:
        close: closes a connection of the driver.
    """

    engine: sa.Engine
    close: Callable[[Any], None]
    asked: list[str] = field(default_factory=list)

    def __enter__(self) -> "Cut":
        for name in ("do_execute", "do_executemany"):
            setattr(self.engine.dialect, name, self._cutting(getattr(self.engine.dialect, name)))
        # Listeners of the class come before those of one engine, and this one has to come first.
        sa.event.listen(sa.Engine, "commit", self._commit, insert=True)
        return self

    def __exit__(self, *_: object) -> None:
        sa.event.remove(sa.Engine, "commit", self._commit)

    def _cutting(self, does: Callable[..., None]) -> Callable[..., None]:
        def cut_once(cursor: Any, statement: str, *others: Any) -> None:
            self._ask(cursor.connection, statement)
            does(cursor, statement, *others)

        return cut_once

    def _commit(self, connection: sa.Connection) -> None:
        if connection.engine.dialect is self.engine.dialect:
            self._ask(connection.connection.dbapi_connection, "commit")

    def _ask(self, connection: Any, statement: str) -> None:
        self.asked.append(statement)
        if self.asked.count(statement) == 1:
            self.close(connection)


@pytest.fixture
def close(cluster: Cluster) -> Iterator[Callable[[Any], None]]:
    """How the database closes a connection of the driver."""
    with cluster.servers.session() as other:
        yield lambda closed: other.execute("SELECT pg_terminate_backend(%s, 10000)", (closed.info.backend_pid,))


TABLE = sa.Table(
    "cut",
    sa.MetaData(),
    sa.Column("key", sa.Integer, primary_key=True),
    sa.Column("row", sa.Integer),
    sa.Column("value", sa.JSON),
)


@pytest.fixture
def table(cluster: Cluster) -> Iterator[sa.Table]:
    """A table that is there for one test."""
    with engine_of(cluster).connect() as connection:
        TABLE.create(connection)
        yield TABLE
        TABLE.drop(connection)


def test_each_statement_is_asked_again_that_the_database_closes_a_connection_under(
    cluster: Cluster, table: sa.Table, close: Callable[[int], None]
) -> None:
    """Those by which SQLAlchemy finds out at its first connection what kind of database this is are among them."""
    wait_for_database()
    with Cut(engine_of(cluster), close) as cut, cut.engine.connect() as connection:
        connection.execute(table.insert(), [{"row": 1, "value": {"a": 1}}, {"row": 2, "value": [2]}])
        connection.execute(table.insert().values(row=3, value="three"))
        rows = connection.execute(sa.select(table.c.row, table.c.value).order_by(table.c.row)).all()
    assert rows == [(1, {"a": 1}), (2, [2]), (3, "three")]
    assert all(cut.asked.count(statement) == 2 for statement in cut.asked)
    assert "select pg_catalog.version()" in cut.asked


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "SERIALIZABLE"])
def test_a_transaction_is_asked_again_from_its_beginning_while_it_only_writes(
    isolation: str, cluster: Cluster, table: sa.Table, close: Callable[[Any], None]
) -> None:
    wait_for_database()
    with Cut(engine_of(cluster), close) as cut, cut.engine.connect() as connection:
        connection.execution_options(isolation_level=isolation)
        level = isolation_of(connection)
        with connection.begin():
            write(connection, table)
            assert isolation_of(connection) == level
        assert rows_of(cluster, table) == [(1, {"a": 1}), (2, [2]), (3, 3), (4, "four")]
        with connection.begin():
            write(connection, table)
    assert len(rows_of(cluster, table)) == 8
    assert cut.asked.count("commit") == 2


def isolation_of(connection: sa.Connection) -> Any:
    """The isolation level that the driver has."""
    driver: Any = connection.connection.dbapi_connection
    return driver.isolation_level


def write(connection: sa.Connection, table: sa.Table) -> None:
    """What Dagster writes of an asset: several rows at once, and one of which SQLAlchemy asks for the key."""
    connection.execute(table.insert(), [{"row": 1, "value": {"a": 1}}, {"row": 2, "value": [2]}])
    connection.execute(sa.insert(table).values([{"row": 3, "value": 3}]))
    connection.execute(table.insert().values(row=4, value="four"))


def rows_of(cluster: Cluster, table: sa.Table) -> list[tuple[int, Any]]:
    """What others see of a table."""
    with engine_of(cluster).connect() as connection:
        return [tuple(row) for row in connection.execute(sa.select(table.c.row, table.c.value).order_by(table.c.row))]


def has_read(connection: sa.Connection, table: sa.Table) -> None:
    connection.execute(table.insert().values(row=2).returning(table.c.row))


def has_counted(connection: sa.Connection, table: sa.Table) -> None:
    assert connection.execute(table.update().values(row=2)).rowcount == 2


def knows_a_key(connection: sa.Connection, table: sa.Table) -> None:
    assert connection.execute(table.insert().values(row=2)).inserted_primary_key


def has_failed(connection: sa.Connection, table: sa.Table) -> None:
    with pytest.raises(sa.exc.DataError):
        connection.execute(table.update().values(row=sa.cast("no", sa.Integer)))


def has_taken_back(connection: sa.Connection, table: sa.Table) -> None:
    inner = connection.begin_nested()
    connection.execute(table.insert(), [{"row": 6}, {"row": 7}])
    has_failed(connection, table)
    inner.rollback()


@pytest.mark.parametrize("first", [has_read, has_counted, knows_a_key, has_failed, has_taken_back])
def test_a_transaction_that_was_told_something_is_not_asked_again(
    first: Callable[[sa.Connection, sa.Table], None],
    cluster: Cluster,
    table: sa.Table,
    close: Callable[[Any], None],
) -> None:
    wait_for_database()
    closed = pytest.raises(sa.exc.OperationalError, match=r"closed the connection|terminating connection")
    with engine_of(cluster, "READ COMMITTED").connect() as connection, closed, connection.begin():
        connection.execute(table.insert(), [{"row": 1}, {"row": 5}])
        first(connection, table)
        close(connection.connection.dbapi_connection)
        connection.execute(table.insert().values(row=3))
    assert rows_of(cluster, table) == []


def test_a_database_that_stays_away_from_the_end_of_a_transaction_is_told_as_ever(
    cluster: Cluster, table: sa.Table, close: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an error of SQLAlchemy's, by which it is known that the run is to be tried again."""
    wait_for_database()
    monkeypatch.setattr(database_connection, "PATIENCE_S", -1.0)
    closed = pytest.raises(sa.exc.OperationalError, match=r"closed the connection|terminating connection")
    with engine_of(cluster, "READ COMMITTED").connect() as connection, closed, connection.begin():
        connection.execute(table.insert(), [{"row": 1}, {"row": 5}])
        close(connection.connection.dbapi_connection)
    assert rows_of(cluster, table) == []


def test_a_statement_by_which_the_database_closes_the_connection_is_given_up(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_database()
    monkeypatch.setattr(database_connection, "PATIENCE_S", 1.0)
    monkeypatch.setattr(database_connection, "BETWEEN_TRIES_S", 0.1)
    engine = engine_of(cluster)
    with engine.connect() as connection, pytest.raises(sa.exc.OperationalError, match="closed the connection"):
        connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))


def test_connections_that_the_database_closes_under_statements_fail_no_run(cluster: Cluster) -> None:
    systems, failed = list(SYSTEMS[4:6]), failed_runs(cluster)
    before = {system: predictions(cluster, system) for system in systems}
    cut = Once(lambda: cluster.servers.close_busy_connections(CUTTING_S), lambda words: "2 at work" in words)
    train(cluster, systems, cut)
    assert cut.was_done
    assert {system: predictions(cluster, system) - before[system] for system in systems} == dict.fromkeys(systems, 1)
    assert failed_runs(cluster) == failed
    assert any("what was asked of it is asked again" in machine.said() for machine in cluster.workers)


def test_the_broker_is_away_for_a_minute_and_no_run_is_lost(cluster: Cluster) -> None:
    systems = list(SYSTEMS[:4])
    before = {system: predictions(cluster, system) for system in systems}

    def away() -> None:
        cluster.servers.stop_broker()
        assert ": The broker amqp://bmg:***@127.0.0.1" in cluster.main.refused("worker")
        assert "The broker amqp://bmg:***@127.0.0.1" in cluster.main.bmg("list")
        time.sleep(40)
        cluster.servers.start_broker()

    half = Once(away, trained(1))
    train(cluster, systems, half)
    assert half.was_done
    assert {system: predictions(cluster, system) - before[system] for system in systems} == dict.fromkeys(systems, 1)


def test_a_run_that_a_person_starts_on_a_worker_s_machine_is_at_work_there(cluster: Cluster) -> None:
    machine, system = cluster.workers[-1], SYSTEMS[0]
    before = predictions(cluster, system)
    assert "Cast next in" in machine.bmg("run", system)
    assert predictions(cluster, system) == before + 1


def test_the_study_is_spread_over_the_machines(cluster: Cluster) -> None:
    command = ("study", "Mg-Zn-Ca", "Zr-Al-Cu", "--budget", "quick", "--sub-datasets", "1", "--spread")
    assert "2 of 2 done, 0 at work" in cluster.main.bmg(*command)
    assert "All of it is there already" in cluster.main.bmg(*command)
    said = cluster.workers[-1].bmg("query", "SELECT DISTINCT target_system FROM studied_maps")
    assert "Mg-Zn-Ca" in said
    assert "Zr-Al-Cu" in said


def test_a_second_ui_is_refused_and_one_that_was_killed_holds_up_nobody(cluster: Cluster) -> None:
    port = free_ports(2)
    said = cluster.new_machine().refused("ui", "--port", str(port), "--pages-port", str(port + 1))
    assert said.startswith("2: Another `bmg ui` is at work on the database postgresql+psycopg2://bmg:***@127.0.0.1")
    assert "\n" not in said
    (process,) = cluster.main.processes
    process.kill()
    process.wait()
    cluster.main.processes.clear()
    cluster.start_ui()


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


def test_a_worker_that_is_asked_to_end_answers_for_its_run_until_it_has_ended(cluster: Cluster) -> None:
    """A run whose worker does not answer for a minute is taken for lost, and begun a second time elsewhere."""
    # The backfill of the test before, which trained this one, may not be closed yet.
    system, left = SYSTEMS[1], list[Machine]()
    before = predictions(cluster, system)

    def asked_to_end() -> None:
        left.append(busy_machine(cluster))
        (worker,) = left[0].processes
        worker.send_signal(signal.SIGTERM)
        time.sleep(3)
        assert worker.poll() is None
        assert tasks_at_work(cluster) == 1

    train(cluster, [system], Once(asked_to_end, lambda words: "1 at work" in words))
    assert predictions(cluster, system) == before + 1
    (worker,) = left[0].processes
    assert worker.wait(60) == 0
    left[0].processes.clear()
    cluster.join()


def test_a_run_that_waits_for_workers_of_other_settings_is_begun_anew(cluster: Cluster) -> None:
    system, main = SYSTEMS[2], cluster.main
    before, failed = predictions(cluster, system), failed_runs(cluster)
    for machine in cluster.workers:
        machine.end()

    def settings_change() -> None:
        with seen_from_outside(cluster) as instance:
            starting = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTING], tags={"dagster/partition": system})
            while not any(TASK in run.tags for run in instance.get_runs(starting)):
                time.sleep(0.5)
        main.end()
        main.variables = {**main.variables, "BMG_TOP_SHARE": "0.04"}
        cluster.start_ui()
        assert "Runs that waited are begun anew." in main.said()
        cluster.join()

    change = Once(settings_change, lambda words: "0 at work" in words)
    train(cluster, [system], change)
    assert change.was_done
    assert (predictions(cluster, system), failed_runs(cluster)) == (before + 1, failed + 1)


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
