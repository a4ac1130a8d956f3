"""The map of a ternary system: predicted D_max, the top region, the candidates and the own casts."""

from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.reporting.drawing import CLASS_COLOURS, CLASS_TITLES, COLOUR_MAP, new_figure, saved
from bmg_assets.science.systems import TargetSystem


def draw_ternary_map(
    system: TargetSystem, grid: pd.DataFrame, candidates: pd.DataFrame, lab: pd.DataFrame, training: str
) -> dict[str, bytes]:
    """Files by ending.

    Args:
        training: identity of the training set, written under the title.
    """
    figure = new_figure(7.5, 6.5)
    axes = add_ternary_axes(figure, 111)
    surface = draw_on_axes(axes, system, grid, candidates, lab)
    axes.set_title(f"{system.key}: predicted critical casting diameter\n{training}", fontsize=10, pad=28)
    figure.colorbar(surface, ax=axes, label="$D_{max}$ (mm)", shrink=0.7, pad=0.12)
    axes.legend(loc="upper left", bbox_to_anchor=(-0.18, 1.0), fontsize=8, frameon=False)
    return saved(figure)


def add_ternary_axes(figure: Any, *place: int) -> Any:
    """Axes in at.% at a place of the figure, as matplotlib's `add_subplot` takes it."""
    import mpltern  # noqa: F401  (registers the projection)

    return figure.add_subplot(*place, projection="ternary", ternary_sum=100.0)


def draw_on_axes(
    axes: Any,
    system: TargetSystem,
    grid: pd.DataFrame,
    candidates: pd.DataFrame,
    lab: pd.DataFrame,
    limits_mm: tuple[float, float] | None = None,
) -> Any:
    """The map without title and legend; gives what a colour bar needs.

    Args:
        limits_mm: D_max at both ends of the colour scale; those of the grid where it is not given.
    """
    corners = np.array(grid["at_pct"].tolist()).T
    surface = axes.tripcolor(*corners, grid["dmax_mm"], cmap=COLOUR_MAP, shading="gouraud", rasterized=True)
    if limits_mm is not None:
        surface.set_clim(*limits_mm)
    axes.tricontour(*corners, grid["top_share"].astype(float), levels=[0.5], colors="white", linewidths=1.5)
    _draw_candidates(axes, candidates)
    _draw_casts(axes, system, lab)
    for name, element in zip(("tlabel", "llabel", "rlabel"), system.elements, strict=True):
        getattr(axes, f"set_{name}")(f"{element} (at.%)")
    for axis in (axes.taxis, axes.laxis, axes.raxis):
        axis.set_label_position("tick1")
    axes.grid(linewidth=0.3, color="white", alpha=0.5)
    return surface


def _draw_candidates(axes: Any, candidates: pd.DataFrame) -> None:
    styles = {"pick": ("*", 160, "cast next"), "verification": ("o", 25, "boundary points")}
    for kind, (marker, size, label) in styles.items():
        chosen = candidates[candidates["kind"] == kind]
        if chosen.empty:
            continue
        points = np.array(chosen["at_pct"].tolist()).T
        axes.scatter(*points, marker=marker, s=size, c="white", edgecolors="black", label=label, zorder=5)
    picks = candidates[candidates["kind"] == "pick"]
    for rank, point in zip(picks["rank"], picks["at_pct"], strict=True):
        axes.text(*point, f" {rank}", fontsize=11, fontweight="bold", color="black", zorder=6)


def _draw_casts(axes: Any, system: TargetSystem, lab: pd.DataFrame) -> None:
    for name, casts in lab.groupby("glass_class"):
        amounts = [dict(zip(*pair, strict=True)) for pair in zip(casts["elements"], casts["at_pct"], strict=True)]
        points = np.array([[amount.get(element, 0.0) for element in system.elements] for amount in amounts]).T
        axes.scatter(
            *points, marker="s", s=30, c=CLASS_COLOURS[str(name)], edgecolors="white",
            label=f"own cast: {CLASS_TITLES[str(name)]}",
        )  # fmt: skip
