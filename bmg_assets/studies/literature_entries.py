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
    seed: int
    literature: str
    """Identity of the reports and of the systems that are judged."""

    @classmethod
    def on(cls, data: LiteratureData, seed: int) -> LiteratureWork:
        """Work on these reports."""
        from bmg_assets.science.fingerprints import fingerprint_parts, fingerprint_table

        learnt = data.reports[["source", "composition", "status", "kind", "glass_class", "dmax_mm", "year"]]
        return cls(data, seed, fingerprint_parts(fingerprint_table(learnt), data.left_out, data.newcomers))

    def cached(self, entry: LiteratureEntry) -> CachedEntry:
        """An entry in the store, as it is wanted."""
        made_from = f"{self.literature}; seed {self.seed}; version {LITERATURE_EVIDENCE_VERSION}; {entry.made_from}"
        return CachedEntry(LITERATURE_SCORES.name, None, entry.name, made_from)


def evaluate_literature(
    store: Store,
    work: LiteratureWork,
    entries: Sequence[LiteratureEntry],
    say: Callable[[str], None] = lambda _: None,
) -> int:
    """Evaluate what is not there, side by side; return the number of entries that were evaluated.

    Args:
        say: is called with a sentence for each entry that is done.
    """
    from bmg_assets.science.evidence.literature_entries import evaluate_literature_entry

    def store_entry(entry: LiteratureEntry, scores: pd.DataFrame, progress: str) -> None:
        work.cached(entry).write(store, scores.assign(entry=entry.name))
        say(f"{entry.name}: {progress} entries")

    missing = [entry for entry in entries if not work.cached(entry).is_in(store)]
    side_by_side(
        partial(evaluate_literature_entry, work.data, work.seed), [(entry, entry) for entry in missing], store_entry
    )
    return len(missing)


def stored_literature_scores(store: Store, work: LiteratureWork, entries: Sequence[LiteratureEntry]) -> pd.DataFrame:
    """The scores of all entries in long form."""
    import pandas as pd

    read = [work.cached(entry).read(store, LITERATURE_SCORES.name) for entry in entries]
    return pd.concat(read, ignore_index=True)
