"""The map to point at: Plotly's ternary, with the library inside the page, packed.

The library is the one that the Plotly package brings along, compressed (a third of its size); browsers unpack it by
themselves. Where that fails, or without JavaScript, the page shows the drawn map.
"""

import base64
import gzip
import json
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.reporting.drawing import CLASS_TITLES, scale_top
from bmg_assets.reporting.system_facts import SystemFacts
from bmg_assets.reporting.ternary_map import LEGEND_COLOUR, OWN_COLOUR, PICK_COLOUR
from bmg_assets.science.compositions import formula_in_order
from bmg_assets.science.known_alloys import amounts_of
from bmg_assets.science.sub_models.catalogue import SUB_MODELS
from bmg_assets.science.systems import TargetSystem

CLASS_SYMBOLS = {"crystalline": "x", "ribbon": "triangle-up", "bulk": "circle"}
WIDTH_PX = 780
HEIGHT_PX = 700
NOT_KNOWN = "no label"

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
    figure.data.slice(2).forEach(trace => { trace.marker.size *= 0.7; });
  }
  const inside = Math.min(width - margin.l - margin.r, (figure.layout.height - margin.t - margin.b) / 0.866);
  map.marker.size = inside / 100 * 1.22;
  figure.data[1].marker.size = map.marker.size * 0.4;
  await Plotly.newPlot(place, figure.data, figure.layout, {displaylogo: false, responsive: false});
  choice.addEventListener("change", () => {
    const column = Number(choice.value), values = map.customdata.map(row => row[column]);
    const top = Number(choice.selectedOptions[0].dataset.top);
    Plotly.restyle(place, {"marker.color": [values], "marker.cmax": top}, [0]);
  });
  document.body.classList.add("interactive");
  place.dataset.ready = "yes";
})().catch(error => {
  document.getElementById("interactive-part").hidden = true;
  console.info("The interactive map is not shown: " + error);
});
"""


def interactive_map(facts: SystemFacts) -> str:
    """The map of a ternary, the choice of what its colours show, and all that they need, as HTML."""
    # In a script nothing is escaped but its own end; "<" written as JSON can never begin one.
    data = json.dumps(ternary_figure(facts), separators=(",", ":")).replace("<", "\\u003c")
    options = "".join(
        f"<option value='{column}' data-top='{top:g}'>{escape(words)}</option>"
        for words, column, top in _choices(facts.tables.grid, facts.top_mm)
    )
    return (
        "<div id='interactive-part' class='on-screen'><p><label>Colours show "
        f"<select id='shown'>{options}</select></label> <span class='note'>(mm). Point at the map to read a "
        "composition; drag to zoom, double-click to return.</span></p>"
        "<div id='interactive-map' role='img' aria-label='Interactive map of predicted D_max of "
        f"{escape(facts.system.key)}; the tables of this page hold what matters of it'></div></div>"
        f"<script type='application/json' id='map-data'>{data}</script>"
        f"<script type='text/plain' id='plotly-packed'>{_packed_library()}</script><script>{START}</script>"
    )


def ternary_figure(facts: SystemFacts) -> dict[str, Any]:
    """The figure as Plotly's JSON: data and layout."""
    system, tables = facts.system, facts.tables
    known = facts.known.assign(at=facts.known["at_pct"])
    casts = tables.lab[tables.lab["glass_class"].notna()]
    casts = casts.assign(at=amounts_of(system, casts).tolist(), is_trained=True)
    traces = [
        _map(facts),
        _top(system, tables.grid),
        *_known(system, known, "literature", "white"),
        *_proposed(system, tables.candidates),
        # On top, since the star of a candidate is larger than they are.
        *_known(system, casts, "own cast", OWN_COLOUR),
    ]
    axis = {"min": 0, "ticks": "outside", "dtick": 20, "gridcolor": "rgba(255,255,255,.5)", "layer": "below traces"}
    axes = {
        f"{name}axis": {**axis, "title": {"text": f"{element} (at.%)"}}
        for name, element in zip("abc", system.elements, strict=True)
    }
    layout = {
        "width": WIDTH_PX,
        "height": HEIGHT_PX,
        "margin": {"l": 60, "r": 170, "t": 80, "b": 60},
        "title": {"text": escape(facts.training), "font": {"size": 11}, "x": 0.01, "y": 0.98},
        "ternary": {"sum": 100, "bgcolor": "white", **axes},
        "legend": {"x": 0.82, "y": 1.02, "bgcolor": LEGEND_COLOUR, "font": {"color": "white"}},
        "hoverlabel": {"align": "left", "bgcolor": "white", "bordercolor": "#444", "font": {"color": "#111"}},
        "paper_bgcolor": "white",
    }
    return {"data": traces, "layout": layout}


def _choices(grid: pd.DataFrame, top_mm: float) -> list[tuple[str, int, float]]:
    """What the colours can show: in words, its place among a point's values, the upper end of its scale in mm."""
    width = grid["interval_high_mm"] - grid["interval_low_mm"]
    own = [
        (f"{model.title} alone", number, max(top_mm, scale_top(float(grid[f"{name}_mm"].max()))))
        for number, (name, model) in enumerate(SUB_MODELS.items(), start=1)
    ]
    return [
        ("fused prediction, one scale for all iterations", 0, top_mm),
        ("fused prediction, a scale for this map", 0, scale_top(float(grid["dmax_mm"].max()))),
        *own,
        ("width of the interval", len(own) + 1, scale_top(float(width.max()))),
    ]


