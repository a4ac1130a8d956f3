"""Maps beside the one of D_max: how sure it is, what changed since the last iteration, and what each sub-model says."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bmg_assets.pages.drawing import new_figure, saved, scale_top
from bmg_assets.pages.ternary_map import MAP_PLACE, MAP_SIZE_IN, add_ternary_axes, draw_surface, finish_map
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.models.sub_models.catalogue import SUB_MODELS

WIDTH_COLOURS = "cividis"
DIFFERENCE_COLOURS = "RdBu_r"
PANELS_ACROSS = 3


def draw_prediction(system: TargetSystem, grid: pd.DataFrame, training: str) -> dict[str, bytes]:
    """Fused prediction alone, on a scale of its own; files by ending."""
    figure = new_figure(*MAP_SIZE_IN, layout=None)
    axes = add_ternary_axes(figure, MAP_PLACE)
    surface = draw_surface(axes, system, grid, grid["dmax_mm"], (0.0, scale_top(float(grid["dmax_mm"].max()))))
    finish_map(figure, axes, surface, f"{system.key}: predicted critical casting diameter", training)
    return saved(figure)


def draw_uncertainty(system: TargetSystem, grid: pd.DataFrame, training: str) -> dict[str, bytes]:
    """Width of the interval of each prediction; files by ending."""
    width = grid["interval_high_mm"] - grid["interval_low_mm"]
    figure = new_figure(*MAP_SIZE_IN, layout=None)
    axes = add_ternary_axes(figure, MAP_PLACE)
    surface = draw_surface(axes, system, grid, width, (0.0, scale_top(float(width.max()))), WIDTH_COLOURS)
    title = f"{system.key}: how uncertain the prediction is"
    finish_map(figure, axes, surface, title, training, "width of the interval (mm)")
    return saved(figure)


def draw_probability(system: TargetSystem, transfer: pd.DataFrame, training: str) -> dict[str, bytes]:
    """Probability of a bulk glass by the strategy transfer; files by ending."""
    figure = new_figure(*MAP_SIZE_IN, layout=None)
    axes = add_ternary_axes(figure, MAP_PLACE)
    chance = transfer["probability_bulk"]
    surface = draw_surface(axes, system, transfer, chance, (0.0, scale_top(float(chance.max()))))
    title = f"{system.key}: probability of a bulk glass, by what is known of alike alloys"
    finish_map(figure, axes, surface, title, training, "probability of $D_{max}$ ≥ 1 mm")
    return saved(figure)


def draw_change(
    system: TargetSystem, grid: pd.DataFrame, before: pd.Series, stage_before: str, training: str
) -> dict[str, bytes]:
    """Prediction now minus prediction before, on a scale with white in its middle; files by ending.

    Args:
        before: fused prediction in mm of the earlier iteration by composition.
        stage_before: the earlier iteration in words, see rounds_in_words.py.
    """
    change = grid["dmax_mm"] - grid["composition"].map(before)
    top = scale_top(float(change.abs().max()))
    figure = new_figure(*MAP_SIZE_IN, layout=None)
    axes = add_ternary_axes(figure, MAP_PLACE)
    surface = draw_surface(axes, system, grid, change.fillna(0.0), (-top, top), DIFFERENCE_COLOURS)
    title = f"{system.key}: prediction minus that {stage_before}"
    finish_map(figure, axes, surface, title, training, "change of $D_{max}$ (mm)")
    return saved(figure)


def draw_sub_models(
    system: TargetSystem, grid: pd.DataFrame, weights: dict[str, float], training: str, top_mm: float
) -> dict[str, bytes]:
    """The sub-models and their fusion side by side on one colour scale (the paper's Fig. S1); files by ending.

    Args:
        weights: fusion weight of each sub-model by name.
        top_mm: D_max at the upper end of the colour scale; larger predictions of a sub-model have its last colour.
    """
    panels = [(f"{SUB_MODELS[name].title} (weight {weights[name]:.2f})", grid[f"{name}_mm"]) for name in SUB_MODELS]
    panels.append(("fusion", grid["dmax_mm"]))
    rows = -(-(len(panels) + 1) // PANELS_ACROSS)
    figure = new_figure(12.0, 4.1 * rows + 0.6, layout=None)
    figure.text(0.02, 0.965, f"{system.key}: sub-models and their fusion", fontsize=12, fontweight="bold")
    figure.text(0.02, 0.94, training, fontsize=8, color="#444444")
    for number, (title, values) in enumerate(panels):
        row, column = divmod(number, PANELS_ACROSS)
        place = (0.05 + 0.97 * column / PANELS_ACROSS, 0.06 + (rows - 1 - row) * 0.92 / rows, 0.23, 0.62 / rows)
        axes = add_ternary_axes(figure, place)
        surface = draw_surface(axes, system, grid, values, (0.0, top_mm), small=True)
        axes.set_title(title, y=1.2, fontsize=11)
    extend = "max" if _exceeds([values for _, values in panels], top_mm) else "neither"
    bar = figure.add_axes((0.74, 0.12, 0.018, 0.3))
    figure.colorbar(surface, cax=bar, label="$D_{max}$ (mm)", extend=extend)
    return saved(figure)


def _exceeds(surfaces: Sequence[pd.Series], top: float) -> bool:
    return bool(np.max([values.max() for values in surfaces]) > top)
