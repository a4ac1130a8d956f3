"""Where alloys lie in a map."""

import numpy as np
import pytest

from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.evidence.map_place import is_mapped, mapped_points, place_metrics, places
from bmg_assets.science.surrogates.alloys import Compositions

ELEMENTS = ("Al", "Cu", "Zr")


def by_zr(compositions: Compositions) -> FloatArray:
    return np.asarray(compositions.fractions[:, 2])


def test_a_place_is_the_share_of_the_map_above_and_half_of_what_ties() -> None:
    points = mapped_points("Cu-Zr", ELEMENTS)
    assert len(points) == 49
    asked = Compositions(ELEMENTS, np.array([[0, 0.01, 0.99], [0, 0.5, 0.5], [0, 0.98, 0.02]]), np.empty((3, 0)))
    found, scores = places(by_zr, points, asked)
    assert found == pytest.approx([0, 24.5 / 49, 48.5 / 49])
    assert scores.max() == 0.98


@pytest.mark.parametrize(("system", "count"), [("Al-Cu-Zr", 1176), ("Al-Cu-Ni-Zr", 969), ("Al-Cu-Ni-Ti-Zr", 126)])
def test_the_grid_is_coarser_for_more_elements(system: str, count: int) -> None:
    assert len(mapped_points(system, tuple(system.split("-")))) == count


def test_a_system_of_seven_elements_is_not_mapped() -> None:
    assert is_mapped("Al-Co-Cr-Cu-Fe-Ni")
    assert not is_mapped("Al-Co-Cr-Cu-Fe-Ni-Ti")


def test_the_ends_of_the_top_shares_count() -> None:
    assert place_metrics(0.05) == {"place": 0.05, "in_top_5%": 1.0, "in_top_20%": 1.0}
    assert place_metrics(0.051) == {"place": 0.051, "in_top_5%": 0.0, "in_top_20%": 1.0}
