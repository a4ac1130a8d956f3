"""A map to point at: Plotly's ternary, with the library inside the page, packed.

The library is the one that the Plotly package brings along, compressed (a third of its size); browsers unpack it by
themselves. Where that fails, or without JavaScript, the page shows the drawn map.
"""

import base64
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from bmg_assets.pages.ternary_map import LEGEND_COLOUR
from bmg_assets.science.alloys.compositions import formula_in_order
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

WIDTH_PX = 780
HEIGHT_PX = 700

START = """
(async () => {
  const place = document.getElementById("interactive-map"), choice = document.getElementById("shown");
  const packed = Uint8Array.from(atob(document.getElementById("plotly-packed").textContent), c => c.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const library = document.createElement("script");
  library.textContent = await new Response(unpacked).text();
  document.head.append(library);
  const figure = JSON.parse(document.getElementById("map-data").textContent), map = figure.data[0];
  const width = Math.min(place.clientWidth || figure.layout.width, figure.layout.width);
  const narrow = width < 560, margin = figure.layout.margin;
  if (narrow) {
    Object.assign(margin, {l: 30, r: 50, t: margin.t + 45});
    figure.layout.title.text = figure.layout.title.text.replaceAll("; ", "<br>");
  }
  figure.layout.height *= width / figure.layout.width;
  figure.layout.width = width;
  if (narrow) {
    figure.layout.height += 235;
    margin.b += 190;
    Object.assign(figure.layout.legend, {orientation: "h", x: 0, y: -0.28});
    figure.data.filter(trace => trace.meta === "marks").forEach(trace => { trace.marker.size *= 0.7; });
  }
  const inside = Math.min(width - margin.l - margin.r, (figure.layout.height - margin.t - margin.b) / 0.866);
  map.marker.size = inside / 100 * 1.22;
  figure.data.filter(trace => trace.meta === "dots").forEach(dots => { dots.marker.size = map.marker.size * 0.4; });
  await Plotly.newPlot(place, figure.data, figure.layout, {displaylogo: false, responsive: false});
  choice.addEventListener("change", () => {
    const column = Number(choice.value), values = map.customdata.map(row => row[column]);
    const {low, high, unit} = choice.selectedOptions[0].dataset;
    const ends = {"marker.cmin": Number(low), "marker.cmax": Number(high), "marker.colorbar.title.text": unit};
    Plotly.restyle(place, {"marker.color": [values], ...ends}, [0]);
  });
  document.body.classList.add("interactive");
  place.dataset.ready = "yes";
})().catch(error => {
  document.getElementById("interactive-part").hidden = true;
  console.info("The interactive map is not shown: " + error);
});
"""


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


def interactive_map(figure: dict[str, Any], shades: Sequence[Shade], subject: str) -> str:
    """The map of a ternary, the choice of what its colours show, and all that they need, as HTML.

    Args:
        figure: Plotly's JSON, as `ternary_figure` makes it.
        shades: the first is what the figure shows.
        subject: what the map is of, for those who do not see it.
    """
    # In a script nothing is escaped but its own end; "<" written as JSON can never begin one.
    data = json.dumps(figure, separators=(",", ":")).replace("<", "\\u003c")
    options = "".join(
        f"<option value='{shade.column}' data-low='{shade.low:g}' data-high='{shade.high:g}' "
        f"data-unit='{escape(shade.unit)}'>{escape(shade.words)}</option>"
        for shade in shades
    )
    return (
        "<div id='interactive-part' class='on-screen'><p><label>Colours show "
        f"<select id='shown'>{options}</select></label> <span class='note'>Point at the map to read a "
        "composition; drag to zoom, double-click to return.</span></p>"
        f"<div id='interactive-map' role='img' aria-label='Interactive map of {escape(subject)}; the tables of this "
        "page hold what matters of it'></div></div>"
        f"<script type='application/json' id='map-data'>{data}</script>"
        f"<script type='text/plain' id='plotly-packed'>{_packed_library()}</script><script>{START}</script>"
    )


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
        "title": {"text": escape(title), "font": {"size": 11}, "x": 0.01, "y": 0.98},
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
    """The grid, a hexagon on each point that tells its prediction.

    Args:
        points: amounts in at.%, in the order of the system, shape (n, 3).
        values: in the unit of the shade, shape (n, k): the fused prediction, each sub-model, whatever else the colours
            can show, and last the two ends of the interval.
        shade: what the colours show first.
        nearest: what is known nearby, for each point, HTML.
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


def marks(
    system: TargetSystem, points: Sequence[Sequence[float]], title: str, words: Sequence[str], marker: dict[str, Any]
) -> dict[str, Any]:
    """Symbols on top of the surface.

    Args:
        title: what they are, in the legend.
        words: what is said of each, below its composition, HTML.
        marker: Plotly's marker.
    """
    return {
        **_places(points),
        "meta": "marks",
        "type": "scatterternary",
        "mode": "markers",
        "name": title,
        "cliponaxis": False,
        "text": [formula_in_order(system.elements, point) for point in points],
        "hovertext": list(words),
        "hovertemplate": "<b>%{text}</b><br>%{hovertext}<extra></extra>",
        "marker": marker,
    }


def _places(points: Sequence[Sequence[float]]) -> dict[str, list[float]]:
    columns = np.array(points, dtype=float).reshape(-1, 3).T
    return {name: column.tolist() for name, column in zip("abc", columns, strict=True)}


def _packed_library() -> str:
    from plotly.offline import get_plotlyjs

    return base64.b64encode(gzip.compress(get_plotlyjs().encode(), mtime=0)).decode()
