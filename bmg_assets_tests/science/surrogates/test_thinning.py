"""A literature that is too large loses alloys of large unrelated systems, and no system."""

import numpy as np

from bmg_assets.science.surrogates.alloys import Alloys, Compositions
from bmg_assets.science.surrogates.thinning import thinned

TARGET = frozenset({"Cu", "Zr"})


def literature() -> Alloys:
    """Ten alloys of Cu-Zr, sixty of Al-Fe and three of Al-Ni, one of Al-Fe an own cast."""
    systems = np.array(["Cu-Zr"] * 10 + ["Al-Fe"] * 60 + ["Al-Ni"] * 3, dtype=object)
    elements = ("Al", "Cu", "Fe", "Ni", "Zr")
    fractions = np.array([[0.5 if element in system.split("-") else 0 for element in elements] for system in systems])
    is_own = np.arange(73) == 40
    return Alloys(Compositions(elements, fractions, np.empty((73, 0))), np.arange(73.0), systems, is_own)


def test_few_alloys_stay_as_they_are() -> None:
    alloys = literature()
    assert thinned(alloys, TARGET, 73, seed=0) is alloys
    assert thinned(alloys, TARGET, None, seed=0) is alloys


def test_related_alloys_and_own_casts_stay_and_small_systems_are_not_lost() -> None:
    found = thinned(literature(), TARGET, 20, seed=0)
    assert len(found) == 20
    names, counts = np.unique(found.systems.astype(str), return_counts=True)
    assert dict(zip(names, counts.tolist(), strict=True)) == {"Al-Fe": 7, "Al-Ni": 3, "Cu-Zr": 10}
    assert found.is_own.sum() == 1
    assert (np.diff(found.dmax_mm) > 0).all()  # the order stays


def test_the_same_seed_keeps_the_same_alloys() -> None:
    first, again, other = (thinned(literature(), TARGET, 20, seed).dmax_mm.tolist() for seed in (0, 0, 1))
    assert first == again
    assert first != other
