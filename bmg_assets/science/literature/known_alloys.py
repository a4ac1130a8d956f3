"""The alloys that are known to a target system, and those of them that lie in its diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import BoolArray, FloatArray

if TYPE_CHECKING:
    import pandas as pd

KNOWN_COLUMNS = ("composition", "elements", "at_pct", "dmax_mm")
BOUNDS = ("dmax_low_mm", "dmax_high_mm")
"""What the ladder of a cast says; the second is missing where it is open."""


def amounts_of(system: TargetSystem, alloys: pd.DataFrame) -> FloatArray:
    """Amounts of the system's elements in at.%, shape (n, k); other elements of an alloy are left out.

    Args:
        alloys: with columns `elements` and `at_pct`.
    """
    place = {element: column for column, element in enumerate(system.elements)}
    amounts = np.zeros((len(alloys), len(place)))
    for row, (elements, at_pct) in enumerate(zip(alloys["elements"], alloys["at_pct"], strict=True)):
        for element, amount in zip(elements, at_pct, strict=True):
            if element in place:
                amounts[row, place[element]] = amount
    return amounts


def is_of_system(system: TargetSystem, alloys: pd.DataFrame) -> BoolArray:
    """Whether each alloy has exactly the system's elements, shape (n,).

    Args:
        alloys: n rows with column `elements`.
    """
    return np.array([system.element_set == set(elements) for elements in alloys["elements"]], dtype=bool)


def not_cast(reports: pd.DataFrame, casts: pd.DataFrame) -> pd.DataFrame:
    """Reports of compositions that the group has not cast: an own result wins over the literature's.

    Args:
        reports: with column `composition`.
        casts: results of the group that have a label, with column `composition`.
    """
    return reports[~reports["composition"].isin(casts["composition"])]


def known_to(own: pd.DataFrame, others: pd.DataFrame, literature: pd.DataFrame) -> pd.DataFrame:
    """Alloys that a system's surrogate is fitted to: own casts first, then those of other systems, then the literature.

    Args:
        own: the table `lab_results` of the system.
        others: the tables `lab_results` of other systems.
        literature: the table `alloys`.

    Returns:
        KNOWN_COLUMNS, BOUNDS and `is_own`, a row per composition. Alloys without a D_max are left out, but own casts
        that bound it stay. Only own casts have bounds; they contradict nothing (see ladder.py).
    """
    import pandas as pd

    says_something = own["dmax_mm"].notna() | own[BOUNDS[1]].notna()
    known = own.loc[says_something, [*KNOWN_COLUMNS, *BOUNDS]].assign(is_own=True)
    for table in (others, literature):
        reports = table.loc[table["dmax_mm"].notna(), list(KNOWN_COLUMNS)]
        more = not_cast(reports, known).assign(is_own=False, **dict.fromkeys(BOUNDS, np.nan))
        known = pd.concat([rows for rows in (known, more) if len(rows)] or [known], ignore_index=True)
    return known


def alloys_of_system(system: TargetSystem, alloys: pd.DataFrame, training_set: pd.DataFrame) -> pd.DataFrame:
    """Literature alloys that lie in the system's diagram: of its elements or some of them, and nothing else.

    Args:
        alloys: the table `alloys` of the literature.
        training_set: the table `training_set` of the system.

    Returns:
        Columns `composition`, `at_pct` (in the order of the system's elements), `glass_class`, `dmax_mm`, and
        `is_trained`: whether the training set holds the literature's report. Pruning leaves most of them out.
    """
    import pandas as pd

    inside = alloys[[system.element_set.issuperset(elements) for elements in alloys["elements"]]]
    trained = training_set.loc[training_set["category"] != "lab", "composition"]
    return pd.DataFrame(
        {
            "composition": inside["composition"].to_list(),
            "at_pct": amounts_of(system, inside).tolist(),
            "glass_class": inside["glass_class"].to_list(),
            "dmax_mm": inside["dmax_mm"].to_numpy(np.float64),
            "is_trained": inside["composition"].isin(set(trained)).to_list(),
        }
    )
