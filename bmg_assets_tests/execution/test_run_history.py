"""Commits of the run history do not wait for the disk, where that cannot harm the database."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine

from bmg_assets.execution import run_history

NORMAL = 1


@pytest.mark.parametrize("mode, is_relaxed", [("wal", True), ("delete", False)])
def test_only_a_database_in_wal_mode_is_relaxed(tmp_path: Path, mode: str, is_relaxed: bool) -> None:
    url = f"sqlite:///{tmp_path / 'history.db'}"
    with create_engine(url).connect() as connection:
        connection.execute(text(f"PRAGMA journal_mode = {mode}"))
    there_before = event.contains(Engine, "connect", run_history._relax)
    run_history.commit_without_waiting()
    run_history.commit_without_waiting()
    try:
        with create_engine(url).connect() as connection:
            assert (connection.execute(text("PRAGMA synchronous")).scalar() == NORMAL) is is_relaxed
    finally:
        if not there_before:
            event.remove(Engine, "connect", run_history._relax)
