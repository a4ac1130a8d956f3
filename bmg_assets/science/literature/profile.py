"""What the literature is made of: the counts behind the paper's Fig. 1 and the correlations of its Fig. S2."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.descriptors.scaler import Scaler
from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS

CORRELATED = 0.8
"""Absolute Pearson coefficient from which the paper drops one of two descriptors."""


@dataclass(frozen=True)
class LiteratureProfile:
    """Counts of alloys; the dictionaries are ordered, the largest count first unless they count up."""

    n_alloys: int
    by_class: dict[str, int]
    by_n_elements: dict[int, int]
    by_element: dict[str, int]
    by_system: dict[str, int]
    bulk_dmax_mm: FloatArray
    """D_max in mm of the bulk glasses that have one."""


@dataclass(frozen=True)
class Correlations:
    """Pearson coefficients of the paper's descriptors, shape (d, d), over the alloys that have them all."""

    names: tuple[str, ...]
    r: FloatArray

    @property
    def n_pairs_above(self) -> int:
        """Pairs of different descriptors with |r| of at least 0.8."""
        return int((np.abs(self.r[np.triu_indices(len(self.names), 1)]) >= CORRELATED).sum())


def profile_of(alloys: pd.DataFrame) -> LiteratureProfile:
    """Counts of the table `alloys`."""
    bulk = alloys[alloys["glass_class"] == "bulk"]
    return LiteratureProfile(
        n_alloys=len(alloys),
        by_class={str(k): int(v) for k, v in alloys["glass_class"].value_counts().items()},
        by_n_elements=dict(sorted(Counter(alloys["n_elements"].tolist()).items())),
        by_element=dict(Counter(e for elements in alloys["elements"] for e in elements).most_common()),
        by_system={str(k): int(v) for k, v in alloys["chemical_system"].value_counts().items()},
        bulk_dmax_mm=bulk["dmax_mm"].dropna().to_numpy(np.float64),
    )


def correlations(descriptors: pd.DataFrame) -> Correlations:
    """Correlations in the table `descriptors`; a descriptor that does not vary is correlated with nothing (0)."""
    values = descriptors[list(PAPER_DESCRIPTORS)].dropna().to_numpy(np.float64)
    standardised = Scaler.fit(values).transform(values)
    return Correlations(PAPER_DESCRIPTORS, standardised.T @ standardised / max(len(values), 1))
