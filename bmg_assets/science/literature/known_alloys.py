"""What is known of and around a target system: reported alloys that lie in its diagram, and the nearest to a point."""

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import FloatArray, IntArray

POINTS_AT_ONCE = 256


def amounts_of(system: TargetSystem, alloys: pd.DataFrame) -> FloatArray:
    """Amounts of the system's elements in at.%, shape (n, k); what an alloy holds beside them is left out.

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


def alloys_of_system(system: TargetSystem, alloys: pd.DataFrame, training_set: pd.DataFrame) -> pd.DataFrame:
    """Literature alloys that lie in the system's diagram: of its elements or some of them, and nothing else.

    Args:
        alloys: the table `alloys` of the literature.
        training_set: the table `training_set` of the system.

    Returns:
        Columns `composition`, `at_pct` (in the order of the system's elements), `glass_class`, `dmax_mm`, and
        `is_trained`: whether the training set holds the literature's report. Pruning leaves most of them out.
    """
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


def exchanged_at_pct(points: FloatArray, amounts: FloatArray) -> FloatArray:
    """How many of a hundred atoms differ between compositions of the system and known alloys, shape (n, m).

    Half the sum of the absolute differences in all elements: 0 for the same composition, 100 for alloys that have no
    element in common.

    Args:
        points: compositions of the system in at.%, rows summing to 100, shape (n, k).
        amounts: amounts of the system's elements in the known alloys, see `amounts_of`, shape (m, k).
    """
    outside = 100 - amounts.sum(axis=1)
    inside = np.abs(points[:, np.newaxis, :] - amounts[np.newaxis, :, :]).sum(axis=2)
    exchanged: FloatArray = (inside + outside) / 2
    return exchanged


def nearest_known(points: FloatArray, amounts: FloatArray) -> tuple[IntArray, FloatArray]:
    """Row of the nearest known alloy for each point, and its distance in at.% exchanged, both of shape (n,).

    Of equally near alloys the first counts. Arguments as of `exchanged_at_pct`; there is at least one alloy.
    """
    nearest = np.empty(len(points), dtype=np.int64)
    distance = np.empty(len(points))
    for start in range(0, len(points), POINTS_AT_ONCE):
        block = slice(start, start + POINTS_AT_ONCE)
        exchanged = exchanged_at_pct(points[block], amounts)
        nearest[block] = exchanged.argmin(axis=1)
        distance[block] = exchanged.min(axis=1)
    return nearest, distance
