"""The paper's study of pruning (Fig. 3 c-h): the map of a system from each sub-dataset, and how near it comes.

Belongs here: a row of the study, one system with one sub-dataset. Does not belong here: the searches (see
bmg_assets/execution/search_pool.py), and the benchmark of surrogates on systems left out (benchmark.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from bmg_assets.science.alloys.grid import scale_to_unit
from bmg_assets.science.alloys.labels import BULK_FROM_MM
from bmg_assets.science.alloys.systems import TargetSystem, parse_system
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.descriptors.elements import ElementTables
from bmg_assets.science.evidence.paper_study import PAPER_SCORES, PaperScores
from bmg_assets.science.fingerprints import fingerprint_frame, fingerprint_parts
from bmg_assets.science.literature.known_alloys import amounts_of, is_of_system
from bmg_assets.science.literature.pruning import Category, categorise_all, excluded_categories
from bmg_assets.science.literature.training_set import LearningData, assemble_training_set, learning_data
from bmg_assets.science.models.budgets import Budget
from bmg_assets.science.models.pipeline import FusedSubModels, find_weights, fuse_sub_models
from bmg_assets.science.models.prediction import MapSettings, describe_points, predict_map
from bmg_assets.science.models.tuning import TunedSubModel

PRUNED = (Category.I, Category.II, Category.III, Category.IV, Category.V)
MAP_COLUMNS = ["target_system", "point", "composition", "at_pct", "dmax_mm", "dmax_scaled"]
"""Columns that a map of the study takes over from a `prediction_grid`, beside those of the sub-models."""
FEWEST_REPORTED = 2
"""Fewest reported alloys: a single one cannot be scaled."""


@dataclass(frozen=True)
class PreparedRow:
    """The training set of a row of the study, and the reported alloys that its map is compared with."""

    target: TargetSystem
    sub_dataset: int
    data: LearningData
    removed: Mapping[Category, int]
    """Alloys that the sub-dataset leaves out, by category."""
    reported: pd.DataFrame
    """Alloys of the system itself: `composition`, `at_pct` in the order of its elements, `glass_class`, `dmax_mm`."""
    tables: ElementTables

    def made_from(self, budget: Budget, seed: int, code: Mapping[str, str]) -> str:
        """Identity of all that the row depends on.

        Args:
            budget, seed: of the searches.
            code: code version of each asset whose code the row goes through.
        """
        reported = fingerprint_frame(self.reported.assign(at_pct=self.reported["at_pct"].map(str)))
        return fingerprint_parts(
            self.target.key,
            self.data.fingerprint,
            ", ".join(self.data.descriptors),
            self._removed_counts(),
            reported,
            self.tables.variant,
            sorted(asdict(budget).items()),
            seed,
            sorted(code.items()),
        )

    def _removed_counts(self) -> dict[str, int]:
        return {f"removed_{category.lower()}": self.removed[category] for category in PRUNED}

    def described(self) -> dict[str, object]:
        """The columns of the table `studied_scores` that are known before anything is trained."""
        return {
            "target_system": self.target.key,
            "sub_dataset": self.sub_dataset,
            "element_tables": self.tables.variant,
            "n_training": len(self.data.y),
            "n_removed": sum(self.removed.values()),
            **self._removed_counts(),
            "n_reported": len(self.reported),
            "n_reported_bulk": int((self.reported["dmax_mm"] >= BULK_FROM_MM).sum()),
            "training_fingerprint": self.data.fingerprint,
        }


@dataclass(frozen=True)
class FinishedRow:
    """One row of the study."""

    map: pd.DataFrame
    """The table `studied_maps`."""
    alloys: pd.DataFrame
    """The table `studied_alloys`."""
    scores: dict[str, object]
    """The columns of the table `studied_scores` that the training gave."""


def prepare_row(
    target: TargetSystem,
    sub_dataset: int,
    alloys: pd.DataFrame,
    descriptors: pd.DataFrame,
    tables: ElementTables,
    chosen: Sequence[str],
) -> PreparedRow:
    """Prune the literature to the sub-dataset; own casts take no part in the study.

    Args:
        alloys: the table `alloys` of the literature.
        descriptors: the table `descriptors` of the literature, made with `tables`.
        chosen: names of the descriptors to train on.

    Raises:
        SubDatasetError: there is no such sub-dataset.
        TrainingSetError: nothing is left to train on.
    """
    no_casts = alloys.head(0)
    training_set = assemble_training_set(target, alloys, descriptors, no_casts, tables, sub_dataset, chosen)
    described = descriptors.dropna(subset=list(chosen))["composition"]
    usable = alloys[alloys["dmax_mm"].notna() & alloys["composition"].isin(described)]
    categories = categorise_all(usable["elements"], target.element_set)
    excluded = excluded_categories(sub_dataset)
    return PreparedRow(
        target=target,
        sub_dataset=sub_dataset,
        data=learning_data(training_set),
        removed={one: categories.count(one) if one in excluded else 0 for one in PRUNED},
        reported=reported_alloys(target, alloys),
        tables=tables,
    )


def reported_alloys(target: TargetSystem, alloys: pd.DataFrame) -> pd.DataFrame:
    """Alloys of exactly the system's elements whose D_max is known, with at.% in the order of its elements."""
    chosen = alloys[is_of_system(target, alloys) & alloys["dmax_mm"].notna().to_numpy()]
    return pd.DataFrame(
        {
            "composition": chosen["composition"].to_list(),
            "at_pct": amounts_of(target, chosen).tolist(),
            "glass_class": chosen["glass_class"].to_list(),
            "dmax_mm": chosen["dmax_mm"].to_numpy(np.float64),
        }
    )


