"""The figures of a property's map, in the property's unit: the map with known alloys, and how good the models are."""

from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.pages.drawing import COLOUR_MAP, new_figure, saved, scale_between, scale_top
from bmg_assets.pages.interactive_map import (
    InteractiveMap,
    Line,
    Shade,
    Symbols,
    Values,
    sub_models_in_words,
    ternary_map,
)
from bmg_assets.pages.model_figures import write_head
from bmg_assets.pages.property_page import PropertyFacts
from bmg_assets.pages.rendering import Picture
from bmg_assets.pages.ternary_maps import (
    OWN_COLOUR,
    WIDTH_COLOURS,
    add_bar,
    add_legend,
    draw_surface,
    draw_values,
    new_map,
)
from bmg_assets.science.literature.known_alloys import amounts_of
from bmg_assets.science.literature.properties import Scale
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

KINDS = {
    "alloys of the system": ("V", "#0072b2"),
    "own casts": ("lab", OWN_COLOUR),
}
"""Alloys that stand out in the parity plot: their category and colour."""
DIGITS = 4
"""Digits of the largest number that is shown of a point."""


def draw_property(facts: PropertyFacts) -> dict[str, Picture]:
    """The figures by name; those of the map are left out where the system has no ternary diagram."""
    drawn = [*([_map(facts), _distance(facts)] if facts.system.is_ternary else []), _parity(facts)]
    return {figure.name: figure for figure in drawn}


def property_map(facts: PropertyFacts) -> InteractiveMap | None:
    """The map to point at; None for a system that has no ternary diagram."""
    if not facts.system.is_ternary:
        return None
    values = Values()
    shades, lines = _shown(facts, values)
    at_pct = np.array(facts.grid["at_pct"].tolist())
    return ternary_map(facts.system, at_pct, values, shades, lines, _known(facts), facts.training, _nearest(facts))


def in_mathtext(symbol: str) -> str:
    """A symbol as Matplotlib sets it, its index below the line: T_g becomes $T_{g}$."""
    letter, _, index = symbol.partition("_")
    return f"${letter}_{{{index}}}$" if index else f"${letter}$"


def axis_label(facts: PropertyFacts) -> str:
    """Symbol and unit of what an axis or a colour bar shows: the value, or its decimal logarithm."""
    symbol, unit = in_mathtext(facts.prop.symbol), facts.prop.unit
    return f"log$_{{10}}$ of {symbol} in {unit}" if facts.prop.scale is Scale.LOG else f"{symbol} ({unit})"


def _map(facts: PropertyFacts) -> Picture:
    known, to_scale = facts.alloys_in_diagram(), facts.prop.scale.to_scale
    predicted = to_scale(facts.grid["value"])
    shown = pd.concat([predicted, to_scale(known["value"])])
    limits = scale_between(float(shown.min()), float(shown.max()))
    figure, axes = new_map(f"{facts.system.key}: predicted {facts.prop.title}", facts.training)
    add_bar(figure, draw_surface(axes, facts.system, facts.grid, predicted, limits), axis_label(facts))
    _mark(axes, facts, known, limits)
    if len(known):
        add_legend(figure, axes, labelcolor="white")
    low, high = facts.lowest, facts.highest
    return Picture(
        "map",
        saved(figure),
        f"Ternary map of predicted {facts.prop.title} of {facts.system.key}: from {facts.amount(low['value'])} at "
        f"{facts.formula(low)} to {facts.amount(high['value'])} at {facts.formula(high)}",
        f"Predicted {facts.prop.title}. Symbols are the alloys of the diagram whose value is known, filled with the "
        "colour of that value: where a symbol can hardly be seen on its surroundings, map and report agree.",
    )


