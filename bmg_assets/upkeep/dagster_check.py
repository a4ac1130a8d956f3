"""Whether Dagster's storage can be read: its SQLite files hold the run history and the registered systems."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from bmg_assets.upkeep.findings import Finding

REMEDY = (
    "stop `bmg ui` and all runs and move the file away: Dagster makes it anew without its history, and `bmg restore` "
    "registers the systems again"
)

WHOLE_HISTORY = ("runs.db", "index.db", "schedules.db")
"""The files of more than one run. That of a run which was killed when it began may be empty."""


def findings_of_dagster(home: Path) -> Iterator[Finding]:
    """Every SQLite file below Dagster's folder that is damaged.

    Args:
        home: it need not exist.
    """
    for path in sorted(home.rglob("*.db")):
        what = _fault_in(path)
        if what is not None:
            yield Finding(str(path), what, REMEDY)


def _fault_in(path: Path) -> str | None:
    """What SQLite finds wrong with a database, in its words; None for a sound one, or one removed meanwhile."""
    try:
        # Not immutable: what lies in the write-ahead log counts, and another process may write.
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=30)
    except sqlite3.Error as error:
        return f"cannot be opened ({error})" if path.exists() else None
    try:
        (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        return f"cannot be read ({error})" if path.exists() else None
    finally:
        connection.close()
    if answer != "ok":
        return f"is damaged ({answer})"
    return None if tables or path.name not in WHOLE_HISTORY or _was_never_finished(path) else "is empty"


def _was_never_finished(path: Path) -> bool:
    """Whether a process was killed while it made this file: the one that Dagster makes next is not there.

    The next command makes its tables.
    """
    following = {"runs.db": path.parent / "runs/index.db", "index.db": path.parents[2] / "schedules/schedules.db"}
    return path.name in following and not following[path.name].exists()
