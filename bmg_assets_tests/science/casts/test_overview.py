"""All systems at a glance: trained ones, registered ones, none."""

from datetime import UTC, datetime

import pandas as pd

from bmg_assets.science.casts.overview import overview_of_systems
from bmg_assets.store.tables.prediction import SYSTEM_OVERVIEW

EARLIER, LATER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
ITERATION_COLUMNS = ["target_system", "iteration", "trained_at", "n_literature", "n_lab", "lab_fingerprint"]
ITERATION_COLUMNS += ["n_candidates", "best_predicted_mm", "best_composition", "chance_of_more", "more_than_mm"]
ITERATION_COLUMNS += ["fusion_r2"]
ITERATIONS = pd.DataFrame(
    [
        # Out of order, as files of a folder may come.
        ("Zr-Al-Cu", 1, LATER, 5532, 6, "b", 7, 4.5, "Al5Cu45Zr50", 0.3, 1.0, 0.81),
        ("Mg-Zn-Ca", 0, EARLIER, 6211, 0, "a", 7, 3.5, "Ca5Mg65Zn30", None, None, 0.79),
        ("Zr-Al-Cu", 0, EARLIER, 5532, 0, "a", 7, 4.0, "Al20Cu60Zr20", 0.9, 1.0, 0.80),
        ("Fe-B-Si", 0, EARLIER, 6000, 0, "a", 7, 1.0, "B10Fe80Si10", 0.5, 1.0, 0.70),
    ],
    columns=ITERATION_COLUMNS,
)
LAB = pd.DataFrame(
    {"target_system": ["Zr-Al-Cu", "Zr-Al-Cu", "La-Al-C"], "dmax_mm": [2.5, 0.2, 1.0]},
)
REGISTERED = ["Zr-Al-Cu", "La-Al-C", "Mg-Zn-Ca"]
STALE = {
    "Zr-Al-Cu": ["literature_alloys changed", "setting seed was 1, is 2"],
    "La-Al-C": ["never trained"],
    "Mg-Zn-Ca": [],
}


def test_the_last_iteration_and_the_best_cast_of_each_registered_system_in_the_order_given():
    overview = overview_of_systems(REGISTERED, ITERATIONS, LAB, STALE)
    assert overview["target_system"].tolist() == REGISTERED
    zr, la, mg = overview.to_dict("records")
    assert zr == {
        "target_system": "Zr-Al-Cu",
        "state": "trained",
        "n_training": 5538,
        "n_lab": 6,
        "best_predicted_mm": 4.5,
        "best_composition": "Al5Cu45Zr50",
        "best_cast_mm": 2.5,
        "chance_of_more": 0.3,
        "more_than_mm": 1.0,
        "fusion_r2": 0.81,
        "trained_at": LATER,
        "is_stale": True,
        "stale_because": "literature_alloys changed; setting seed was 1, is 2",
    }
    assert la["state"] == "registered, not trained yet"
    assert la["best_cast_mm"] == 1.0
    assert all(pd.isna(la[name]) for name in ("n_training", "n_lab", "best_predicted_mm", "fusion_r2", "trained_at"))
    assert (mg["state"], mg["n_training"], mg["best_predicted_mm"]) == ("trained", 6211, 3.5)
    assert (mg["is_stale"], mg["stale_because"]) == (False, None)
    assert pd.isna(mg["best_cast_mm"])
    assert pd.isna(mg["chance_of_more"])


def test_a_system_that_is_not_registered_any_more_is_not_shown():
    assert "Fe-B-Si" not in overview_of_systems(REGISTERED, ITERATIONS, LAB, STALE)["target_system"].tolist()


def test_with_nothing_trained_and_nothing_cast_every_system_is_still_there():
    overview = overview_of_systems(REGISTERED, ITERATIONS[:0], LAB[:0], STALE)
    assert overview["state"].tolist() == ["registered, not trained yet"] * 3
    assert overview["n_training"].isna().all()


def test_with_nothing_registered_the_table_is_empty_with_its_columns():
    overview = overview_of_systems([], ITERATIONS, LAB, {})
    assert overview.empty
    assert list(overview.columns) == [column.name for column in SYSTEM_OVERVIEW.columns]
