"""The drawn maps of a system of four elements: slices, the best of all amounts of an element, faces, a tetrahedron.

Symbols are those of the ternary maps: the colour shows who reports an alloy, and the shape its class.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any

import numpy as np

from bmg_assets.pages.drawing import COLOUR_MAP, new_figure, saved
from bmg_assets.pages.interactive_map import Symbols
from bmg_assets.pages.simplex_places import TETRAHEDRON, TRIANGLE, net_corners, places
from bmg_assets.pages.ternary_maps import DMAX_LABEL, LEGEND_COLOUR
from bmg_assets.science.alloys.sections import best_behind, nearest_level
from bmg_assets.science.arrays import BoolArray, FloatArray

MARKERS = {"x": "X", "triangle-up": "^", "circle": "o", "star": "*", "diamond": "D"}
"""Plotly's symbols and Matplotlib's."""
PANELS_ACROSS = 3
SLICES = 6
EDGE_COLOUR = "#333333"
OPEN_COLOUR = "#bbbbbb"
"""Of open symbols: it shows on the surface, on the legend and on white."""
LETTERS_OF_LINE = 120
"""Of small print in a line of a figure 9 inches wide."""
VIEW = {"elev": 18, "azim": -62}


@dataclass(frozen=True)
class FourMap:
    """What is drawn of a system of four elements."""

    elements: Sequence[str]
    at_pct: FloatArray
    """Points of the grid, shape (n, 4)."""
    values: FloatArray
    """What the colours show, shape (n,)."""
    is_top: BoolArray
    """Shape (n,)."""
    levels: FloatArray
    """Amounts at which the grid has slices, in at.%, ascending."""
    step_pct: int
    """Of the ratios in a projection."""
    top: float
    """Upper end of the colour scale, from zero."""
    symbols: Sequence[Symbols]
    title: str
    rests_on: str
    """By whom, and the identity of the alloys that the map was learnt from."""
    label: str = DMAX_LABEL


def draw_slices(drawn: FourMap, fixed: int) -> dict[str, bytes]:
    """Slices at fixed amounts of one element, around those of the top region; files by ending.

    Args:
        fixed: place of that element.
    """
    element, kept = drawn.elements[fixed], _without(fixed)
    figure, panels, bar = _figure(drawn, f"slices at fixed amounts of {element}", SLICES, PANELS_ACROSS)
    at_top = np.unique(drawn.at_pct[drawn.is_top][:, fixed])
    chosen = drawn.levels[np.unique(nearest_level(drawn.levels, np.linspace(at_top[0], at_top[-1], SLICES)))]
    surface: Any = None
    for axes, level in zip(panels, chosen, strict=False):
        rows = drawn.at_pct[:, fixed] == level
        xy = places(drawn.at_pct[rows][:, kept], TRIANGLE)
        surface = _triangle(axes, drawn, xy, drawn.values[rows], f"{element} {level:g} at.%", kept)
        _contour(axes, xy, drawn.is_top[rows])
        _mark(axes, drawn.symbols, lambda at, level=level: _in_slice(at, fixed, drawn.levels, level), kept)
    for axes in panels[len(chosen) :]:
        axes.set_visible(False)
    _finish(figure, panels[0], surface, bar, drawn)
    return saved(figure)


def draw_projections(drawn: FourMap) -> dict[str, bytes]:
    """For each element the best of all its amounts, at the ratios of the three others; files by ending."""
    figure, panels, bar = _figure(drawn, "the best of all amounts of one element", len(drawn.elements), 2)
    surface: Any = None
    for left_out, axes in enumerate(panels):
        kept = _without(left_out)
        shares, rows = best_behind(drawn.at_pct, drawn.values, left_out, drawn.step_pct)
        xy, title = places(shares, TRIANGLE), f"best of all amounts of {drawn.elements[left_out]}"
        surface = _triangle(axes, drawn, xy, drawn.values[rows], title, kept)
        _contour(axes, xy, drawn.is_top[rows])
        _mark(axes, drawn.symbols, lambda at, kept=kept: at[:, kept].sum(axis=1) > 0, kept)
    _finish(figure, panels[0], surface, bar, drawn)
    return saved(figure)


def draw_faces(drawn: FourMap) -> dict[str, bytes]:
    """The points nearest to the four faces, unfolded into a plane; symbols are alloys on a face; files by ending."""
    figure, (axes,), bar = _figure(drawn, f"nearest to the faces, {drawn.levels[0]:g} at.% of the fourth", 1, 1)
    surface: Any = None
    for face in range(len(drawn.elements)):
        kept, corners = _without(face), net_corners(face)
        rows = drawn.at_pct[:, face] == drawn.levels[0]
        surface = _surface(axes, drawn, places(drawn.at_pct[rows][:, kept], corners), drawn.values[rows])
        _outline(axes, corners)
        _mark(axes, drawn.symbols, lambda at, face=face: at[:, face] == 0, kept, corners)
        for place, corner in zip(kept, corners, strict=True):
            away = corner + 0.07 * (corner - corners_centre())
            axes.text(*away, drawn.elements[place], ha="center", va="center", fontsize=13, fontweight="bold")
    _finish(figure, axes, surface, bar, drawn)
    return saved(figure)


def draw_tetrahedron(drawn: FourMap) -> dict[str, bytes]:
    """The top region in the tetrahedron of compositions; files by ending."""
    figure = new_figure(9.4, 6.6, layout=None)
    _head(figure, drawn, "top region")
    axes: Any = figure.add_axes((0.0, 0.02, 0.72, 0.88), projection="3d")
    for one in range(4):
        for other in range(one):
            axes.plot(*np.stack([TETRAHEDRON[one], TETRAHEDRON[other]]).T, color=EDGE_COLOUR, linewidth=1)
    centre = TETRAHEDRON.mean(axis=0)
    for element, corner in zip(drawn.elements, TETRAHEDRON, strict=True):
        axes.text(*(corner + 0.1 * (corner - centre)), element, fontsize=14, fontweight="bold", ha="center")
    top = drawn.is_top
    surface = axes.scatter(
        *places(drawn.at_pct[top], TETRAHEDRON).T, c=drawn.values[top], cmap=COLOUR_MAP, vmin=0, vmax=drawn.top, s=14,
        alpha=0.55, linewidths=0, label=f"top {100 * top.mean():.0f} % of the map",
    )  # fmt: skip
    _mark(axes, drawn.symbols, lambda at: np.ones(len(at), dtype=bool), [0, 1, 2, 3], TETRAHEDRON)
    axes.view_init(**VIEW)
    axes.set_box_aspect((1, 1, 1), zoom=1.25)
    axes.set_axis_off()
    _finish(figure, axes, surface, (0.76, 0.1, 0.02, 0.36), drawn)
    return saved(figure)


def corners_centre() -> FloatArray:
    """Centre of the unfolded tetrahedron."""
    return np.asarray(2 * TRIANGLE.mean(axis=0))


def _without(place: int) -> list[int]:
    return [other for other in range(4) if other != place]


def _in_slice(at: FloatArray, fixed: int, levels: FloatArray, level: float) -> BoolArray:
    """Alloys to which this slice is the nearest, and which hold another element, shape (n,)."""
    nearest = levels[nearest_level(levels, at[:, fixed])]
    return np.asarray((nearest == level) & (at.sum(axis=1) - at[:, fixed] > 0))


def _figure(drawn: FourMap, what: str, n: int, across: int) -> tuple[Any, list[Any], tuple[float, ...]]:
    """A figure with n panels, and the place of its colour bar."""
    down = -(-n // across)
    height = 0.9 + 2.9 * down if n > 1 else 6.6
    figure = new_figure(9.4, height, layout=None)
    _head(figure, drawn, what)
    wide, high, foot = 0.74 / across, (height - 0.9) / height / down, 0.02
    panels = []
    for number in range(n):
        row, column = divmod(number, across)
        place = (0.01 + column * wide, foot + (down - 1 - row) * high, wide * 0.98, high * 0.94)
        axes = figure.add_axes(place)
        axes.set_axis_off()
        axes.set_aspect("equal")
        panels.append(axes)
    return figure, panels, (0.79, 0.1 if n > 1 else 0.08, 0.02, 0.3)


def _head(figure: Any, drawn: FourMap, what: str) -> None:
    inch = 1 / figure.get_figheight()
    figure.text(0.03, 1 - 0.3 * inch, f"{drawn.title}: {what}", fontsize=12, fontweight="bold")
    words = fill(drawn.rests_on, LETTERS_OF_LINE)
    figure.text(0.03, 1 - 0.42 * inch, words, fontsize=8, color="#444444", va="top")


def _triangle(axes: Any, drawn: FourMap, xy: FloatArray, values: FloatArray, title: str, kept: list[int]) -> Any:
    """One panel: a surface in its triangle with names at the corners and lines at every 20 %."""
    surface = _surface(axes, drawn, xy, values)
    _outline(axes, TRIANGLE)
    centre = TRIANGLE.mean(axis=0)
    for place, corner in zip(kept, TRIANGLE, strict=True):
        axes.text(*(corner + 0.1 * (corner - centre)), drawn.elements[place], ha="center", va="center", fontsize=9)
    axes.text(0.5, -0.17, title, ha="center", va="top", fontsize=9, fontweight="bold")
    axes.set_xlim(-0.12, 1.12)
    axes.set_ylim(-0.27, 0.97)
    return surface


def _surface(axes: Any, drawn: FourMap, xy: FloatArray, values: FloatArray) -> Any:
    if len(xy) < 3:
        return axes.scatter(*xy.T, c=values, cmap=COLOUR_MAP, vmin=0, vmax=drawn.top, s=20)
    return axes.tripcolor(
        *xy.T, values, cmap=COLOUR_MAP, vmin=0, vmax=drawn.top, shading="gouraud", rasterized=True
    )  # fmt: skip


def _outline(axes: Any, corners: FloatArray) -> None:
    """The edges of a triangle, and lines at every 20 %."""
    for share in (0.2, 0.4, 0.6, 0.8):
        for one in range(3):
            first, second = corners[(one + 1) % 3], corners[(one + 2) % 3]
            ends = np.stack([corners[one] * share + first * (1 - share), corners[one] * share + second * (1 - share)])
            axes.plot(*ends.T, color="white", linewidth=0.4, alpha=0.5)
    axes.plot(*np.vstack([corners, corners[:1]]).T, color=EDGE_COLOUR, linewidth=0.9)


def _contour(axes: Any, xy: FloatArray, is_top: BoolArray) -> None:
    """The edge of the top region, where both sides of it are there."""
    if len(xy) >= 3 and is_top.any() and not is_top.all():
        axes.tricontour(*xy.T, is_top.astype(float), levels=[0.5], colors="white", linewidths=1.3)


def _mark(axes: Any, symbols: Sequence[Symbols], chosen: Any, kept: list[int], corners: FloatArray = TRIANGLE) -> None:
    """Alloys of a panel, where their elements of it stand.

    Args:
        chosen: tells from amounts of shape (n, 4) which belong to the panel, shape (n,).
    """
    for one in symbols:
        at = np.array(one.points, dtype=np.float64).reshape(-1, 4)
        at = at[chosen(at)]
        if len(at) == 0:
            continue
        symbol, marker = str(one.marker["symbol"]), one.marker
        is_open = symbol.endswith("-open")
        axes.scatter(
            *places(at[:, kept], corners).T, marker=MARKERS[symbol.removesuffix("-open")],
            s=(0.62 * marker["size"]) ** 2, facecolors="none" if is_open else marker["color"],
            edgecolors=OPEN_COLOUR if is_open else "black", linewidths=0.6, label=one.title,
            zorder=5 if symbol == "star" else 4, clip_on=False,
        )  # fmt: skip


def _finish(figure: Any, axes: Any, surface: Any, bar: tuple[float, ...], drawn: FourMap) -> None:
    """Colour bar and legend, with every symbol that any panel has."""
    # The colours of the bar are whole also where those of the points let others through.
    figure.colorbar(surface, cax=figure.add_axes(bar), label=drawn.label).solids.set(alpha=1)
    found: dict[str, Any] = {}
    for one in figure.axes:
        handles, labels = one.get_legend_handles_labels()
        found |= dict(zip(labels, handles, strict=True))
    if found:
        top = 1 - 0.7 / figure.get_figheight()
        figure.legend(
            list(found.values()), list(found), loc="upper left", bbox_to_anchor=(0.765, top), fontsize=8,
            facecolor=LEGEND_COLOUR, labelcolor="white", framealpha=1, edgecolor="none", labelspacing=0.7,
        )  # fmt: skip
