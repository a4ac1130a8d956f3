"""Bins of distance: where chances say nothing, or intervals hold too little, predictions are not trusted."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.evidence.by_distance import DISTANCE_COLUMNS, by_distance, by_distance_of_all, least_explained


def predictions(n: int = 400, right_from: float = 0.5) -> pd.DataFrame:
    """Chances are right and intervals hold where at least so much is explained; beyond it both fail."""
    rng = np.random.default_rng(2)
    explained = rng.uniform(0.3, 1, n)
    bulk = rng.random(n) < 0.4
    is_right = explained >= right_from
    return pd.DataFrame(
        {
            "left_out_system": [f"A-B{number % 40}" for number in range(n)],
            "explained": explained,
            "nearest_at_pct": 100 * (1 - explained),
            "dmax_mm": np.where(bulk, 3.0, 0.0),
            "probability_bulk": np.where(is_right, np.where(bulk, 0.8, 0.1), np.where(bulk, 0.1, 0.8)),
            "is_held": np.where(is_right, 1.0, 0.0),
            "interval_low_mm": 1.0,
            "interval_high_mm": 4.0,
        }
    )


def test_bins_say_where_predictions_fail() -> None:
    table = by_distance(predictions(), seed=1)
    assert tuple(table.columns) == DISTANCE_COLUMNS
    bins = table[table["measure"] == "explained"].set_index("low")
    assert bins.loc[0.4, "auc"] == 0
    assert not bins.loc[0.4, "is_trusted"]
    assert bins.loc[0.5, ["auc", "held_bulk", "width_bulk_mm"]].tolist() == [1, 1, 3]
    assert bins.loc[0.5, "brier"] < bins.loc[0.5, "brier_of_base_rate"]
    assert bins.loc[0.5:, "is_trusted"].all()
    assert bins["alloys"].sum() == 400
    assert (table["measure"] == "nearest_at_pct").any()


def test_the_threshold_is_where_all_bins_above_are_trusted() -> None:
    assert least_explained(by_distance(predictions(right_from=0.7), seed=1)) == 0.7
    assert least_explained(by_distance(predictions(right_from=1.1), seed=1)) is None
    one, other = (by_distance(predictions(right_from=least), seed=1) for least in (0.5, 0.8))
    assert least_explained(pd.concat([one, other])) == 0.8


def test_intervals_that_hold_too_little_are_enough_to_doubt() -> None:
    table = by_distance(predictions(right_from=0.0).assign(is_held=0.5), seed=1)
    assert not table["is_trusted"].any()


def test_alloys_of_four_elements_are_compared_with_their_own_share() -> None:
    rows = predictions(right_from=0.0)
    has_many = rows["dmax_mm"] >= 1
    rows["left_out_system"] = rows["left_out_system"].where(~has_many, "A-B-C-D" + rows["left_out_system"].str[3:])
    table = by_distance(rows, seed=1)
    assert (table["brier_of_base_rate"] == 0).all(), "the number of elements tells all"
    assert not table["is_trusted"].any()


def test_each_calibrated_surrogate_has_its_table() -> None:
    parts = [
        predictions().assign(literature="whole", strategy="composite"),
        predictions().assign(literature="whole", strategy="nearest", probability_bulk=np.nan),
    ]
    found = by_distance_of_all(pd.concat(parts), seed=1)
    assert set(found["strategy"]) == {"composite"}
    assert found["held_bulk_low"].le(found["held_bulk"]).all()
    assert by_distance_of_all(parts[1], seed=1).empty


def test_a_bin_without_a_bulk_glass_is_not_shown() -> None:
    table = by_distance(predictions().assign(dmax_mm=lambda rows: rows["dmax_mm"].where(rows["explained"] > 0.6, 0)), 1)
    assert table.loc[table["measure"] == "explained", "low"].min() == pytest.approx(0.6)
