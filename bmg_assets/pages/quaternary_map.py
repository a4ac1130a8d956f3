"""The maps of a system of four elements to point at, as the JSON that the script `quaternary_map.js` draws.

A tetrahedron with the top region, a slice at a fixed amount of one element, the best of all amounts of that element,
and the four faces.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bmg_assets.pages.interactive_map import Line, Shade, Symbols, Values, map_data
from bmg_assets.pages.simplex_places import TETRAHEDRON, net_corners
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


def quaternary_map(
    system: TargetSystem,
    at_pct: FloatArray,
    values: Values,
    shades: Sequence[Shade],
    lines: Sequence[Line],
    symbols: Sequence[Symbols],
    rests_on: str,
    nearest: Sequence[str],
    is_top: BoolArray,
    is_beyond: BoolArray,
) -> QuaternaryMap:
    """Everything that the script draws.

    Args:
        at_pct: amounts of the whole grid, shape (n, 4).
        shades: what the colours can show; the projections show the best by the first of them.
        symbols: alloys on top; the slices begin at the first point of those called `cast next`, if there is one.
        rests_on: identity of the alloys that the map was learnt from.
        nearest: the known alloy that is nearest to each point, in words.
        is_top: the region that the tetrahedron shows.
        is_beyond: whether too little is known at a point; both of shape (n,).
    """
    data = map_data(system, at_pct, values, lines, symbols, rests_on, nearest, is_top, is_beyond)
    fixed, levels = steadiest_element(at_pct, is_top), levels_of(data["step"])
    start = next((one.points[0] for one in symbols if one.title == "cast next"), None)
    shown = values.columns[shades[0].column]
    best = at_pct[int(np.nanargmax(shown))] if start is None else np.asarray(start)
    of_four = {
        "levels": levels.tolist(),
        "level": int(nearest_level(levels, best[[fixed]])[0]),
        "projections": [_projection(at_pct, shown, column) for column in range(N_ELEMENTS)],
        "corners": {
            "tetrahedron": TETRAHEDRON.round(5).tolist(),
            "faces": [net_corners(face).round(5).tolist() for face in range(N_ELEMENTS)],
        },
    }
    return QuaternaryMap(data | of_four, shades, system.elements, fixed)


def levels_of(step_at_pct: int) -> FloatArray:
    """Amounts in at.% at which a grid has a slice of three compositions or more, ascending."""
    return np.arange(step_at_pct, 100 - 3 * step_at_pct, step_at_pct, dtype=np.float64)


def _projection(at_pct: FloatArray, shown: FloatArray, column: int) -> dict[str, Any]:
    """Ratios of the three other elements, and the row of the best composition with nearly these."""
    rows = np.flatnonzero(~np.isnan(shown))
    shares, best = best_behind(at_pct[rows], shown[rows], column, PROJECTED_STEP_PCT)
    return {"shares": shares.astype(int).ravel().tolist(), "rows": rows[best].tolist(), "step": PROJECTED_STEP_PCT}
