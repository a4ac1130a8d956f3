"""The map of a property other than D_max in a target system: its training set, its fusion, its scores.

Sub-models, folds, fusion and grid are those of D_max. Only the label differs: it is not cut off at zero, and the ranges
of the hyper-parameters do not fit the size of its numbers. So the models see it scaled to the spread that D_max has in
the published table; where a property spans decades, they see its decimal logarithm. Everything that leaves this module
is in the property's unit, and errors on its scale: in the unit, or in decades.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.compositions import chemical_system, fraction_matrix
from bmg_assets.science.alloys.distances import nearest_known
from bmg_assets.science.alloys.grid import grid_keys
from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.descriptors.elements import ELEMENT_PROPERTIES, ElementTables
from bmg_assets.science.descriptors.table import compute_descriptors
from bmg_assets.science.fingerprints import fingerprint_frame, fingerprint_parts
from bmg_assets.science.literature.known_alloys import amounts_of, not_cast
from bmg_assets.science.literature.properties import NOTHING_LEFT_OUT, Property, PropertyError, Scale
from bmg_assets.science.literature.property_values import values_of_casts
from bmg_assets.science.literature.pruning import Category, categorise_all, excluded_categories
from bmg_assets.science.literature.training_set import LearningData, check_describable
from bmg_assets.science.models.budgets import Budget
from bmg_assets.science.models.folds import N_FOLDS, Fold, prepare_folds, prepare_group_folds, rmse
from bmg_assets.science.models.pipeline import FusedSubModels, find_weights, fuse_sub_models, predict_held_out
from bmg_assets.science.models.prediction import MapSettings, predict_grid
from bmg_assets.science.models.tuning import TunedSubModel

SPREAD_OF_DMAX = 1.6
"""Standard deviation in mm of D_max in the published table, for which the hyper-parameters' ranges were made."""
NO_BOUND = -np.inf
RIDGE = 0.1
"""Penalty of the linear baseline, on coefficients of mole fractions: enough that a rare element stays finite."""


@dataclass(frozen=True)
class LabelScale:
    """Between a property's unit and the numbers that the models see, linear on the property's scale."""

    centre: float
    per_step: float
    """Size of 1 of the models' numbers on the property's scale: in its unit, or in decades."""
    scale: Scale = Scale.LINEAR

    @classmethod
    def of(cls, values: FloatArray, scale: Scale = Scale.LINEAR) -> "LabelScale":
        """Scale that centres values and gives them the spread of D_max; raises PropertyError if they are all equal."""
        if np.ptp(values) == 0:
            raise PropertyError(
                f"All {len(values)} alloys have the value {values[0]:g}, so there is nothing to learn; add others."
            )
        on_scale = scale.to_scale(values)
        return cls(float(on_scale.mean()), float(on_scale.std()) / SPREAD_OF_DMAX, scale)

    def scaled(self, values: FloatArray) -> FloatArray:
        """Values as the models see them; shape as `values`."""
        numbers: FloatArray = (self.scale.to_scale(values) - self.centre) / self.per_step
        return numbers

    def in_unit(self, scaled: FloatArray) -> FloatArray:
        """Predictions in the property's unit; shape as `scaled`."""
        values: FloatArray = self.scale.to_unit(self.centre + self.per_step * scaled)
        return values


@dataclass(frozen=True)
class PreparedMap:
    """The training set of a property in a system."""

    target: TargetSystem
    prop: Property
    sub_dataset: int
    alloys: pd.DataFrame
    """Known alloys: `composition`, `elements`, `at_pct`, `value`, `category`, `is_trained`."""
    X: FloatArray
    """Descriptors of the known alloys, shape (n, d)."""
    data: LearningData
    """The alloys that are trained on, with scaled labels."""
    scale: LabelScale
    n_not_described: int
    tables: ElementTables

    def described(self) -> dict[str, object]:
        """The columns of the table `property_scores` that are known before anything is trained."""
        trained = self.alloys[self.alloys["is_trained"]]
        return {
            "target_system": self.target.key,
            "property": self.prop.name,
            "unit": self.prop.unit,
            "scale": self.prop.scale.value,
            "error_unit": self.prop.error_unit,
            "sub_dataset": self.sub_dataset,
            "n_training": len(trained),
            "n_own": int((trained["category"] == str(Category.LAB)).sum()),
            "n_of_system": int(trained["category"].isin([str(Category.V), str(Category.LAB)]).sum()),
            "n_left_out": len(self.alloys) - len(trained),
            "n_not_described": self.n_not_described,
            "lowest_known": float(trained["value"].min()),
            "highest_known": float(trained["value"].max()),
            "element_tables": self.tables.variant,
            "training_fingerprint": self.data.fingerprint,
        }

    def made_from(self, budget: Budget, seed: int, coverage: float, code: Mapping[str, str]) -> str:
        """Identity of all that the map depends on.

        Args:
            budget, seed: of the searches.
            coverage: of the intervals, 0 to 1.
            code: code version of each asset whose code the map goes through.
        """
        alloys = self.alloys.assign(elements=self.alloys["elements"].map(str), at_pct=self.alloys["at_pct"].map(str))
        return fingerprint_parts(
            self.target.key,
            sorted(dict(self.prop).items()),
            fingerprint_frame(alloys),
            self.data.fingerprint,
            ", ".join(self.data.descriptors),
            self.tables.variant,
            sorted(asdict(budget).items()),
            (self.sub_dataset, seed, coverage),
            sorted(code.items()),
        )


