"""What `bmg data` tells before it downloads anything, and what `bmg literature` counts."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from bmg_assets.cli.terminal.literature_lists import list_of_downloads, literature_for_people
from bmg_assets.science.literature.merging import merge_alloys
from bmg_assets.science.literature.tallies import tallies_of
from bmg_assets.sources.recommended_set import Planned
from bmg_assets_tests.science.literature.report_frames import reports_of

CACHE = Path("cache")
KNOWN = Planned("mdf_v5", "Metallic glasses with the papers that report them", 2_316_938, "none stated", is_here=False)
UNKNOWN = Planned("other", "A set of unknown size", None, "GPL-3.0", is_here=False)


def test_sizes_and_licences_are_told_and_summed() -> None:
    words = list_of_downloads([KNOWN, UNKNOWN, replace(KNOWN, name="here", is_here=True)], CACHE, 100)
    assert max(map(len, words.splitlines())) <= 100
    rows = {line.split()[0]: line for line in words.splitlines() if line}
    assert "2,317" in rows["mdf_v5"]
    assert "none stated" in rows["mdf_v5"]
    assert rows["other"].split()[-2:] == ["unknown", "GPL-3.0"]
    assert rows["here"].endswith("yes")
    assert words.endswith("To be downloaded into cache: 2 file(s), 2.3 MB, 1 of unknown size.")


def test_what_is_there_is_only_verified() -> None:
    words = list_of_downloads([replace(KNOWN, is_here=True)], CACHE, 100)
    assert words.endswith("All of it is in cache already and is verified again.")


def test_what_each_source_brought_fits_and_is_summed() -> None:
    reports = pd.concat(
        [
            reports_of(("Zr50Cu50", "BMG", "2"), ("Zr50Cu60", "AM"), source="one"),
            reports_of(("Zr50Cu50", "AM"), ("Pd80Si20", "AM"), source="another"),
        ],
        ignore_index=True,
    )
    alloys = merge_alloys(reports)
    words = literature_for_people(tallies_of(reports, alloys), len(alloys), 100)
    assert max(map(len, words.splitlines())) <= 100
    lines = [line.split() for line in words.splitlines()]
    assert ["one", "2", "1", "0", "0", "1", "1", "0", "1", "0", "0"] in lines
    assert ["together", "4", "3", "0", "0", "1", "2", "1", "2", "0", "0"] in lines
    assert ["together", "2", "1"] in lines, "kinds"
    assert ["unknown", "3", "2", "1"] in lines, "decades"
    assert "different classes" in words
    assert "implausible sum" in words


def test_a_literature_that_lost_nothing_says_nothing_of_losses() -> None:
    reports = reports_of(("Zr50Cu50", "BMG", "2"))
    alloys = merge_alloys(reports)
    words = literature_for_people(tallies_of(reports, alloys), len(alloys), 100)
    assert "Lost" not in words
    assert "together" not in words
