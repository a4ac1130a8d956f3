"""A map to point at: Plotly's ternary as JSON, and the library that shows it.

Words in the figure are shown by Plotly as HTML, so they are escaped here.
"""

import base64
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import escape

from bmg_assets.pages.ternary_maps import LEGEND_COLOUR
from bmg_assets.science.alloys.compositions import formula_in_order
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

WIDTH_PX = 780
HEIGHT_PX = 700
VEIL_COLOUR = "#d9d9d9"


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
class Symbols:
    """Alloys of one sort that stand on top of a map."""

    points: Sequence[Sequence[float]]
    """Compositions in at.%, in the order of the system."""
    title: str
    """What they are, in the legend."""
    words: Sequence[str]
    """Text of each below its composition, HTML."""
    marker: Mapping[str, Any]
    """Plotly's marker."""


@dataclass(frozen=True)
class InteractiveMap:
    """The map of a ternary, and the choice of what its colours show."""

    figure: Mapping[str, Any]
    """Plotly's JSON, see `ternary_figure`."""
    shades: Sequence[Shade]
    """The first is the one that the figure shows."""


def packed_library() -> str:
    """The library that the Plotly package brings along, as gzip in base64."""
    from plotly.offline import get_plotlyjs

    return base64.b64encode(gzip.compress(get_plotlyjs().encode(), mtime=0)).decode()


def ternary_figure(system: TargetSystem, title: str, traces: list[dict[str, Any]]) -> dict[str, Any]:
    """The figure as Plotly's JSON: data (the surface first) and layout."""
    axis = {"min": 0, "ticks": "outside", "dtick": 20, "gridcolor": "rgba(255,255,255,.5)", "layer": "below traces"}
    axes = {
        f"{name}axis": {**axis, "title": {"text": f"{element} (at.%)"}}
        for name, element in zip("abc", system.elements, strict=True)
    }
    layout = {
        "width": WIDTH_PX,
        "height": HEIGHT_PX,
        "margin": {"l": 60, "r": 170, "t": 80, "b": 60},
        "title": {"text": str(escape(title)), "font": {"size": 11}, "x": 0.01, "y": 0.98},
        "ternary": {"sum": 100, "bgcolor": "white", **axes},
        "legend": {"x": 0.82, "y": 1.02, "bgcolor": LEGEND_COLOUR, "font": {"color": "white"}},
        "hoverlabel": {"align": "left", "bgcolor": "white", "bordercolor": "#444", "font": {"color": "#111"}},
        "paper_bgcolor": "white",
    }
    return {"data": traces, "layout": layout}


def surface(
    system: TargetSystem,
    points: Sequence[Sequence[float]],
    values: FloatArray,
    shade: Shade,
    nearest: Sequence[str],
) -> dict[str, Any]:
    """The grid, a hexagon on each point that shows its prediction.

    Args:
        points: amounts in at.%, in the order of the system, shape (n, 3).
        values: in the unit of the shade, shape (n, k): the fused prediction, each sub-model, whatever else the colours
            can show, and last the two ends of the interval.
        shade: what the colours show first.
        nearest: known alloy near each point, HTML.
    """
    models = ", ".join(f"{model.title} %{{customdata[{n}]}}" for n, model in enumerate(SUB_MODELS.values(), start=1))
    low, high = values.shape[1] - 2, values.shape[1] - 1
    return {
        **_places(points),
        "type": "scatterternary",
        "mode": "markers",
        "name": "prediction",
        "showlegend": False,
        "customdata": values.tolist(),
        "hovertext": list(nearest),
        "text": [formula_in_order(system.elements, point) for point in points],
        "hovertemplate": f"<b>%{{text}}</b><br>fused %{{customdata[0]}} {escape(shade.unit)} "
        f"(interval %{{customdata[{low}]}} to %{{customdata[{high}]}})<br>{models}<br>"
        "nearest known: %{hovertext}<extra></extra>",
        "marker": {
            "symbol": "hexagon",
            "size": 6,
            "line": {"width": 0},
            "color": values[:, shade.column].tolist(),
            "colorscale": "Viridis",
            "cmin": shade.low,
            "cmax": shade.high,
            "colorbar": {"title": {"text": shade.unit}, "len": 0.45, "y": 0.45, "x": 1.04, "thickness": 16},
        },
    }


def veil(system: TargetSystem, points: Sequence[Sequence[float]], title: str, words: Sequence[str]) -> dict[str, Any]:
    """Strokes over points of the surface, which then show these words instead of their numbers.

    As large as the points of the surface, so that the one drawn last, this, is pointed at.

    Args:
        title: what it is, in the legend.
        words: text of each below its composition, HTML.
    """
    return {
        **_places(points),
        "meta": "veil",
        "type": "scatterternary",
        "mode": "markers",
        "name": title,
        "text": [formula_in_order(system.elements, point) for point in points],
        "hovertext": list(words),
        "hovertemplate": "<b>%{text}</b><br>%{hovertext}<extra></extra>",
        "marker": {"symbol": "line-ne", "size": 6, "line": {"width": 1, "color": VEIL_COLOUR}},
    }


def dots(points: Sequence[Sequence[float]], title: str) -> dict[str, Any]:
    """A white dot on each of these points of the surface."""
    return {
        **_places(points),
        "meta": "dots",
        "type": "scatterternary",
        "mode": "markers",
        "name": title,
        "hoverinfo": "skip",
        "marker": {"symbol": "circle", "size": 2.5, "color": "white", "line": {"width": 0}},
    }


def marks(system: TargetSystem, symbols: Symbols) -> dict[str, Any]:
    """Symbols on top of the surface."""
    return {
        **_places(symbols.points),
        "meta": "marks",
        "type": "scatterternary",
        "mode": "markers",
        "name": symbols.title,
        "cliponaxis": False,
        "text": [formula_in_order(system.elements, point) for point in symbols.points],
        "hovertext": list(symbols.words),
        "hovertemplate": "<b>%{text}</b><br>%{hovertext}<extra></extra>",
        "marker": dict(symbols.marker),
    }


def _places(points: Sequence[Sequence[float]]) -> dict[str, list[float]]:
    columns = np.array(points, dtype=float).reshape(-1, 3).T
    return {name: column.tolist() for name, column in zip("abc", columns, strict=True)}
