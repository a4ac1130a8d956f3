"""The plot of a Pareto front: two objectives as axes, the third as colour, every composition that counts behind."""

from typing import Any

import numpy as np
import pandas as pd

from bmg_assets.pages.drawing import COLOUR_MAP, new_figure, saved
from bmg_assets.pages.rendering import Picture
from bmg_assets.science.arrays import BoolArray
from bmg_assets.science.proposals.objectives import ObjectiveTable, Wanted

MOST_BEHIND = 20_000
"""Points that are drawn behind the front; of more a random part stands for all."""
MOST_BARS = 12
"""Intervals that are drawn, from end to end of the front: of a hundred nothing could be read."""
FRONT_COLOUR, BEHIND_COLOUR = "#d55e00", "#bbbbbb"


def front_picture(
    system: str, table: ObjectiveTable, wanted: tuple[Wanted, ...], counts: BoolArray, front: pd.DataFrame
) -> Picture | None:
    """The plot; None for one objective alone, or where nothing is on the front."""
    if len(wanted) < 2 or front.empty:
        return None
    second, first = table.named(wanted[1].name), table.named(wanted[0].name)
    figure = new_figure(7.2, 4.8)
    axes = figure.subplots()
    rows = np.flatnonzero(counts)
    if len(rows) > MOST_BEHIND:
        rows = np.random.default_rng(0).choice(rows, MOST_BEHIND, replace=False)
    axes.scatter(
        second.values[rows], first.values[rows], s=4, color=BEHIND_COLOUR, linewidths=0, label="all that count"
    )
    _draw_intervals(axes, front, second.name, first.name)
    third = table.named(wanted[2].name) if len(wanted) > 2 else None
    colours: dict[str, Any] = {"color": FRONT_COLOUR}
    if third is not None:
        colours = {"c": front[third.name], "cmap": COLOUR_MAP}
    drawn = axes.scatter(
        front[second.name],
        front[first.name],
        s=26,
        edgecolors="black",
        linewidths=0.6,
        label="beaten by none",
        **colours,
    )
    if third is not None:
        figure.colorbar(drawn, ax=axes, label=third.axis)
    axes.set_xlabel(second.axis)
    axes.set_ylabel(first.axis)
    axes.legend(loc="best", fontsize="small")
    what = " against ".join([first.title, second.title])
    caption = f"{what} in {system}. Large points: compositions that no other one beats in all that is wanted"
    caption += f"; their colour is {third.axis}." if third is not None else "."
    return Picture(
        name=f"objectives_{system}",
        files=saved(figure),
        alt=f"Plot of {what} for {int(counts.sum()):,} compositions of {system}; {len(front)} are beaten by none.",
        caption=f"{caption} Bars: intervals of some predictions.",
    )


def _draw_intervals(axes: Any, front: pd.DataFrame, x: str, y: str) -> None:
    """Bars behind some points of the front."""
    some = front.iloc[np.unique(np.linspace(0, len(front) - 1, MOST_BARS).round().astype(int))]
    for name, direction in ((x, "xerr"), (y, "yerr")):
        if f"{name}_low" in some:
            reach = np.abs(some[[f"{name}_low", f"{name}_high"]].to_numpy().T - some[name].to_numpy())
            axes.errorbar(
                some[x],
                some[y],
                **{direction: reach},
                fmt="none",
                ecolor="#777777",
                elinewidth=0.9,
                capsize=2,
                zorder=1.5,
            )
