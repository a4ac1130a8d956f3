"""The package as `pip install .` puts it elsewhere: with the committed data, and without a deployment's."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bmg_assets.settings import PROJECT

LITERATURE, ENDINGS = PROJECT / "data" / "literature", {".csv", ".yaml"}
COMMITTED = {
    *(f"bmg_assets/committed/literature/{path.name}" for path in LITERATURE.iterdir() if path.suffix in ENDINGS),
    "bmg_assets/committed/dagster_home/dagster.yaml",
    "bmg_assets/committed/evidence/regimes.csv",
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages with this one in it, built from a copy of the project."""
    project, built, site = (tmp_path_factory.mktemp(name) for name in ("project", "built", "site"))
    for name in ("bmg_assets", "data/literature", "data/evidence"):
        shutil.copytree(PROJECT / name, project / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    (project / "data" / "dagster_home").mkdir()
    for name in ("data/dagster_home/dagster.yaml", "pyproject.toml", "setup.cfg", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, project / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", str(built), str(project)], check=True, capture_output=True)
    (wheel,) = built.iterdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def bmg(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The installed command, in another folder, for a person who has set nothing."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("BMG_", "DAGSTER_"))}
    environment = {**kept, "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(folder / "home")}
    command = [sys.executable, "-m", "bmg_assets.cli.main", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_the_committed_data_travel_in_the_package(installed: Path) -> None:
    files = {str(path.relative_to(installed)) for path in installed.rglob("*") if path.is_file()}
    assert files >= COMMITTED
    assert {path for path in files if "committed" in path} == COMMITTED
    assert {path.split("/")[0] for path in files} == {"bmg_assets", "bmg_assets-0.1.0.dist-info"}


def test_the_installed_command_works_elsewhere_and_writes_nothing_into_itself(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    before = sorted(installed.rglob("*"))
    listed = bmg(installed, tmp_path, "list")
    assert listed.returncode == 0
    place = tmp_path / "home" / "bmg-data"
    assert listed.stderr == f"The data of this deployment will lie in {place}; BMG_DATA names another folder.\n"
    assert bmg(installed, tmp_path, "demo", "--help").returncode == 0
    added = bmg(installed, tmp_path, "add", "Zr-Al-Cu")
    assert (added.returncode, added.stderr) == (0, "")
    assert "Zr-Al-Cu" in bmg(installed, tmp_path, "list", "--json").stdout
    assert bmg(installed, tmp_path, "data", "nowhere").stderr.startswith("'nowhere' is not a declared source; choose")
    assert (place / "dagster_home" / "dagster.yaml").is_file()
    assert sorted(installed.rglob("*")) == before
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
