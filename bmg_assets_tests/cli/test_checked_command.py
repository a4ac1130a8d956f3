"""Commands begin only with settings that can be, and tell every process the same places."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bmg_assets.cli.checked_command import remarks_on_places
from bmg_assets.settings import PROJECT

COMMANDS = [["list"], ["add", "Zr-Al-Cu"], ["query", "SELECT 1"], ["data"], ["ui"], ["literature"]]


def bmg(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command as a shell starts it in this folder."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("BMG_", "DAGSTER_"))}
    environment = {**kept, "PYTHONPATH": str(PROJECT), "BMG_DATA": "data", **variables}
    command = [sys.executable, "-m", "bmg_assets.cli.main", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("variables", [{"BMG_TIME_ZONE": "CEST"}, {"DAGSTER_HOME": "home"}, {"BMG_SUB_DATASET": "7"}])
def test_a_wrong_setting_ends_every_command_in_one_sentence_with_nothing_written(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    for arguments in COMMANDS:
        done = bmg(tmp_path, *arguments, **variables)
        assert (done.returncode, done.stdout) == (2, "")
        (name,) = variables
        assert done.stderr.startswith(name)
        assert done.stderr.count("\n") == 1
        assert list(tmp_path.iterdir()) == []


def test_help_needs_no_settings(tmp_path: Path) -> None:
    done = bmg(tmp_path, "run", "--help", BMG_TIME_ZONE="CEST")
    assert (done.returncode, done.stderr) == (0, "")


def test_relative_places_lie_where_the_command_was_started(tmp_path: Path) -> None:
    done = bmg(tmp_path, "add", "Zr-Al-Cu", BMG_LAB="mylab", BMG_STORE="", BMG_TIME_ZONE=" ")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "data" / "dagster_home" / "dagster.yaml").is_file()
    assert "Zr-Al-Cu" in bmg(tmp_path, "list").stdout


def test_a_history_on_a_network_file_system_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    assert list(remarks_on_places()) == []
    monkeypatch.setattr("bmg_assets.execution.machine.network_file_system", lambda path: "nfs4")
    (remark,) = remarks_on_places()
    assert remark.startswith(f"{tmp_path} lies on a network file system (nfs4)")
    assert remark.endswith("set DAGSTER_HOME to a folder of a local disk.")
