"""The best own cast of each system, from everything that was accepted."""

import math

from bmg_assets.science.atlas.laboratory import best_casts
from bmg_assets.science.casts.merging import merge_casts
from bmg_assets_tests.science.casts.examples import cast, ribbon, rod


def test_the_best_label_of_each_system_counts() -> None:
    casts = [
        rod("S1", 2, composition_nominal="Zr50Al5Cu45"),
        rod("S2", 3, composition_nominal="Cu50Zr45Al5"),
        rod("S3", 1, composition_nominal="Zr60Al10Cu20Ni10"),
        ribbon("S4", composition_nominal="Mg65Cu25Y10"),
    ]
    best = best_casts(merge_casts((), casts))
    assert best.keys() == {"Al-Cu-Zr", "Al-Cu-Ni-Zr", "Cu-Mg-Y"}
    assert (best["Al-Cu-Zr"], best["Al-Cu-Ni-Zr"]) == (3, 1)
    assert best["Cu-Mg-Y"] < 1, "a ribbon is no bulk glass"


def test_a_cast_without_a_label_is_a_cast_and_a_plan_is_none() -> None:
    casts = [
        cast("S1", verdict="unclear", composition_nominal="Mg65Cu25Y10"),
        cast("S2", verdict="planned", composition_nominal="Zr50Al5Cu45"),
    ]
    best = best_casts(merge_casts((), casts))
    assert best.keys() == {"Cu-Mg-Y"}
    assert math.isnan(best["Cu-Mg-Y"])
