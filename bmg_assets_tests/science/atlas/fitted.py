"""A small atlas: systems of twelve elements, some with bulk glasses and some without."""

from dataclasses import replace
from functools import cache

import numpy as np

from bmg_assets.science.atlas.fitted_atlas import FittedAtlas
from bmg_assets.science.surrogates.alloys import Alloys
from bmg_assets_tests.science.surrogates.literature import learnable_alloys

WITHOUT_BULK = ("Fe", "Nb", "Co")
"""With one of these no alloy is a bulk glass."""


def mixed_alloys() -> Alloys:
    """Alloys of which those that hold WITHOUT_BULK are no glass."""
    alloys = learnable_alloys()
    holds = np.array([not set(WITHOUT_BULK).isdisjoint(system.split("-")) for system in alloys.systems])
    return replace(alloys, dmax_mm=np.where(holds, 0.0, alloys.dmax_mm))


@cache
def small_atlas() -> FittedAtlas:
    """Fitted to them."""
    return FittedAtlas.of_alloys(mixed_alloys(), 0, "mixed alloys")
