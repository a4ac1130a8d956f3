"""The PostgreSQL of several machines goes away and comes back: runs wait for it, so that a training is not lost.

Dagster itself tries for eleven seconds, and then the step fails, whatever it has computed. A statement that was under
way when the database went is not tried again at all: a step fails, or a run is made and never sent.
"""

import logging
import time
from collections.abc import Callable
from contextlib import closing
from itertools import count
from typing import Any

PATIENCE_S = 300.0
"""How long a database that has answered before is waited for, as object storage is (store/remote_folder.py)."""
BETWEEN_TRIES_S = 2.0
KEEPALIVES = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""Seconds, seconds and times after which a connection counts as lost whose other machine has vanished, as libpq names
them. The system's own are hours: a statement would wait so long for an answer that never comes."""
PARAMETERS = {"connect_timeout": 10, "keepalives": 1, **KEEPALIVES, "tcp_user_timeout": 60_000}
"""Of each connection; the last one is the same for what was sent and not received, in ms."""
TRANSACTION = "bmg_transaction"
"""Where a connection keeps what its transaction has asked, if it can be asked again."""
Ask = Callable[[Any], None]
"""Asks the database, by a cursor of the driver."""
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
            connection = dialect.connect(*arguments, **{**PARAMETERS, **parameters})
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
    return _executed(context, lambda at: context.dialect.do_execute(at, statement, parameters, context))


def _execute_many(cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
    """Execute a statement with several rows; False leaves it to SQLAlchemy."""
    return _executed(context, lambda at: context.dialect.do_executemany(at, statement, parameters, context))


def _executed(context: Any, ask: Ask) -> bool:
    """Execute a statement, again where the database closes the connection; whether it was executed."""
    connection = context.root_connection
    before = _asked_before(connection)
    if before is None:
        return False
    context.cursor = _ask_until_answered(connection, context.cursor, before, ask)
    connection.connection.record_info[TRANSACTION] = None if _has_read(context) else [*before, ask]
    return True


def _begin(connection: Any) -> None:
    """Forget the transaction before."""
    connection.connection.record_info.pop(TRANSACTION, None)


def _commit(connection: Any) -> None:
    """End a transaction, the whole of it again where the database closes the connection.

    SQLAlchemy asks for the end once more: then nothing is left to be ended.
    """
    before = _asked_before(connection)
    if before:
        with closing(connection.connection.cursor()) as cursor:
            _ask_until_answered(connection, cursor, before, lambda at: at.connection.commit())


def _asked_before(connection: Any) -> list[Ask] | None:
    """What must be asked again before the next statement, on a new connection; None where that is not possible.

    Most of Dagster's statements count by themselves: there it is nothing. A transaction of several can be asked again
    while it has only written, not where what it read decides what it writes, nor after a mistake.
    """
    if connection.dialect.name != "postgresql":
        return None
    driver, known = connection.connection.dbapi_connection, connection.dialect.loaded_dbapi.extensions
    status = driver.info.transaction_status
    if driver.autocommit or status == known.TRANSACTION_STATUS_IDLE:
        return []
    return connection.connection.record_info.get(TRANSACTION) if status == known.TRANSACTION_STATUS_INTRANS else None


def _has_read(context: Any) -> bool:
    """Whether somebody asked for the rows of a statement; SQLAlchemy itself asks for the keys of what it inserts."""
    return context.cursor.description is not None and not getattr(context.compiled, "implicit_returning", None)


def _ask_until_answered(connection: Any, cursor: Any, before: list[Ask], ask: Ask) -> Any:
    """Ask the database, with what came before on a new connection where it closes this one; the cursor of the answer.

    What the database had finished when it went counts twice: then an event stands twice in the log, or a tag of one;
    rows of other tables have keys.
    """
    began = time.monotonic()
    for asked_again in count():
        closed = _closed_instead(connection.dialect, cursor, [*before, ask] if asked_again else [ask])
        if closed is None:
            break
        # What makes the database close connections by itself would be asked for ever.
        if time.monotonic() - began > PATIENCE_S:
            raise closed
        if asked_again:
            time.sleep(BETWEEN_TRIES_S)
        _log.warning("The database closed a connection: what was asked of it is asked again.")
        _connect_anew(connection)
        cursor = connection.connection.cursor()
    return cursor


def _closed_instead(dialect: Any, cursor: Any, asks: list[Ask]) -> Exception | None:
    """Ask the database; its error where it closed the connection instead of an answer."""
    try:
        for ask in asks:
            ask(cursor)
    except dialect.loaded_dbapi.Error as error:
        if not dialect.is_disconnect(error, cursor.connection, cursor):
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
    old = pooled.dbapi_connection
    new.autocommit, new.isolation_level = old.autocommit, old.isolation_level
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


LISTENERS: dict[str, Callable[..., Any]] = {
    "do_connect": _connect,
    "begin": _begin,
    "do_execute": _execute,
    "do_executemany": _execute_many,
    "commit": _commit,
}
"""What stands in for SQLAlchemy's own functions, or comes before them, by their names."""
