"""The figures of the literature: bars and labels are those of the counts."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from bmg_assets.pages.literature_figures import draw_correlations, draw_pairs, draw_profile, draw_years
from bmg_assets.science.literature.blind_spots import blind_spots_of
from bmg_assets.science.literature.profile import Correlations, profile_of

REPORTS = pd.DataFrame(
    {
        "status": "accepted",
        "kind": ["bulk", "bulk_without_diameter", "ribbon", "crystalline_as_spun"],
        "year": pd.array([1990, 1992, 1990, None], dtype="Int64"),
    }
)
ALLOYS = pd.DataFrame(
    {
        "glass_class": ["bulk", "bulk", "ribbon", "crystalline"],
        "kind": REPORTS["kind"],
        "n_elements": [3, 3, 2, 2],
        "elements": [["Al", "Cu", "Zr"], ["Al", "Cu", "Zr"], ["Cu", "Zr"], ["Al", "Ni"]],
        "chemical_system": ["Al-Cu-Zr", "Al-Cu-Zr", "Cu-Zr", "Al-Ni"],
        "dmax_largest_mm": [73.0, None, 0.2, 0.0],
    }
)


def heights(axes: Any) -> list[float]:
    return [bar.get_height() for bar in axes.patches]


def texts(labels: Any) -> list[str]:
    return [label.get_text() for label in labels]


def test_the_profile_counts_what_is_there(drawn: list[Any]) -> None:
    draw_profile(profile_of(ALLOYS, REPORTS))
    kinds, diameters, numbers, elements, systems = drawn[0].axes
    assert [bar.get_width() for bar in kinds.patches] == [1, 1, 1, 1]
    assert texts(kinds.get_yticklabels()) == ["bulk without diameter", "bulk", "ribbon", "crystalline as spun"]
    assert diameters.get_xscale() == "log"
    assert sum(heights(diameters)) == 1
    assert {"1", "10", "50", "100"} <= set(texts(diameters.get_xticklabels()))
    assert heights(numbers) == [1, 0, 1, 0, 0, 2], "no glass, ribbon, bulk, each for two and three elements"
    assert set(texts(elements.get_xticklabels())) == {"Al", "Cu", "Zr", "Ni"}
    assert sum(heights(elements)) == 3 + 3 + 2 + 2
    assert max(bar.get_width() for bar in systems.patches) == 2


@pytest.mark.filterwarnings("error")
def test_a_literature_without_bulk_glasses_is_drawn_without_a_warning(drawn: list[Any]) -> None:
    without = ALLOYS[ALLOYS["glass_class"] != "bulk"]
    draw_profile(profile_of(without, REPORTS))
    diameters = drawn[0].axes[1]
    assert list(diameters.patches) == []
    assert texts(diameters.texts) == ["none"]
    drawn[0].draw_without_rendering()


def test_years_are_stacked_by_kind(drawn: list[Any]) -> None:
    draw_years(profile_of(ALLOYS, REPORTS))
    axes = drawn[0].axes[0]
    assert sum(heights(axes)) == 3
    assert texts(drawn[0].legends[0].get_texts()) == ["ribbon", "bulk", "bulk without diameter"]
    (in_1990,) = [bar for bar in axes.patches if bar.get_y() == 1 and bar.get_height()]
    assert in_1990.get_x() + in_1990.get_width() / 2 == 1990, "the bulk glass stands on the ribbon of its year"


def test_pairs_that_are_never_together_are_white(drawn: list[Any]) -> None:
    draw_pairs(blind_spots_of(ALLOYS))
    axes = drawn[0].axes[0]
    names, counts = texts(axes.get_yticklabels()), axes.images[0].get_array()
    assert names == texts(axes.get_xticklabels())
    assert counts[names.index("Cu"), names.index("Zr")] == 3
    assert counts.mask[names.index("Ni"), names.index("Zr")]
    drawn[0].draw_without_rendering()
    left = min(label.get_window_extent().x0 for label in axes.get_yticklabels())
    assert left >= 0, "no label is cut"


def test_correlations_are_drawn_with_their_names(drawn: list[Any]) -> None:
    r = np.array([[1.0, 0.9, -0.2], [0.9, 1.0, 0.1], [-0.2, 0.1, 1.0]])
    draw_correlations(Correlations(("mean X", "PymatgenData mean row", "Yang delta"), r))
    axes = drawn[0].axes[0]
    np.testing.assert_array_equal(axes.images[0].get_array(), r)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["mean X", "mean row", "Yang delta"]
    assert "(1 pairs with |r| ≥ 0.8)" in axes.get_title()
