"""Dagster instances with the project's settings, and runs in them."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from bmg_assets.launch.instance import INSTANCE_SETTINGS
from bmg_assets.settings import PROJECT

SETTINGS = PROJECT / "data" / "dagster_home" / INSTANCE_SETTINGS


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A DAGSTER_HOME with the project's settings."""
    (tmp_path / INSTANCE_SETTINGS).write_text(SETTINGS.read_text())
    return tmp_path


@pytest.fixture
def deployed(home: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield instance


def run_of(system: str, status: dg.DagsterRunStatus, **tags: str) -> dg.DagsterRun:
    return dg.DagsterRun("system_job", tags={"dagster/partition": system, **tags}, status=status)
