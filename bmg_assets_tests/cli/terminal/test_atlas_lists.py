"""The atlas on a terminal: what is shown, in which words, and what is left out."""

import numpy as np

from bmg_assets.cli.terminal.atlas_lists import list_for_people
from bmg_assets.science.atlas.choice import AtlasChoice
from bmg_assets.science.atlas.laboratory import Laboratory
from bmg_assets.science.atlas.listing import listed
from bmg_assets.science.proposals.casting_practice import CastingPractice
from bmg_assets_tests.science.atlas.rows import atlas_rows

ROW = atlas_rows(1).assign(
    system="Al-Cu-Zr",
    elements=[["Al", "Cu", "Zr"]],
    at_pct=[[10.0, 30.0, 60.0]],
    chance_bulk=0.876,
    dmax_mm=3.14,
    interval_low_mm=0.81,
    interval_high_mm=9.06,
    is_trusted=False,
    n_known=0,
)


def shown(by: str = "chance", laboratory: Laboratory | None = None, **columns: object) -> str:
    found = listed(ROW.assign(**columns), laboratory or Laboratory(), AtlasChoice(by=by))
    return " ".join(list_for_people(found, by, 200).split())


def test_a_system_in_the_words_of_the_pages() -> None:
    answer = shown()
    assert "chance of a bulk glass (%)" in answer
    assert "1 Al-Cu-Zr 88 Zr60Cu30Al10 3.1 0.8 to 9.1 0 new; too far from what is known" in answer


def test_what_belongs_to_the_laboratory_is_in_the_notes() -> None:
    practice = CastingPractice(not_cast=frozenset({"Cu", "Zr"}))
    laboratory = Laboratory({"Al-Cu-Zr": 2.0}, practice, frozenset({"Al-Cu-Zr"}))
    answer = shown(laboratory=laboratory, is_trusted=True)
    assert "best own cast (mm)" in answer
    assert answer.endswith("2.0 registered; not cast: Cu, Zr")


def test_columns_without_a_value_are_left_out_and_the_ranking_one_is_shown() -> None:
    assert "chance" not in shown(chance_bulk=np.nan)
    assert "interval" not in shown(interval_low_mm=np.nan, interval_high_mm=np.nan)
    assert "density" not in shown()
    assert "density (g/cm³)" in shown(by="density")
    assert "extent (%)" in shown(by="extent")


def test_a_choice_that_nothing_meets_is_said() -> None:
    nothing = listed(ROW, Laboratory(), AtlasChoice(least_dmax_mm=100))
    assert list_for_people(nothing, "chance", 80) == "No system of the atlas is as you ask; ask for less."
