"""How figures are drawn: without a screen, in colours that keep their meaning, and saved as SVG and PNG."""

import io
import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 150
PREVIEW_WIDTH_PX = 460
"""Room for the value of a metadata entry in the Dagster UI, on a screen 1,440 pixels wide."""
COLOUR_MAP = "viridis"
COLOUR_STEPS = 128
"""Of maps to point at: no eye tells two neighbours apart."""
CLASS_COLOURS = {"crystalline": "#7f7f7f", "ribbon": "#e69f00", "bulk": "#0072b2"}
"""Okabe and Ito's colours, which the colour-blind can distinguish."""
CLASS_TITLES = {"crystalline": "no glass", "ribbon": "ribbon only", "bulk": "bulk glass"}
KIND_COLOURS = {
    "crystalline_as_spun": "#4d4d4d",
    "crystalline_as_cast": "#a6a6a6",
    "glass_of_unknown_form": "#f0e442",
    "ribbon": "#e69f00",
    "plate_or_wedge": "#56b4e9",
    "thin_rod": "#d6a45c",
    "bulk": "#0072b2",
    "bulk_without_diameter": "#8fb8de",
    "fluxed": "#cc79a7",
    "film": "#009e73",
    "powder": "#d55e00",
}
"""Kinds of reports (science/alloys/report_kinds.py); those of a class are alike."""
TICKS_OF_SCALE = 6
SCALE_TOPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)


def new_figure(width_in: float, height_in: float, layout: str | None = "constrained") -> "Figure":
    """A figure that belongs to no window and to no global state, so that steps may draw side by side.

    Args:
        layout: None if every part is placed by hand, which saves seconds for ternary axes.
    """
    from matplotlib.figure import Figure

    return Figure(figsize=(width_in, height_in), layout=layout)  # type: ignore[arg-type]


def saved(figure: "Figure") -> dict[str, bytes]:
    """The figure's files by ending."""
    files = {}
    for kind in ("svg", "png"):
        buffer = io.BytesIO()
        figure.savefig(buffer, format=kind, dpi=DPI)
        files[kind] = buffer.getvalue()
    return files


def in_words(name: str) -> str:
    """A name of a kind, a class or a rule as words."""
    return name.replace("_", " ")


def preview_of(png: bytes) -> bytes:
    """A small copy of a figure that fits beside the names in a table of the Dagster UI, which does not shrink it."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        height_px = round(image.height * PREVIEW_WIDTH_PX / image.width)
        small = image.convert("RGB").resize((PREVIEW_WIDTH_PX, height_px), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def colour_steps(n: int = COLOUR_STEPS) -> list[str]:
    """Colours at even steps of the scale, like "#440154"."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    return [to_hex(colour) for colour in colormaps[COLOUR_MAP](np.linspace(0, 1, n))]


def scale_top(largest: float) -> float:
    """Upper end of a colour scale for values up to `largest`: a round number, equal for similar values."""
    if largest <= 0:
        return SCALE_TOPS[0]
    decade = 10.0 ** math.floor(math.log10(largest))
    return next((top * decade for top in SCALE_TOPS if top * decade >= largest * (1 - 1e-9)), 10 * decade)


def scale_between(low: float, high: float) -> tuple[float, float]:
    """Round ends of a colour scale that holds both values."""
    from matplotlib.ticker import MaxNLocator

    ticks = MaxNLocator(nbins=TICKS_OF_SCALE).tick_values(low, high)
    return float(ticks[0]), float(ticks[-1])
