"""The entries of the evidence on the literature: one variant of it with the strategies fitted to it each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bmg_assets.store.store import Store
from bmg_assets.store.tables.evidence import LITERATURE_SCORES
from bmg_assets.studies.cached_entries import CachedEntry
from bmg_assets.studies.evaluations import Evaluation, Work

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.evidence.literature_entries import LiteratureData, LiteratureEntry

LITERATURE_EVIDENCE_VERSION = "1"
"""It is raised when a test gives other numbers than before; surrogates have versions of their own."""


@dataclass(frozen=True)
class LiteratureWork(Work["LiteratureEntry"]):
    """What entries are evaluated with."""

    kind = "literature"
    data: LiteratureData
    literature: str
    """Identity of the reports and of the systems that are judged."""

    @classmethod
    def on(cls, data: LiteratureData) -> LiteratureWork:
        """Work on these reports."""
        from bmg_assets.science.fingerprints import fingerprint_parts, fingerprint_table

        learnt = data.reports[["source", "composition", "status", "kind", "glass_class", "dmax_mm", "year"]]
        judge = data.judge
        return cls(data, fingerprint_parts(fingerprint_table(learnt), judge.left_out, judge.newcomers, judge.seed))

    def cached(self, entry: LiteratureEntry) -> CachedEntry:
        """An entry in the store, as it is wanted."""
        made_from = f"{self.literature}; version {LITERATURE_EVIDENCE_VERSION}; {entry.made_from}"
        return CachedEntry(LITERATURE_SCORES.name, None, entry.name, made_from)

    def name_of(self, entry: LiteratureEntry) -> str:
        """Variant and strategy."""
        return entry.name

    def evaluations(self, entries: Sequence[LiteratureEntry]) -> list[Evaluation]:
        """One for all variants that teach the same alloys and numbers."""
        from bmg_assets.science.evidence.literature_entries import LearntEntry, evaluate_literature_entry, learnt_in

        alike: dict[str, tuple[LearntEntry, list[LiteratureEntry]]] = {}
        for entry in entries:
            learnt = LearntEntry(learnt_in(self.data, entry), entry.strategies, entry.variant.until)
            alike.setdefault(learnt.identity, (learnt, []))[1].append(entry)
        return [
            Evaluation(
                self.kind,
                tuple(entry.name for entry in same),
                partial(evaluate_literature_entry, self.data.judge, learnt),
                partial(self._keep, same),
            )
            for learnt, same in alike.values()
        ]

    def _keep(self, entries: Sequence[LiteratureEntry], store: Store, scores: pd.DataFrame) -> None:
        for entry in entries:
            of_entry = scores.assign(variant=entry.variant.name, seed=self.data.judge.seed, entry=entry.name)
            self.cached(entry).write(store, of_entry)
