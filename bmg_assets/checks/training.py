"""Checks of the group `training`: what would train a wrong model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmg_assets.checks.check import Check, Finding, schema_check
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.literature.pruning import Category, categorise_all, excluded_categories
from bmg_assets.science.models.folds import N_FOLDS
from bmg_assets.store.tables.training import FUSION_WEIGHTS, TRAINING_SET

if TYPE_CHECKING:
    import pandas as pd

    from bmg_assets.science.models.tuning import TunedSubModel

WEIGHT_TOLERANCE = 1e-9


def nothing_leaks(training_set: pd.DataFrame) -> Finding:
    """No row of a category that the sub-dataset excludes; categories are worked out anew from the elements."""
    import pandas as pd

    literature = training_set[training_set["category"] != Category.LAB]
    target = parse_system(training_set["target_system"].iloc[0])
    excluded = excluded_categories(int(training_set["sub_dataset"].iloc[0]))
    categories = pd.Series(categorise_all(literature["elements"], target.element_set), index=literature.index)
    leaked = literature[categories.isin(excluded)]
    return Finding(leaked.empty, {"leaked_rows": len(leaked), "examples": leaked["composition"].head(5).tolist()})


def has_rows_for_folds(training_set: pd.DataFrame) -> Finding:
    """Enough alloys for the folds."""
    return Finding(len(training_set) >= 2 * N_FOLDS, {"rows": len(training_set), "needed": 2 * N_FOLDS})


def has_glasses_and_others(training_set: pd.DataFrame) -> Finding:
    """Labels that differ: a set of one value trains nothing."""
    counts = training_set["glass_class"].value_counts()
    return Finding(training_set["dmax_mm"].nunique() > 1, {str(name): int(count) for name, count in counts.items()})


def descriptors_are_finite(training_set: pd.DataFrame) -> Finding:
    """No missing or infinite descriptor."""
    import numpy as np

    from bmg_assets.science.literature.training_set import CONTEXT_COLUMNS

    values = training_set.drop(columns=CONTEXT_COLUMNS)
    wrong = values.columns[~np.isfinite(values.to_numpy(np.float64)).all(axis=0)]
    return Finding(len(wrong) == 0 and values.shape[1] > 0, {"descriptors": values.shape[1], "not_finite": list(wrong)})


def weights_sum_to_one(fusion_weights: pd.DataFrame) -> Finding:
    """Eq. (1) divides by the sum of the weights; they are stored as shares."""
    total = float(fusion_weights["weight"].sum())
    return Finding(abs(total - 1) < WEIGHT_TOLERANCE, {"sum": total})


def fusion_is_no_worse(fusion_weights: pd.DataFrame) -> Finding:
    """On the folds it was chosen on, the fusion is at least as good as its best part."""
    r2 = fusion_weights.set_index("model")["r2_mean"]
    best = r2.drop("fusion").idxmax()
    return Finding(
        bool(r2["fusion"] >= r2[best] - WEIGHT_TOLERANCE),
        {"fusion_r2": float(r2["fusion"]), "best_part": str(best), "best_part_r2": float(r2[best])},
    )


def out_of_fold_is_finite(model: TunedSubModel, training_set: pd.DataFrame) -> Finding:
    """Every training row has one finite held-out prediction."""
    import numpy as np

    finite, rows = int(np.isfinite(model.out_of_fold).sum()), len(training_set)
    return Finding(finite == len(model.out_of_fold) == rows, {"rows": rows, "finite_predictions": finite})


def beats_the_mean(model: TunedSubModel, training_set: pd.DataFrame) -> Finding:
    """Better on left-out alloys than predicting the mean D_max for all of them."""
    spread = float(training_set["dmax_mm"].std(ddof=0))
    return Finding(model.loss < spread, {"cv_rmse_mm": model.loss, "rmse_of_the_mean_mm": spread})


TRAINING_SET_CHECKS = (
    schema_check(TRAINING_SET),
    Check("no_leakage", "No alloy of a category that the sub-dataset excludes.", nothing_leaks),
    Check("enough_alloys", "Enough alloys for five folds.", has_rows_for_folds),
    Check("labels_differ", "More than one value of D_max.", has_glasses_and_others),
    Check("finite_descriptors", "Every descriptor of every alloy is a number.", descriptors_are_finite),
)
SUB_MODEL_CHECKS = (
    Check("finite_out_of_fold", "Every training alloy has one finite held-out prediction.", out_of_fold_is_finite),
    Check("beats_the_mean", "On left-out alloys it beats predicting the mean D_max for all.", beats_the_mean, False),
)
FUSION_CHECKS = (
    schema_check(FUSION_WEIGHTS),
    Check("weights_sum_to_one", "The weights sum to one.", weights_sum_to_one),
    Check("no_worse_than_parts", "The fusion is no worse than its best sub-model.", fusion_is_no_worse, False),
)
