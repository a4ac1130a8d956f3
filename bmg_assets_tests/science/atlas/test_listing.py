"""Which systems are listed, in which order, and what of the laboratory stands beside them."""

import time

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.alloys.systems import TargetSystem
from bmg_assets.science.atlas.choice import RANKED_BY, AtlasChoice, AtlasChoiceError
from bmg_assets.science.atlas.laboratory import Laboratory
from bmg_assets.science.atlas.listing import keys_to_add, listed
from bmg_assets.science.proposals.casting_practice import CastingPractice
from bmg_assets_tests.science.atlas.rows import ELEMENTS, atlas_rows

ROWS = atlas_rows(3_000, 500, seed=1)
PRICED = CastingPractice(prices={one: 1.0 + number for number, one in enumerate(ELEMENTS) if one != "Au"})
NOBODY = Laboratory()


def row_of(rows: pd.DataFrame, system: str) -> pd.Series:
    found = rows[rows["system"] == system]
    assert len(found) == 1
    return found.iloc[0]


def test_the_highest_chance_comes_first_and_the_score_decides_ties() -> None:
    rows = ROWS.assign(chance_bulk=ROWS["chance_bulk"].round(1))
    found = listed(rows, NOBODY, AtlasChoice())
    assert len(found) == len(rows)
    assert found["rank"].tolist() == list(range(1, len(rows) + 1))
    pairs = list(zip(found["chance_bulk"], found["score"], strict=True))
    assert pairs == sorted(pairs, reverse=True)


def test_without_any_calibration_the_score_ranks() -> None:
    found = listed(ROWS.assign(chance_bulk=np.nan), NOBODY, AtlasChoice())
    assert found["score"].is_monotonic_decreasing
    half = ROWS.assign(chance_bulk=ROWS["chance_bulk"].where(ROWS.index % 2 == 0))
    found = listed(half, NOBODY, AtlasChoice())
    assert found["chance_bulk"].notna().to_numpy().nonzero()[0].max() < found["chance_bulk"].isna().to_numpy().argmax()


def test_elements_are_asked_for_and_left_out() -> None:
    choice = AtlasChoice(wanted=("Zr", "Cu"), refused=("Be", "As"), n_elements=3)
    found = listed(ROWS, NOBODY, choice)
    expected = [
        system
        for system, elements in zip(ROWS["system"], ROWS["elements"], strict=True)
        if {"Zr", "Cu"} <= set(elements) and not {"Be", "As"} & set(elements) and len(elements) == 3
    ]
    assert expected
    assert sorted(found["system"]) == sorted(expected)


def test_what_is_the_laboratorys_own_stands_beside_each_system() -> None:
    cast, failed = ROWS.loc[ROWS["n_known"] == 0, "system"].iloc[:2]
    reported = ROWS.loc[ROWS["n_known"] > 0, "system"].iloc[0]
    laboratory = Laboratory(
        {cast: 2.5, failed: float("nan")}, CastingPractice(not_cast=frozenset({"As", "Be"})), frozenset({failed})
    )
    found = listed(ROWS, laboratory, AtlasChoice())
    assert found["is_registered"].sum() == 1
    assert row_of(found, failed)["is_registered"]
    assert row_of(found, cast)["best_cast_mm"] == 2.5
    assert row_of(found, failed)["is_cast"]
    assert np.isnan(row_of(found, failed)["best_cast_mm"])
    assert not found.loc[found["system"].isin([cast, failed, reported]), "is_new"].any(), "cast or reported"
    assert found["is_new"].sum() == (ROWS["n_known"] == 0).sum() - 2
    for elements, excluded in zip(found["elements"], found["excluded"], strict=True):
        assert excluded == ", ".join(one for one in elements if one in {"As", "Be"})
    assert (found["excluded"] == "As, Be").any()


