"""The tables of the literature, kept in memory as long as they are the same: no page reads thousands of rows anew."""

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bmg_assets.store.store import Store

if TYPE_CHECKING:
    import pandas as pd

_lock = threading.Lock()
_kept: "dict[str, tuple[tuple[str, str], pd.DataFrame]]" = {}


@dataclass(frozen=True)
class LiteratureAtHand:
    """The literature as it is when it is first asked for; to be made anew for each page or command."""

    store: Store

    def table(self, name: str) -> "pd.DataFrame":
        """A table of the literature; nobody may change it.

        Raises:
            EmptyLiteratureError: it is not there.
            LiteratureError: the database cannot be read.
        """
        from bmg_assets.store.literature_database import LiteratureDatabase

        identity = (self.store.url, self._identities.get(name, ""))
        with _lock:
            if not identity[1] or name not in _kept or _kept[name][0] != identity:
                _kept[name] = (identity, LiteratureDatabase(store=self.store).read(name))
            return _kept[name][1]

    def property_values(self) -> "pd.DataFrame | None":
        """The table `property_values`; None where no values of properties were taken in."""
        return self.table("property_values") if "property_values" in self._identities else None

    @cached_property
    def _identities(self) -> dict[str, str]:
        from bmg_assets.store.literature_database import LiteratureDatabase

        return LiteratureDatabase(store=self.store).identities()
