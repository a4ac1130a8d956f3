"""Of which entries each evidence is summed up, and which entries a partition key stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bmg_assets.science.errors import BmgError
from bmg_assets.settings import BenchmarkChoices, EvidencePartsChoices, Locations
from bmg_assets.studies.atlas_rankings import AtlasRankingWork
from bmg_assets.studies.benchmark_entries import BenchmarkWork, benchmark_part
from bmg_assets.studies.campaign_entries import CampaignWork
from bmg_assets.studies.evaluations import AFTER_KIND, BETWEEN_ENTRIES, Part
from bmg_assets.studies.literature_entries import LiteratureWork
from bmg_assets.studies.regime_entries import RegimeWork

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.evidence.literature_entries import LiteratureData
    from bmg_assets.sources.declaration import SourceDeclaration

    Tables = Callable[[str], pd.DataFrame]
    """Gives a table of the literature by its name."""


class EvaluationKeyError(BmgError):
    """A partition key that stands for no entry of the evidence."""


def parts_of_benchmark(tables: Tables, choices: BenchmarkChoices, seed: int) -> list[Part[BenchmarkWork]]:
    """The chosen surrogates on the systems of the chosen benchmark.

    Raises:
        UnknownBenchmarkError, UnknownSurrogateError: there is no such benchmark or surrogate.
        NothingToEvaluateError: the literature has no system that could be left out.
    """
    from bmg_assets.science.evidence.benchmark import benchmark_named
    from bmg_assets.science.surrogates.catalogue import SURROGATES, surrogate_named

    surrogates = [surrogate_named(name) for name in choices.strategies or SURROGATES]
    benchmark = benchmark_named(choices.contest, seed, choices.with_release)
    return [benchmark_part(tables("alloys"), tables("descriptors"), benchmark, surrogates)]


def parts_of_literature(tables: Tables, choices: EvidencePartsChoices, seed: int) -> list[Part[LiteratureWork]]:
    """All variants of the literature; raises NoPublishedSetError, DeclarationError."""
    from bmg_assets.science.evidence.literature_entries import literature_entries

    teaching = [name for name, source in _declarations().items() if source.teaches]
    work = LiteratureWork.on(_literature_data(tables, seed))
    return [Part(work, literature_entries(tables("reports"), teaching, choices.only_quick_parts))]


def parts_of_regimes(tables: Tables, choices: EvidencePartsChoices, seed: int) -> list[Part[Any]]:
    """The regimes; newcomers and what was found later; but for the quick form, the paper's surrogate.

    Raises:
        NoPublishedSetError, DeclarationError: as `parts_of_literature`.
        NothingToEvaluateError: the literature has no system that could be left out.
    """
    from bmg_assets.science.evidence.literature_entries import literature_entries
    from bmg_assets.science.evidence.regime_entries import entries_of_later

    data, quick = _literature_data(tables, seed), choices.only_quick_parts
    sources = [str(name) for name in data.reports["source"].unique()]
    later = entries_of_later(literature_entries(data.reports, sources, quick=False), quick)
    found: list[Part[Any]] = [_regimes(data, quick), Part(LiteratureWork.on(data), later)]
    return found if quick else [*found, _paper_in_regimes(tables, seed)]


def parts_of_campaigns(tables: Tables, choices: EvidencePartsChoices, seed: int) -> list[Part[CampaignWork]]:
    """All campaigns; raises NoCampaignError."""
    from bmg_assets.science.evidence.campaign_entries import campaign_data, campaign_entries

    data = campaign_data(tables("alloys"), seed)
    return [Part(CampaignWork(data), campaign_entries(data, choices.only_quick_parts))]


def parts_of_atlas(tables: Tables, choices: EvidencePartsChoices, seed: int) -> list[Part[AtlasRankingWork]]:
    """The tests of the atlas; raises NoPublishedSetError, DeclarationError."""
    from bmg_assets.science.evidence.system_rankings import system_tests

    data = _literature_data(tables, seed)
    tests = system_tests([str(name) for name in data.reports["source"].unique()], choices.only_quick_parts)
    return [Part(AtlasRankingWork.on(data), tests)]


def part_of_key(key: str, tables: Tables, seed: int) -> Part[Any]:
    """The entries that a partition key stands for, like `regimes/paper-composite`.

    Raises:
        EvaluationKeyError: the literature at hand has no such entry.
        BmgError: as the parts of its evidence.
    """
    kind, _, names = key.partition(AFTER_KIND)
    wanted = names.split(BETWEEN_ENTRIES)
    for part in _all_of_kind(kind, tables, seed):
        if part.by_name.keys() >= set(wanted):
            return part.named(wanted)
    raise EvaluationKeyError(
        f"'{key}' is no entry of the evidence with this literature: `bmg evidence --spread` registers those that are "
        "missing; remove this key."
    )


def _all_of_kind(kind: str, tables: Tables, seed: int) -> Iterator[Part[Any]]:
    """Every entry of a kind that any form of an evidence has."""
    if kind == BenchmarkWork.kind:
        yield from parts_of_benchmark(tables, BenchmarkChoices(with_release=True), seed)
        yield _paper_in_regimes(tables, seed)
        yield from parts_of_benchmark(tables, BenchmarkChoices(contest="quick"), seed)
    elif kind == LiteratureWork.kind:
        # It has the newcomers and time splits of the regimes, too.
        yield from parts_of_literature(tables, EvidencePartsChoices(), seed)
    elif kind == RegimeWork.kind:
        yield _regimes(_literature_data(tables, seed), quick=False)
    elif kind == AtlasRankingWork.kind:
        yield from parts_of_atlas(tables, EvidencePartsChoices(), seed)
    elif kind == CampaignWork.kind:
        yield from parts_of_campaigns(tables, EvidencePartsChoices(), seed)
        yield from parts_of_campaigns(tables, EvidencePartsChoices(only_quick_parts=True), seed)


def _literature_data(tables: Tables, seed: int) -> LiteratureData:
    from bmg_assets.science.evidence.literature_entries import literature_data

    reports, declarations = tables("reports"), _declarations()
    at_hand = set(reports["source"])
    return literature_data(reports, [one.origin for name, one in declarations.items() if name in at_hand], seed)


def _declarations() -> Mapping[str, SourceDeclaration]:
    from bmg_assets.sources.declaration import read_declarations

    return read_declarations(Locations.from_environment().literature / "sources.yaml")


def _regimes(data: LiteratureData, quick: bool) -> Part[RegimeWork]:
    from bmg_assets.science.evidence.regime_entries import regime_entries

    return Part(RegimeWork.on(data), regime_entries(tuple(data.reports["source"].unique()), quick))


def _paper_in_regimes(tables: Tables, seed: int) -> Part[BenchmarkWork]:
    from bmg_assets.science.evidence.regime_entries import paper_benchmark
    from bmg_assets.science.surrogates.catalogue import PAPER

    return benchmark_part(tables("alloys"), tables("descriptors"), paper_benchmark(seed), [PAPER])
