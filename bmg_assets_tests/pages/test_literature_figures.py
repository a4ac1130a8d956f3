"""The figures of the literature: bars and labels are those of the counts."""

from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.pages.literature_figures import draw_correlations, draw_profile
from bmg_assets.science.literature.profile import Correlations, profile_of


def test_the_profile_counts_what_is_there(drawn: list[Any]) -> None:
    alloys = pd.DataFrame(
        {
            "glass_class": ["bulk", "bulk", "ribbon", "crystalline"],
            "n_elements": [3, 3, 2, 2],
            "elements": [["Al", "Cu", "Zr"], ["Al", "Cu", "Zr"], ["Cu", "Zr"], ["Al", "Ni"]],
            "chemical_system": ["Al-Cu-Zr", "Al-Cu-Zr", "Cu-Zr", "Al-Ni"],
            "dmax_mm": [5.0, None, 0.2, 0.0],
        }
    )
    draw_profile(profile_of(alloys))
    classes, diameters, numbers, elements, systems = drawn[0].axes
    assert [bar.get_height() for bar in classes.patches] == [1, 1, 2]
    assert [label.get_text() for label in classes.get_xticklabels()] == ["no glass", "ribbon only", "bulk glass"]
    assert sum(bar.get_height() for bar in diameters.patches) == 1
    assert [bar.get_height() for bar in numbers.patches] == [2, 2]
    assert {label.get_text() for label in elements.get_xticklabels()} == {"Al", "Cu", "Zr", "Ni"}
    assert max(bar.get_width() for bar in systems.patches) == 2


def test_a_literature_without_bulk_glasses_has_a_profile_too(drawn: list[Any]) -> None:
    alloys = pd.DataFrame(
        {
            "glass_class": ["crystalline"],
            "n_elements": [2],
            "elements": [["Al", "Ni"]],
            "chemical_system": ["Al-Ni"],
            "dmax_mm": [0.0],
        }
    )
    draw_profile(profile_of(alloys))
    assert sum(bar.get_height() for bar in drawn[0].axes[1].patches) == 0


def test_correlations_are_drawn_with_their_names(drawn: list[Any]) -> None:
    r = np.array([[1.0, 0.9, -0.2], [0.9, 1.0, 0.1], [-0.2, 0.1, 1.0]])
    draw_correlations(Correlations(("mean X", "PymatgenData mean row", "Yang delta"), r))
    axes = drawn[0].axes[0]
    np.testing.assert_array_equal(axes.images[0].get_array(), r)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["mean X", "mean row", "Yang delta"]
    assert "(1 pairs with |r| ≥ 0.8)" in axes.get_title()
