"""Systems are ranked by the atlas and by ways without a model, and a test asks of what was not known."""

import numpy as np
import pytest

from bmg_assets.science.evidence import system_rankings
from bmg_assets.science.evidence.system_ranking_names import FOUND, NOT_FOUND, RANDOM
from bmg_assets.science.evidence.system_rankings import (
    LEAST,
    AskedSystems,
    rank_later,
    rank_left_out,
    system_tests,
    systems_found_later,
)
from bmg_assets_tests.science.atlas.fitted import WITHOUT_BULK, small_atlas
from bmg_assets_tests.science.evidence.later import judged_of


def test_left_out_systems_are_ranked_by_what_is_left() -> None:
    rows = rank_left_out(small_atlas(), seed=0).set_index("system")
    assert set(rows["kind"]) == {FOUND, NOT_FOUND}
    assert (rows.loc[[name for name in rows.index if "Fe" in name], "kind"] == NOT_FOUND).all()
    others = [
        name
        for name in small_atlas().rows_of_systems
        if name != "Cu-Mg-Zr" and set(WITHOUT_BULK).isdisjoint(name.split("-"))
    ]
    sharing = [len({"Cu", "Mg", "Zr"} & set(name.split("-"))) for name in others]
    assert rows.loc["Cu-Mg-Zr", "relatives"] == sum(shared >= 2 for shared in sharing)
    assert rows.loc["Cu-Mg-Zr", "likeness"] == max(shared / (6 - shared) for shared in sharing) < 1


def test_systems_found_later_stand_among_random_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_rankings, "BACKGROUND", 20)
    rows = rank_later(small_atlas(), AskedSystems(["Al-Mg-Zr", "Al-Cu-Xe"], ["Co-Fe-Nb"]), seed=0)
    assert rows["kind"].value_counts().to_dict() == {RANDOM: 40, FOUND: 2, NOT_FOUND: 1}
    atlas = rows.set_index("system")["atlas"]
    assert atlas["Al-Cu-Xe"] == LEAST, "the atlas does not have xenon"
    assert atlas["Al-Mg-Zr"] > atlas["Co-Fe-Nb"]
    random = set(rows.loc[rows["kind"] == RANDOM, "system"])
    assert random.isdisjoint({*small_atlas().rows_of_systems, "Al-Mg-Zr", "Co-Fe-Nb"})
    again = rank_later(small_atlas(), AskedSystems(["Al-Mg-Zr", "Al-Cu-Xe"], ["Co-Fe-Nb"]), seed=0)
    assert set(again.loc[again["kind"] == RANDOM, "system"]) == random


def test_what_was_known_is_not_asked_for() -> None:
    judged = judged_of(
        {"Al-Cu-Zr": (1990, True), "Al-Ni-Y": (2008, True), "Al-Fe-Y": (2008, False), "Cu-Zr": (2008, True)}
    )
    assert systems_found_later(judged, {"Al-Cu-Zr"}, 2005) == AskedSystems(["Al-Ni-Y"], ["Al-Fe-Y"])
    assert systems_found_later(judged, {"Al-Cu-Zr", "Al-Ni-Y"}, 2005).found == []


def test_tests_learn_what_was_known() -> None:
    tests = {test.name: test.variant for test in system_tests(["ml_bmg_gfa", "mdf_v5"], quick=False)}
    assert list(tests) == ["newcomers", "until_2000", "until_2005", "until_2010", "left_out"]
    assert tests["until_2005"].until == 2005
    assert tests["newcomers"].sources == ("ml_bmg_gfa",)
    assert len(system_tests(["ml_bmg_gfa"], quick=True)) == 3


def test_scores_are_finite() -> None:
    rows = rank_left_out(small_atlas(), seed=0)
    assert np.isfinite(rows[["atlas", "likeness", "relatives", "coin"]].to_numpy()).all()
