"""The entries of the benchmark in the store: which are there, and the evaluation of those that are not.

An entry is one surrogate on one left-out system (see cached_entries.py for how it is stored).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bmg_assets.execution.search_pool import side_by_side
from bmg_assets.store.store import Store
from bmg_assets.store.tables.evidence import LEFT_OUT_ALLOYS, LEFT_OUT_SCORES
from bmg_assets.studies.cached_entries import CachedEntry

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.evidence.benchmark import Benchmark, Entry, EvaluationSet

BENCHMARK_VERSION = "7"
"""It is raised when a metric gives other numbers than before, or a system is of another split; surrogates have versions
of their own."""


@dataclass(frozen=True)
class BenchmarkWork:
    """What entries are evaluated with."""

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
        system, part = entry.left_out.target.key, self.name_of(entry)
        return CachedEntry(LEFT_OUT_SCORES.name, system, part, self.made_from(entry), (LEFT_OUT_ALLOYS.name,))

    def name_of(self, entry: Entry) -> str:
        """Name of an entry in the store."""
        return f"{entry.surrogate.name}-{self.benchmark.name}"


def evaluate_entries(
    store: Store, work: BenchmarkWork, entries: Sequence[Entry], say: Callable[[str], None] = lambda _: None
) -> int:
    """Evaluate what is not there, side by side; return the number of entries that were evaluated.

    Args:
        entries: the longest first, so that no core waits at the end.
        say: is called with a sentence for each entry that is done.
    """
    from bmg_assets.science.evidence.benchmark import evaluate_entry

    def store_entry(entry: Entry, result: tuple[pd.DataFrame, pd.DataFrame], progress: str) -> None:
        scores, predictions = (
            frame.rename(columns={"left_out_system": "target_system"}).assign(entry=work.name_of(entry))
            for frame in result
        )
        work.cached(entry).write(store, scores, left_out_alloys=predictions)
        say(f"{entry.surrogate.name} on {entry.left_out.target.key}: {progress} entries")

    missing = [entry for entry in entries if not work.cached(entry).is_in(store)]
    side_by_side(partial(evaluate_entry, work.benchmark, work.data), [(entry, entry) for entry in missing], store_entry)
    return len(missing)


def stored_scores(store: Store, work: BenchmarkWork, entries: Sequence[Entry]) -> pd.DataFrame:
    """The scores of all entries in long form."""
    return _stored(LEFT_OUT_SCORES.name, store, work, entries)


def stored_predictions(store: Store, work: BenchmarkWork, entries: Sequence[Entry]) -> pd.DataFrame:
    """The prediction for each alloy of the left-out systems, and what is reported."""
    return _stored(LEFT_OUT_ALLOYS.name, store, work, entries)


def _stored(table: str, store: Store, work: BenchmarkWork, entries: Sequence[Entry]) -> pd.DataFrame:
    import pandas as pd

    read = [work.cached(entry).read(store, table) for entry in entries]
    return pd.concat(read, ignore_index=True).rename(columns={"target_system": "left_out_system"})
