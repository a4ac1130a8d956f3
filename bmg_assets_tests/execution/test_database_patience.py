"""A database that is away is waited for, but not for ever. The real one is tried in bmg_assets_tests/distributed."""

import logging
import time
from collections.abc import Iterator

import psycopg2
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bmg_assets.execution import database_connection, database_patience
from bmg_assets_tests.distributed.servers import free_port

REFUSED = 'connection to server at "127.0.0.1" failed: Connection refused\n\tIs the server running?'


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Waits are short, and end with the test."""
    monkeypatch.setattr(database_connection, "BETWEEN_TRIES_S", 0.01)
    monkeypatch.setattr(database_connection, "PATIENCE_S", 0.3)
    monkeypatch.setattr(database_connection, "_away_since", None)
    there_before = sa.event.contains(Engine, "do_connect", database_connection.connect)
    database_patience.wait_for_database()
    database_patience.wait_for_database()
    yield
    for name, listener in () if there_before else database_patience.LISTENERS.items():
        sa.event.remove(Engine, name, listener)


class Driver:
    """psycopg2, whose database is away for some tries."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, away_for: int) -> None:
        self.tries, self._away_for = 0, away_for
        monkeypatch.setattr("sqlalchemy.engine.default.DefaultDialect.connect", self._connect)

    def _connect(self, *_: object, **__: object) -> object:
        self.tries += 1
        if self.tries <= self._away_for:
            raise psycopg2.OperationalError(REFUSED)
        raise ReachedError


class ReachedError(Exception):
    """The database has answered."""


def engine(port: int = 1) -> sa.Engine:
    return sa.create_engine(f"postgresql+psycopg2://bmg:glass@127.0.0.1:{port}/bmg", poolclass=sa.NullPool)


def test_a_database_that_comes_back_is_waited_for_and_told_of_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    driver = Driver(monkeypatch, away_for=5)
    with caplog.at_level(logging.WARNING), pytest.raises(ReachedError):
        engine().connect()
    assert driver.tries == 6
    (told,) = [record.getMessage() for record in caplog.records]
    assert told == f"The database does not answer ({REFUSED.splitlines()[0]}): waiting up to 0.3 s for it."


def test_a_database_that_stays_away_is_given_up_once_for_all_tries() -> None:
    away = engine(free_port())
    began = time.monotonic()
    with pytest.raises(sa.exc.OperationalError, match="Connection refused"):
        away.connect()
    taken = time.monotonic() - began
    assert taken >= database_connection.PATIENCE_S
    began = time.monotonic()
    for _ in range(3):
        with pytest.raises(sa.exc.OperationalError):
            away.connect()
    assert time.monotonic() - began < taken


def test_who_is_interrupted_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_connection, "PATIENCE_S", 3600.0)
    monkeypatch.setattr("dagster._utils.interrupts.check_captured_interrupt", lambda: True)
    with pytest.raises(sa.exc.OperationalError):
        engine(free_port()).connect()


def test_other_databases_are_opened_as_ever() -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        assert connection.execute(sa.text("SELECT 1")).scalar() == 1


def test_a_connection_of_its_own_is_used_as_ever() -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        connection.detach()
        with connection.begin():
            assert connection.execute(sa.text("SELECT 1")).scalar() == 1
