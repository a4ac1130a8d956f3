"""Alloys as a surrogate sees them: their composition, their descriptors, and their critical casting diameter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.alloys.compositions import fraction_matrix
from bmg_assets.science.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    import pandas as pd

Rows = NDArray[np.bool_] | IntArray


@dataclass(frozen=True)
class Compositions:
    """n compositions, as mole fractions and as descriptors."""

    elements: tuple[str, ...]
    fractions: FloatArray
    """Mole fractions, shape (n, e), columns in the order of `elements`."""
    descriptors: FloatArray
    """Shape (n, d); no columns (d = 0) where a surrogate needs none."""

    def __len__(self) -> int:
        return len(self.fractions)

    def take(self, rows: Rows) -> Compositions:
        """The compositions of these rows."""
        return Compositions(self.elements, self.fractions[rows], self.descriptors[rows])

    def with_elements(self, elements: tuple[str, ...]) -> Compositions:
        """The same compositions with columns for more elements, filled with zeros."""
        fractions = np.zeros((len(self), len(elements)))
        for column, element in enumerate(self.elements):
            fractions[:, elements.index(element)] = self.fractions[:, column]
        return Compositions(elements, fractions, self.descriptors)


@dataclass(frozen=True)
class Alloys:
    """n alloys whose critical casting diameter is known."""

    compositions: Compositions
    dmax_mm: FloatArray
    """In mm, shape (n,)."""
    systems: NDArray[np.object_]
    """Chemical system of each, shape (n,)."""
    is_own: NDArray[np.bool_]
    """Whether the laboratory itself cast the alloy, in the target system; shape (n,)."""
    given_bounds_mm: FloatArray | None = None
    """See `bounds_mm`; None where no alloy has bounds."""

    def __len__(self) -> int:
        return len(self.dmax_mm)

    @property
    def bounds_mm(self) -> FloatArray:
        """What the ladder of an own cast says, shape (n, 2): D_max is the first or more, and less than the second.

        The second is infinite where no larger cast has failed. Both are missing where D_max alone is known; D_max is
        missing where the bounds give no label.
        """
        return np.full((len(self), 2), np.nan) if self.given_bounds_mm is None else self.given_bounds_mm

    def take(self, rows: Rows) -> Alloys:
        """The alloys of these rows."""
        bounds = None if self.given_bounds_mm is None else self.given_bounds_mm[rows]
        return Alloys(self.compositions.take(rows), self.dmax_mm[rows], self.systems[rows], self.is_own[rows], bounds)

    def as_own(self) -> Alloys:
        """The same alloys, marked as own casts."""
        return replace(self, is_own=np.ones(len(self), dtype=bool))

    def followed_by(self, others: Alloys) -> Alloys:
        """These alloys, and the others behind them; both have the same elements and descriptors."""
        ours, theirs = self.compositions, others.compositions
        return Alloys(
            Compositions(
                ours.elements,
                np.vstack([ours.fractions, theirs.fractions]),
                np.vstack([ours.descriptors, theirs.descriptors]),
            ),
            np.concatenate([self.dmax_mm, others.dmax_mm]),
            np.concatenate([self.systems, others.systems]),
            np.concatenate([self.is_own, others.is_own]),
            np.vstack([self.bounds_mm, others.bounds_mm]),
        )


def alloys_of_tables(alloys: pd.DataFrame, descriptors: pd.DataFrame, chosen: tuple[str, ...]) -> Alloys:
    """The alloys of the literature, row by row.

    Args:
        alloys: the table `alloys`; every row has a D_max.
        descriptors: the table `descriptors` of the same compositions in the same order.
        chosen: names of the d descriptors; every row has all of them.
    """
    fractions, elements = fraction_matrix(list(alloys["elements"]), list(alloys["at_pct"]))
    return Alloys(
        Compositions(elements, fractions, descriptors[list(chosen)].to_numpy(np.float64)),
        alloys["dmax_mm"].to_numpy(np.float64),
        alloys["chemical_system"].to_numpy(object),
        np.zeros(len(alloys), dtype=bool),
    )
