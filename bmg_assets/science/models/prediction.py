"""The map of a target system: predictions of the sub-models and of their fusion on the grid of compositions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.grid import composition_grid, default_step, grid_keys, scale_to_unit
from bmg_assets.science.alloys.regions import label_regions, top_share
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import FloatArray, IntArray
from bmg_assets.science.descriptors.elements import ElementTables
from bmg_assets.science.descriptors.table import compute_descriptors
from bmg_assets.science.errors import BmgError
from bmg_assets.science.literature.training_set import LearningData
from bmg_assets.science.models.fusion import fuse
from bmg_assets.science.models.sub_models.base import FittedSubModel
from bmg_assets.science.models.tuning import TunedSubModel
from bmg_assets.science.models.uncertainty import residual_intervals


class PredictionError(BmgError):
    """A map that cannot be made from what is stored."""


@dataclass(frozen=True)
class MapSettings:
    """What a map is made with."""

    step_at_pct: int | None = None
    """Distance of neighbouring grid points; the default of the number of elements where it is not given."""
    top_share: float = 0.05
    coverage: float = 0.9


@dataclass(frozen=True)
class PredictedGrid:
    """What the sub-models and their fusion say at every point of a grid, in the unit of the label."""

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


def check_trained_on(models: Sequence[TunedSubModel], data: LearningData) -> None:
    """See that the sub-models were trained on these very rows.

    Raises:
        PredictionError: one was not.
    """
    for model in models:
        if model.training_fingerprint != data.fingerprint:
            raise PredictionError(
                f"{model.name}_model was trained on another training set than the one stored now; "
                "materialize the four sub-models of this system again."
            )


def out_of_fold_matrix(models: Sequence[TunedSubModel]) -> FloatArray:
    """Out-of-fold predictions side by side in mm, shape (n, m)."""
    return np.column_stack([model.out_of_fold for model in models])


def predict_map(
    target: TargetSystem,
    models: Mapping[str, TunedSubModel],
    weights: FloatArray,
    data: LearningData,
    tables: ElementTables,
    settings: MapSettings,
) -> pd.DataFrame:
    """The table `prediction_grid` of a system.

    Args:
        models: the tuned sub-models by name, in the order of `weights`.
        weights: fusion weights, shape (m,).
        data: the training set they were trained on.
        tables: the element tables that the training set was described with.

    Raises:
        PredictionError: a sub-model was trained on other rows, or the fused prediction is not finite everywhere.
        GridError: there is no such grid.
    """
    grid = predict_grid(target, models, weights, data, tables, settings)
    marked = top_share(grid.fused, settings.top_share)
    regions = label_regions(grid.points, marked, grid.step_at_pct)
    return pd.DataFrame(
        {
            "target_system": target.key,
            "point": np.arange(len(grid.points)),
            "composition": grid_keys(grid.points, target.elements),
            "at_pct": grid.points.astype(np.float64).tolist(),
            **{f"{name}_mm": grid.sub_models[:, column] for column, name in enumerate(models)},
            "dmax_mm": grid.fused,
            "dmax_scaled": scale_to_unit(grid.fused),
            "interval_low_mm": grid.low,
            "interval_high_mm": grid.high,
            "top_share": marked,
            "region": pd.Series(regions, dtype="Int64").mask(regions == 0),
        }
    )


def predict_grid(
    target: TargetSystem,
    models: Mapping[str, TunedSubModel],
    weights: FloatArray,
    data: LearningData,
    tables: ElementTables,
    settings: MapSettings,
    lowest: float = 0.0,
) -> PredictedGrid:
    """What is predicted on the grid of a system, whatever the label is; arguments and errors as of `predict_map`.

    Args:
        lowest: the lowest value of the label; zero for a diameter, minus infinity where there is no bound.
    """
    check_trained_on(list(models.values()), data)
    step = settings.step_at_pct or default_step(len(target.elements))
    points = composition_grid(len(target.elements), step)
    X = describe_points(points / 100, target, tables, data.descriptors)
    predictions = predict_all({name: model.fitted for name, model in models.items()}, X, lowest)
    fused = fuse(predictions, weights)
    if not np.isfinite(fused).all():
        raise PredictionError(
            f"{int((~np.isfinite(fused)).sum())} of {len(fused)} predictions of {target.key} are not finite; "
            "train the sub-models again."
        )
    out_of_fold = fuse(out_of_fold_matrix(list(models.values())), weights)
    low, high = residual_intervals(out_of_fold, data.y, fused, settings.coverage, lowest)
    return PredictedGrid(points, step, predictions, fused, low, high)


def describe_points(
    fractions: FloatArray, target: TargetSystem, tables: ElementTables, chosen: Sequence[str]
) -> FloatArray:
    """Chosen descriptors of mole fractions of shape (n, k), shape (n, d).

    Raises:
        PredictionError: a composition of the system cannot be described.
    """
    block = compute_descriptors(fractions, target.elements, tables)
    if block.failures:
        raise PredictionError(f"{target.key} cannot be described: {next(iter(block.failures.values()))}")
    place = {name: column for column, name in enumerate(block.names)}
    return block.values[:, [place[name] for name in chosen]]


def predict_all(models: Mapping[str, FittedSubModel], X: FloatArray, lowest: float = 0.0) -> FloatArray:
    """Predictions of each sub-model in the unit of the label, shape (n, m), in the order of `models`.

    A diameter below zero means nothing, so predictions are cut off there, or at another `lowest` value of the label.
    """
    return np.maximum(np.column_stack([model.predict(X) for model in models.values()]), lowest)
