"""Dagster's SQLite files that cannot be read are named."""

import shutil
import sqlite3
from pathlib import Path

import dagster as dg
import pytest

from bmg_assets.upkeep.dagster_check import findings_of_dagster


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The storage of an instance in which systems are registered."""
    (tmp_path / "home").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "home")) as instance:
        instance.add_dynamic_partitions("target_system", [f"Zr-Al-Cu{number}" for number in range(300)])
    return tmp_path / "home"


def test_sound_files_and_no_files_are_not_named(home: Path, tmp_path: Path) -> None:
    assert any(home.rglob("*.db"))
    assert list(findings_of_dagster(home)) == []
    assert list(findings_of_dagster(tmp_path / "nowhere")) == []


def test_damaged_and_emptied_files_are_named(home: Path) -> None:
    for path in home.rglob("*.db"):
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        healthy = path.read_bytes()
        for damaged in (b"no database", b"", healthy[:4096] + b"\xff" * 4096 + healthy[8192:]):
            path.write_bytes(damaged)
            (finding,) = findings_of_dagster(home)
            assert finding.file == str(path)
            assert finding.what.startswith(("cannot be read", "is damaged", "is empty"))
            assert "`bmg restore`" in finding.remedy
        path.write_bytes(healthy)
    assert list(findings_of_dagster(home)) == []


def test_a_file_that_cannot_be_opened_is_named(home: Path) -> None:
    path = next(home.rglob("*.db"))
    path.unlink()
    path.mkdir()
    (finding,) = findings_of_dagster(home)
    assert finding.what.startswith("cannot be opened")


def test_files_whose_making_was_killed_are_no_loss(home: Path) -> None:
    """Dagster makes the file of runs, then that of events, then that of schedules."""
    shutil.rmtree(home / "schedules")
    emptied(home / "history/runs/index.db")
    assert list(findings_of_dagster(home)) == []
    shutil.rmtree(home / "history/runs")
    emptied(home / "history/runs.db")
    assert list(findings_of_dagster(home)) == []


def emptied(database: Path) -> None:
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()
    database.touch()
