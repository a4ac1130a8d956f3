"""The map of a surrogate: it rises where similar alloys are bulk glasses, and follows own casts."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.models.prediction import MapSettings
from bmg_assets.science.proposals.surrogate_map import (
    SurrogateMapError,
    best_known_mm,
    known_to,
    map_of_surrogate,
    support_of_elements,
)
from bmg_assets.science.surrogates.catalogue import RECOMMENDED
from bmg_assets_tests.science.surrogates.literature import learnable_tables

SYSTEM = TargetSystem(("Zr", "Ti", "Cu"))
SETTINGS = MapSettings(step_at_pct=5, coverage=0.9)
NOTHING = pd.DataFrame(columns=["composition", "elements", "at_pct", "dmax_mm"])


def literature(without: str = "Cu-Ti-Zr") -> pd.DataFrame:
    table, _ = learnable_tables()
    return table[table["chemical_system"] != without]


def casts(**dmax_mm: float) -> pd.DataFrame:
    """Own casts at points of the grid, Ti10Cu40Zr50 given as `Cu40Ti10Zr50=...`."""
    at_pct = {"Cu40Ti10Zr50": [40.0, 10.0, 50.0], "Cu45Ti10Zr45": [45.0, 10.0, 45.0], "Cu50Ti5Zr45": [50.0, 5.0, 45.0]}
    rows = [(name, ["Cu", "Ti", "Zr"], at_pct[name], value) for name, value in dmax_mm.items()]
    return pd.DataFrame(rows, columns=["composition", "elements", "at_pct", "dmax_mm"])


@pytest.fixture(scope="module")
def before() -> pd.DataFrame:
    return map_of_surrogate(RECOMMENDED, SYSTEM, known_to(NOTHING, NOTHING, literature()), SETTINGS, seed=0)


def test_the_map_rises_where_similar_alloys_are_bulk_glasses(before: pd.DataFrame) -> None:
    zr = np.array(before["at_pct"].tolist())[:, 0]
    top = before["top_share"].to_numpy()
    assert ((zr[top] >= 35) & (zr[top] <= 55)).mean() > 0.8
    middle = before["probability_bulk"][(zr >= 40) & (zr <= 50)].mean()
    assert middle > 2 * before["probability_bulk"][zr < 25].mean()
    assert (before["interval_low_mm"] <= before["interval_high_mm"]).all()
    assert before["explained"].between(0, 1).all()
    assert before["probability_bulk"].between(0, 1).all()


def test_own_casts_change_the_map_around_them(before: pd.DataFrame) -> None:
    failed = casts(Cu40Ti10Zr50=0.0, Cu45Ti10Zr45=0.0, Cu50Ti5Zr45=0.0)
    after = map_of_surrogate(RECOMMENDED, SYSTEM, known_to(failed, NOTHING, literature()), SETTINGS, seed=0)
    at = before["composition"] == "Cu40Ti10Zr50"
    assert after.loc[at, "score"].item() < before.loc[at, "score"].item()
    assert after.loc[at, "explained"].item() > before.loc[at, "explained"].item()
    assert after.loc[at, "nearest_at_pct"].item() == 0


def test_a_cast_nearby_leaves_less_to_gain_than_the_same_prediction_elsewhere(before: pd.DataFrame) -> None:
    best = casts(Cu40Ti10Zr50=before["dmax_mm"].max())
    after = map_of_surrogate(RECOMMENDED, SYSTEM, known_to(best, NOTHING, literature()), SETTINGS, seed=0)
    assert (before["best_known_mm"] == 0).all()
    assert (after["best_known_mm"] == best["dmax_mm"].item()).all()
    assert before["chance_of_better"].between(0, 1).all()
    at = before["composition"] == "Cu40Ti10Zr50"
    # By the score alone, whatever ranks below would gain less; what was cast is known, and others are not.
    ranks_below = after["score"] < after.loc[at, "score"].item()
    assert after.loc[ranks_below, "expected_gain_mm"].max() > after.loc[at, "expected_gain_mm"].item()
    assert after.loc[at, "score"].item() > after["score"].median()


def test_the_element_that_fewest_alloys_hold_is_told(before: pd.DataFrame) -> None:
    support = support_of_elements(SYSTEM, known_to(NOTHING, NOTHING, literature()))
    assert set(before["n_with_rarest_element"]) == {min(support.values())}
    assert support[before["rarest_element"][0]] == min(support.values())


def test_the_best_known_alloy_is_of_the_system_itself() -> None:
    known = known_to(casts(Cu40Ti10Zr50=2.0), casts(Cu45Ti10Zr45=3.0), NOTHING)
    assert best_known_mm(SYSTEM, known) == 3.0
    assert best_known_mm(TargetSystem(("Zr", "Ti", "Cu", "Ni")), known) == 0.0


def test_any_coverage_has_its_intervals(before: pd.DataFrame) -> None:
    known = known_to(NOTHING, NOTHING, literature())
    narrower = map_of_surrogate(RECOMMENDED, SYSTEM, known, MapSettings(step_at_pct=5, coverage=0.66), seed=0)
    assert (narrower["interval_high_mm"] <= before["interval_high_mm"]).all()
    assert (narrower["interval_high_mm"] < before["interval_high_mm"]).any()


def test_the_first_report_of_a_composition_wins() -> None:
    own, other = casts(Cu40Ti10Zr50=2.0), casts(Cu40Ti10Zr50=0.0, Cu45Ti10Zr45=np.nan)
    known = known_to(own, NOTHING, other).set_index("composition")
    assert known.loc["Cu40Ti10Zr50", "dmax_mm"] == 2.0
    assert known.loc["Cu40Ti10Zr50", "is_own"]
    assert "Cu45Ti10Zr45" not in known.index


def test_support_counts_alloys_with_each_element() -> None:
    known = known_to(casts(Cu40Ti10Zr50=2.0), NOTHING, NOTHING)
    assert support_of_elements(TargetSystem(("Zr", "Al", "Cu")), known) == {"Zr": 1, "Al": 0, "Cu": 1}


def test_without_alloys_there_is_no_map() -> None:
    with pytest.raises(SurrogateMapError, match="No alloy with a diameter is known"):
        map_of_surrogate(RECOMMENDED, SYSTEM, known_to(NOTHING, NOTHING, NOTHING), SETTINGS, seed=0)
