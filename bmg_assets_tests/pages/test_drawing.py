"""Scales that stay, and files that can be opened."""

import io

import matplotlib.image
import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.pages.drawing import (
    CLASS_COLOURS,
    KIND_COLOURS,
    PREVIEW_WIDTH_PX,
    new_figure,
    preview_of,
    saved,
    scale_top,
)
from bmg_assets.science.alloys.report_kinds import GlassClass, ReportKind

LEAST_COLOURS = 20
LEAST_BYTES = 5_000
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    "largest, top", [(0, 1), (0.21, 0.25), (3.1, 4), (5.5, 6), (8, 8), (8.1, 10), (11, 12), (0.93, 1)]
)
def test_the_top_of_a_scale_is_a_round_number(largest: float, top: float) -> None:
    assert scale_top(largest) == pytest.approx(top)


@given(st.floats(0.01, 1000))
def test_the_top_of_a_scale_holds_all_values_and_wastes_little(largest: float) -> None:
    assert largest <= scale_top(largest) * (1 + 1e-9)
    assert scale_top(largest) <= 1.4 * largest


def test_classes_and_kinds_have_their_colours() -> None:
    assert set(CLASS_COLOURS) == set(GlassClass)
    assert set(KIND_COLOURS) == set(ReportKind)
    assert len(set(KIND_COLOURS.values())) == len(KIND_COLOURS)


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


def test_a_preview_is_small_and_keeps_its_proportions() -> None:
    figure = new_figure(9.4, 7.0)
    figure.subplots().plot([0, 1], [0, 1])
    preview = preview_of(saved(figure)["png"])
    with PIL.Image.open(io.BytesIO(preview)) as image:
        assert image.size == (PREVIEW_WIDTH_PX, round(PREVIEW_WIDTH_PX * 7.0 / 9.4))
    assert len(preview) < 100_000
