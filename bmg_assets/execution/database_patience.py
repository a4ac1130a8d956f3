"""The PostgreSQL of several machines goes away and comes back: runs wait for it, so that a training is not lost.

Dagster itself tries for eleven seconds, and then the step fails, whatever it has computed.
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
    """Let connections of this process to PostgreSQL wait for it. For who knows that its address is right."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    if not event.contains(Engine, "do_connect", _connect):
        event.listen(Engine, "do_connect", _connect)


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
