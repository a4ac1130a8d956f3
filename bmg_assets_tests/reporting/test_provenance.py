"""Where the numbers of a page come from."""

from importlib.metadata import version

import pandas as pd

from bmg_assets.reporting.provenance import library_versions, sources_of

REPORTS = pd.DataFrame(
    {
        "source": ["a", "a", "b", "b", "b"],
        "status": ["accepted", "refused", "accepted", "accepted", "accepted"],
        "reference": ["one paper", "one paper", "first", "second", "first"],
        "licence": ["MIT", "MIT", "none stated", "none stated", "none stated"],
    }
)


def test_sources_with_their_rows_and_files() -> None:
    a, b = sources_of(REPORTS, {"a": "aa11"}).to_dict("records")
    assert a == {
        "source": "a", "rows": 2, "used": 1, "references": "one paper", "licence": "MIT", "sha256": "aa11",
    }  # fmt: skip
    assert (b["rows"], b["used"], b["references"], b["sha256"]) == (3, 3, "2 publications", "")


def test_versions_are_those_installed() -> None:
    versions = library_versions()
    assert versions["numpy"] == version("numpy")
    assert versions["bmg-assets"]
    assert any(name.startswith("xgboost") for name in versions)
