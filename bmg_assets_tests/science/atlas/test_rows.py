"""The rows of the atlas say what a map of the system says."""

import dataclasses
from collections import defaultdict
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.atlas.chance import Logistic, SystemChance
from bmg_assets.science.atlas.rows import AtlasSettings, atlas_rows
from bmg_assets.science.surrogates.alloys import Compositions
from bmg_assets.science.surrogates.composite_kernel import VARIANCE_TO_EXPLAIN
from bmg_assets.store.tables.atlas import SYSTEM_ATLAS
from bmg_assets.store.tables.validation import examined
from bmg_assets_tests.science.atlas.fitted import small_atlas

SETTINGS = AtlasSettings(coverage=0.9, top_share=0.05)
UNTOLD = SystemChance({})
TOLD = SystemChance({3: Logistic(-1.0, np.array([2.0, -1.0]))})
SYSTEMS = [("Cu", "Mg", "Zr"), ("Ag", "Mg", "Ti"), ("Co", "Fe", "Nb")]


def test_rows_fit_their_table() -> None:
    frame = atlas_rows(small_atlas(), SYSTEMS, TOLD, SETTINGS, {}).assign(shard="ternaries-00", made_from="a test")
    examined(SYSTEM_ATLAS, frame[list(SYSTEM_ATLAS.column_names)])
    assert list(frame["system"]) == ["Cu-Mg-Zr", "Ag-Mg-Ti", "Co-Fe-Nb"]
    assert list(frame["n_known"]) == [18, 0, 0]
    assert frame["chance_bulk"].between(0, 1).all()
    assert frame["score"].to_numpy() == pytest.approx(np.log(frame["chance_bulk"] / (1 - frame["chance_bulk"])))


def test_the_best_composition_is_what_the_surrogate_says_of_it() -> None:
    row = atlas_rows(small_atlas(), SYSTEMS[1:2], UNTOLD, SETTINGS, {}).iloc[0]
    atlas = small_atlas()
    given = Compositions(SYSTEMS[1], np.array([row["at_pct"]]) / 100, np.empty((1, 0)))
    posterior = atlas.fitted.predict(given.with_elements(atlas.scorer.elements))
    chance = posterior.probability_at_least(1.0)
    assert chance is not None
    assert row["dmax_mm"] == pytest.approx(posterior.dmax_mm[0], rel=0.01)
    assert row["probability_bulk"] == pytest.approx(chance[0], abs=0.01)
    assert row["interval_low_mm"] <= row["dmax_mm"] <= row["interval_high_mm"]


def test_the_small_map_holds_the_expected_dmax() -> None:
    row = atlas_rows(small_atlas(), SYSTEMS[:1], UNTOLD, SETTINGS, {}).iloc[0]
    points = composition_grid(3, 5)
    assert len(row["map_mm"]) == len(points) == 171
    # The best composition has the highest score; where more is left open, the tail may promise a little more.
    assert max(row["map_mm"]) <= 1.2 * row["dmax_mm"]
    rich = points[np.argmax(row["map_mm"])]
    assert 30 <= rich[2] <= 60, "bulk glasses are about half Zr"


def test_without_a_chance_the_score_is_the_highest_of_the_map() -> None:
    frame = atlas_rows(small_atlas(), SYSTEMS, UNTOLD, SETTINGS, {})
    assert frame["chance_bulk"].isna().all()
    assert frame["score"].is_monotonic_decreasing, "nothing is expected of Co, Fe and Nb"


def test_no_quaternary_is_trusted_where_none_is_known() -> None:
    systems = [("Ag", "Co", "Fe", "Nb"), ("Ag", "Cu", "Mg", "Zr")]
    frame = atlas_rows(small_atlas(), systems, UNTOLD, SETTINGS, defaultdict(float))
    left_open = [small_atlas().scorer.uncertainties(_at(row)) ** 2 for _, row in frame.iterrows()]
    expected = [float(1 - variance[0] / VARIANCE_TO_EXPLAIN) for variance in left_open]
    assert frame["explained"].to_numpy() == pytest.approx(np.clip(expected, 0, 1), abs=1e-3)
    assert not frame["is_trusted"].any()


def _at(row: pd.Series) -> Compositions:
    given = Compositions(tuple(row["elements"]), np.array([row["at_pct"]]) / 100, np.empty((1, 0)))
    return given.with_elements(small_atlas().scorer.elements)


def test_quaternaries_stand_beside_their_best_face() -> None:
    faces = {"Ag-Cu-Mg": 0.5, "Ag-Cu-Zr": 1.5, "Ag-Mg-Zr": 0.7, "Cu-Mg-Zr": 1.2}
    row = atlas_rows(small_atlas(), [("Ag", "Cu", "Mg", "Zr")], UNTOLD, SETTINGS, faces).iloc[0]
    assert (row["best_face"], row["face_dmax_mm"]) == ("Ag-Cu-Zr", 1.5)
    assert row["gain_over_faces_mm"] == pytest.approx(row["dmax_mm"] - 1.5)
    assert row["map_mm"] is None


def test_the_best_quaternaries_are_refined_and_keep_the_chance_of_the_lattice(monkeypatch: pytest.MonkeyPatch) -> None:
    systems = [("Ag", "Cu", "Mg", "Zr"), ("Ag", "Co", "Fe", "Nb"), ("Co", "Cu", "Fe", "Nb")]
    faces = {"-".join(face): 1.0 for system in systems for face in combinations(system, 3)}
    coarse, fine = (
        _refining(monkeypatch, number, lambda: atlas_rows(small_atlas(), systems, UNTOLD, SETTINGS, faces))
        for number in (0, 1)
    )
    assert list(coarse["step_at_pct"]) == [5, 5, 5]
    assert list(fine["step_at_pct"]) == [1, 5, 5]
    assert fine["dmax_mm"][0] > coarse["dmax_mm"][0]
    assert fine["gain_over_faces_mm"][0] == pytest.approx(fine["dmax_mm"][0] - 1)
    for name in ("score", "extent", "n_regions", "n_known"):
        assert fine[name].equals(coarse[name])
    frame = fine.assign(shard="quaternaries-000", made_from="a test")
    examined(SYSTEM_ATLAS, frame[list(SYSTEM_ATLAS.column_names)])


def _refining(monkeypatch: pytest.MonkeyPatch, number: int, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    monkeypatch.setattr("bmg_assets.science.atlas.rows.REFINED_OF_A_SHARD", number)
    return make()


def test_without_calibration_there_are_scores_and_no_chances() -> None:
    plain = small_atlas()
    atlas = dataclasses.replace(plain, fitted=dataclasses.replace(plain.fitted, calibration=None))
    row = atlas_rows(atlas, SYSTEMS[:1], TOLD, SETTINGS, {}).iloc[0]
    for name in ("interval_low_mm", "probability_bulk", "extent", "map_mm"):
        assert row[name] is None
    assert row["dmax_mm"] > 0


def test_no_systems_give_no_rows() -> None:
    assert atlas_rows(small_atlas(), [], UNTOLD, SETTINGS, {}).empty
