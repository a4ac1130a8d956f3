"""How figures are drawn: without a screen, and saved as SVG and PNG."""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 150
COLOUR_MAP = "viridis"
CLASS_COLOURS = {"crystalline": "#7f7f7f", "ribbon": "#e69f00", "bulk": "#0072b2"}
"""Okabe and Ito's colours, which the colour-blind can tell apart."""
CLASS_TITLES = {"crystalline": "no glass", "ribbon": "ribbon only", "bulk": "bulk glass"}


def new_figure(width_in: float, height_in: float) -> "Figure":
    """A figure that belongs to no window and to no global state, so that steps may draw side by side."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width_in, height_in), layout="constrained")


def saved(figure: "Figure") -> dict[str, bytes]:
    """The figure's files by ending."""
    files = {}
    for kind in ("svg", "png"):
        buffer = io.BytesIO()
        figure.savefig(buffer, format=kind, dpi=DPI)
        files[kind] = buffer.getvalue()
    return files
