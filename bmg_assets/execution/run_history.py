"""How Dagster's run history is written: a commit to SQLite does not wait for the disk.

A run writes some 300 events with about four commits each. In WAL mode, SQLite's `synchronous = NORMAL` keeps the
database consistent; a power cut can lose the last events of a run, and then that run's system counts as stale.
"""

import sqlite3
from typing import Any


def commit_without_waiting() -> None:
    """Let connections of this process to SQLite databases in WAL mode commit without a sync; to be called once."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    if not event.contains(Engine, "connect", _relax):
        event.listen(Engine, "connect", _relax)


def _relax(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        if mode == "wal":
            connection.execute("PRAGMA synchronous = NORMAL")
