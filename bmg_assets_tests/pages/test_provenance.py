"""Where the numbers of a page come from."""

from importlib.metadata import version

import pandas as pd

from bmg_assets.pages.provenance import library_versions, literature_in_words, sources_of
from bmg_assets.settings import PROJECT
from bmg_assets.sources.declaration import read_declarations

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


def test_the_literature_in_words_says_how_to_get_more_than_the_starter_table() -> None:
    declared = read_declarations(PROJECT / "data" / "literature" / "sources.yaml")
    starter = literature_in_words(209, REPORTS.assign(source="starter"), declared)
    assert starter.startswith("Literature: 209 alloys from starter (Starter table")
    assert "`bmg data`, then `bmg literature`" in starter
    both = literature_in_words(6395, REPORTS.assign(source=["starter", *["ml_bmg_gfa"] * 4]), declared)
    assert "6,395 alloys from starter (" in both
    assert "ml_bmg_gfa (Training table of Xu et al." in both
    assert "bmg data" not in both
    many = literature_in_words(9262, REPORTS.assign(source=["a", "b", "c", "d", "a"]), declared)
    assert many == "Literature: 9,262 alloys from 4 sources: a, b, c, d."
