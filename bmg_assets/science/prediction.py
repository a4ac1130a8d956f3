"""The map of a target system: predictions of the sub-models and of their fusion on the grid of compositions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bmg_assets.science.descriptors.elements import ElementTables
from bmg_assets.science.descriptors.table import compute_descriptors
from bmg_assets.science.errors import BmgError
from bmg_assets.science.folds import FloatArray
from bmg_assets.science.fusion import fuse
from bmg_assets.science.grid import composition_grid, default_step, grid_keys, scale_to_unit
from bmg_assets.science.regions import label_regions, top_share
from bmg_assets.science.sub_models.base import FittedSubModel
from bmg_assets.science.systems import TargetSystem
from bmg_assets.science.training_set import LearningData
from bmg_assets.science.tuning import TunedSubModel
from bmg_assets.science.uncertainty import residual_intervals


class PredictionError(BmgError):
    """A map that cannot be made from what is stored."""


@dataclass(frozen=True)
class MapSettings:
    """What a map is made with."""

    step_at_pct: int | None = None
    """Distance of neighbouring grid points; the default of the number of elements where it is not given."""
    top_share: float = 0.05
    coverage: float = 0.9


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
    check_trained_on(list(models.values()), data)
    step = settings.step_at_pct or default_step(len(target.elements))
    points = composition_grid(len(target.elements), step)
    X = describe_points(points / 100, target, tables, data.descriptors)
    predictions = predict_all({name: model.fitted for name, model in models.items()}, X)
    fused = fuse(predictions, weights)
    if not np.isfinite(fused).all():
        raise PredictionError(
            f"{int((~np.isfinite(fused)).sum())} of {len(fused)} predictions of {target.key} are not finite; "
            "train the sub-models again."
        )
    low, high = residual_intervals(
        fuse(out_of_fold_matrix(list(models.values())), weights), data.y, fused, settings.coverage
    )
    marked = top_share(fused, settings.top_share)
    regions = label_regions(points, marked, step)
    return pd.DataFrame(
        {
            "target_system": target.key,
            "point": np.arange(len(points)),
            "composition": grid_keys(points, target.elements),
            "at_pct": points.astype(np.float64).tolist(),
            **{f"{name}_mm": predictions[:, column] for column, name in enumerate(models)},
            "dmax_mm": fused,
            "dmax_scaled": scale_to_unit(fused),
            "interval_low_mm": low,
            "interval_high_mm": high,
            "top_share": marked,
            "region": pd.Series(regions, dtype="Int64").mask(regions == 0),
        }
    )


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


def predict_all(models: Mapping[str, FittedSubModel], X: FloatArray) -> FloatArray:
    """Predictions of each sub-model in mm, shape (n, m), in the order of `models`.

    A diameter below zero means nothing, so predictions are cut off at zero.
    """
    return np.maximum(np.column_stack([model.predict(X) for model in models.values()]), 0)
