"""What the literature is made of: the counts behind the paper's Fig. 1 and the correlations of its Fig. S2."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.labels import GlassClass
from bmg_assets.science.alloys.report_kinds import ReportKind
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.descriptors.scaler import Scaler
from bmg_assets.science.descriptors.table import PAPER_DESCRIPTORS

CORRELATED = 0.8
"""Absolute Pearson coefficient from which the paper drops one of two descriptors."""


@dataclass(frozen=True)
class LiteratureProfile:
    """Counts of alloys; the dictionaries are ordered, the largest count first unless they count up.

    Kinds and classes without an alloy are left out.
    """

    n_alloys: int
    by_class: dict[str, int]
    by_kind: dict[str, int]
    """In the order of ReportKind."""
    by_n_elements: pd.DataFrame
    """Number of elements to a column per class."""
    by_element: pd.DataFrame
    """Element to a column per class; the element in most alloys first."""
    by_system: dict[str, int]
    by_year: pd.DataFrame
    """Year to a column per kind: accepted reports, no alloys. Years without a report are there, too."""
    n_without_year: int
    """Accepted reports whose year is not known."""
    bulk_dmax_mm: FloatArray
    """The largest reported D_max in mm of the bulk glasses that have one."""


@dataclass(frozen=True)
class Correlations:
    """Pearson coefficients of the paper's descriptors, shape (d, d), over the alloys that have them all."""

    names: tuple[str, ...]
    r: FloatArray

    @property
    def n_pairs_above(self) -> int:
        """Pairs of different descriptors with |r| of at least 0.8."""
        return int((np.abs(self.r[np.triu_indices(len(self.names), 1)]) >= CORRELATED).sum())


def profile_of(alloys: pd.DataFrame, reports: pd.DataFrame) -> LiteratureProfile:
    """Counts of the tables `alloys` and `reports`."""
    # A bulk glass without a diameter can have the code of a ribbon from another report.
    sized = alloys[alloys["kind"].isin([ReportKind.BULK, ReportKind.FLUXED])]
    accepted = reports[reports["status"] == "accepted"]
    kinds = alloys["kind"].value_counts()
    exploded = alloys[["elements", "glass_class"]].explode("elements")
    by_element = _by_class(exploded["elements"], exploded["glass_class"])
    return LiteratureProfile(
        n_alloys=len(alloys),
        by_class={str(k): int(v) for k, v in alloys["glass_class"].value_counts().items()},
        by_kind={kind.value: int(kinds[kind.value]) for kind in ReportKind if kind.value in kinds},
        by_n_elements=_by_class(alloys["n_elements"], alloys["glass_class"]),
        by_element=by_element.loc[by_element.sum(axis=1).sort_values(ascending=False, kind="stable").index],
        by_system={str(k): int(v) for k, v in alloys["chemical_system"].value_counts().items()},
        by_year=_by_year(accepted),
        n_without_year=int(accepted["year"].isna().sum()),
        bulk_dmax_mm=sized["dmax_largest_mm"].dropna().to_numpy(np.float64),
    )


def _by_class(values: "pd.Series[Any]", classes: "pd.Series[Any]") -> pd.DataFrame:
    counts = pd.crosstab(values, classes)
    return counts.reindex(columns=[one.value for one in GlassClass if one.value in counts])


def _by_year(accepted: pd.DataFrame) -> pd.DataFrame:
    dated = accepted[accepted["year"].notna()]
    counts = pd.crosstab(dated["year"].astype("int64"), dated["kind"])
    kinds = [kind.value for kind in ReportKind if kind.value in counts]
    years = list(range(int(counts.index.min()), int(counts.index.max()) + 1)) if len(counts) else []
    return counts.reindex(index=years, columns=kinds, fill_value=0)


def correlations(descriptors: pd.DataFrame) -> Correlations:
    """Correlations in the table `descriptors`; a descriptor that does not vary is correlated with nothing (0)."""
    values = descriptors[list(PAPER_DESCRIPTORS)].dropna().to_numpy(np.float64)
    standardised = Scaler.fit(values).transform(values)
    return Correlations(PAPER_DESCRIPTORS, standardised.T @ standardised / max(len(values), 1))
