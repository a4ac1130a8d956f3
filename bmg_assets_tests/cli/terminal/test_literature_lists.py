"""What `bmg data` tells before it downloads anything."""

from dataclasses import replace
from pathlib import Path

from bmg_assets.cli.terminal.literature_lists import list_of_downloads
from bmg_assets.sources.recommended_set import Planned

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
