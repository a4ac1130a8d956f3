"""The best compositions of many systems as arrays, so that a million of them take a second."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from bmg_assets.science.arrays import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class BestAmounts:
    """The best compositions of n systems as m amounts, one after the other."""

    n: int
    row: IntArray
    """Row of each amount, ascending, shape (m,)."""
    element: IntArray
    """Index of its element, shape (m,)."""
    at_pct: FloatArray
    symbols: tuple[str, ...]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> BestAmounts:
        import pandas as pd

        lengths = rows["n_elements"].to_numpy(dtype=np.int64)
        elements, symbols = pd.factorize(np.array(list(chain.from_iterable(rows["elements"])), dtype=object))
        at_pct = np.fromiter(chain.from_iterable(rows["at_pct"]), dtype=np.float64, count=len(elements))
        return cls(len(rows), np.repeat(np.arange(len(rows)), lengths), elements, at_pct, tuple(symbols))

    def of_elements(self, elements: Iterable[str]) -> BoolArray:
        """Marks the amounts of these elements, shape (m,)."""
        wanted = set(elements)
        return np.array([symbol in wanted for symbol in self.symbols], dtype=bool)[self.element]

    def counted(self, marks: BoolArray) -> IntArray:
        """Number of marked amounts of each system, shape (n,)."""
        return np.bincount(self.row[marks], minlength=self.n)

    def summed(self, values: Mapping[str, float]) -> FloatArray:
        """Sum over the elements of amount times value, shape (n,); NaN where an element has no value."""
        of_symbol = np.array([values.get(symbol, np.nan) for symbol in self.symbols], dtype=np.float64)
        weights = self.at_pct * of_symbol[self.element]
        return np.asarray(np.bincount(self.row, weights, self.n), dtype=np.float64)
