"""Entries of the store that take many trainings: an entry that was made from the wanted inputs is not made again.

An entry is what several tables hold of one system and one part. Its scores are written last, with the identity of all
that it was made from, so that an entry is either complete or made again, and interrupted work goes on where it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bmg_assets.store.store import NotInStoreError, Store, StoredRowsError
from bmg_assets.store.tables.catalogue import system_table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class CachedEntry:
    """Where an entry is stored, and what it shall be made from."""

    scores: str
    """Name of the table that is written last; it has a column `made_from`."""
    system: str | None
    """None for tables that are not partitioned."""
    part: str
    made_from: str
    """Identity of alloys, settings and code versions."""
    others: tuple[str, ...] = ()
    """Names of the other tables that hold a part of it."""
    may_be_empty: bool = True
    """Whether it counts as made without a row, where nothing says what it was made from."""

    def is_in(self, store: Store) -> bool:
        """Whether the store has the entry, made from the same; one that this version cannot read does not count."""
        if not store.has_table(self.scores, self.system, self.part):
            return False
        try:
            made_from = self.read(store, self.scores)["made_from"]
            is_the_wanted = bool((made_from == self.made_from).all()) and (self.may_be_empty or len(made_from) > 0)
            # A part that is damaged would be asked for, and not made again, if it were not looked at here.
            return is_the_wanted and all(len(self.read(store, name).columns) for name in self.others)
        except (NotInStoreError, StoredRowsError):
            return False

    def read(self, store: Store, table: str) -> pd.DataFrame:
        """The rows of the entry in one of its tables; raises NotInStoreError, StoredRowsError."""
        return store.read_table(table, self.system, self.part)

    def write(self, store: Store, scores: pd.DataFrame, **others: pd.DataFrame) -> None:
        """Store the entry, its scores last.

        Args:
            scores: rows of the table `scores`, without `made_from`.
            others: the rows of its other tables, by name; columns that a table does not have are left out.

        Raises:
            TableError: rows do not fit their table.
            FolderError: nothing can be written.
        """
        tables: Mapping[str, pd.DataFrame] = {**others, self.scores: scores.assign(made_from=self.made_from)}
        for name, frame in tables.items():
            store.write_table(name, self.system, frame[list(system_table(name).column_names)], self.part)
