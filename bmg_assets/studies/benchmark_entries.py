"""The entries of the contest of strategies in the store: which are there, and the judging of those that are not.

An entry is one strategy on one left-out system. Its scores are stored last, with what they were made from, so that an
entry is either complete or judged again, and a contest that was interrupted goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bmg_assets.execution.cores import usable_cores
from bmg_assets.execution.search_pool import search_pool
from bmg_assets.store.store import Store, StoredRowsError
from bmg_assets.store.tables.evidence import LEFT_OUT_ALLOYS, LEFT_OUT_SCORES

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

    missing = [entry for entry in entries if not _is_there(store, work, entry)]
    if not missing:
        return 0
    with search_pool(min(usable_cores(), len(missing))) as pool:
        waiting = {pool.submit(hold, work.contest, work.ground, entry): entry for entry in missing}
        for number, future in enumerate(as_completed(waiting), start=1):
            entry = waiting.pop(future)
            _store(store, work, entry, *future.result())
            say(f"{entry.strategy.name} on {entry.left_out.target.key}: {number} of {len(missing)} entries")
    return len(missing)


def stored_scores(store: Store, work: ContestWork, entries: Sequence[Entry]) -> pd.DataFrame:
    """The scores of all entries in long form."""
    return _stored(LEFT_OUT_SCORES.name, store, work, entries)


def stored_promises(store: Store, work: ContestWork, entries: Sequence[Entry]) -> pd.DataFrame:
    """What was promised of each alloy of the left-out systems, and what is reported."""
    return _stored(LEFT_OUT_ALLOYS.name, store, work, entries)


def _stored(table: str, store: Store, work: ContestWork, entries: Sequence[Entry]) -> pd.DataFrame:
    import pandas as pd

    read = [store.read_table(table, entry.left_out.target.key, work.name_of(entry)) for entry in entries]
    return pd.concat(read, ignore_index=True).rename(columns={"target_system": "left_out_system"})


def _is_there(store: Store, work: ContestWork, entry: Entry) -> bool:
    key, part = entry.left_out.target.key, work.name_of(entry)
    if not store.has_table(LEFT_OUT_SCORES.name, key, part):
        return False
    try:
        stored = store.read_table(LEFT_OUT_SCORES.name, key, part)
    except StoredRowsError:  # of an earlier version, or damaged: judged again
        return False
    return bool((stored["made_from"] == work.made_from(entry)).all())


def _store(store: Store, work: ContestWork, entry: Entry, scores: pd.DataFrame, promises: pd.DataFrame) -> None:
    key, part = entry.left_out.target.key, work.name_of(entry)
    scores = scores.assign(made_from=work.made_from(entry))
    for table, frame in ((LEFT_OUT_ALLOYS, promises), (LEFT_OUT_SCORES, scores)):
        labelled = frame.rename(columns={"left_out_system": "target_system"}).assign(entry=part)
        store.write_table(table.name, key, labelled[list(table.column_names)], part)
