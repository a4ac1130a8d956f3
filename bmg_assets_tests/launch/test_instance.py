"""Where Dagster keeps its history, and what becomes of a place that cannot be used."""

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bmg_assets.launch.database import DatabaseError
from bmg_assets.launch.instance import (
    INSTANCE_SETTINGS,
    WRITTEN_BY_US,
    DagsterStorageError,
    deployment_instance,
    prepare_home,
)
from bmg_assets.settings import COMMITTED, SettingError
from bmg_assets_tests.launch.several import set_several


@pytest.mark.parametrize("text", [None, "", " "])
def test_without_a_home_it_is_in_the_data_folder_with_the_settings_of_the_package(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BMG_DATA", str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", text or "")
    if text is None:
        monkeypatch.delenv("DAGSTER_HOME")
    assert prepare_home() == os.environ["DAGSTER_HOME"] == str(tmp_path / "dagster_home")
    settings = tmp_path / "dagster_home" / INSTANCE_SETTINGS
    assert settings.read_bytes() == (COMMITTED / "dagster_home" / INSTANCE_SETTINGS).read_bytes()
    settings.write_text("telemetry: {enabled: false}\n")
    prepare_home()
    assert settings.read_text() == "telemetry: {enabled: false}\n"


def test_a_home_that_cannot_be_made_ends_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_folder(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(Path, "mkdir", no_folder)
    with pytest.raises(
        SettingError, match=r"folder .*home cannot be made \(Permission denied\); fix that, or set DAGST"
    ):
        prepare_home()


def test_a_relative_home_is_refused_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", "home")
    with pytest.raises(SettingError, match=f"expected an absolute path.* write '{tmp_path / 'home'}'"):
        prepare_home()
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of Dagster in which a system is registered."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    with deployment_instance() as instance:
        instance.add_dynamic_partitions("target_system", ["Zr-Al-Cu"])
    return tmp_path / "home"


def use_storage() -> None:
    with deployment_instance() as instance:
        instance.get_dynamic_partitions("target_system")
        instance.get_runs()


@pytest.mark.parametrize("file", ["history/runs.db", "history/runs/index.db"])
@pytest.mark.parametrize("harm", [lambda data: data[:5000], lambda data: b"no database" * 500, lambda data: data[::-1]])
def test_damaged_storage_of_dagster_is_one_sentence_with_its_file(
    home: Path, file: str, harm: Callable[[bytes], bytes]
) -> None:
    (path,) = [path for path in home.rglob("*.db") if str(path).endswith(file)]
    for log in path.parent.glob(f"{path.name}-*"):
        log.unlink()
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(DagsterStorageError) as told:
        use_storage()
    assert str(path) in str(told.value)
    assert "move the file away" in str(told.value)
    assert "\n" not in str(told.value)


def test_a_full_disk_below_dagster_is_one_sentence(home: Path) -> None:
    def fill(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    event.listen(Engine, "connect", fill)
    try:
        with pytest.raises(DagsterStorageError, match="disk is full") as told, deployment_instance() as instance:
            instance.add_dynamic_partitions("target_system", [f"Zr-Al-{number}" for number in range(5000)])
    finally:
        event.remove(Engine, "connect", fill)
    assert str(home) in str(told.value)
    assert "\n" not in str(told.value)


def test_other_errors_stay_what_they_are(home: Path) -> None:
    with pytest.raises(ZeroDivisionError), deployment_instance():
        raise ZeroDivisionError
    with pytest.raises(SettingError), deployment_instance():
        raise SettingError("a sentence of ours")


def test_several_machines_have_the_settings_of_one_with_another_storage_and_launcher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_several(monkeypatch, tmp_path, BMG_RUNS="3")
    settings = Path(prepare_home()) / INSTANCE_SETTINGS
    assert settings.parent == tmp_path / "data" / "dagster_home_machines"
    found = yaml.safe_load(settings.read_text())
    committed = yaml.safe_load((COMMITTED / "dagster_home" / INSTANCE_SETTINGS).read_text())
    assert found["storage"] == {"postgres": {"postgres_url": {"env": "BMG_DATABASE"}}}
    assert "secret" not in settings.read_text()
    assert found["concurrency"]["runs"]["max_concurrent_runs"] == 3
    assert found["concurrency"]["pools"] == committed["concurrency"]["pools"]
    monkeypatch.setenv("BMG_RUNS", "5")
    prepare_home()
    assert yaml.safe_load(settings.read_text())["concurrency"]["runs"]["max_concurrent_runs"] == 5
    own = settings.read_text().replace(WRITTEN_BY_US, "").replace("max_retries: 3", "max_retries: 1")
    settings.write_text(own)
    prepare_home()
    assert settings.read_text() == own


def test_a_home_of_one_machine_is_refused_for_several_and_the_other_way_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "one"))
    prepare_home()
    with pytest.MonkeyPatch.context() as patch:
        set_several(patch, tmp_path)
        patch.setenv("DAGSTER_HOME", str(tmp_path / "one"))
        with pytest.raises(
            SettingError, match=r"^BMG_DATABASE is set, but .* is of a deployment of one machine: let DA"
        ):
            prepare_home()
        patch.setenv("DAGSTER_HOME", str(tmp_path / "several"))
        prepare_home()
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "several"))
    with pytest.raises(SettingError, match=r"is of a deployment of several machines, but BMG_DATABASE is not set"):
        prepare_home()


def test_a_database_that_is_away_ends_a_command_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_several(monkeypatch, tmp_path)
    began = time.monotonic()
    with pytest.raises(DatabaseError, match=r"of BMG_DATABASE cannot be used"), deployment_instance():
        pass
    assert time.monotonic() - began < 8
