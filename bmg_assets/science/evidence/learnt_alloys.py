"""The alloys that are learnt from, in the columns of those that are judged, and which a left-out system hides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.arrays import BoolArray
from bmg_assets.science.evidence.splits import Track
from bmg_assets.science.surrogates.alloys import Alloys, alloys_of_tables
from bmg_assets.science.surrogates.regimes import hidden_with


@dataclass(frozen=True)
class LearntAlloys:
    """n alloys with a number to learn."""

    alloys: Alloys
    present: BoolArray
    """Elements that each alloy holds, shape (n, e)."""
    names: NDArray[np.object_]
    """Composition key of each, shape (n,)."""

    @classmethod
    def of(cls, table: pd.DataFrame, elements: tuple[str, ...]) -> "LearntAlloys":
        """The alloys of the table `alloys` that have a `dmax_mm`.

        Args:
            table: what a variant of the literature gives.
            elements: e elements, those of the whole literature, so that no variant sees other columns.
        """
        rows = table[table["dmax_mm"].notna()]
        alloys = alloys_of_tables(rows, rows, ())
        alloys = Alloys(alloys.compositions.with_elements(elements), alloys.dmax_mm, alloys.systems, alloys.is_own)
        return cls(alloys, alloys.compositions.fractions > 0, rows["composition"].to_numpy(object))

    def hidden_by(self, systems: Iterable[str], track: Track) -> BoolArray:
        """Marks the alloys that are not known while these systems are left out together, shape (n,)."""
        hidden = np.zeros(len(self.alloys), dtype=bool)
        for system in systems:
            symbols = set(system.split(SEPARATOR))
            elements = np.array([element in symbols for element in self.alloys.compositions.elements])
            hidden |= hidden_with(self.present, elements, related_too=track is Track.NOTHING_KNOWN)
        return hidden


def unrelated_groups(systems: Sequence[str]) -> list[list[str]]:
    """The systems in as few groups as a greedy choice finds in which no two share two elements or more.

    Left out together, systems of a group take nothing from each other that the paper calls related.
    """
    groups: list[list[str]] = []
    for system in systems:
        symbols = set(system.split(SEPARATOR))
        free = (group for group in groups if all(len(symbols.intersection(one.split(SEPARATOR))) < 2 for one in group))
        group = next(free, None)
        if group is None:
            groups.append(group := [])
        group.append(system)
    return groups
