"""The maps of a replay side by side on one colour scale, as the paper's Fig. 4."""

from collections.abc import Sequence

from bmg_assets.pages.drawing import new_figure, saved, scale_top
from bmg_assets.pages.ternary_maps import add_ternary_axes, draw_on_axes
from bmg_assets.replay.rounds import Round
from bmg_assets.science.alloys.systems import TargetSystem

COLUMNS = 2
PANEL_IN = 6.0
WIDTH_IN = 15.4
HEAD_IN = 0.6


def draw_rounds(system: TargetSystem, rounds: Sequence[Round]) -> dict[str, bytes]:
    """A map for each round, all on one colour scale; files by ending."""
    rows = -(-len(rounds) // COLUMNS)
    height_in = rows * PANEL_IN + HEAD_IN
    figure = new_figure(WIDTH_IN, height_in, layout=None)
    top_mm = scale_top(max(float(round_.grid["dmax_mm"].max()) for round_ in rounds))
    panels = []
    for number, round_ in enumerate(rounds):
        row, column = divmod(number, COLUMNS)
        left_in, bottom_in = 0.8 + column * PANEL_IN, (rows - 1 - row) * PANEL_IN + 0.7
        box = (left_in / WIDTH_IN, bottom_in / height_in, 4.6 / WIDTH_IN, 4.2 / height_in)
        axes = add_ternary_axes(figure, box)
        surface = draw_on_axes(axes, system, round_.grid, round_.candidates, round_.casts, (0.0, top_mm))
        axes.set_title("", y=1.0)  # placed by hand: mpltern takes seconds to find a place for a title
        title = f"iteration {round_.number}: {round_.title} ({len(round_.casts)} own alloys)"
        figure.text(left_in / WIDTH_IN, (bottom_in + 4.85) / height_in, title, fontsize=11, fontweight="bold")
        panels.append(axes)
    title = f"{system.key}: predicted critical casting diameter, casts fed batch by batch"
    figure.text(0.03, 1 - 0.35 / height_in, title, fontsize=13)
    # The last panel knows all casts, so its symbols are those to explain.
    place = (12.4 / WIDTH_IN, 1 - 0.9 / height_in)
    figure.legend(
        *panels[-1].get_legend_handles_labels(), loc="upper left", bbox_to_anchor=place,
        fontsize=9, facecolor="#dddddd", edgecolor="none", labelspacing=0.7,
    )  # fmt: skip
    scale = figure.add_axes((12.8 / WIDTH_IN, 1 - 5.7 / height_in, 0.22 / WIDTH_IN, 3.0 / height_in))
    figure.colorbar(surface, cax=scale, label="predicted $D_{max}$ (mm)")
    return saved(figure)
