"""The figure of growing costs: a panel for each, both axes logarithmic, as PNG and SVG."""

from collections.abc import Sequence
from pathlib import Path

PANEL_INCHES = (3.2, 2.8)


def draw_growth(panels: Sequence[tuple[str, str, Sequence[int], Sequence[float]]], folder: Path) -> None:
    """Write `growth.png` and `growth.svg`; each panel is a title, the unit of the sizes, the sizes and the seconds."""
    from matplotlib.figure import Figure

    width, height = PANEL_INCHES
    figure = Figure(figsize=(width * len(panels), height), layout="constrained")
    axes = figure.subplots(1, len(panels), squeeze=False)[0]
    for axis, (title, unit, sizes, cost_s) in zip(axes, panels, strict=True):
        axis.loglog(sizes, cost_s, marker="o", markersize=3)
        axis.set_title(title, fontsize=8, wrap=True)
        axis.set_xlabel(unit)
        axis.set_ylabel("s")
        axis.grid(True, which="both", alpha=0.3)
    for kind in ("png", "svg"):
        figure.savefig(folder / f"growth.{kind}", dpi=150)