@dataclass(frozen=True)
class FinishedMap:
    """The map of a property in a system."""

    map: pd.DataFrame
    """The table `property_maps`."""
    alloys: pd.DataFrame
    """The table `property_alloys`."""
    scores: dict[str, object]
    """The columns of the table `property_scores` that follow from the training."""


def prepare_map(
    target: TargetSystem,
    prop: Property,
    values: pd.DataFrame,
    casts: pd.DataFrame,
    tables: ElementTables,
    sub_dataset: int,
    chosen: Sequence[str],
) -> PreparedMap:
    """Join reported values with own casts, which win for their composition, and prune to the sub-dataset.

    Args:
        values: the table `property_values`.
        casts: the table `lab_casts` of all systems; casts of the target itself are never pruned.
        sub_dataset: 0 for nothing left out, or one of the paper's.
        chosen: names of the descriptors to train on.

    Raises:
        SubDatasetError: there is no such sub-dataset.
        TrainingSetError: the system cannot be described.
        PropertyError: no value is known or left, or all are equal.
    """
    check_describable(target, tables, chosen)
    excluded = frozenset[Category]() if sub_dataset == NOTHING_LEFT_OUT else excluded_categories(sub_dataset)
    known = alloys_with_property(target, prop, values, casts)
    if known.empty:
        raise PropertyError(
            f"No value of {prop.symbol} is known: name the column of a source that reports it in sources.yaml "
            "(see docs/extending.md), or report it with own casts."
        )
    fractions, elements = fraction_matrix(list(known["elements"]), list(known["at_pct"]))
    block = compute_descriptors(fractions, elements, tables)
    X = pd.DataFrame(block.values, columns=list(block.names))[list(chosen)].to_numpy(np.float64)
    described = ~np.isnan(X).any(axis=1)
    known, X = known[described].reset_index(drop=True), X[described]
    known["is_trained"] = ~known["category"].isin([str(one) for one in excluded])
    trained = known["is_trained"].to_numpy()
    if not trained.any():
        raise PropertyError(
            f"Sub-dataset {sub_dataset} of {target.key} has no alloy with a known {prop.symbol}: choose one that "
            "prunes less, 0 leaves nothing out."
        )
    y = known.loc[trained, "value"].to_numpy(np.float64)
    scale = LabelScale.of(y, prop.scale)
    return PreparedMap(
        target=target,
        prop=prop,
        sub_dataset=sub_dataset,
        alloys=known,
        X=X,
        data=LearningData(X[trained], scale.scaled(y), np.ones(len(y)), tuple(chosen)),
        scale=scale,
        n_not_described=int((~described).sum()),
        tables=tables,
    )


def finish_map(prepared: PreparedMap, tuned: Mapping[str, TunedSubModel], settings: MapSettings) -> FinishedMap:
    """Fuse the tuned sub-models, predict the map, and evaluate it.

    Args:
        tuned: by name, tuned on `prepared.data`.

    Raises:
        FusionError, PredictionError, GridError: see `find_weights` and `predict_grid`.
    """
    data, step = prepared.data, prepared.scale.per_step
    fusion = find_weights(tuned, data)
    models = fuse_sub_models(tuned, fusion.weights, data, NO_BOUND)
    alloys = _beside_predictions(prepared, models)
    scores: dict[str, object] = {
        **{f"rmse_{name}": model.loss * step for name, model in tuned.items()},
        **{f"weight_{name}": float(weight) for name, weight in zip(tuned, fusion.weights, strict=True)},
        "rmse_fusion": fusion.scores.rmse_mean_mm * step,
        **{name: error * step for name, error in baselines(prepared, prepare_folds(data.X, data.y)).items()},
        "r2_fusion": fusion.scores.r2_mean,
        "rmse_without_system": _error(prepared, alloys, "predicted_without_system", alloys["is_trained"]),
        "rmse_left_out": _error(prepared, alloys, "predicted", ~alloys["is_trained"]),
        "search_seconds": sum(trial.seconds for model in tuned.values() for trial in model.trials),
    }
    return FinishedMap(_map(prepared, models, settings), alloys, scores)


