"""The PostgreSQL of several machines goes away and comes back: runs wait for it, so that a training is not lost.

Connections are waited for (database_connection.py). A statement that was under way when the database went is asked
again; Dagster itself does not, and a step fails, or a run is made and never sent.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from bmg_assets.execution import database_connection

TRANSACTION = "bmg_transaction"
"""Where a connection keeps its transaction's `SoFar`, if it can be asked again."""
Ask = Callable[[Any], None]
"""Asks the database, by a cursor of the driver."""
_log = logging.getLogger(__name__)


def wait_for_database() -> None:
    """Let connections and statements of this process wait for PostgreSQL. For who knows that its address is right."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    for name, listener in LISTENERS.items():
        if not event.contains(Engine, name, listener):
            event.listen(Engine, name, listener)


@dataclass(frozen=True)
class SoFar:
    """What a transaction has asked so far.

    Attributes:
        told: whether it was told something that may decide what comes next: then nothing but its end is asked again.
    """

    asks: tuple[Ask, ...] = ()
    told: bool = False


def _execute(cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
    """Execute a statement; False leaves it to SQLAlchemy."""
    return _executed(context, lambda at: context.dialect.do_execute(at, statement, parameters, context))


def _execute_many(cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
    """Execute a statement with several rows; False leaves it to SQLAlchemy."""
    return _executed(context, lambda at: context.dialect.do_executemany(at, statement, parameters, context))


def _execute_plain(cursor: Any, statement: str, context: Any) -> bool:
    """Execute a statement that can have no parameters; False leaves it to SQLAlchemy."""
    return _executed(context, lambda at: context.dialect.do_execute_no_params(at, statement, context))


def _executed(context: Any, ask: Ask) -> bool:
    """Execute a statement, again where the database closes the connection; whether it was executed."""
    connection = context.root_connection
    if not _is_ours(connection):
        return False
    so_far = None if _is_fetched_elsewhere(context) else _asked_before(connection)
    if so_far is None or so_far.told:
        _keep(connection, None)
        return False
    context.cursor = _ask_until_answered(connection, context.cursor, so_far.asks, ask)
    _keep(connection, _with(so_far, ask, context))
    return True


def _begin(connection: Any) -> None:
    """Forget the transaction before."""
    if _is_ours(connection):
        _keep(connection, None)


def _commit(connection: Any) -> None:
    """End a transaction, the whole of it again where the database closes the connection.

    SQLAlchemy asks for the end once more: then nothing is left to be ended.
    """
    from sqlalchemy.exc import DBAPIError

    so_far = _asked_before(connection) if _is_ours(connection) else None
    if so_far is None or not so_far.asks:
        return
    driver = connection.dialect.loaded_dbapi
    with closing(connection.connection.cursor()) as cursor:
        try:
            _ask_until_answered(connection, cursor, so_far.asks, lambda at: at.connection.commit())
        except driver.Error as error:
            # SQLAlchemy translates what a statement raises, not what comes before the end of a transaction.
            raise DBAPIError.instance(None, None, error, driver.Error, dialect=connection.dialect) from error


def _is_ours(connection: Any) -> bool:
    """Whether a connection is one of PostgreSQL's that belongs to an engine."""
    return connection.dialect.name == "postgresql" and connection.connection.record_info is not None


def _is_fetched_elsewhere(context: Any) -> bool:
    """Whether SQLAlchemy fetches the rows of an INSERT by the cursor that it gave us, so that it cannot be another."""
    returning = getattr(context.compiled, "effective_returning", None)
    return bool(returning) and context.execute_style.name == "INSERTMANYVALUES"


def _asked_before(connection: Any) -> SoFar | None:
    """What must be asked again before the next statement, on a new connection; None where that is not possible.

    Most of Dagster's statements count by themselves: there it is nothing. A transaction that has read is not asked
    again, since what it read may decide what it writes, nor one with a mistake in it.
    """
    driver, known = connection.connection.dbapi_connection, connection.dialect.loaded_dbapi.extensions
    status = driver.info.transaction_status
    if status == known.TRANSACTION_STATUS_IDLE or (driver.autocommit and driver.closed):
        return SoFar()
    in_order = status == known.TRANSACTION_STATUS_INTRANS
    return connection.connection.record_info.get(TRANSACTION) if in_order else None


def _keep(connection: Any, so_far: SoFar | None) -> None:
    connection.connection.record_info[TRANSACTION] = so_far


def _with(so_far: SoFar, ask: Ask, context: Any) -> SoFar | None:
    """The transaction with one statement more; None where that gave rows to somebody.

    SQLAlchemy by itself asks for the key of a row that it inserts, and tells how many rows were changed.
    """
    has_rows, key = context.cursor.description is not None, getattr(context.compiled, "implicit_returning", None)
    if has_rows and not key:
        return None
    return SoFar((*so_far.asks, ask), told=has_rows or not context.isinsert)


def _ask_until_answered(connection: Any, cursor: Any, before: Sequence[Ask], ask: Ask) -> Any:
    """Ask the database, with what came before on a new connection where it closes this one; the cursor of the answer.

    What the database had finished when it went counts twice: then an event stands twice in the log, or a tag of one;
    rows of other tables have keys.
    """
    first_closed: float | None = None
    while closed := _closed_instead(connection.dialect, cursor, [ask] if first_closed is None else [*before, ask]):
        if first_closed is None:
            first_closed = time.monotonic()
        else:
            time.sleep(database_connection.BETWEEN_TRIES_S)
        # What makes the database close connections by itself would be asked for ever.
        if time.monotonic() - first_closed > database_connection.PATIENCE_S:
            raise closed
        _log.warning("The database closed a connection: what was asked of it is asked again.")
        _connect_anew(connection)
        cursor = connection.connection.cursor()
    return cursor


def _closed_instead(dialect: Any, cursor: Any, asks: Sequence[Ask]) -> Exception | None:
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
    new, pooled = _prepared(connection.dialect, connection.engine.url), connection.connection
    old = pooled.dbapi_connection
    new.autocommit, new.isolation_level = old.autocommit, old.isolation_level
    pooled.dbapi_connection = pooled._connection_record.dbapi_connection = new


def _prepared(dialect: Any, url: Any) -> Any:
    """A new connection that is what those of the pool are."""
    arguments, parameters = dialect.create_connect_args(url)
    began = time.monotonic()
    while True:
        new = database_connection.connect(dialect, None, arguments, parameters)
        try:
            new.autocommit = True
            prepare = dialect.on_connect_url(url)
            if prepare is not None:
                prepare(new)
            return new
        except dialect.loaded_dbapi.Error:
            # The database may close this one, too.
            if not new.closed or time.monotonic() - began > database_connection.PATIENCE_S:
                raise
        time.sleep(database_connection.BETWEEN_TRIES_S)


LISTENERS: dict[str, Callable[..., Any]] = {
    "do_connect": database_connection.connect,
    "begin": _begin,
    "do_execute": _execute,
    "do_executemany": _execute_many,
    "do_execute_no_params": _execute_plain,
    "commit": _commit,
}
"""What stands in for SQLAlchemy's own functions, or comes before them, by their names."""
