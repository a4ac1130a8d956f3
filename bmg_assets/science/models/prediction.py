"""The map of a target system: predictions of the sub-models and of their fusion on the grid of compositions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.grid import composition_grid, default_step, grid_keys, scale_to_unit
from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.regions import label_regions, top_share
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import FloatArray, IntArray
from bmg_assets.science.descriptors.elements import ElementTables
from bmg_assets.science.descriptors.table import compute_descriptors
from bmg_assets.science.models.fusion import fuse
from bmg_assets.science.models.pipeline import FusedSubModels, PredictionError


@dataclass(frozen=True)
class MapSettings:
    """What a map is made with."""

    step_at_pct: int | None = None
    """Distance of neighbouring grid points; the default of the number of elements where it is not given."""
    top_share: float = 0.05
    coverage: float = 0.9


@dataclass(frozen=True)
class PredictedGrid:
    """Predictions of the sub-models and their fusion at every point of a grid, in the unit of the label."""

    points: IntArray
    """Compositions in at.%, shape (n, k)."""
    step_at_pct: int
    sub_models: FloatArray
    """Shape (n, m), in the order of the fusion weights."""
    fused: FloatArray
    """Shape (n,)."""
    low: FloatArray
    high: FloatArray
    """Ends of the intervals, both of shape (n,)."""


def predict_map(
    target: TargetSystem,
    models: FusedSubModels,
    descriptors: Sequence[str],
    tables: ElementTables,
    settings: MapSettings,
) -> pd.DataFrame:
    """The table `prediction_grid` of a system, one row for each point of the grid.

    Args:
        target, models, descriptors, tables, settings: as of `predict_grid`.

    Raises:
        PredictionError, GridError: as `predict_grid`.
    """
    grid = predict_grid(target, models, descriptors, tables, settings)
    marked = top_share(grid.fused, settings.top_share)
    regions = label_regions(grid.points, marked, grid.step_at_pct)
    return pd.DataFrame(
        {
            "target_system": target.key,
            "point": np.arange(len(grid.points)),
            "composition": grid_keys(grid.points, target.elements),
            "at_pct": grid.points.astype(np.float64).tolist(),
            **{f"{name}_mm": grid.sub_models[:, column] for column, name in enumerate(models.fitted)},
            "dmax_mm": grid.fused,
            "dmax_scaled": scale_to_unit(grid.fused),
            "interval_low_mm": grid.low,
            "interval_high_mm": grid.high,
            "probability_bulk": models.probability_at_least(grid.fused, BULK_FROM_MM),
            "top_share": marked,
            "region": pd.Series(regions, dtype="Int64").mask(regions == 0),
        }
    )


def predict_grid(
    target: TargetSystem,
    models: FusedSubModels,
    descriptors: Sequence[str],
    tables: ElementTables,
    settings: MapSettings,
) -> PredictedGrid:
    """Predictions on the grid of a system, whatever the label is.

    Args:
        target: the system of k elements.
        models: fitted on descriptors made with `tables`.
        descriptors: their names, in the order of the columns.
        tables: data of the elements.
        settings: step of the grid in at.% and coverage of the intervals.

    Raises:
        PredictionError: a composition cannot be described, or a fused prediction is not finite.
        GridError: there is no such grid.
    """
    step = settings.step_at_pct or default_step(len(target.elements))
    points = composition_grid(len(target.elements), step)
    each = models.predict_each(describe_points(points / 100, target, tables, descriptors))
    fused = fuse(each, models.weights)
    if not np.isfinite(fused).all():
        raise PredictionError(
            f"{int((~np.isfinite(fused)).sum())} of {len(fused)} predictions of {target.key} are not finite; "
            "train the sub-models again."
        )
    return PredictedGrid(points, step, each, fused, *models.interval(fused, settings.coverage))


def describe_points(
    fractions: FloatArray, target: TargetSystem, tables: ElementTables, chosen: Sequence[str]
) -> FloatArray:
    """Descriptors of compositions of a system, shape (n, d).

    Args:
        fractions: mole fractions in the order of the target's elements, shape (n, k).
        chosen: names of the descriptors, in the order of the columns.

    Raises:
        PredictionError: a composition of the system cannot be described.
    """
    block = compute_descriptors(fractions, target.elements, tables)
    if block.failures:
        raise PredictionError(f"{target.key} cannot be described: {next(iter(block.failures.values()))}")
    place = {name: column for column, name in enumerate(block.names)}
    return block.values[:, [place[name] for name in chosen]]