def baselines(prepared: PreparedMap, folds: Sequence[Fold]) -> dict[str, float]:
    """Errors of three baselines, mean over the folds, in the models' numbers.

    The baselines are the mean, a straight line in the mean melting point of the elements, and a sum over the elements.
    """
    from sklearn.linear_model import LinearRegression, Ridge

    trained = prepared.alloys[prepared.alloys["is_trained"]]
    fractions, elements = fraction_matrix(list(trained["elements"]), list(trained["at_pct"]))
    column = ELEMENT_PROPERTIES.index("melting_point")
    melting = prepared.tables.properties[[prepared.tables.symbols.index(one) for one in elements], column]
    inputs = {
        "rmse_melting_points": (LinearRegression(), (fractions @ melting)[:, np.newaxis]),
        "rmse_fractions": (Ridge(alpha=RIDGE), fractions),
    }
    y = prepared.data.y
    errors = {"rmse_mean": [rmse(np.full(len(fold.test), fold.y_train.mean()), fold.y_test) for fold in folds]}
    for name, (model, columns) in inputs.items():
        errors[name] = [
            rmse(model.fit(columns[fold.train], y[fold.train]).predict(columns[fold.test]), fold.y_test)
            for fold in folds
        ]
    return {name: float(np.mean(of_folds)) for name, of_folds in errors.items()}


def alloys_with_property(
    target: TargetSystem, prop: Property, values: pd.DataFrame, casts: pd.DataFrame
) -> pd.DataFrame:
    """Reported values and own casts, one row per composition, with the category against the target.

    Args:
        values, casts: as of `prepare_map`.

    Returns:
        `composition`, `elements`, `at_pct`, `value`, `category`.
    """
    own = values_of_casts(casts, prop)
    reported = not_cast(values[values["property"] == prop.name], own)
    known = pd.concat([part for part in (reported[list(own.columns)], own) if len(part)] or [own], ignore_index=True)
    is_cast = known["composition"].isin(own["composition"])
    categories = pd.Series(categorise_all(known["elements"], target.element_set), index=known.index, dtype=object)
    of_target = categories == Category.V
    return known.assign(category=categories.mask(is_cast & of_target, Category.LAB).map(str))


def _map(prepared: PreparedMap, models: FusedSubModels, settings: MapSettings) -> pd.DataFrame:
    target, in_unit = prepared.target, prepared.scale.in_unit
    grid = predict_grid(target, models, prepared.data.descriptors, prepared.tables, settings)
    trained = prepared.alloys[prepared.alloys["is_trained"]]
    nearest, distance = nearest_known(grid.points.astype(np.float64), amounts_of(target, trained))
    return pd.DataFrame(
        {
            "target_system": target.key,
            "property": prepared.prop.name,
            "point": np.arange(len(grid.points)),
            "composition": grid_keys(grid.points, target.elements),
            "at_pct": grid.points.astype(np.float64).tolist(),
            **{name: in_unit(grid.sub_models[:, column]) for column, name in enumerate(models.fitted)},
            "value": in_unit(grid.fused),
            "interval_low": in_unit(grid.low),
            "interval_high": in_unit(grid.high),
            "unit": prepared.prop.unit,
            "nearest_composition": trained["composition"].to_numpy()[nearest],
            "nearest_value": trained["value"].to_numpy()[nearest],
            "nearest_at_pct": np.clip(distance, 0, 100),  # amounts sum to 100 but for rounding
        }
    )


def _beside_predictions(prepared: PreparedMap, models: FusedSubModels) -> pd.DataFrame:
    """The table `property_alloys`."""
    trained, in_unit = prepared.alloys["is_trained"].to_numpy(), prepared.scale.in_unit
    predicted = np.empty(len(trained))
    predicted[trained] = in_unit(models.held_out)
    if not trained.all():
        predicted[~trained] = in_unit(models.predict(prepared.X[~trained]))
    without_system = np.full(len(trained), np.nan)
    systems = [chemical_system(one) for one in prepared.alloys.loc[trained, "elements"]]
    if len(set(systems)) >= N_FOLDS:
        folds = prepare_group_folds(prepared.data.X, prepared.data.y, systems)
        without_system[trained] = in_unit(predict_held_out(models, folds))
    return prepared.alloys.assign(
        target_system=prepared.target.key,
        property=prepared.prop.name,
        predicted=predicted,
        predicted_without_system=without_system,
        unit=prepared.prop.unit,
    )


def _error(prepared: PreparedMap, alloys: pd.DataFrame, column: str, rows: pd.Series) -> float | None:
    """RMSE on the scale of the property; None where nothing is predicted."""
    chosen = alloys[rows & alloys[column].notna()]
    if chosen.empty:
        return None
    predicted, known = (prepared.prop.scale.to_scale(chosen[name].to_numpy()) for name in (column, "value"))
    return rmse(predicted, known)


def values_since(known: pd.DataFrame, of_map: pd.DataFrame, n_not_described: int) -> int:
    """How many values have come, gone or changed since a map was made.

    Args:
        known: see `alloys_with_property`, as it is now.
        of_map: the rows of the table `property_alloys` of the map.
        n_not_described: alloys without descriptors, which the map does not have; so many new ones do not count.
    """
    beside = known[["composition", "value"]].merge(of_map[["composition", "value"]], "outer", "composition")
    come, gone = beside["value_y"].isna(), beside["value_x"].isna()
    changed = ~come & ~gone & ~np.isclose(beside["value_x"], beside["value_y"], rtol=1e-9, atol=0)
    return max(0, int(come.sum()) - n_not_described) + int(gone.sum()) + int(changed.sum())
