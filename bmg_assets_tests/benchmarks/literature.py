"""The whole literature: read, curated, merged and described, and what one more source costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bmg_assets.science.descriptors.describe import describe_alloys
from bmg_assets.science.literature.merging import merge_alloys
from bmg_assets.settings import Locations
from bmg_assets.sources.declaration import SourceDeclaration, read_declarations
from bmg_assets.sources.download import available_sources, choose_sources
from bmg_assets.sources.reading import read_reports
from bmg_assets_tests.benchmarks.line import Line, at_most, number, seconds
from bmg_assets_tests.benchmarks.size import Size
from bmg_assets_tests.benchmarks.timing import timed

LONGEST_S = 60
WHOLE_REPORTS = 25_000
"""Reports from which on the literature is the one that the target is about."""
SMALLEST = ["starter"]


@dataclass(frozen=True)
class Made:
    """What came of the literature, and the CPU seconds of each step."""

    reports: int
    alloys: int
    read_s: float
    merge_s: float
    describe_s: float

    @property
    def whole_s(self) -> float:
        """CPU seconds of all of it."""
        return self.read_s + self.merge_s + self.describe_s


@dataclass(frozen=True)
class Added:
    """What one more source cost."""

    source: str
    new: int
    computed: int
    spent_s: float


def run(size: Size) -> list[Line]:
    """All of it once, and the last source once more."""
    names = None if size.rows is None else SMALLEST
    made, peak = size.apart(make, names)
    is_whole = made.reports >= WHOLE_REPORTS
    lines = [
        Line(
            f"literature of {number(made.reports)} reports, {number(made.alloys)} alloys, all steps",
            f"{seconds(made.whole_s)}: read, curated and compared {seconds(made.read_s)}, merged "
            f"{seconds(made.merge_s)}, described {seconds(made.describe_s)}",
            peak_mb=peak,
            target=at_most(LONGEST_S, "s"),
            found=made.whole_s if is_whole else None,
        )
    ]
    if is_whole:
        added, _ = size.apart(add_one, names)
        lines.append(
            Line(
                f"{added.source} added to this literature, {number(added.new)} alloys new",
                f"{seconds(added.spent_s)}, {number(added.computed)} described",
                target=at_most(added.new, "described"),
                found=added.computed,
            )
        )
    return lines


def make(names: Sequence[str] | None) -> Made:
    """Read, merge and describe these sources; None reads what a run reads."""
    reports, read_s = timed(_reports, names)
    alloys, merge_s = timed(merge_alloys, reports)
    _, describe_s = timed(describe_alloys, alloys, "current")
    return Made(len(reports), len(alloys), read_s, merge_s, describe_s)


def add_one(names: Sequence[str] | None) -> Added:
    """Add the first source, which has the most alloys of its own, to the others."""
    first, *others = _names(names)
    before = describe_alloys(merge_alloys(_reports(others)), "current").table
    alloys, read_s = timed(lambda: merge_alloys(_reports([first, *others])))
    described, describe_s = timed(describe_alloys, alloys, "current", before)
    new = int((~alloys["composition"].isin(before["composition"])).sum())
    return Added(first, new, described.n_computed, read_s + describe_s)


def _names(names: Sequence[str] | None) -> list[str]:
    declarations, paths = _declared()
    return choose_sources(declarations, paths, names)


def _reports(names: Sequence[str] | None) -> pd.DataFrame:
    declarations, paths = _declared()
    return read_reports(declarations, paths, choose_sources(declarations, paths, names)).reports


def _declared() -> tuple[dict[str, SourceDeclaration], dict[str, Path]]:
    places = Locations.from_environment()
    declarations = read_declarations(places.literature / "sources.yaml")
    return declarations, available_sources(declarations, places.downloads, places.literature)
