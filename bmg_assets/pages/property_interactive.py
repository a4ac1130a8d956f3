"""The map of a property to point at: predictions in the property's unit, and the alloys whose value is known."""

from html import escape
from typing import Any

import numpy as np

from bmg_assets.pages.drawing import scale_between, scale_top
from bmg_assets.pages.interactive_map import Shade, marks, surface, ternary_figure
from bmg_assets.pages.property_facts import PropertyFacts
from bmg_assets.pages.ternary_map import OWN_COLOUR
from bmg_assets.science.literature.known_alloys import amounts_of
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

DIGITS = 4
"""Of the largest number that is told of a point."""


def property_figure(facts: PropertyFacts) -> dict[str, Any]:
    """The figure as Plotly's JSON."""
    return ternary_figure(facts.system, facts.training, [_map(facts), *_known(facts)])


def property_shades(facts: PropertyFacts) -> list[Shade]:
    """What the colours can show; all predictions on one scale."""
    grid, unit, models = facts.grid, facts.prop.unit, list(SUB_MODELS)
    predicted = grid[["value", *models]].to_numpy()
    low, high = scale_between(float(predicted.min()), float(predicted.max()))
    width, distance = grid["interval_high"] - grid["interval_low"], grid["nearest_at_pct"]
    after = len(models) + 1
    return [
        Shade("fused prediction", 0, low, high, unit),
        *(Shade(f"{SUB_MODELS[name].title} alone", n, low, high, unit) for n, name in enumerate(models, start=1)),
        Shade("width of the interval", after, 0, scale_top(float(width.max())), unit),
        Shade("distance to the nearest known alloy", after + 1, 0, scale_top(float(distance.max())), "at.%"),
    ]


def _map(facts: PropertyFacts) -> dict[str, Any]:
    grid, unit = facts.grid, facts.prop.unit
    width = grid["interval_high"] - grid["interval_low"]
    columns = [grid[["value", *SUB_MODELS]], width, grid["nearest_at_pct"], grid[["interval_low", "interval_high"]]]
    values = np.column_stack(columns)
    values = values.round(max(0, DIGITS - len(f"{np.abs(values).max():.0f}")))
    formulas = facts.formulas_of_known()
    words = [
        f"{escape(formulas[nearest])}, {value:.4g} {escape(unit)}, of which {distance:.3g} at.% differ"
        for nearest, value, distance in zip(
            grid["nearest_composition"], grid["nearest_value"], grid["nearest_at_pct"], strict=True
        )
    ]
    return surface(facts.system, grid["at_pct"].tolist(), values, property_shades(facts)[0], words)


def _known(facts: PropertyFacts) -> list[dict[str, Any]]:
    """Circles; open ones for alloys that the models were not trained on."""
    known, unit = facts.alloys_in_diagram(), escape(facts.prop.unit)
    is_own = known["category"] == "lab"
    groups = {
        "reported": (known["is_trained"] & ~is_own, "circle", "white"),
        "known, not trained on": (~known["is_trained"] & ~is_own, "circle-open", "white"),
        "own cast": (is_own, "circle", OWN_COLOUR),
    }
    traces = []
    for title, (chosen, symbol, colour) in groups.items():
        if not chosen.any():
            continue
        alloys = known[chosen]
        words = [
            f"{title}: {one.value:.4g} {unit}<br>predicted by models that had not seen it: {one.predicted:.4g} {unit}"
            for one in alloys.itertuples()
        ]
        marker = {"symbol": symbol, "size": 9, "color": colour, "line": {"width": 1, "color": "black"}}
        traces.append(marks(facts.system, amounts_of(facts.system, alloys).tolist(), title, words, marker))
    return traces
