"""The maps of a replay side by side on one colour scale, as the paper's Fig. 4."""

from collections.abc import Sequence

import numpy as np

from bmg_assets.replay.rounds import Round
from bmg_assets.reporting.drawing import new_figure, saved
from bmg_assets.reporting.ternary_map import add_ternary_axes, draw_on_axes
from bmg_assets.science.systems import TargetSystem

COLUMNS = 2
PANEL_IN = 6.0


def draw_rounds(system: TargetSystem, rounds: Sequence[Round]) -> dict[str, bytes]:
    """Files by ending; the colours mean the same D_max in every panel."""
    rows = -(-len(rounds) // COLUMNS)
    figure = new_figure(COLUMNS * PANEL_IN + 1.5, rows * PANEL_IN)
    highest = max(float(round_.grid["dmax_mm"].max()) for round_ in rounds)
    limits = (0.0, np.ceil(highest * 2) / 2)
    panels = []
    for place, round_ in enumerate(rounds, start=1):
        axes = add_ternary_axes(figure, rows, COLUMNS, place)
        surface = draw_on_axes(axes, system, round_.grid, round_.candidates, round_.casts, limits)
        axes.set_title(
            f"iteration {round_.number}: {round_.title} ({len(round_.casts)} own alloys)", fontsize=10, pad=24
        )
        panels.append(axes)
    # The last panel knows all casts, so its symbols are those to explain.
    symbols = panels[-1].get_legend_handles_labels()
    panels[0].legend(*symbols, loc="upper left", bbox_to_anchor=(-0.2, 1.05), fontsize=8, frameon=False)
    figure.colorbar(surface, ax=panels, label="predicted $D_{max}$ (mm)", shrink=0.5)
    figure.suptitle(f"{system.key}: predicted critical casting diameter, casts fed batch by batch")
    return saved(figure)
