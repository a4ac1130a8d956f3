"""A map to point at as the JSON that the scripts draw, and the library that helps them.

The scripts show every word as text, but names in the legend of a map, which Plotly takes for HTML: those are constants.
"""

import base64
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bmg_assets.pages.drawing import colour_steps
from bmg_assets.science.alloys.grid import step_of_points
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import BoolArray, FloatArray
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS


@dataclass(frozen=True)
class Shade:
    """What the colours of a map can show."""

    words: str
    column: int
    """Its place among the values of a point."""
    low: float
    """Lower end of its scale."""
    high: float
    unit: str


@dataclass(frozen=True)
class Line:
    """A line of the panel beside a map: what is told of the chosen composition."""

    title: str
    words: str
    """What `{3}` stands in is the value of column 3, and `{3%}` that value, in %, as a chance in words. A line whose
    values are not known at a point is left out there, and none is told where too little is known."""


@dataclass
class Values:
    """What is known of the points of a map, column by column."""

    columns: list[FloatArray] = field(default_factory=list)
    """Each of shape (n,); NaN where there is no value."""

    def add(self, values: Any, digits: int = 2) -> int:
        """The place of a new column; two decimals are read."""
        self.columns.append(np.asarray(values, dtype=np.float64).round(digits))
        return len(self.columns) - 1


@dataclass(frozen=True)
class Symbols:
    """Alloys of one sort that stand on top of a map."""

    points: Sequence[Sequence[float]]
    """Compositions in at.%, in the order of the system."""
    title: str
    """What they are, in the legend."""
    words: Sequence[str]
    """What is told of each."""
    marker: Mapping[str, Any]
    """Plotly's marker."""


@dataclass(frozen=True)
class InteractiveMap:
    """The map of a ternary, and the choice of what its colours show."""

    data: Mapping[str, Any]
    """What the script draws, see `ternary_map`."""
    shades: Sequence[Shade]
    """The first is the one that is shown at first."""


def packed_library() -> str:
    """The library that the Plotly package brings along, as gzip in base64."""
    from plotly.offline import get_plotlyjs

    return base64.b64encode(gzip.compress(get_plotlyjs().encode(), mtime=0)).decode()


def ternary_map(
    system: TargetSystem,
    at_pct: FloatArray,
    values: Values,
    shades: Sequence[Shade],
    lines: Sequence[Line],
    symbols: Sequence[Symbols],
    rests_on: str,
    nearest: Sequence[str],
    is_top: BoolArray | None = None,
    is_beyond: BoolArray | None = None,
) -> InteractiveMap:
    """The map of a ternary.

    Args:
        at_pct: whole amounts in the order of the system, shape (n, 3).
        symbols: alloys on top; the first of those called `cast next` is the composition that is chosen at first.
        rests_on: identity of the alloys that the map was learnt from.
        nearest: the known alloy that is nearest to each point, in words.
        is_top: the region that is outlined; nothing where it is not given.
        is_beyond: whether too little is known at a point; hatched. Both of shape (n,).
    """
    data = map_data(system, at_pct, values, lines, symbols, rests_on, nearest, is_top, is_beyond)
    return InteractiveMap(data, shades)


def map_data(
    system: TargetSystem,
    at_pct: FloatArray,
    values: Values,
    lines: Sequence[Line],
    symbols: Sequence[Symbols],
    rests_on: str,
    nearest: Sequence[str],
    is_top: BoolArray | None,
    is_beyond: BoolArray | None,
) -> dict[str, Any]:
    """What the maps of three and of four elements have in common; arguments as those of `ternary_map`."""
    told, of = np.unique(np.array(nearest, dtype=object), return_inverse=True)
    is_top, is_beyond = (np.zeros(len(at_pct), dtype=bool) if one is None else one for one in (is_top, is_beyond))
    return {
        "elements": list(system.elements),
        "restsOn": rests_on,
        "nearest": {"words": told.tolist(), "of": of.tolist()},
        "step": step_of_points(at_pct.astype(np.int64)),
        "at": at_pct.astype(int).ravel().tolist(),
        "columns": [_without_nan(column) for column in values.columns],
        "lines": [{"title": one.title, "words": one.words} for one in lines],
        "top": np.flatnonzero(is_top).tolist(),
        "topTitle": top_title(is_top) if is_top.any() else "",
        "beyond": np.flatnonzero(is_beyond).tolist(),
        "symbols": [
            {
                "name": one.title,
                "at": [list(point) for point in one.points],
                "words": list(one.words),
                "marker": dict(one.marker),
            }
            for one in symbols
        ],
        "colours": colour_steps(),
    }


def top_title(is_top: BoolArray) -> str:
    """What the marked points are, in a legend."""
    return f"top {100 * is_top.mean():.0f} % of the map"


def sub_models_in_words(columns: Mapping[str, int], unit: str) -> str:
    """The words of a line that tells the prediction of each sub-model.

    Args:
        columns: by name of the sub-model.
    """
    told = ", ".join(f"{model.title} {{{columns[name]}}}" for name, model in SUB_MODELS.items())
    return f"{told} {unit}"


def _without_nan(column: FloatArray) -> list[float | None]:
    """JSON has no NaN."""
    return [None if np.isnan(value) else value for value in column.tolist()]
