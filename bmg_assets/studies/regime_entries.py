"""The entries of the evidence by regimes: one surrogate, learnt from one literature each.

Newcomers and time splits are entries of the evidence on the literature, and the paper's surrogate is evaluated by those
of the benchmark (see evidence_parts.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bmg_assets.store.store import Store
from bmg_assets.store.tables.evidence import LITERATURE_SCORES, REGIME_ALLOYS, REGIME_SCORES
from bmg_assets.studies.benchmark_entries import BenchmarkWork, stored_predictions, stored_scores
from bmg_assets.studies.cached_entries import CachedEntry
from bmg_assets.studies.evaluations import Evaluation, Part, Work
from bmg_assets.studies.literature_entries import LiteratureWork

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.evidence.literature_entries import LiteratureData
    from bmg_assets.science.evidence.regime_entries import RegimeEntry

REGIME_EVIDENCE_VERSION = "1"
"""It is raised when a metric gives other numbers than before; surrogates have versions of their own."""


@dataclass(frozen=True)
class RegimeWork(Work["RegimeEntry"]):
    """What entries are evaluated with."""

    kind = "regimes"
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

    def name_of(self, entry: RegimeEntry) -> str:
        """Literature and surrogate."""
        return entry.name

    def evaluations(self, entries: Sequence[RegimeEntry]) -> list[Evaluation]:
        """One for each entry."""
        from bmg_assets.science.evidence.literature_entries import learnt_from
        from bmg_assets.science.evidence.regime_evaluation import evaluate_regimes

        variants = {entry.variant.name: entry.variant for entry in entries}
        learnt = {name: learnt_from(self.data, variant) for name, variant in variants.items()}
        return [
            Evaluation(
                self.kind,
                (entry.name,),
                partial(evaluate_regimes, learnt[entry.variant.name], entry.strategy, self.data.judge.seed),
                partial(self._keep, entry),
            )
            for entry in entries
        ]

    def _keep(self, entry: RegimeEntry, store: Store, result: tuple[pd.DataFrame, pd.DataFrame]) -> None:
        scores, predictions = (frame.assign(literature=entry.variant.name, entry=entry.name) for frame in result)
        self.cached(entry).write(store, scores.assign(seed=self.data.judge.seed), regime_alloys=predictions)


def scores_of_later(store: Store, part: Part[LiteratureWork]) -> pd.DataFrame:
    """The scores of newcomers and of what was found later, in the form of the others."""
    from bmg_assets.science.evidence.regime_summary import literature_scores_as_regimes

    return literature_scores_as_regimes(part.read(store, LITERATURE_SCORES.name))


def scores_of_paper(store: Store, part: Part[BenchmarkWork], alloys: pd.DataFrame) -> pd.DataFrame:
    """The scores of the paper's surrogate on the left-out systems, in the form of the others.

    Args:
        alloys: the table of the literature.
    """
    from bmg_assets.science.evidence.literature_variants import WHOLE
    from bmg_assets.science.evidence.regime_entries import paper_scores

    scores, predictions = stored_scores(store, part), stored_predictions(store, part)
    return paper_scores(scores, predictions, alloys).assign(literature=WHOLE)
