"""Fixtures of the tests of downloads."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bmg_assets_tests.sources.file_server import file_server


@pytest.fixture
def server() -> Iterator[str]:
    """Address of a running server."""
    with file_server() as address:
        yield address


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"
