"""The entries of the benchmark: one surrogate on one left-out system each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bmg_assets.store.store import Store
from bmg_assets.store.tables.evidence import LEFT_OUT_ALLOYS, LEFT_OUT_SCORES
from bmg_assets.studies.cached_entries import CachedEntry
from bmg_assets.studies.evaluations import Evaluation, Part, Work

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.evidence.benchmark import Benchmark, Entry, EvaluationSet
    from bmg_assets.science.surrogates.base import Surrogate

BENCHMARK_VERSION = "7"
"""It is raised when a metric gives other numbers than before, or a system is of another split; surrogates have versions
of their own."""


@dataclass(frozen=True)
class BenchmarkWork(Work["Entry"]):
    """What entries are evaluated with."""

    kind = "benchmark"
    benchmark: Benchmark
    data: EvaluationSet
    literature: str
    """Identity of the alloys."""

    @classmethod
    def on(cls, data: EvaluationSet, benchmark: Benchmark) -> BenchmarkWork:
        """Work on these alloys."""
        from bmg_assets.science.fingerprints import fingerprint_arrays

        alloys = data.alloys
        literature = fingerprint_arrays(alloys.compositions.fractions, alloys.compositions.descriptors, alloys.dmax_mm)
        return cls(benchmark, data, literature)

    def made_from(self, entry: Entry) -> str:
        """Identity of alloys, rules and code versions of an entry."""
        versions = f"version {BENCHMARK_VERSION}, of the surrogate {entry.surrogate.version}"
        return f"{self.literature}; {self.benchmark.rules_of_an_entry}; {versions}"

    def cached(self, entry: Entry) -> CachedEntry:
        """An entry in the store, as it is wanted."""
        system, part = entry.left_out.target.key, self._part_of(entry)
        return CachedEntry(LEFT_OUT_SCORES.name, system, part, self.made_from(entry), (LEFT_OUT_ALLOYS.name,))

    def name_of(self, entry: Entry) -> str:
        """Surrogate, benchmark and system."""
        return f"{self._part_of(entry)}/{entry.left_out.target.key}"

    def evaluations(self, entries: Sequence[Entry]) -> list[Evaluation]:
        """One for each entry."""
        from bmg_assets.science.evidence.benchmark import evaluate_entry

        return [
            Evaluation(
                self.kind,
                (self.name_of(entry),),
                partial(evaluate_entry, self.benchmark, self.data, entry),
                partial(self._keep, entry),
            )
            for entry in entries
        ]

    def _keep(self, entry: Entry, store: Store, result: tuple[pd.DataFrame, pd.DataFrame]) -> None:
        scores, predictions = (
            frame.rename(columns={"left_out_system": "target_system"}).assign(entry=self._part_of(entry))
            for frame in result
        )
        self.cached(entry).write(store, scores, left_out_alloys=predictions)

    def _part_of(self, entry: Entry) -> str:
        """Name of the part of the store's tables."""
        return f"{entry.surrogate.name}-{self.benchmark.name}"


def benchmark_part(
    alloys: pd.DataFrame, descriptors: pd.DataFrame, benchmark: Benchmark, surrogates: Sequence[Surrogate]
) -> Part[BenchmarkWork]:
    """Every one of the surrogates on every system of the benchmark.

    Args:
        alloys, descriptors: tables of the literature.

    Raises:
        NothingToEvaluateError: the literature has no system that could be left out.
    """
    from bmg_assets.science.descriptors.elements import element_tables
    from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS
    from bmg_assets.science.evidence.benchmark import entries_of, evaluation_set

    tables = element_tables(descriptors["element_tables"].iloc[0])
    data = evaluation_set(alloys, descriptors, tables, PAPER_DESCRIPTORS)
    return Part(BenchmarkWork.on(data, benchmark), entries_of(benchmark, data, surrogates))


def stored_scores(store: Store, part: Part[BenchmarkWork]) -> pd.DataFrame:
    """The scores of all entries in long form."""
    return _stored(store, part, LEFT_OUT_SCORES.name)


def stored_predictions(store: Store, part: Part[BenchmarkWork]) -> pd.DataFrame:
    """The prediction for each alloy of the left-out systems, and what is reported."""
    return _stored(store, part, LEFT_OUT_ALLOYS.name)


def _stored(store: Store, part: Part[BenchmarkWork], table: str) -> pd.DataFrame:
    return part.read(store, table).rename(columns={"target_system": "left_out_system"})
