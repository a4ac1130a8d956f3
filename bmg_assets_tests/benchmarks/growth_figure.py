"""The figure of growing costs: a panel for each, both axes logarithmic, as PNG and SVG."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

PANEL_INCHES = (3.2, 2.8)


def draw_growth(panels: Sequence[tuple[str, str, Sequence[int], Sequence[float]]], folder: Path) -> None:
    """Write `growth.png` and `growth.svg`; each panel is a title, the unit of the sizes, the sizes and the seconds."""
    from matplotlib.figure import Figure

    width, height = PANEL_INCHES
    figure = Figure(figsize=(width * len(panels), height), layout="constrained")
    axes = figure.subplots(1, len(panels), squeeze=False)[0]
    for axis, (title, unit, sizes, cost_s) in zip(axes, panels, strict=True):
        axis.loglog(sizes, cost_s, marker="o", markersize=3)
        _keep_in_proportion(axis, sizes, cost_s)
        axis.set_title(title, fontsize=8, wrap=True)
        axis.set_xlabel(unit)
        axis.set_ylabel("s")
        axis.grid(True, which="both", alpha=0.3)
    for kind in ("png", "svg"):
        figure.savefig(folder / f"growth.{kind}", dpi=150)


def _keep_in_proportion(axis: Any, sizes: Sequence[int], cost_s: Sequence[float]) -> None:
    """As many decades up as across, at least two, so that the slope is the power and noise looks like noise."""
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    decades = max(2.0, np.log10(max(sizes) / min(sizes)), 1.1 * np.log10(max(cost_s) / min(cost_s)))
    middle = np.sqrt(min(cost_s) * max(cost_s))
    axis.set_ylim(middle * 10 ** (-decades / 2), middle * 10 ** (decades / 2))
    for one in (axis.xaxis, axis.yaxis):
        one.set_major_locator(LogLocator(10, subs=(1.0,) if one is axis.yaxis else (1.0, 3.0)))
        one.set_major_formatter(StrMethodFormatter("{x:g}"))
        one.set_minor_formatter(NullFormatter())