def test_only_new_trusted_and_allowed_systems_with_a_chance_and_a_size() -> None:
    laboratory = Laboratory({}, CastingPractice(not_cast=frozenset({"Be"})))
    choice = AtlasChoice(
        new_only=True, trusted_only=True, allowed_only=True, least_chance=0.4, least_dmax_mm=1, by="dmax", most=10
    )
    found = listed(ROWS, laboratory, choice)
    assert 0 < len(found) <= 10
    assert found["dmax_mm"].is_monotonic_decreasing
    for one in found.itertuples():
        assert one.is_new
        assert one.is_trusted
        assert "Be" not in one.elements
        assert one.chance_bulk >= 0.4
        assert one.dmax_mm >= 1


def test_the_price_is_that_of_the_casting_practice() -> None:
    found = listed(ROWS, Laboratory(practice=PRICED), AtlasChoice(by="price"))
    priced = found["price_per_kg"].dropna()
    assert priced.is_monotonic_increasing
    assert found["price_per_kg"].isna().tolist() == ["Au" in elements for elements in found["elements"]]
    for one in found.head(20).itertuples():
        system = TargetSystem(tuple(one.elements))
        expected = PRICED.alloy_prices_per_kg(np.array([one.at_pct]), system)[0]
        assert one.price_per_kg == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("by", RANKED_BY)
def test_every_column_ranks_and_empty_values_come_last(by: str) -> None:
    column, ascending = RANKED_BY[by]
    system = ROWS["system"].iloc[0]
    found = listed(ROWS, Laboratory({system: 1.0}, PRICED), AtlasChoice(by=by))[column].to_numpy(dtype=float)
    n_known = np.isfinite(found).sum()
    assert np.isfinite(found[:n_known]).all()
    steps = np.diff(found[:n_known])
    assert (steps >= 0).all() if ascending else (steps <= 0).all()


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (AtlasChoice(wanted=("Tc",)), "No system of the atlas holds Tc: too few alloys with it are known"),
        (
            AtlasChoice(by="price"),
            "None of the 3,500 systems has a value to be ranked by 'price': say what the elements",
        ),
        (AtlasChoice(by="gain", n_elements=3), "by 'gain': only systems of four elements have a gain"),
        (AtlasChoice(by="best-cast"), "by 'best-cast': no own cast of them has a label."),
    ],
)
def test_a_question_without_an_answer_says_why(choice: AtlasChoice, words: str) -> None:
    with pytest.raises(AtlasChoiceError) as refused:
        listed(ROWS, NOBODY, choice)
    assert words in str(refused.value)


def test_an_empty_atlas_and_a_choice_that_nothing_meets_are_no_fault() -> None:
    assert listed(ROWS.head(0), NOBODY, AtlasChoice(wanted=("Zr",), by="price")).empty
    nothing = listed(ROWS, NOBODY, AtlasChoice(least_dmax_mm=1000))
    assert nothing.empty
    assert keys_to_add(nothing, 5) == []


def test_the_first_that_are_not_registered_are_added_in_the_order_of_their_amounts() -> None:
    rows = ROWS.head(3).assign(
        system=["Al-Cu-Zr", "Cu-Mg-Y", "Ca-Mg-Zn"],
        elements=[["Al", "Cu", "Zr"], ["Cu", "Mg", "Y"], ["Ca", "Mg", "Zn"]],
        at_pct=[[10.0, 30.0, 60.0], [25.0, 65.0, 10.0], [30.0, 40.0, 30.0]],
        chance_bulk=[0.9, 0.8, 0.7],
    )
    found = listed(rows, Laboratory(registered=frozenset({"Al-Cu-Zr"})), AtlasChoice())
    assert keys_to_add(found, 1) == ["Mg-Cu-Y"]
    assert keys_to_add(found, 5) == ["Mg-Cu-Y", "Mg-Ca-Zn"], "equal amounts in alphabetical order"


def test_a_million_systems_are_listed_in_seconds() -> None:
    million = pd.concat([ROWS] * 290, ignore_index=True)
    begun = time.process_time()
    found = listed(million, Laboratory(practice=PRICED), AtlasChoice(refused=("Be",), by="price", most=20))
    assert time.process_time() - begun < 10
    assert len(found) == 20
