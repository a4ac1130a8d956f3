"""The figures of a property's map, in the property's unit: the map with what is known, and how good the models are."""

from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.pages.drawing import COLOUR_MAP, new_figure, saved, scale_between, scale_top
from bmg_assets.pages.model_figures import write_head
from bmg_assets.pages.page import Picture
from bmg_assets.pages.property_facts import PropertyFacts
from bmg_assets.pages.surface_maps import WIDTH_COLOURS
from bmg_assets.pages.ternary_map import (
    LEGEND_COLOUR,
    MAP_PLACE,
    MAP_SIZE_IN,
    OWN_COLOUR,
    add_ternary_axes,
    draw_surface,
    finish_map,
)
from bmg_assets.science.literature.known_alloys import amounts_of

KINDS = {
    "alloys of the system": ("V", "#0072b2"),
    "own casts": ("lab", OWN_COLOUR),
}
"""Alloys that the parity plot tells from the rest: their category and colour."""


def draw_property(facts: PropertyFacts) -> dict[str, Picture]:
    """The figures by name; those of the map are left out where the system has no ternary diagram."""
    drawn = [*([_map(facts), _distance(facts)] if facts.system.is_ternary else []), _parity(facts)]
    return {figure.name: figure for figure in drawn}


def in_mathtext(symbol: str) -> str:
    """A symbol as Matplotlib sets it, its index below the line: T_g becomes $T_{g}$."""
    letter, _, index = symbol.partition("_")
    return f"${letter}_{{{index}}}$" if index else f"${letter}$"


def _map(facts: PropertyFacts) -> Picture:
    known = facts.alloys_in_diagram()
    shown = pd.concat([facts.grid["value"], known["value"]])
    limits = scale_between(float(shown.min()), float(shown.max()))
    symbol, unit = in_mathtext(facts.prop.symbol), facts.prop.unit
    figure = new_figure(*MAP_SIZE_IN, layout=None)
    axes = add_ternary_axes(figure, MAP_PLACE)
    surface = draw_surface(axes, facts.system, facts.grid, facts.grid["value"], limits)
    _mark(axes, facts, known, limits)
    finish_map(
        figure, axes, surface, f"{facts.system.key}: predicted {facts.prop.title}", facts.training, f"{symbol} ({unit})"
    )
    if len(known):
        figure.legend(
            *axes.get_legend_handles_labels(), loc="upper left", bbox_to_anchor=(0.665, 0.88), fontsize=8,
            facecolor=LEGEND_COLOUR, framealpha=1, edgecolor="none", labelspacing=0.7,
        )  # fmt: skip
    low, high = facts.lowest, facts.highest
    return Picture(
        "map",
        saved(figure),
        f"Ternary map of predicted {facts.prop.title} of {facts.system.key}: from {low['value']:.0f} {unit} at "
        f"{facts.formula(low)} to {high['value']:.0f} {unit} at {facts.formula(high)}",
        f"Predicted {facts.prop.title}. Symbols are the alloys of the diagram whose value is known, filled with the "
        "colour of that value: where a symbol can hardly be told from its surroundings, map and report agree.",
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
            *amounts_of(facts.system, known[chosen]).T, c=known.loc[chosen, "value"], cmap=COLOUR_MAP, vmin=limits[0],
            vmax=limits[1], marker=marker, s=44, edgecolors=edge, linewidths=1.1, clip_on=False, zorder=4,
            label=f"{words} ({int(chosen.sum())})",
        )  # fmt: skip


def _distance(facts: PropertyFacts) -> Picture:
    """How far each point is from what is known, which the intervals do not see."""
    distance = facts.grid["nearest_at_pct"]
    figure = new_figure(*MAP_SIZE_IN, layout=None)
    axes = add_ternary_axes(figure, MAP_PLACE)
    surface = draw_surface(
        axes, facts.system, facts.grid, distance, (0.0, scale_top(float(distance.max()))), WIDTH_COLOURS
    )
    title = f"{facts.system.key}: how far the nearest alloy with a known value is"
    finish_map(figure, axes, surface, title, facts.training, "atoms that differ (at.%)")
    return Picture(
        "distance",
        saved(figure),
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
        axes.set_title(f"({letter}) {words}: RMSE {facts.scores[score]:.3g} {facts.prop.unit}")
    return Picture(
        "parity",
        saved(figure),
        f"Known against predicted {facts.prop.title} of {len(trained)} alloys",
        "Each alloy as predicted by models that had not seen it: in folds at random they may have seen others of its "
        "system, else none of exactly its elements. On the line is right.",
    )


def _draw_parity(axes: Any, facts: PropertyFacts, alloys: pd.DataFrame, column: str) -> None:
    rest = ~alloys["category"].isin([category for category, _ in KINDS.values()])
    groups = [("other alloys", "#7f7f7f", 10, rest)] + [
        (words, colour, 30, alloys["category"] == category) for words, (category, colour) in KINDS.items()
    ]
    for words, colour, size, chosen in groups:
        if chosen.any():
            axes.scatter(
                alloys.loc[chosen, "value"], alloys.loc[chosen, column], s=size, alpha=0.6, color=colour, linewidths=0,
                label=f"{words} ({int(chosen.sum())})", rasterized=True,
            )  # fmt: skip
    both = alloys[["value", column]].to_numpy()
    ends = [both.min(), both.max()]
    axes.plot(ends, ends, color="black", linewidth=0.8, label="predicted = known")
    symbol, unit = in_mathtext(facts.prop.symbol), facts.prop.unit
    axes.set(xlabel=f"known {symbol} ({unit})", ylabel=f"predicted {symbol} ({unit})")
    axes.set_aspect("equal")
    axes.legend(fontsize=8, loc="upper left")