def _mark(axes: Any, facts: PropertyFacts, known: pd.DataFrame, limits: tuple[float, float]) -> None:
    """Known alloys in the colour of their value; own casts have an orange edge, squares were not trained on."""
    groups = {
        ("reported", "o", "black"): known["is_trained"] & (known["category"] != "lab"),
        ("own cast", "o", OWN_COLOUR): known["category"] == "lab",
        ("known, not trained on", "s", "white"): ~known["is_trained"],
    }
    for (words, marker, edge), chosen in groups.items():
        if not chosen.any():
            continue
        axes.scatter(
            *amounts_of(facts.system, known[chosen]).T, c=facts.prop.scale.to_scale(known.loc[chosen, "value"]),
            cmap=COLOUR_MAP, vmin=limits[0], vmax=limits[1], marker=marker, s=44, edgecolors=edge, linewidths=1.1,
            clip_on=False, zorder=4,
            label=f"{words} ({int(chosen.sum())})",
        )  # fmt: skip


def _distance(facts: PropertyFacts) -> Picture:
    """How far each point is from the nearest known alloy, which the intervals do not see."""
    distance = facts.grid["nearest_at_pct"]
    title, label = "how far the nearest alloy with a known value is", "atoms that differ (at.%)"
    return Picture(
        "distance",
        draw_values(facts.system, facts.grid, distance, title, facts.training, label, WIDTH_COLOURS),
        f"Ternary map of the distance to the nearest alloy of the training set; at most {distance.max():.0f} at.%",
        "How many of a hundred atoms differ from the nearest alloy of the training set. Bright is far: the intervals "
        "come from alloys left out at random, which have near neighbours, and are too narrow there.",
    )


def _parity(facts: PropertyFacts) -> Picture:
    """Known against predicted, by folds at random and by folds of whole systems, and alloys that were left out."""
    trained = facts.alloys[facts.alloys["is_trained"]]
    by_system = trained[trained["predicted_without_system"].notna()]
    panels = [("folds at random", trained, "predicted", "rmse_fusion")]
    if len(by_system):
        panels.append(("systems left out whole", by_system, "predicted_without_system", "rmse_without_system"))
    if not facts.alloys["is_trained"].all():
        left_out = facts.alloys[~facts.alloys["is_trained"]]
        panels.append(("left out by the sub-dataset", left_out, "predicted", "rmse_left_out"))
    figure = new_figure(5.0 * len(panels) + 0.4, 5.4)
    write_head(figure, f"{facts.system.key}: {facts.prop.title} of alloys that the models had not seen", facts.training)
    every_axes = np.atleast_1d(figure.subplots(1, len(panels)))
    for letter, axes, (words, alloys, column, score) in zip("abc", every_axes, panels, strict=False):
        _draw_parity(axes, facts, alloys, column)
        axes.set_title(f"({letter}) {words}: RMSE {facts.scores[score]:.3g} {facts.prop.error_unit}")
    return Picture(
        "parity",
        saved(figure),
        f"Known against predicted {facts.prop.title} of {len(trained)} alloys",
        "Each alloy as predicted by models that had not seen it: in folds at random they may have seen others of its "
        "system, else none of exactly its elements. On the line is right.",
    )


def _draw_parity(axes: Any, facts: PropertyFacts, alloys: pd.DataFrame, column: str) -> None:
    known, predicted = (facts.prop.scale.to_scale(alloys[name]) for name in ("value", column))
    rest = ~alloys["category"].isin([category for category, _ in KINDS.values()])
    groups = [("other alloys", "#7f7f7f", 10, rest)] + [
        (words, colour, 30, alloys["category"] == category) for words, (category, colour) in KINDS.items()
    ]
    for words, colour, size, chosen in groups:
        if chosen.any():
            axes.scatter(
                known[chosen], predicted[chosen], s=size, alpha=0.6, color=colour, linewidths=0,
                label=f"{words} ({int(chosen.sum())})", rasterized=True,
            )  # fmt: skip
    ends = [min(known.min(), predicted.min()), max(known.max(), predicted.max())]
    axes.plot(ends, ends, color="black", linewidth=0.8, label="predicted = known")
    label = axis_label(facts)
    axes.set(xlabel=f"known {label}", ylabel=f"predicted {label}")
    axes.set_aspect("equal")
    axes.legend(fontsize=8, loc="upper left")


