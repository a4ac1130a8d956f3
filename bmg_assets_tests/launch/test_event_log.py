"""A first command that was killed while Dagster made its storage stops no later one."""

import sqlite3
from pathlib import Path

import dagster as dg
import pytest

from bmg_assets.launch.event_log import finish_event_log
from bmg_assets.partitions import register_system, registered_systems

LAST_TABLES = ["dynamic_partitions", "asset_check_executions", "concurrency_slots", "secondary_indexes"]


def index_of(home: Path) -> Path:
    (index,) = home.rglob("index.db")
    return index


@pytest.mark.parametrize("missing", [["dynamic_partitions"], LAST_TABLES, None], ids=["one", "some", "all"])
def test_tables_that_a_killed_process_left_out_are_made(tmp_path: Path, missing: list[str] | None) -> None:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        assert registered_systems(instance) == []
    with sqlite3.connect(index_of(tmp_path)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in missing or [one for one in tables if not one.startswith("sqlite_")]:
            database.execute(f"DROP TABLE {name}")
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        finish_event_log(instance)
        register_system(instance, "Zr-Al-Cu")
        instance.report_runless_asset_event(dg.AssetMaterialization("lab_results", partition="Zr-Al-Cu"))
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        assert registered_systems(instance) == ["Zr-Al-Cu"]
        assert instance.get_latest_materialization_event(dg.AssetKey("lab_results")) is not None


def test_a_whole_log_stays_as_it_is(tmp_path: Path) -> None:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        register_system(instance, "Zr-Al-Cu")
        finish_event_log(instance)
        assert registered_systems(instance) == ["Zr-Al-Cu"]
