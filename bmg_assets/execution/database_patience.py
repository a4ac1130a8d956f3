"""The PostgreSQL of several machines goes away and comes back: runs wait for it, so that a training is not lost.

Dagster itself tries for eleven seconds, and then the step fails, whatever it has computed. A statement that was under
way when the database went is not tried again at all: a step fails, or a run is made and never sent.
"""

import logging
import time
from typing import Any

PATIENCE_S = 300.0
"""How long a database that has answered before is waited for, as object storage is (store/remote_folder.py)."""
BETWEEN_TRIES_S = 2.0
_log = logging.getLogger(__name__)
_away_since: float | None = None
"""When it was first found away, on the clock of `time.monotonic`; None while it answers."""


def wait_for_database() -> None:
    """Let connections and statements of this process wait for PostgreSQL. For who knows that its address is right."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    for name, listener in (("do_connect", _connect), ("do_execute", _execute)):
        if not event.contains(Engine, name, listener):
            event.listen(Engine, name, listener)


def _connect(dialect: Any, _record: Any, arguments: Any, parameters: Any) -> Any:
    """A connection of the driver; None leaves other kinds of databases to SQLAlchemy."""
    global _away_since
    if dialect.name != "postgresql":
        return None
    while True:
        try:
            connection = dialect.connect(*arguments, **parameters)
        except dialect.loaded_dbapi.OperationalError as error:
            if not _goes_on_waiting(error):
                raise
            time.sleep(BETWEEN_TRIES_S)
            continue
        if _away_since is not None:
            _log.warning("The database answers again.")
            _away_since = None
        return connection


def _goes_on_waiting(error: Exception) -> bool:
    global _away_since
    from dagster._utils.interrupts import check_captured_interrupt

    if _away_since is None:
        _away_since = time.monotonic()
        why = next(iter(str(error).strip().splitlines()), type(error).__name__)
        _log.warning("The database does not answer (%s): waiting up to %g s for it.", why, PATIENCE_S)
    # A person who stops a command, or a run in the UI, does not wait.
    return time.monotonic() - _away_since < PATIENCE_S and not check_captured_interrupt()


def _execute(cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
    """A statement, which is executed on a new connection where the database closes this one; whether it was executed.

    Each of Dagster's counts by itself, so none before it is lost. One that the database had finished when it went
    counts twice: then an event stands twice in the log, and rows of other tables have keys.
    """
    if context.dialect.name != "postgresql" or not cursor.connection.autocommit:
        return False
    while True:
        try:
            context.cursor.execute(statement, parameters)
            return True
        except context.dialect.loaded_dbapi.Error as error:
            if not context.dialect.is_disconnect(error, context.cursor.connection, context.cursor):
                raise
            _log.warning("The database closed a connection: what was asked of it is asked again.")
            _connect_anew(context.root_connection)
            context.cursor = context.root_connection.connection.cursor()


def _connect_anew(connection: Any) -> None:
    """Put a new connection of the driver in the place of one that is closed."""
    fresh = connection.engine.raw_connection()
    new = fresh.dbapi_connection
    fresh.detach()  # the pool must not close it when `fresh` goes
    pooled = connection.connection
    pooled.dbapi_connection = pooled._connection_record.dbapi_connection = new
