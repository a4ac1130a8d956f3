"""Where Dagster keeps its history, and what becomes of a place that cannot be used."""

import os
from pathlib import Path

import pytest

from bmg_assets.launch.instance import INSTANCE_SETTINGS, prepare_home
from bmg_assets.settings import COMMITTED, SettingError


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
