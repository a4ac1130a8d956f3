"""Fixtures of the tests of backups."""

from pathlib import Path

import pytest

from bmg_assets.settings import Locations
from bmg_assets_tests.upkeep.deployments import filled_deployment, places_in


@pytest.fixture(autouse=True)
def _dagster_in_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)


@pytest.fixture
def places(tmp_path: Path) -> Locations:
    """A deployment with casts and predictions."""
    return filled_deployment(tmp_path / "data")


@pytest.fixture
def empty(tmp_path: Path) -> Locations:
    """An empty machine."""
    return places_in(tmp_path / "elsewhere")
