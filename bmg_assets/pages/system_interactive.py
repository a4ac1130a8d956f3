"""The map of a system to point at: predictions, what is known, what to cast next."""

from html import escape
from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.pages.drawing import CLASS_TITLES, scale_top
from bmg_assets.pages.interactive_map import Shade, dots, marks, surface, ternary_figure
from bmg_assets.pages.system_facts import SystemFacts
from bmg_assets.pages.ternary_map import OWN_COLOUR, PICK_COLOUR
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.literature.known_alloys import amounts_of
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

CLASS_SYMBOLS = {"crystalline": "x", "ribbon": "triangle-up", "bulk": "circle"}
NOT_KNOWN = "no label"


def system_figure(facts: SystemFacts) -> dict[str, Any]:
    """The figure as Plotly's JSON."""
    system, tables = facts.system, facts.tables
    known = facts.known.assign(at=facts.known["at_pct"])
    casts = tables.lab[tables.lab["glass_class"].notna()]
    casts = casts.assign(at=amounts_of(system, casts).tolist(), is_trained=True)
    top = tables.grid["top_share"]
    traces = [
        _map(facts),
        dots(tables.grid.loc[top, "at_pct"].tolist(), f"top {100 * top.mean():.0f} % of the map"),
        *_known(system, known, "literature", "white"),
        *_proposed(system, tables.candidates),
        # On top, since the star of a candidate is larger than they are.
        *_known(system, casts, "own cast", OWN_COLOUR),
    ]
    return ternary_figure(system, facts.training, traces)


def system_shades(grid: pd.DataFrame, top_mm: float) -> list[Shade]:
    """What the colours can show.

    Args:
        top_mm: upper end of the scale that the maps of all iterations share.
    """
    width = grid["interval_high_mm"] - grid["interval_low_mm"]
    own = [
        (f"{model.title} alone", number, max(top_mm, scale_top(float(grid[f"{name}_mm"].max()))))
        for number, (name, model) in enumerate(SUB_MODELS.items(), start=1)
    ]
    tops = [
        ("fused prediction, one scale for all iterations", 0, top_mm),
        ("fused prediction, a scale for this map", 0, scale_top(float(grid["dmax_mm"].max()))),
        *own,
        ("width of the interval", len(own) + 1, scale_top(float(width.max()))),
    ]
    return [Shade(words, column, 0, top, "mm") for words, column, top in tops]


def _map(facts: SystemFacts) -> dict[str, Any]:
    grid = facts.tables.grid
    columns = ["dmax_mm", *(f"{name}_mm" for name in SUB_MODELS)]
    width = grid["interval_high_mm"] - grid["interval_low_mm"]
    values = np.column_stack([grid[columns], width, grid["interval_low_mm"], grid["interval_high_mm"]]).round(2)
    words = [
        f"{escape(nearest)}{alike}"
        for nearest, alike in zip(facts.nearest[grid["composition"]], _alike_in_words(facts), strict=True)
    ]
    shade = system_shades(grid, facts.top_mm)[0]
    return surface(facts.system, grid["at_pct"].tolist(), values, shade, words)


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


def _known(system: TargetSystem, alloys: pd.DataFrame, who: str, colour: str) -> list[dict[str, Any]]:
    """Symbols by class; open ones for alloys that the models were not trained on."""
    traces = []
    for (glass_class, is_trained), chosen in alloys.groupby(["glass_class", "is_trained"]):
        title = f"{who}{'' if is_trained else ', not trained on'}: {CLASS_TITLES[str(glass_class)]}"
        symbol = CLASS_SYMBOLS[str(glass_class)]
        labels = [NOT_KNOWN if pd.isna(dmax) else f"{dmax:g} mm" for dmax in chosen["dmax_mm"]]
        marker = {
            "symbol": symbol if is_trained else f"{symbol}-open",
            "size": 9 if is_trained else 7,
            "color": colour,
            "line": {"width": 1, "color": "black"} if is_trained else {"width": 1.5},
        }
        traces.append(marks(system, chosen["at"].tolist(), title, [f"{title}<br>{label}" for label in labels], marker))
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
        words = [
            f"{title} {one.rank}: {one.dmax_mm:.2f} mm ({one.interval_low_mm:.2f} to {one.interval_high_mm:.2f})"
            for one in chosen.itertuples()
        ]
        marker = {
            "symbol": symbol,
            "size": size,
            "color": PICK_COLOUR if kind == "pick" else "white",
            "line": {"width": 1, "color": "black"},
        }
        traces.append(marks(system, chosen["at_pct"].tolist(), title, words, marker))
    return traces
