"""Figures come as PNG and SVG with something on them."""

import io
from typing import Any

import matplotlib.image
import numpy as np
import pandas as pd
import pytest

from bmg_assets.reporting import literature_figures, ternary_map
from bmg_assets.reporting.drawing import new_figure, saved
from bmg_assets.reporting.literature_figures import draw_correlations, draw_profile
from bmg_assets.reporting.ternary_map import draw_ternary_map
from bmg_assets.science.profile import Correlations, profile_of
from bmg_assets.science.systems import parse_system

SYSTEM = parse_system("Zr-Al-Cu")
LEAST_COLOURS = 20
LEAST_BYTES = 5_000
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Figures are caught before they are saved, which takes seconds for each."""
    figures: list[Any] = []
    for module in (ternary_map, literature_figures):
        monkeypatch.setattr(module, "saved", lambda figure: figures.append(figure) or {})
    return figures


def a_map() -> pd.DataFrame:
    points = [(a, b, 100 - a - b) for a in range(10, 90, 10) for b in range(10, 100 - a, 10)]
    dmax = [float(a * c / 500) for a, _, c in points]
    return pd.DataFrame(
        {"at_pct": [list(map(float, point)) for point in points], "dmax_mm": dmax, "top_share": [d > 4 for d in dmax]}
    )


@pytest.mark.parametrize("with_casts", [False, True])
def test_a_map_is_drawn_with_and_without_casts(with_casts: bool, drawn: list[Any]) -> None:
    """The second also with a cast whose elements stand in another order than the corners."""
    candidates = pd.DataFrame(
        {
            "kind": ["pick", "pick", "verification"],
            "rank": [1, 2, 1],
            "at_pct": [[50.0, 10.0, 40.0], [45.0, 15.0, 40.0], [55.0, 10.0, 35.0]],
        }
    )
    lab = pd.DataFrame(
        {
            "glass_class": ["bulk", "crystalline"],
            "elements": [["Al", "Cu", "Zr"], ["Cu", "Zr"]],
            "at_pct": [[10.0, 30.0, 60.0], [50.0, 50.0]],
        }
    )
    draw_ternary_map(SYSTEM, a_map(), candidates, lab if with_casts else lab.head(0), "900 alloys")
    axes = drawn[0].axes[0]
    labels = axes.get_legend_handles_labels()[1]
    assert labels[:2] == ["cast next", "boundary points"]
    assert set(labels[2:]) == ({"own cast: bulk glass", "own cast: no glass"} if with_casts else set())
    assert [axes.get_tlabel(), axes.get_llabel(), axes.get_rlabel()] == ["Zr (at.%)", "Al (at.%)", "Cu (at.%)"]
    assert {text.get_text().strip() for text in axes.texts} == {"1", "2"}
    assert "900 alloys" in axes.get_title()


def test_a_figure_is_saved_as_png_and_svg() -> None:
    figure = new_figure(5, 5)
    figure.add_subplot().imshow(np.arange(100.0).reshape(10, 10))
    files = saved(figure)
    assert set(files) == {"png", "svg"}
    assert files["svg"].rstrip().endswith(b"</svg>")
    assert files["png"].startswith(PNG_SIGNATURE)
    assert min(map(len, files.values())) > LEAST_BYTES
    pixels = matplotlib.image.imread(io.BytesIO(files["png"]), format="png")
    assert min(pixels.shape[:2]) > 600
    assert len(np.unique(pixels.reshape(-1, pixels.shape[2]), axis=0)) > LEAST_COLOURS


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
