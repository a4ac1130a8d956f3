"""The map of a system of any number of elements as a matrix of pairs: the best at each two amounts of two elements."""

from collections.abc import Sequence
from textwrap import fill
from typing import Any

from bmg_assets.pages.drawing import COLOUR_MAP, new_figure, saved
from bmg_assets.pages.ternary_maps import DMAX_LABEL, PICK_COLOUR
from bmg_assets.science.alloys.sections import best_of_two_amounts
from bmg_assets.science.arrays import FloatArray

PANEL_IN = 1.9
MARGIN_IN = 0.6
HEAD_IN = 0.8
LETTERS_OF_INCH = 13
"""Of small print."""


def draw_pairs(
    elements: Sequence[str],
    at_pct: FloatArray,
    values: FloatArray,
    top: float,
    title: str,
    rests_on: str,
    picks: FloatArray | None = None,
    label: str = DMAX_LABEL,
) -> dict[str, bytes]:
    """A panel for each two elements: the largest value over the amounts of all others; files by ending.

    Args:
        elements: k symbols.
        at_pct: points of the grid, shape (n, k).
        values: what the colours show, shape (n,).
        top: upper end of the colour scale, from zero.
        title: of the figure, with the system.
        rests_on: identity of the alloys that the map was learnt from.
        picks: what is cast next, in at.%, shape (p, k); stars.
        label: what the colours mean, with the unit.
    """
    n = len(elements) - 1
    wide, high = MARGIN_IN + n * PANEL_IN + 1.2, HEAD_IN + n * PANEL_IN + MARGIN_IN
    figure = new_figure(wide, high, layout=None)
    figure.text(0.15 / wide, 1 - 0.3 / high, title, fontsize=12, fontweight="bold")
    words = fill(rests_on, round(LETTERS_OF_INCH * wide))
    figure.text(0.15 / wide, 1 - 0.42 / high, words, fontsize=8, color="#444444", va="top")
    surface: Any = None
    for row in range(1, n + 1):
        for column in range(row):
            left, bottom = MARGIN_IN + column * PANEL_IN, MARGIN_IN + (n - row) * PANEL_IN
            axes = figure.add_axes((left / wide, bottom / high, 0.86 * PANEL_IN / wide, 0.86 * PANEL_IN / high))
            across, up, best = best_of_two_amounts(at_pct, values, (column, row))
            surface = axes.pcolormesh(across, up, best.T, cmap=COLOUR_MAP, vmin=0, vmax=top, rasterized=True)
            axes.set_xlim(0, 100)
            axes.set_ylim(0, 100)
            axes.tick_params(labelsize=7, labelbottom=row == n, labelleft=column == 0)
            if picks is not None and len(picks):
                axes.scatter(
                    picks[:, column], picks[:, row], marker="*", s=70, c=PICK_COLOUR, edgecolors="black", linewidths=0.5
                )
            if row == n:
                axes.set_xlabel(f"{elements[column]} (at.%)", fontsize=9)
            if column == 0:
                axes.set_ylabel(f"{elements[row]} (at.%)", fontsize=9)
    bar = figure.add_axes(((wide - 0.95) / wide, MARGIN_IN / high, 0.16 / wide, 0.4))
    figure.colorbar(surface, cax=bar, label=label)
    return saved(figure)
