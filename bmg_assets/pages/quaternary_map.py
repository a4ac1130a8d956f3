"""The maps of a system of four elements to point at, as the JSON that the script `quaternary_map.js` draws.

A tetrahedron with the top region, a slice at a fixed amount of one element, the best of all amounts of that element,
and the four faces. Words of symbols are shown by Plotly as HTML, so they come escaped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bmg_assets.pages.interactive_map import VEIL_COLOUR, Shade, Symbols
from bmg_assets.pages.simplex_places import TETRAHEDRON, net_corners
from bmg_assets.pages.ternary_maps import LEGEND_COLOUR
from bmg_assets.science.alloys.sections import best_behind, nearest_level, steadiest_element
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import BoolArray, FloatArray

N_ELEMENTS = 4
PROJECTED_STEP_PCT = 4
"""Step of the ratios in a projection: two steps of the grid, so that hardly one of them holds no composition."""


@dataclass(frozen=True)
class QuaternaryMap:
    """The maps of a system of four elements, and the choices of what they show."""

    data: Mapping[str, Any]
    """What the script draws, see `quaternary_map`."""
    shades: Sequence[Shade]
    """What the colours can show; the first is shown at first."""
    elements: Sequence[str]
    fixed: int
    """Place of the element whose amount is fixed at first."""


@dataclass(frozen=True)
class ShownGrid:
    """The points of a map and what is shown of them."""

    at_pct: FloatArray
    """Shape (n, 4)."""
    step_at_pct: int
    """Of the whole grid."""
    values: FloatArray
    """What the colours can show, then the two ends of the interval, shape (n, s + 2); NaN where there is none."""
    is_top: BoolArray
    is_beyond: BoolArray
    """Whether too little is known there; both of shape (n,)."""


def quaternary_map(
    system: TargetSystem, grid: ShownGrid, shades: Sequence[Shade], symbols: Sequence[Symbols]
) -> QuaternaryMap:
    """Everything that the script draws.

    Args:
        grid: the points.
        shades: what the colours can show; the projections show the best by the first of them.
        symbols: alloys on top; the slices begin at the first point of those called `cast next`, if there is one.
    """
    fixed, levels = steadiest_element(grid.at_pct, grid.is_top), levels_of(grid.step_at_pct)
    start = next((one.points[0] for one in symbols if one.title == "cast next"), None)
    shown = grid.values[:, shades[0].column]
    best = grid.at_pct[int(np.nanargmax(shown))] if start is None else np.asarray(start)
    data = {
        "elements": list(system.elements),
        "at": grid.at_pct.astype(int).ravel().tolist(),
        "step": grid.step_at_pct,
        "columns": [_rounded(column) for column in grid.values.T],
        "top": np.flatnonzero(grid.is_top).tolist(),
        "beyond": np.flatnonzero(grid.is_beyond).tolist(),
        "levels": levels.tolist(),
        "level": int(nearest_level(levels, best[[fixed]])[0]),
        "projections": [_projection(grid, shown, column) for column in range(N_ELEMENTS)],
        "corners": {
            "tetrahedron": TETRAHEDRON.round(5).tolist(),
            "faces": [net_corners(face).round(5).tolist() for face in range(N_ELEMENTS)],
        },
        "symbols": [
            {
                "name": one.title,
                "at": [list(point) for point in one.points],
                "words": list(one.words),
                "marker": one.marker,
            }
            for one in symbols
        ],
        "colours": {"veil": VEIL_COLOUR, "legend": LEGEND_COLOUR},
        "topTitle": top_title(grid.is_top),
    }
    return QuaternaryMap(data, shades, system.elements, fixed)


def top_title(is_top: BoolArray) -> str:
    """What the marked points are, in a legend."""
    return f"top {100 * is_top.mean():.0f} % of the map"


def levels_of(step_at_pct: int) -> FloatArray:
    """Amounts in at.% at which a grid has a slice of three compositions or more, ascending."""
    return np.arange(step_at_pct, 100 - 3 * step_at_pct, step_at_pct, dtype=np.float64)


def _projection(grid: ShownGrid, shown: FloatArray, column: int) -> dict[str, Any]:
    """Ratios of the three other elements, and the row of the best composition with nearly these."""
    rows = np.flatnonzero(~np.isnan(shown))
    shares, best = best_behind(grid.at_pct[rows], shown[rows], column, PROJECTED_STEP_PCT)
    return {"shares": shares.astype(int).ravel().tolist(), "rows": rows[best].tolist(), "step": PROJECTED_STEP_PCT}


def _rounded(column: FloatArray) -> list[float | None]:
    """Two decimals are read; JSON has no NaN."""
    return [None if np.isnan(value) else value for value in column.round(2).tolist()]
