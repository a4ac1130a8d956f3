"""Alloys to judge by: one of each system, with the year of its first report."""

from collections.abc import Mapping

import numpy as np

from bmg_assets.science.evidence.judged_alloys import Judged
from bmg_assets.science.surrogates.alloys import Compositions


def judged_of(systems: Mapping[str, tuple[int, bool]]) -> Judged:
    """An alloy of equal amounts of each system, its year, and whether it is a bulk glass."""
    elements = tuple(sorted({element for name in systems for element in name.split("-")}))
    fractions = np.array([[(element in name.split("-")) for element in elements] for name in systems], dtype=float)
    fractions /= fractions.sum(axis=1, keepdims=True)
    years, bulk = zip(*systems.values(), strict=True)
    return Judged(
        Compositions(elements, fractions, np.empty((len(systems), 0))),
        np.array(list(systems), dtype=object),
        np.array(bulk),
        np.where(bulk, 2.0, 0.0),
        np.zeros(len(systems), dtype=bool),
        np.array(years, dtype=float),
    )
