"""The matrix of pairs: a panel for each two elements, on one scale."""

from typing import Any

import numpy as np

from bmg_assets.pages.pair_maps import draw_pairs
from bmg_assets.science.alloys.grid import composition_grid

ELEMENTS = ("Zr", "Al", "Ni", "Ag", "Cu")


def test_each_two_elements_have_a_panel_with_the_best_of_all_others(drawn: list[Any]) -> None:
    at_pct = composition_grid(5, 10).astype(float)
    values = at_pct[:, 0] * at_pct[:, 4] / 1000
    picks = np.array([[50.0, 10.0, 10.0, 10.0, 20.0]])
    draw_pairs(ELEMENTS, at_pct, values, 2.0, "Zr-Al-Ni-Ag-Cu", "12 alloys", picks)
    (figure,) = drawn
    panels = figure.axes[:-1]
    assert len(panels) == 10
    assert {panel.collections[0].get_clim() for panel in panels} == {(0, 2)}
    corner = panels[6]  # the last row begins with the first and the last element
    assert (corner.get_xlabel(), corner.get_ylabel()) == ("Zr (at.%)", "Cu (at.%)")
    shown = corner.collections[0].get_array().reshape(6, 6)
    assert shown[0, 5] == 60 * 10 / 1000, "much Zr, little Cu"
    assert np.ma.is_masked(shown[5, 5]) or np.isnan(shown[5, 5]), "no composition holds 60 at.% of both"
    assert corner.collections[1].get_offsets().tolist() == [[50, 20]]