def _map(facts: SystemFacts) -> dict[str, Any]:
    system, grid = facts.system, facts.tables.grid
    columns = ["dmax_mm", *(f"{name}_mm" for name in SUB_MODELS)]
    width = grid["interval_high_mm"] - grid["interval_low_mm"]
    values = np.column_stack([grid[columns], width, grid["interval_low_mm"], grid["interval_high_mm"]]).round(2)
    models = ", ".join(f"{model.title} %{{customdata[{n}]}}" for n, model in enumerate(SUB_MODELS.values(), start=1))
    low, high = values.shape[1] - 2, values.shape[1] - 1
    return {
        **_places(system, grid["at_pct"].tolist()),
        "type": "scatterternary",
        "mode": "markers",
        "name": "prediction",
        "showlegend": False,
        "customdata": values.tolist(),
        "hovertext": [
            f"{escape(nearest)}{alike}"
            for nearest, alike in zip(facts.nearest[grid["composition"]], _alike_in_words(facts), strict=True)
        ],
        "text": [formula_in_order(system.elements, point) for point in grid["at_pct"]],
        "hovertemplate": "<b>%{text}</b><br>fused %{customdata[0]} mm "
        f"(interval %{{customdata[{low}]}} to %{{customdata[{high}]}})<br>{models}<br>"
        "nearest known: %{hovertext}<extra></extra>",
        "marker": {
            "symbol": "hexagon",
            "size": 6,
            "line": {"width": 0},
            "color": values[:, 0].tolist(),
            "colorscale": "Viridis",
            "cmin": 0,
            "cmax": facts.top_mm,
            "colorbar": {"title": {"text": "mm"}, "len": 0.45, "y": 0.45, "x": 1.04, "thickness": 16},
        },
    }


def _alike_in_words(facts: SystemFacts) -> list[str]:
    """What the map by likeness says of each point, as a line; nothing of points that it has not."""
    columns = ["probability_bulk", "expected_gain_mm", "best_known_mm"]
    alike = facts.tables.transfer.set_index("composition")[columns].reindex(facts.tables.grid["composition"])
    return [
        ""
        if np.isnan(chance) or np.isnan(gain)
        else f"<br>alike alloys: bulk glass {chance:.0%}, expected gain {gain:.2f} mm over {best:g} mm"
        for chance, gain, best in alike.itertuples(index=False)
    ]


def _top(system: TargetSystem, grid: pd.DataFrame) -> dict[str, Any]:
    """A white dot on every point of the top region."""
    return {
        **_places(system, grid.loc[grid["top_share"], "at_pct"].tolist()),
        "type": "scatterternary",
        "mode": "markers",
        "name": f"top {100 * grid['top_share'].mean():.0f} % of the map",
        "hoverinfo": "skip",
        "marker": {"symbol": "circle", "size": 2.5, "color": "white", "line": {"width": 0}},
    }


def _known(system: TargetSystem, alloys: pd.DataFrame, who: str, colour: str) -> list[dict[str, Any]]:
    """Symbols by class; open ones for alloys that the models were not trained on."""
    traces = []
    for (glass_class, is_trained), chosen in alloys.groupby(["glass_class", "is_trained"]):
        title = f"{who}{'' if is_trained else ', not trained on'}: {CLASS_TITLES[str(glass_class)]}"
        symbol = CLASS_SYMBOLS[str(glass_class)]
        places = chosen["at"].tolist()
        traces.append(
            {
                **_places(system, places),
                "type": "scatterternary",
                "mode": "markers",
                "name": title,
                "cliponaxis": False,
                "text": [formula_in_order(system.elements, point) for point in places],
                "hovertext": [NOT_KNOWN if pd.isna(dmax) else f"{dmax:g} mm" for dmax in chosen["dmax_mm"]],
                "hovertemplate": f"<b>%{{text}}</b><br>{title}<br>%{{hovertext}}<extra></extra>",
                "marker": {
                    "symbol": symbol if is_trained else f"{symbol}-open",
                    "size": 9 if is_trained else 7,
                    "color": colour,
                    "line": {"width": 1, "color": "black"} if is_trained else {"width": 1.5},
                },
            }
        )
    return traces


def _proposed(system: TargetSystem, candidates: pd.DataFrame) -> list[dict[str, Any]]:
    traces = []
    for kind, title, symbol, size in (
        ("pick", "cast next", "star", 17),
        ("verification", "boundary point", "diamond", 8),
    ):
        chosen = candidates[candidates["kind"] == kind]
        if chosen.empty:
            continue
        low, high = chosen["interval_low_mm"], chosen["interval_high_mm"]
        words = [
            f"{one:.2f} mm ({bottom:.2f} to {top:.2f})"
            for one, bottom, top in zip(chosen["dmax_mm"], low, high, strict=True)
        ]
        traces.append(
            {
                **_places(system, chosen["at_pct"].tolist()),
                "type": "scatterternary",
                "mode": "markers",
                "name": title,
                "text": [formula_in_order(system.elements, point) for point in chosen["at_pct"]],
                "hovertext": [f"{title} {rank}: {one}" for rank, one in zip(chosen["rank"], words, strict=True)],
                "hovertemplate": "<b>%{text}</b><br>%{hovertext}<extra></extra>",
                "marker": {
                    "symbol": symbol,
                    "size": size,
                    "color": PICK_COLOUR if kind == "pick" else "white",
                    "line": {"width": 1, "color": "black"},
                },
            }
        )
    return traces


def _places(system: TargetSystem, points: list[list[float]]) -> dict[str, list[float]]:
    columns = np.array(points, dtype=float).reshape(-1, len(system.elements)).T
    return {name: column.tolist() for name, column in zip("abc", columns, strict=True)}


def _packed_library() -> str:
    from plotly.offline import get_plotlyjs

    return base64.b64encode(gzip.compress(get_plotlyjs().encode(), mtime=0)).decode()
