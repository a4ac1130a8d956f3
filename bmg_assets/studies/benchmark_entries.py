"""The entries of the contest of strategies in the store: which are there, and the judging of those that are not.

An entry is one strategy on one left-out system (see cached_entries.py for how it is stored).
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

    from bmg_assets.science.evidence.benchmark import Contest, Entry, Ground

CONTEST_VERSION = "5"
"""To be raised where a metric gives other numbers than before; strategies have versions of their own."""


@dataclass(frozen=True)
class ContestWork:
    """Entries, and all that they are judged with."""

    contest: Contest
    ground: Ground
    literature: str
    """Identity of the alloys."""

    @classmethod
    def on(cls, ground: Ground, contest: Contest) -> ContestWork:
        """Work on this ground."""
        from bmg_assets.science.fingerprints import fingerprint_arrays

        alloys = ground.alloys
        literature = fingerprint_arrays(alloys.compositions.fractions, alloys.compositions.descriptors, alloys.dmax_mm)
        return cls(contest, ground, literature)

    def made_from(self, entry: Entry) -> str:
        """Identity of alloys, rules and code versions of an entry."""
        versions = f"version {CONTEST_VERSION}, of the strategy {entry.strategy.version}"
        return f"{self.literature}; {self.contest.rules_of_an_entry}; {versions}"

    def cached(self, entry: Entry) -> CachedEntry:
        """An entry in the store, as it is wanted."""
        return CachedEntry(LEFT_OUT_SCORES.name, entry.left_out.target.key, self.name_of(entry), self.made_from(entry))

    def name_of(self, entry: Entry) -> str:
        """Name of an entry in the store."""
        return f"{entry.strategy.name}-{self.contest.name}"


def judge_entries(
    store: Store, work: ContestWork, entries: Sequence[Entry], say: Callable[[str], None] = lambda _: None
) -> int:
    """Judge what is not there, side by side; the number of entries that were judged.

    Args:
        entries: the longest first, so that no core waits at the end.
        say: is told of each entry that is done.
    """
    from bmg_assets.science.evidence.benchmark import hold

    def store_entry(entry: Entry, result: tuple[pd.DataFrame, pd.DataFrame], progress: str) -> None:
        scores, promises = (
            frame.rename(columns={"left_out_system": "target_system"}).assign(entry=work.name_of(entry))
            for frame in result
        )
        work.cached(entry).write(store, scores, left_out_alloys=promises)
        say(f"{entry.strategy.name} on {entry.left_out.target.key}: {progress} entries")

    missing = [entry for entry in entries if not work.cached(entry).is_in(store)]
    side_by_side(partial(hold, work.contest, work.ground), [(entry, entry) for entry in missing], store_entry)
    return len(missing)


def stored_scores(store: Store, work: ContestWork, entries: Sequence[Entry]) -> pd.DataFrame:
    """The scores of all entries in long form."""
    return _stored(LEFT_OUT_SCORES.name, store, work, entries)


def stored_promises(store: Store, work: ContestWork, entries: Sequence[Entry]) -> pd.DataFrame:
    """What was promised of each alloy of the left-out systems, and what is reported."""
    return _stored(LEFT_OUT_ALLOYS.name, store, work, entries)


def _stored(table: str, store: Store, work: ContestWork, entries: Sequence[Entry]) -> pd.DataFrame:
    import pandas as pd

    read = [work.cached(entry).read(store, table) for entry in entries]
    return pd.concat(read, ignore_index=True).rename(columns={"target_system": "left_out_system"})
