"""The maps of a ternary system: predicted D_max with candidates, known alloys and own casts, or any other value.

The colour of a symbol shows who reports an alloy (the literature or the group), and its shape the class of the alloy.
"""

from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.pages.drawing import CLASS_TITLES, COLOUR_MAP, new_figure, saved, scale_top
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import BoolArray
from bmg_assets.science.literature.known_alloys import amounts_of
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

CLASS_SHAPES = {"crystalline": "X", "ribbon": "^", "bulk": "o"}
LITERATURE_COLOUR = "white"
OWN_COLOUR = "#e69f00"
PICK_COLOUR = "#d55e00"
LEGEND_COLOUR = "#55606d"
"""Dark enough that white symbols and lines show, light enough that black edges do; its text is white."""
MAP_SIZE_IN = (9.4, 6.6)
MAP_PLACE = (0.06, 0.08, 0.575, 0.74)
"""Left, bottom, width and height of the axes in a figure that holds one map."""
BEYOND_AT_PCT = 9.0
"""How far outside the triangle the names of the elements stand."""
WIDTH_COLOURS = "cividis"
DIFFERENCE_COLOURS = "RdBu_r"
PANELS_ACROSS = 3
DMAX_LABEL = "$D_{max}$ (mm)"
HATCH = "////"
HATCH_COLOUR = "#d9d9d9"
OTHER_PICK_COLOUR = "#56b4e9"
"""Of picks that are not the recommended ones."""


def draw_ternary_map(
    system: TargetSystem,
    grid: pd.DataFrame,
    candidates: pd.DataFrame,
    lab: pd.DataFrame,
    training: str,
    literature: pd.DataFrame | None = None,
    top_mm: float | None = None,
    title: str = "predicted critical casting diameter",
    is_beyond: BoolArray | None = None,
) -> dict[str, bytes]:
    """The map of predicted D_max with all that is known and proposed; files by ending.

    Args:
        grid: the table `prediction_grid` or `transfer_grid`.
        lab: the table `lab_results`; with a column `round`, the casts are marked with its numbers.
        training: identity of the training set, written under the title.
        literature: alloys of the diagram, see `alloys_of_system`; not drawn where it is not given.
        top_mm: D_max at the upper end of the colour scale, the same for all iterations of a system; one that suits
            this map where it is not given.
        title: what the colours mean, after the system.
        is_beyond: whether too little is known at a point, shape (n,); hatched.
    """
    top_mm = scale_top(float(grid["dmax_mm"].max())) if top_mm is None else top_mm
    figure, axes = new_map(f"{system.key}: {title}", training)
    surface = draw_on_axes(axes, system, grid, candidates, lab, (0.0, top_mm), literature)
    if is_beyond is not None:
        _hatch(axes, grid, is_beyond)
    add_bar(figure, surface, DMAX_LABEL)
    add_legend(figure, axes, labelcolor="white")
    return saved(figure)


def draw_values(
    system: TargetSystem,
    grid: pd.DataFrame,
    values: pd.Series,
    title: str,
    training: str,
    label: str = DMAX_LABEL,
    colours: str = COLOUR_MAP,
    is_beyond: BoolArray | None = None,
) -> dict[str, bytes]:
    """One value for each point of the grid, on a scale of its own from zero; files by ending.

    Args:
        label: what the colours mean, with the unit.
        is_beyond: whether too little is known at a point, shape (n,); hatched.
    """
    figure, axes = new_map(f"{system.key}: {title}", training)
    add_bar(figure, draw_surface(axes, system, grid, values, (0.0, scale_top(float(values.max()))), colours), label)
    if is_beyond is not None and is_beyond.any():
        _hatch(axes, grid, is_beyond)
        add_legend(figure, axes, labelcolor="white")
    return saved(figure)


def draw_change(
    system: TargetSystem, grid: pd.DataFrame, before: pd.Series, stage_before: str, training: str
) -> dict[str, bytes]:
    """Prediction now minus prediction before, on a scale with white in its middle; files by ending.

    Args:
        before: fused prediction in mm of the earlier iteration by composition.
        stage_before: the earlier iteration in words, see `rounds_in_words`.
    """
    change = grid["dmax_mm"] - grid["composition"].map(before)
    top = scale_top(float(change.abs().max()))
    figure, axes = new_map(f"{system.key}: prediction minus that {stage_before}", training)
    surface = draw_surface(axes, system, grid, change.fillna(0.0), (-top, top), DIFFERENCE_COLOURS)
    add_bar(figure, surface, "change of $D_{max}$ (mm)")
    return saved(figure)


