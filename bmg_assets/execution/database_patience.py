"""The PostgreSQL of several machines goes away and comes back: runs wait for it, so that a training is not lost.

Dagster itself tries for eleven seconds, and then the step fails, whatever it has computed. A statement that was under
way when the database went is not tried again at all: a step fails, or a run is made and never sent.
"""

import logging
import time
from collections.abc import Callable
from itertools import count
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

    for name, listener in LISTENERS.items():
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
    """Execute a statement; False leaves it to SQLAlchemy."""
    return _asked_until_answered(context, lambda at: context.dialect.do_execute(at, statement, parameters, context))


def _execute_many(cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
    """Execute a statement with several rows; False leaves it to SQLAlchemy."""
    return _asked_until_answered(context, lambda at: context.dialect.do_executemany(at, statement, parameters, context))


def _asked_until_answered(context: Any, ask: Callable[[Any], None]) -> bool:
    """Ask the database, on a new connection where it closes this one; whether it was asked.

    Most of Dagster's statements count by themselves, so none before it is lost. One that the database had finished when
    it went counts twice: then an event stands twice in the log, and rows of other tables have keys. What belongs to a
    transaction of several is left to SQLAlchemy: the step fails, and its run is tried again.
    """
    if context.dialect.name != "postgresql" or not context.cursor.connection.autocommit:
        return False
    began = time.monotonic()
    for asked_again in count():
        closed = _closed_instead(context, ask)
        if closed is None:
            break
        # What makes the database close connections by itself would be asked for ever.
        if time.monotonic() - began > PATIENCE_S:
            raise closed
        if asked_again:
            time.sleep(BETWEEN_TRIES_S)
        _log.warning("The database closed a connection: what was asked of it is asked again.")
        _connect_anew(context.root_connection)
        context.cursor = context.root_connection.connection.cursor()
    return True


def _closed_instead(context: Any, ask: Callable[[Any], None]) -> Exception | None:
    """Ask the database; its error where it closed the connection instead of an answer."""
    try:
        ask(context.cursor)
    except context.dialect.loaded_dbapi.Error as error:
        if not context.dialect.is_disconnect(error, context.cursor.connection, context.cursor):
            raise
        closed: Exception = error
        return closed
    return None


def _connect_anew(connection: Any) -> None:
    """Put a new connection of the driver in the place of one that is closed.

    It is not taken from the pool: SQLAlchemy asks of a pool's first connection what kind of database this is, while it
    holds a lock on the pool, and that may be what is asked again.
    """
    dialect, url = connection.dialect, connection.engine.url
    arguments, parameters = dialect.create_connect_args(url)
    new = _connect(dialect, None, arguments, parameters)
    while not _is_prepared(dialect, url, new):
        new = _connect(dialect, None, arguments, parameters)
    pooled = connection.connection
    pooled.dbapi_connection = pooled._connection_record.dbapi_connection = new


def _is_prepared(dialect: Any, url: Any, new: Any) -> bool:
    """Make a new connection what those of the pool are; False where the database closed it meanwhile."""
    try:
        new.autocommit = True
        prepare = dialect.on_connect_url(url)
        if prepare is not None:
            prepare(new)
    except dialect.loaded_dbapi.Error:
        if not new.closed:
            raise
        return False
    return True


LISTENERS = {"do_connect": _connect, "do_execute": _execute, "do_executemany": _execute_many}
"""What stands in for SQLAlchemy's own functions, by their names."""
