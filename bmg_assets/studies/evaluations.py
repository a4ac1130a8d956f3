"""Evaluations: pieces of the evidence that stand for themselves, each stored when it is done.

One machine computes what is missing side by side in its pool of processes; many machines take them as partitions, one
to a run. Both call the same function of an evaluation, and both store its result in the same way.
Belongs here: which entries are missing, and having them computed. Does not belong here: what the entries of each kind
are (the other modules), and which of them an evidence is summed up of (evidence_parts.py).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from bmg_assets.execution.search_pool import side_by_side
from bmg_assets.store.store import Store
from bmg_assets.studies.cached_entries import CachedEntry

if TYPE_CHECKING:
    import pandas as pd

E = TypeVar("E")
"""An entry of some kind."""
AFTER_KIND = "/"
BETWEEN_ENTRIES = "+"


@dataclass(frozen=True, eq=False)
class Evaluation:
    """One piece of work, which makes an entry, or several that are the same but for their names."""

    kind: str
    names: tuple[str, ...]
    """Of the entries."""
    compute: Callable[[], Any]
    """Gives the result; it can be sent to another process."""
    keep: Callable[[Store, Any], None]
    """Stores the result."""

    @property
    def key(self) -> str:
        """Its partition key, like `regimes/paper-composite`."""
        return f"{self.kind}{AFTER_KIND}{BETWEEN_ENTRIES.join(self.names)}"

    def make(self, store: Store) -> None:
        """Compute it in this process, and store the result."""
        self.keep(store, self.compute())


class Work(ABC, Generic[E]):
    """Entries of one kind: where each is stored, and how it is computed."""

    kind: ClassVar[str]
    """Its keys begin with this word."""

    @abstractmethod
    def name_of(self, entry: E) -> str:
        """Name of an entry among those of its kind."""

    @abstractmethod
    def cached(self, entry: E) -> CachedEntry:
        """The entry in the store, as it is wanted."""

    @abstractmethod
    def evaluations(self, entries: Sequence[E]) -> list[Evaluation]:
        """What computes these entries, in their order; those that must come out the same are one evaluation."""


W = TypeVar("W", bound=Work[Any])


@dataclass(frozen=True)
class Part(Generic[W]):
    """Entries of one kind that an evidence is summed up of."""

    work: W
    entries: Sequence[Any]
    """The longest first, so that no core waits at the end."""

    def missing(self, store: Store) -> list[Evaluation]:
        """What computes the entries that the store does not have as they are wanted."""
        return self.work.evaluations([one for one in self.entries if not self.work.cached(one).is_in(store)])

    def read(self, store: Store, table: str) -> pd.DataFrame:
        """What a table has of all entries, one after the other; raises NotInStoreError, StoredRowsError."""
        import pandas as pd

        return pd.concat([self.work.cached(one).read(store, table) for one in self.entries], ignore_index=True)

    @cached_property
    def by_name(self) -> dict[str, Any]:
        """The entries by name."""
        return {self.work.name_of(one): one for one in self.entries}

    def named(self, names: Sequence[str]) -> Part[W]:
        """The same with these entries alone."""
        return Part(self.work, [self.by_name[name] for name in names])


def evaluate_missing(store: Store, parts: Sequence[Part[Any]], say: Callable[[str], None] = lambda _: None) -> int:
    """Evaluate what is not there, side by side in processes; return the number of entries that were evaluated.

    Args:
        say: is called with a sentence for each evaluation that is done.

    Raises:
        WorkerEndedError: a process was ended from outside.
        Exception: whatever an evaluation raises.
    """
    missing = [one for part in parts for one in part.missing(store)]

    def store_result(one: Evaluation, result: object, progress: str) -> None:
        one.keep(store, result)
        say(f"{one.key}: {progress} evaluations")

    side_by_side(_computed, [(one, one.compute) for one in missing], store_result)
    return sum(len(one.names) for one in missing)


def _computed(compute: Callable[[], Any]) -> Any:
    return compute()
