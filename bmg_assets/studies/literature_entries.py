"""The entries of the evidence on the literature in the store: which are there, and the evaluation of the others.

An entry is one variant of the literature with the strategies fitted to it (see cached_entries.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bmg_assets.execution.search_pool import side_by_side
from bmg_assets.store.store import Store
from bmg_assets.store.tables.evidence import LITERATURE_SCORES
from bmg_assets.studies.cached_entries import CachedEntry

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.evidence.literature_entries import LiteratureData, LiteratureEntry

LITERATURE_EVIDENCE_VERSION = "1"
"""It is raised when a test gives other numbers than before; surrogates have versions of their own."""


@dataclass(frozen=True)
class LiteratureWork:
    """What entries are evaluated with."""

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


def evaluate_literature(
    store: Store,
    work: LiteratureWork,
    entries: Sequence[LiteratureEntry],
    say: Callable[[str], None] = lambda _: None,
) -> int:
    """Evaluate what is not there, side by side; return the number of entries that were evaluated.

    Variants that teach the same alloys and numbers are evaluated once.

    Args:
        say: is called with a sentence for each entry that is done.
    """
    from bmg_assets.science.evidence.literature_entries import LearntEntry, evaluate_literature_entry, learnt_in

    missing = [entry for entry in entries if not work.cached(entry).is_in(store)]
    alike: dict[str, list[LiteratureEntry]] = {}
    jobs: list[tuple[str, LearntEntry]] = []
    for entry in missing:
        learnt = LearntEntry(learnt_in(work.data, entry), entry.strategies, entry.variant.until)
        if learnt.identity not in alike:
            jobs.append((learnt.identity, learnt))
        alike.setdefault(learnt.identity, []).append(entry)

    def store_entries(identity: str, scores: pd.DataFrame, progress: str) -> None:
        for entry in alike[identity]:
            seed = work.data.judge.seed
            work.cached(entry).write(store, scores.assign(variant=entry.variant.name, seed=seed, entry=entry.name))
        say(f"{', '.join(entry.name for entry in alike[identity])}: {progress} evaluations")

    side_by_side(partial(evaluate_literature_entry, work.data.judge), jobs, store_entries)
    return len(missing)


def stored_literature_scores(store: Store, work: LiteratureWork, entries: Sequence[LiteratureEntry]) -> pd.DataFrame:
    """The scores of all entries in long form."""
    import pandas as pd

    read = [work.cached(entry).read(store, LITERATURE_SCORES.name) for entry in entries]
    return pd.concat(read, ignore_index=True)