def finish_row(row: PreparedRow, tuned: Mapping[str, TunedSubModel]) -> FinishedRow:
    """Fuse the tuned sub-models, predict the map and the reported alloys, and compare.

    Args:
        tuned: the sub-models by name, in the order of the columns.

    Raises:
        FusionError: the labels of a fold are all equal.
        PredictionError: the sub-models were trained on other rows, or a prediction is not finite.
    """
    fusion = find_weights(tuned, row.data)
    models = fuse_sub_models(tuned, fusion.weights, row.data)
    grid = predict_map(row.target, models, row.data.descriptors, row.tables, MapSettings())
    alloys = _beside_reports(row, models, grid["dmax_mm"].to_numpy())
    best = grid.loc[grid["dmax_mm"].idxmax()]
    scores: dict[str, object] = {
        **{f"rmse_{name}_mm": model.loss for name, model in tuned.items()},
        **{f"weight_{name}": float(weight) for name, weight in zip(tuned, fusion.weights, strict=True)},
        "fusion_rmse_mm": fusion.scores.rmse_mean_mm,
        "fusion_r2": fusion.scores.r2_mean,
        "rmse_scaled": scaled_rmse(alloys["predicted_scaled"].to_numpy(), alloys["reported_scaled"].to_numpy()),
        "rmse_scaled_of_mean": spread_of(alloys["reported_scaled"].to_numpy()),
        "best_composition": best["composition"],
        "best_predicted_mm": float(best["dmax_mm"]),
        "search_seconds": sum(trial.seconds for model in tuned.values() for trial in model.trials),
    }
    maps = grid[[*MAP_COLUMNS, *(f"{name}_mm" for name in tuned)]]
    return FinishedRow(maps.assign(sub_dataset=row.sub_dataset), alloys, scores)


def beside_the_paper(scores: pd.DataFrame) -> pd.DataFrame:
    """The table `pruning_study`: rows of `studied_scores` with the scores that the paper's authors reached for them."""
    known = [
        PAPER_SCORES.get((parse_system(system).element_set, int(sub_dataset)))
        for system, sub_dataset in zip(scores["target_system"], scores["sub_dataset"], strict=True)
    ]
    paper = pd.DataFrame(
        [one.columns() if one else {} for one in known],
        index=scores.index,
        columns=[*PaperScores.COLUMNS],
        dtype="float64",
    )
    return pd.concat([scores, paper], axis=1)


def scaled_on(dmax_mm: FloatArray, map_mm: FloatArray) -> FloatArray:
    """Predictions on the scale of their system's map, 0 its lowest and 1 its highest point; shape as `dmax_mm`.

    A prediction between the points of the map may lie a little outside 0-1. All are zero on a flat map.
    """
    low, spread = map_mm.min(), np.ptp(map_mm)
    return (dmax_mm - low) / spread if spread > 0 else np.zeros_like(dmax_mm)


def scaled_rmse(predicted: FloatArray, reported: FloatArray) -> float | None:
    """The paper's measure for Fig. 3: RMSE between prediction and report, both scaled to 0-1 in the system.

    Args:
        predicted: scaled on the system's map, shape (n,).
        reported: scaled among the reported alloys, shape (n,).

    Returns:
        None where reports cannot be scaled: of fewer than two alloys, or all equal.
    """
    if not _can_be_scaled(reported):
        return None
    return float(np.sqrt(np.mean((predicted - reported) ** 2)))


def spread_of(reported: FloatArray) -> float | None:
    """`scaled_rmse` of a map that predicts the mean of the reports everywhere; None as there."""
    return float(np.std(reported)) if _can_be_scaled(reported) else None


def _can_be_scaled(reported: FloatArray) -> bool:
    return len(reported) >= FEWEST_REPORTED and bool(np.ptp(reported) > 0)


def _beside_reports(row: PreparedRow, models: FusedSubModels, map_mm: FloatArray) -> pd.DataFrame:
    """The table `studied_alloys`: predictions for the exact compositions, which need not be points of the map."""
    reported = row.reported
    predicted = np.empty(0)
    if len(reported):
        amounts = np.array(reported["at_pct"].tolist())
        fractions = amounts / amounts.sum(axis=1, keepdims=True)
        predicted = models.predict(describe_points(fractions, row.target, row.tables, row.data.descriptors))
    reported_mm = reported["dmax_mm"].to_numpy()
    return pd.DataFrame(
        {
            "target_system": row.target.key,
            "sub_dataset": row.sub_dataset,
            "composition": reported["composition"],
            "at_pct": reported["at_pct"],
            "glass_class": reported["glass_class"],
            "reported_mm": reported_mm,
            "reported_scaled": scale_to_unit(reported_mm) if len(reported) else reported_mm,
            "predicted_mm": predicted,
            "predicted_scaled": scaled_on(predicted, map_mm),
        }
    )
