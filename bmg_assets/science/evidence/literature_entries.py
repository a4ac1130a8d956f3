"""The evidence on the literature as pieces of work: one variant, learnt once and judged in every test."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from bmg_assets.science.errors import BmgError
from bmg_assets.science.evidence.drawn_splits import DEVELOPMENT_SYSTEMS, RELEASE_SYSTEMS
from bmg_assets.science.evidence.judged_alloys import Judged, judged_alloys, mixed_systems
from bmg_assets.science.evidence.learners import EQUIATOMIC, RANKS, VERSIONS, fitted_learners
from bmg_assets.science.evidence.learnt_alloys import LearntAlloys
from bmg_assets.science.evidence.left_out import FEWEST_ALLOYS
from bmg_assets.science.evidence.left_out_literature import left_out_scores
from bmg_assets.science.evidence.literature_scores import as_literature_scores
from bmg_assets.science.evidence.literature_variants import (
    PAPER,
    PAPER_SOURCE,
    RECOMMENDED,
    WHOLE,
    WITHOUT,
    Variant,
    alloys_of,
    as_if_all_taught,
    variants,
)
from bmg_assets.science.evidence.newcomers import newcomer_scores, newcomers
from bmg_assets.science.evidence.time_split import YEARS, known_systems, later_alloys, time_split_scores
from bmg_assets.science.fingerprints import fingerprint_arrays
from bmg_assets.science.literature.curation import ReportOrigin

QUICK_YEARS = (2005,)
FEWEST_DATED_REPORTS = 50
"""A source with fewer reports that have a year changes nothing in a time split."""
COMPARES_VARIANTS = ("transfer",)
"""Enough to compare one variant with another."""
NOT_FITTED = ("nearest", EQUIATOMIC)
OTHER_PROCESS = ("composite",)
GROWN_ANEW = ("weighted", RANKS)
"""Strategies that need a forest for each set of systems left out."""
OF_ALL_STRATEGIES = (WHOLE, PAPER, RECOMMENDED)
"""Variants on which the strategies are compared."""


class NoPublishedSetError(BmgError):
    """The literature at hand cannot be taken apart."""


@dataclass(frozen=True)
class Judge:
    """By what all entries are judged."""

    judged: Judged
    left_out: tuple[str, ...]
    """Systems that are left out."""
    newcomers: tuple[str, ...]
    seed: int
    """Of the trees."""


@dataclass(frozen=True)
class LiteratureData:
    """What all entries are made from."""

    reports: pd.DataFrame
    """The table `reports` of all sources at hand, as if all of them taught."""
    origins: tuple[ReportOrigin, ...]
    """Of the sources, in the order in which they count."""
    judge: Judge


@dataclass(frozen=True)
class LiteratureEntry:
    """A variant, and what is fitted to it."""

    variant: Variant
    strategies: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name of the entry in the store."""
        year = f"-{self.variant.until}" if self.variant.until is not None else ""
        return f"{self.variant.name}{year}-{self.strategies[0]}"

    @property
    def made_from(self) -> str:
        """Identity of the variant and of the code behind its strategies."""
        versions = {name: VERSIONS[name] for name in ("composite", "weighted", *self.strategies) if name in VERSIONS}
        return f"{self.variant.made_from}; {self.strategies}; surrogates {versions}"


def literature_data(reports: pd.DataFrame, origins: Sequence[ReportOrigin], seed: int) -> LiteratureData:
    """What the whole literature gives to judge by.

    Args:
        reports: the table `reports`.
        origins: of its sources, in the order in which they count.
        seed: of the trees.

    Raises:
        NoPublishedSetError: it is not the paper's set with others beside it.
    """
    sources = tuple(reports["source"].unique())
    if PAPER_SOURCE not in sources or len(sources) < 2:
        raise NoPublishedSetError(
            f"The literature at hand is {', '.join(sources)}, but the evidence compares the paper's set "
            f"({PAPER_SOURCE}) with others; take in the published sets (`bmg data`, then `bmg literature`)."
        )
    taught = as_if_all_taught(reports)
    judged = judged_alloys(alloys_of(taught, origins, Variant(WHOLE, sources)))
    known = set(alloys_of(taught, origins, Variant(PAPER, (PAPER_SOURCE,)))["chemical_system"])
    left_out = tuple(name for name in mixed_systems(judged, FEWEST_ALLOYS) if name in DEVELOPMENT_SYSTEMS)
    return LiteratureData(taught, tuple(origins), Judge(judged, left_out, tuple(newcomers(judged, known)), seed))


def literature_entries(reports: pd.DataFrame, teaching: Collection[str], quick: bool) -> list[LiteratureEntry]:
    """All entries, the most telling first.

    Args:
        reports: the table `reports` of all sources at hand.
        teaching: sources whose reports train today.
        quick: no trees, no single sources beside the paper's, one year.
    """
    sources = tuple(reports["source"].unique())
    found = variants(sources, [name for name in sources if name in teaching], quick)
    dated = reports[reports["year"].notna()]["source"].value_counts()
    tells_time = {WITHOUT + name for name in sources if dated.get(name, 0) >= FEWEST_DATED_REPORTS}
    years = QUICK_YEARS if quick else YEARS
    splits = [
        replace(variant, until=year)
        for variant in found
        if variant.name in (WHOLE, RECOMMENDED) or (not quick and variant.name in tells_time)
        for year in years
    ]
    entries = []
    for variant in (*found, *splits):
        entries.append(LiteratureEntry(variant, COMPARES_VARIANTS))
        if variant.name in OF_ALL_STRATEGIES:
            others = (NOT_FITTED,) if quick else (NOT_FITTED, OTHER_PROCESS, GROWN_ANEW)
            entries += [LiteratureEntry(variant, strategies) for strategies in others]
    return entries


def learnt_in(data: LiteratureData, entry: LiteratureEntry) -> LearntAlloys:
    """The alloys that an entry learns from."""
    return learnt_from(data, entry.variant)


def learnt_from(data: LiteratureData, variant: Variant) -> LearntAlloys:
    """The alloys that a variant of the literature teaches."""
    return LearntAlloys.of(alloys_of(data.reports, data.origins, variant), data.judge.judged.compositions.elements)


@dataclass(frozen=True)
class LearntEntry:
    """Strategies, and the alloys that they are fitted to: all that the scores of an entry follow from."""

    learnt: LearntAlloys
    strategies: tuple[str, ...]
    year: int | None

    @property
    def identity(self) -> str:
        """Variants that teach the same have the same identity, and need one evaluation."""
        alloys = self.learnt.alloys
        learnt = fingerprint_arrays(alloys.compositions.fractions, alloys.dmax_mm)
        return f"{learnt}; {self.strategies}; {self.year}"


def evaluate_literature_entry(judge: Judge, entry: LearntEntry) -> pd.DataFrame:
    """Fit, and judge in all tests; the scores with LITERATURE_SCORE_COLUMNS."""
    learners = fitted_learners(entry.strategies, entry.learnt.alloys, judge.seed)
    if entry.year is not None:
        later = later_alloys(judge.judged, entry.year, RELEASE_SYSTEMS)
        known = known_systems(judge.judged, entry.learnt, entry.year)
        return as_literature_scores(time_split_scores(learners, entry.learnt, later, known, entry.year))
    together = entry.strategies == GROWN_ANEW
    rows = left_out_scores(learners, entry.learnt, judge.judged, judge.left_out, together)
    rows += newcomer_scores(learners, entry.learnt, judge.judged, judge.newcomers, together)
    return as_literature_scores(rows)