def draw_sub_models(
    system: TargetSystem, grid: pd.DataFrame, weights: dict[str, float], training: str, top_mm: float
) -> dict[str, bytes]:
    """The sub-models and their fusion side by side on one colour scale (the paper's Fig. S1); files by ending.

    Args:
        weights: fusion weight of each sub-model by name.
        top_mm: D_max at the upper end of the colour scale; larger predictions of a sub-model have its last colour.
    """
    panels = [(f"{SUB_MODELS[name].title} (weight {weights[name]:.2f})", grid[f"{name}_mm"]) for name in SUB_MODELS]
    panels.append(("fusion", grid["dmax_mm"]))
    rows = -(-(len(panels) + 1) // PANELS_ACROSS)
    figure = new_figure(12.0, 4.1 * rows + 0.6, layout=None)
    figure.text(0.02, 0.965, f"{system.key}: sub-models and their fusion", fontsize=12, fontweight="bold")
    figure.text(0.02, 0.94, training, fontsize=8, color="#444444")
    for number, (title, values) in enumerate(panels):
        row, column = divmod(number, PANELS_ACROSS)
        place = (0.05 + 0.97 * column / PANELS_ACROSS, 0.06 + (rows - 1 - row) * 0.92 / rows, 0.23, 0.62 / rows)
        axes = add_ternary_axes(figure, place)
        surface = draw_surface(axes, system, grid, values, (0.0, top_mm), small=True)
        axes.set_title(title, y=1.2, fontsize=11)
    extend = "max" if max(values.max() for _, values in panels) > top_mm else "neither"
    bar = figure.add_axes((0.74, 0.12, 0.018, 0.3))
    figure.colorbar(surface, cax=bar, label=DMAX_LABEL, extend=extend)
    return saved(figure)


def new_map(title: str, training: str) -> tuple[Any, Any]:
    """A figure for one map with its title and the identity of the training set, and its axes."""
    figure = new_figure(*MAP_SIZE_IN, layout=None)
    axes = add_ternary_axes(figure, MAP_PLACE)
    figure.text(0.03, 0.955, title, fontsize=12, fontweight="bold")
    figure.text(0.03, 0.92, training, fontsize=8, color="#444444")
    axes.set_title("", y=1.0)  # placed by hand: mpltern takes seconds to find a place for a title
    return figure, axes


def add_bar(figure: Any, surface: Any, label: str) -> None:
    """The colour bar of a figure that holds one map."""
    figure.colorbar(surface, cax=figure.add_axes((0.70, 0.1, 0.022, 0.36)), label=label)


def add_legend(figure: Any, axes: Any, **style: Any) -> None:
    """The legend of a figure that holds one map."""
    figure.legend(
        *axes.get_legend_handles_labels(), loc="upper left", bbox_to_anchor=(0.665, 0.88), fontsize=8,
        facecolor=LEGEND_COLOUR, framealpha=1, edgecolor="none", labelspacing=0.7, **style,
    )  # fmt: skip


def add_ternary_axes(figure: Any, place: tuple[float, float, float, float]) -> Any:
    """Axes in at.% at a place of the figure: left, bottom, width and height."""
    import mpltern  # noqa: F401  (registers the projection)

    return figure.add_axes(place, projection="ternary", ternary_sum=100.0)


def draw_on_axes(
    axes: Any,
    system: TargetSystem,
    grid: pd.DataFrame,
    candidates: pd.DataFrame,
    lab: pd.DataFrame,
    limits_mm: tuple[float, float],
    literature: pd.DataFrame | None = None,
) -> Any:
    """The map without title and legend; gives what a colour bar needs.

    Args:
        limits_mm: D_max at both ends of the colour scale.
        literature: as in `draw_ternary_map`; not drawn where it is not given.
    """
    surface = draw_surface(axes, system, grid, grid["dmax_mm"], limits_mm)
    corners = np.array(grid["at_pct"].tolist()).T
    axes.tricontour(*corners, grid["top_share"].astype(float), levels=[0.5], colors="white", linewidths=1.5)
    axes.plot(
        [],
        [],
        [],
        color="white",
        linewidth=1.5,
        label=f"edge of the top {100 * grid['top_share'].mean():.0f} % of the map",
    )
    if literature is not None:
        _draw_literature(axes, literature)
    _draw_casts(axes, system, lab)
    _draw_candidates(axes, candidates)
    return surface


def _hatch(axes: Any, grid: pd.DataFrame, is_beyond: BoolArray) -> None:
    """Hatching where too little is known, and the line at which that begins."""
    if not is_beyond.any():
        return
    corners = np.array(grid["at_pct"].tolist()).T
    beyond = is_beyond.astype(float)
    # Contours of a single level fail where no point lies on the other side of it.
    hatched = axes.tricontourf(*corners, beyond, levels=[0.5, 1.5], colors="none", hatches=[HATCH])
    hatched.set(edgecolor=HATCH_COLOUR, linewidth=0)
    if not is_beyond.all():
        axes.tricontour(*corners, beyond, levels=[0.5], colors=HATCH_COLOUR, linewidths=1.5, linestyles="dashed")
    words = f"hatched: the map knows too little ({100 * is_beyond.mean():.0f} %)"
    axes.plot([], [], [], color=HATCH_COLOUR, linewidth=1.5, linestyle="dashed", label=words)


def draw_surface(
    axes: Any,
    system: TargetSystem,
    grid: pd.DataFrame,
    values: pd.Series,
    limits: tuple[float, float],
    colours: str = COLOUR_MAP,
    small: bool = False,
) -> Any:
    """One value for each point of the grid as colours, on axes with ticks in at.% and the elements at the corners.

    Args:
        small: the axes are one of many: fewer ticks and smaller names.
    """
    points = np.array(grid["at_pct"].tolist()).T
    surface = axes.tripcolor(*points, values, cmap=colours, shading="gouraud", rasterized=True)
    surface.set_clim(*limits)
    name_axes(axes, system, small)
    return surface


def name_axes(axes: Any, system: TargetSystem, small: bool) -> None:
    """Ticks in at.%, and the elements along the sides and at the corners."""
    size = 8 if small else 10
    beyond = BEYOND_AT_PCT * (1.8 if small else 1.0)
    for name, element in zip(("tlabel", "llabel", "rlabel"), system.elements, strict=True):
        getattr(axes, f"set_{name}")(f"{element} (at.%)", fontsize=size)
    for axis in (axes.taxis, axes.laxis, axes.raxis):
        # The sides on which the map to point at, Plotly's, has its ticks.
        axis.set_ticks_position("tick2")
        axis.set_label_position("tick2")
        axis.set_ticks([20, 40, 60, 80] if small else [0, 20, 40, 60, 80, 100])
        axis.set_tick_params(labelsize=size)
    for corner, element in enumerate(system.elements):
        place = np.full(3, -beyond / 2)
        place[corner] = 100 + beyond
        axes.text(*place, element, ha="center", va="center", fontsize=size + 3, fontweight="bold")
    axes.grid(linewidth=0.3, color="white", alpha=0.5)


def _draw_candidates(axes: Any, candidates: pd.DataFrame) -> None:
    """Stars with their rank for the picks, those that are not recommended in another colour; boundary points."""
    is_pick, is_recommended = candidates["kind"] == "pick", candidates["is_recommended"].astype(bool)
    styles = (
        (~is_pick, "D", 18, "white", "boundary points"),
        (is_pick & ~is_recommended, "*", 150, OTHER_PICK_COLOUR, "for comparison"),
        (is_pick & is_recommended, "*", 190, PICK_COLOUR, "cast next"),
    )
    for which, marker, size, colour, label in styles:
        if not which.any():
            continue
        points = np.array(candidates.loc[which, "at_pct"].tolist()).T
        axes.scatter(*points, marker=marker, s=size, c=colour, edgecolors="black", label=label, zorder=5)
    for rank, point in zip(candidates.loc[is_pick, "rank"], candidates.loc[is_pick, "at_pct"], strict=True):
        _write(axes, np.array(point), str(rank), fontsize=12, fontweight="bold", zorder=7)


def _draw_literature(axes: Any, literature: pd.DataFrame) -> None:
    """Filled symbols for alloys that the models were trained on, open ones for those that pruning left out.

    Open ones have a dark edge around their white line, so that they are seen on white, too.
    """
    from matplotlib.patheffects import withStroke

    for (glass_class, is_trained), alloys in literature.groupby(["glass_class", "is_trained"]):
        points = np.array(alloys["at_pct"].tolist()).T
        use = "literature" if is_trained else "literature, not trained on"
        axes.scatter(
            *points,
            marker=CLASS_SHAPES[str(glass_class)],
            s=22,
            facecolors=LITERATURE_COLOUR if is_trained else "none",
            edgecolors="black" if is_trained else LITERATURE_COLOUR,
            linewidths=0.7 if is_trained else 1.1,
            path_effects=None if is_trained else [withStroke(linewidth=2.4, foreground="#111111")],
            label=f"{use}: {CLASS_TITLES[str(glass_class)]} ({len(alloys)})",
            clip_on=False,
            zorder=3,
        )


def _draw_casts(axes: Any, system: TargetSystem, lab: pd.DataFrame) -> None:
    casts = lab[lab["glass_class"].notna()]
    for name, of_class in casts.groupby("glass_class"):
        axes.scatter(
            *amounts_of(system, of_class).T,
            marker=CLASS_SHAPES[str(name)],
            s=48,
            c=OWN_COLOUR,
            edgecolors="black",
            label=f"own cast: {CLASS_TITLES[str(name)]} ({len(of_class)})",
            clip_on=False,
            zorder=6,  # above a candidate, whose star is larger
        )
    if "round" in casts:
        for number, point in zip(casts["round"], amounts_of(system, casts), strict=True):
            _write(axes, point, str(number), fontsize=8, zorder=8)


def _write(axes: Any, point: np.ndarray, text: str, **style: Any) -> None:
    """A number at the upper right of a symbol, legible on any colour."""
    from matplotlib.patheffects import withStroke

    axes.text(
        *(point + np.array([1.6, -3.2, 1.6])), text, ha="center", va="center", color="black",
        path_effects=[withStroke(linewidth=2.2, foreground="white")], **style,
    )  # fmt: skip
