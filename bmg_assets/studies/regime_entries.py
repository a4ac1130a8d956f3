"""The entries of the evidence by regimes in the store: which are there, and the evaluation of the others.

An entry is one surrogate, learnt from one literature (see cached_entries.py). Newcomers and time splits are entries of
the evidence on the literature, and the paper's surrogate is evaluated by those of the benchmark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bmg_assets.execution.search_pool import side_by_side
from bmg_assets.store.store import Store
from bmg_assets.store.tables.evidence import REGIME_ALLOYS, REGIME_SCORES
from bmg_assets.studies.cached_entries import CachedEntry

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.evidence.learnt_alloys import LearntAlloys
    from bmg_assets.science.evidence.literature_entries import LiteratureData
    from bmg_assets.science.evidence.regime_entries import RegimeEntry

REGIME_EVIDENCE_VERSION = "1"
"""It is raised when a metric gives other numbers than before; surrogates have versions of their own."""


@dataclass(frozen=True)
class RegimeWork:
    """What entries are evaluated with."""

    data: LiteratureData
    literature: str
    """Identity of the reports."""

    @classmethod
    def on(cls, data: LiteratureData) -> RegimeWork:
        """Work on these reports."""
        from bmg_assets.science.fingerprints import fingerprint_parts, fingerprint_table

        learnt = data.reports[["source", "composition", "status", "kind", "glass_class", "dmax_mm", "year"]]
        return cls(data, fingerprint_parts(fingerprint_table(learnt), data.judge.seed))

    def cached(self, entry: RegimeEntry) -> CachedEntry:
        """An entry in the store, as it is wanted."""
        made_from = f"{self.literature}; version {REGIME_EVIDENCE_VERSION}; {entry.made_from}"
        return CachedEntry(REGIME_SCORES.name, None, entry.name, made_from, (REGIME_ALLOYS.name,))


def evaluate_regime_entries(
    store: Store, work: RegimeWork, entries: Sequence[RegimeEntry], say: Callable[[str], None] = lambda _: None
) -> int:
    """Evaluate what is not there, side by side; return the number of entries that were evaluated.

    Args:
        entries: the longest first, so that no core waits at the end.
        say: is called with a sentence for each entry that is done.
    """
    from bmg_assets.science.evidence.literature_entries import learnt_from

    missing = [entry for entry in entries if not work.cached(entry).is_in(store)]
    learnt = {entry.variant.name: learnt_from(work.data, entry.variant) for entry in missing}

    def store_entry(entry: RegimeEntry, result: tuple[pd.DataFrame, pd.DataFrame], progress: str) -> None:
        scores, predictions = (frame.assign(literature=entry.variant.name, entry=entry.name) for frame in result)
        work.cached(entry).write(store, scores.assign(seed=work.data.judge.seed), regime_alloys=predictions)
        say(f"{entry.name}: {progress} evaluations")

    jobs = [(entry, (learnt[entry.variant.name], entry.strategy)) for entry in missing]
    side_by_side(partial(_evaluate, work.data.judge.seed), jobs, store_entry)
    return len(missing)


def _evaluate(seed: int, job: tuple[LearntAlloys, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    from bmg_assets.science.evidence.regime_evaluation import evaluate_regimes

    return evaluate_regimes(*job, seed)


def scores_of_later(
    store: Store, work: RegimeWork, quick: bool, say: Callable[[str], None] = lambda _: None
) -> pd.DataFrame:
    """Evaluate newcomers and what was found later where that is not there; their scores in the form of the others."""
    from bmg_assets.science.evidence.literature_entries import literature_entries
    from bmg_assets.science.evidence.regime_entries import entries_of_later
    from bmg_assets.science.evidence.regime_summary import literature_scores_as_regimes
    from bmg_assets.studies.literature_entries import LiteratureWork, evaluate_literature, stored_literature_scores

    of_literature = LiteratureWork.on(work.data)
    sources = [str(name) for name in work.data.reports["source"].unique()]
    entries = entries_of_later(literature_entries(work.data.reports, sources, quick=False), quick)
    evaluate_literature(store, of_literature, entries, say)
    return literature_scores_as_regimes(stored_literature_scores(store, of_literature, entries))


def scores_of_paper(
    store: Store,
    alloys: pd.DataFrame,
    descriptors: pd.DataFrame,
    seed: int,
    say: Callable[[str], None] = lambda _: None,
) -> pd.DataFrame:
    """Evaluate the paper's surrogate on the left-out systems where that is not there; its scores in that form.

    Args:
        alloys, descriptors: tables of the literature.
    """
    from bmg_assets.science.descriptors.elements import element_tables
    from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS
    from bmg_assets.science.evidence.benchmark import entries_of, evaluation_set
    from bmg_assets.science.evidence.literature_variants import WHOLE
    from bmg_assets.science.evidence.regime_entries import paper_benchmark, paper_scores
    from bmg_assets.science.surrogates.catalogue import PAPER
    from bmg_assets.studies.benchmark_entries import BenchmarkWork, evaluate_entries, stored_predictions, stored_scores

    tables = element_tables(descriptors["element_tables"].iloc[0])
    data = evaluation_set(alloys, descriptors, tables, PAPER_DESCRIPTORS)
    work = BenchmarkWork.on(data, paper_benchmark(seed))
    entries = entries_of(work.benchmark, data, [PAPER])
    evaluate_entries(store, work, entries, say)
    scores, predictions = (stored(store, work, entries) for stored in (stored_scores, stored_predictions))
    return paper_scores(scores, predictions, alloys).assign(literature=WHOLE)


def stored_regime_scores(store: Store, work: RegimeWork, entries: Sequence[RegimeEntry]) -> pd.DataFrame:
    """The scores of all entries in long form."""
    return _stored(REGIME_SCORES.name, store, work, entries)


def stored_regime_alloys(store: Store, work: RegimeWork, entries: Sequence[RegimeEntry]) -> pd.DataFrame:
    """The prediction for each alloy in each regime, and what is reported."""
    return _stored(REGIME_ALLOYS.name, store, work, entries)


def _stored(table: str, store: Store, work: RegimeWork, entries: Sequence[RegimeEntry]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([work.cached(entry).read(store, table) for entry in entries], ignore_index=True)
