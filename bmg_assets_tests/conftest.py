"""Fixtures that every test folder shares."""

import os
from pathlib import Path

import pytest

PUBLISHED_TABLE = Path("ML_BMG_GFA") / "features_trainset_all.csv"


@pytest.fixture(scope="session")
def published_csv() -> Path:
    """The paper's published table in the download cache; the test is skipped where nobody has fetched it."""
    cache = Path(os.environ.get("BMG_DOWNLOADS", Path(__file__).parents[1] / "data" / "downloads"))
    path = cache / PUBLISHED_TABLE
    if not path.exists():
        pytest.skip(f"the published table is not in the download cache ({PUBLISHED_TABLE}): run `make data`")
    return path
