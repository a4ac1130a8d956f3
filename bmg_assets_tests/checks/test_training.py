"""Each examination of the training passes on good rows, and fails on the fault that it is there for."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bmg_assets.checks import training as checks

ELEMENTS = {
    "unrelated": ["Fe", "B"],
    "I": ["Cu", "Mg"],
    "II": ["Cu", "Zr"],
    "III": ["Cu", "Zr", "Ti"],
    "IV": ["Al", "Cu", "Zr", "Ni"],
    "V": ["Al", "Cu", "Zr"],
}
ALLOWED = {
    1: ["unrelated", "I", "II", "III", "IV"],
    2: ["unrelated", "I", "II", "III"],
    3: ["unrelated", "I", "II"],
    4: ["unrelated", "I"],
    5: ["unrelated"],
}


def training_set(categories: list[str] | None = None, sub_dataset: int = 3, **columns: object) -> pd.DataFrame:
    categories = ALLOWED[3] * 4 if categories is None else categories
    frame = pd.DataFrame(
        {
            "target_system": "Zr-Al-Cu",
            "composition": [f"alloy {number}" for number in range(len(categories))],
            "elements": [ELEMENTS.get(category, ELEMENTS["V"]) for category in categories],
            "at_pct": [[50.0, 50.0]] * len(categories),
            "dmax_mm": np.linspace(0, 5, len(categories)),
            "glass_class": "bulk",
            "category": categories,
            "sub_dataset": sub_dataset,
            "element_tables": "current",
            "weight": 1.0,
            "mean radius": 1.5,
            "mean X": 2.5,
        }
    )
    return frame.assign(**columns)


def fusion(weights: list[float], r2: list[float]) -> pd.DataFrame:
    models = ["svr", "random_forest", "xgboost", "lightgbm", "fusion"]
    return pd.DataFrame({"model": models, "weight": [*weights, None], "r2_mean": r2})


@pytest.mark.parametrize("sub_dataset", ALLOWED)
def test_categories_that_a_sub_dataset_excludes_are_found(sub_dataset: int) -> None:
    assert checks.nothing_leaks(training_set(ALLOWED[sub_dataset], sub_dataset)).passed
    for category in set(ELEMENTS) - set(ALLOWED[sub_dataset]):
        finding = checks.nothing_leaks(training_set([*ALLOWED[sub_dataset], category], sub_dataset))
        assert (finding.passed, finding.figures["leaked_rows"]) == (False, 1)


@pytest.mark.parametrize("said", ["unrelated", "I", "II"])
def test_an_alloy_of_the_target_smuggled_in_under_another_category_is_found(said: str) -> None:
    frame = training_set()
    frame.at[3, "elements"], frame.loc[3, "category"] = ["Zr", "Cu", "Al"], said
    finding = checks.nothing_leaks(frame)
    assert not finding.passed
    assert finding.figures == {"leaked_rows": 1, "examples": ["alloy 3"]}


def test_own_casts_of_the_target_are_no_leak() -> None:
    assert checks.nothing_leaks(training_set(["unrelated", "lab", "lab"])).passed


@pytest.mark.parametrize(("rows", "passed"), [(9, False), (10, True)])
def test_five_folds_need_ten_alloys(rows: int, passed: bool) -> None:
    assert checks.has_rows_for_folds(training_set(["I"] * rows)).passed is passed


def test_one_value_of_the_label_trains_nothing() -> None:
    assert checks.has_glasses_and_others(training_set()).passed
    assert not checks.has_glasses_and_others(training_set(dmax_mm=0.2)).passed


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_missing_descriptor_is_named(value: float) -> None:
    frame = training_set()
    assert checks.descriptors_are_finite(frame).passed
    frame.loc[2, "mean X"] = value
    finding = checks.descriptors_are_finite(frame)
    assert (finding.passed, finding.figures["not_finite"]) == (False, ["mean X"])
    assert not checks.descriptors_are_finite(training_set().drop(columns=["mean X", "mean radius"])).passed


def test_weights_sum_to_one() -> None:
    r2 = [0.5, 0.6, 0.7, 0.6, 0.72]
    assert checks.weights_sum_to_one(fusion([0.1, 0.2, 0.3, 0.4], r2)).passed
    assert not checks.weights_sum_to_one(fusion([0.1, 0.2, 0.3, 0.5], r2)).passed


def test_a_fusion_that_is_worse_than_a_part_is_noticed() -> None:
    weights = [0.25] * 4
    assert checks.fusion_is_no_worse(fusion(weights, [0.5, 0.6, 0.7, 0.6, 0.7])).passed
    finding = checks.fusion_is_no_worse(fusion(weights, [0.5, 0.6, 0.7, 0.6, 0.69]))
    assert (finding.passed, finding.figures["best_part"]) == (False, "xgboost")


def test_every_row_has_one_finite_held_out_prediction() -> None:
    frame = training_set()
    good = np.zeros(len(frame))
    assert checks.out_of_fold_is_finite(SimpleNamespace(out_of_fold=good), frame).passed
    for bad in (good[:-1], np.append(good[:-1], np.nan), np.append(good, 0)):
        assert not checks.out_of_fold_is_finite(SimpleNamespace(out_of_fold=bad), frame).passed


def test_a_model_is_better_than_the_mean() -> None:
    frame = training_set()
    spread = float(np.sqrt(np.mean((frame["dmax_mm"] - frame["dmax_mm"].mean()) ** 2)))
    assert checks.beats_the_mean(SimpleNamespace(loss=0.99 * spread), frame).passed
    assert not checks.beats_the_mean(SimpleNamespace(loss=1.01 * spread), frame).passed