def _shown(facts: PropertyFacts, values: Values) -> tuple[list[Shade], list[Line]]:
    """What the colours can show, all predictions on one scale, and what the panel tells; `values` gets the numbers."""
    grid, unit, to_scale = facts.grid, facts.scale_unit, facts.prop.scale.to_scale
    predicted, ends = (to_scale(grid[names]) for names in (["value", *SUB_MODELS], ["interval_low", "interval_high"]))
    low, high = scale_between(float(predicted.to_numpy().min()), float(predicted.to_numpy().max()))
    width, distance = _widths(facts), grid["nearest_at_pct"]
    largest = max(float(one.to_numpy().max()) for one in (predicted.abs(), ends.abs(), distance))
    digits = max(0, DIGITS - len(f"{largest:.0f}"))
    fused, *own = (values.add(predicted[name], digits) for name in ("value", *SUB_MODELS))
    widths, distances, lower, upper = (
        values.add(one, digits) for one in (width, distance, ends["interval_low"], ends["interval_high"])
    )
    by_name = dict(zip(SUB_MODELS, own, strict=True))
    shades = [
        Shade("fused prediction", fused, low, high, unit),
        *(Shade(f"{SUB_MODELS[name].title} alone", column, low, high, unit) for name, column in by_name.items()),
        Shade("width of the interval", widths, 0, scale_top(float(width.max())), facts.prop.error_unit),
        Shade("distance to the nearest known alloy", distances, 0, scale_top(float(distance.max())), "at.%"),
    ]
    lines = [
        Line("predicted", f"{{{fused}}} {unit}"),
        Line(f"{100 * facts.scores['coverage']:g} % interval", f"{{{lower}}} to {{{upper}}} {unit}"),
        Line("sub-models", sub_models_in_words(by_name, unit)),
    ]
    return shades, lines


def _widths(facts: PropertyFacts) -> pd.Series:
    """Width of the interval of each point, on the property's scale."""
    to_scale = facts.prop.scale.to_scale
    widths: pd.Series = to_scale(facts.grid["interval_high"]) - to_scale(facts.grid["interval_low"])
    return widths


def _nearest(facts: PropertyFacts) -> list[str]:
    """The nearest alloy of the training set of each point, in words."""
    grid, formulas = facts.grid, facts.formulas_of_known()
    return [
        f"{formulas[nearest]}, {value:.4g} {facts.prop.unit}, of which {distance:.3g} at.% differ"
        for nearest, value, distance in zip(
            grid["nearest_composition"], grid["nearest_value"], grid["nearest_at_pct"], strict=True
        )
    ]


def _known(facts: PropertyFacts) -> list[Symbols]:
    """Circles; open ones for alloys that the models were not trained on."""
    known, unit = facts.alloys_in_diagram(), facts.prop.unit
    is_own = known["category"] == "lab"
    groups = {
        "reported": (known["is_trained"] & ~is_own, "circle", "white"),
        "known, not trained on": (~known["is_trained"] & ~is_own, "circle-open", "white"),
        "own cast": (is_own, "circle", OWN_COLOUR),
    }
    symbols = []
    for title, (chosen, symbol, colour) in groups.items():
        if not chosen.any():
            continue
        alloys = known[chosen]
        words = [
            f"{title}, {one.value:.4g} {unit}; predicted by models that had not seen it: {one.predicted:.4g} {unit}"
            for one in alloys.itertuples()
        ]
        marker = {"symbol": symbol, "size": 9, "color": colour, "line": {"width": 1.2, "color": "black"}}
        symbols.append(Symbols(amounts_of(facts.system, alloys).tolist(), title, words, marker))
    return symbols
