"""Connections to the PostgreSQL of several machines, which goes away and comes back: they are waited for.

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


def connect(dialect: Any, _record: Any, arguments: Any, parameters: Any) -> Any:
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

    since = _away_since  # another thread may find it back meanwhile
    if since is None:
        since = _away_since = time.monotonic()
        why = next(iter(str(error).strip().splitlines()), type(error).__name__)
        _log.warning("The database does not answer (%s): waiting up to %g s for it.", why, PATIENCE_S)
    # A person who stops a command, or a run in the UI, does not wait.
    return time.monotonic() - since < PATIENCE_S and not check_captured_interrupt()
