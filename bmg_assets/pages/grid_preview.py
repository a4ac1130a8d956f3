"""A small picture of a map alone for the Dagster UI, whatever the number of elements: no alloys, nothing proposed."""

import numpy as np
import pandas as pd

from bmg_assets.pages.drawing import preview_of
from bmg_assets.pages.quaternary_figures import draw_grid
from bmg_assets.pages.ternary_maps import DMAX_LABEL, draw_values
from bmg_assets.science.alloys.systems import TargetSystem


def preview_of_grid(system: TargetSystem, grid: pd.DataFrame, title: str, rests_on: str) -> bytes:
    """D_max of a map, as PNG: a ternary diagram; projections of four elements; pairs of more.

    Args:
        grid: the table `prediction_grid` or `transfer_grid`.
        title: what the colours mean, after the system.
        rests_on: identity of the alloys that the map was learnt from.
    """
    if system.is_ternary:
        files = draw_values(system, grid, grid["dmax_mm"], title, rests_on)
    else:
        files = draw_grid(system, grid, grid["dmax_mm"].to_numpy(np.float64), title, rests_on, DMAX_LABEL)
    return preview_of(files["png"])
