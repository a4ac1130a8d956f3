"""The alloys by which what was learnt is judged: whatever the whole literature says, whoever may teach it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bmg_assets.science.alloys.compositions import fraction_matrix
from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.evidence.literature_scores import JudgedBy
from bmg_assets.science.evidence.literature_variants import EASY_NEGATIVE
from bmg_assets.science.surrogates.alloys import Compositions


@dataclass(frozen=True)
class Judged:
    """n alloys with an outcome, as arrays beside each other."""

    compositions: Compositions
    systems: NDArray[np.object_]
    """Chemical system of each, shape (n,)."""
    is_bulk: BoolArray
    """Reported as a bulk glass, with or without a diameter."""
    dmax_mm: FloatArray
    """Largest reported diameter in mm; NaN for a bulk glass without one."""
    is_easy: BoolArray
    """Cast and crystalline, an easy negative."""
    first_year: FloatArray
    """Year of the first report; NaN where none of its reports has one."""

    def __len__(self) -> int:
        return len(self.systems)

    def kept_by(self, judged_by: JudgedBy) -> BoolArray:
        """Marks the alloys that are judged by, shape (n,)."""
        return ~self.is_easy if judged_by is JudgedBy.WITHOUT_EASY else np.ones(len(self), dtype=bool)

    def of_system(self, system: str) -> "Judged":
        """The alloys of one system."""
        return self.take(self.systems == system)

    def take(self, rows: BoolArray) -> "Judged":
        """The alloys of these rows."""
        return Judged(
            self.compositions.take(rows),
            self.systems[rows],
            self.is_bulk[rows],
            self.dmax_mm[rows],
            self.is_easy[rows],
            self.first_year[rows],
        )


def judged_alloys(alloys: pd.DataFrame) -> Judged:
    """The alloys that are judged by, of the table `alloys`.

    An alloy counts if a number is known, or if it is a bulk glass without one. A glass of unknown form says nothing of
    a casting, and a ribbon that nobody cast thicker counts as no bulk glass, as everywhere in the field.
    """
    is_bulk = (alloys["glass_class"] == "bulk") | (alloys["dmax_largest_mm"] >= BULK_FROM_MM)
    rows = alloys[is_bulk | alloys["dmax_largest_mm"].notna()]
    fractions, elements = fraction_matrix(list(rows["elements"]), list(rows["at_pct"]))
    return Judged(
        Compositions(elements, fractions, np.empty((len(rows), 0))),
        rows["chemical_system"].to_numpy(object),
        is_bulk[rows.index].to_numpy(np.bool_),
        rows["dmax_largest_mm"].to_numpy(np.float64),
        (rows["kind"] == EASY_NEGATIVE).to_numpy(np.bool_),
        rows["first_year"].to_numpy(np.float64, na_value=np.nan),
    )


def mixed_systems(judged: Judged, fewest_alloys: int) -> list[str]:
    """Systems of two elements or more with so many alloys, bulk glasses and others among them, by name."""
    counts = pd.DataFrame({"system": judged.systems, "bulk": judged.is_bulk}).groupby("system")["bulk"]
    found = counts.agg(["size", "sum"])
    is_mixed = (found["sum"] > 0) & (found["sum"] < found["size"]) & (found["size"] >= fewest_alloys)
    return sorted(name for name in found.index[is_mixed] if SEPARATOR in name)
