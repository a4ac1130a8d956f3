"""Systems that were left out are scored without their own alloys, and tell a chance."""

import numpy as np
import pandas as pd

from bmg_assets.science.atlas.left_out import chance_by, left_out_systems, systems_to_leave_out, with_chances
from bmg_assets_tests.science.atlas.fitted import WITHOUT_BULK, small_atlas


def test_systems_of_two_and_five_elements_are_not_left_out() -> None:
    assert systems_to_leave_out(["Cu-Zr", "Al-Cu-Zr", "Al-Cu-Ni-Ti-Zr", "Al-Cu-Ni-Zr", "Al-Cu-Zr"]) == [
        "Al-Cu-Ni-Zr",
        "Al-Cu-Zr",
    ]


def test_a_left_out_system_knows_nothing_of_its_own_alloys() -> None:
    atlas = small_atlas()
    rows = left_out_systems(atlas, ["Cu-Mg-Zr", "Cu-Fe-Zr"]).set_index("system")
    assert rows["has_bulk"].to_dict() == {"Cu-Mg-Zr": True, "Cu-Fe-Zr": False}
    assert rows.loc["Cu-Mg-Zr", "n_reported"] == len(atlas.rows_of_systems["Cu-Mg-Zr"])
    assert rows.loc["Cu-Mg-Zr", "best_reported_mm"] == 2.0
    # What its alloys would tell is open.
    assert (rows["uncertainty"] > 0.3).all()


def test_too_few_systems_tell_no_chance() -> None:
    atlas = small_atlas()
    rows = with_chances(left_out_systems(atlas, systems_to_leave_out(atlas.rows_of_systems)), seed=0)
    assert rows["has_bulk"].sum() == sum(set(WITHOUT_BULK).isdisjoint(system.split("-")) for system in rows["system"])
    assert rows["chance_bulk"].isna().all()
    assert chance_by(rows).by_elements == {}


def test_systems_enough_tell_chances() -> None:
    rng = np.random.default_rng(0)
    has_bulk = np.arange(60) % 2 == 0
    rows = pd.DataFrame(
        {"n_elements": 3, "deviate": rng.normal(size=60) + 3 * has_bulk, "uncertainty": 0.5, "has_bulk": has_bulk}
    )
    chances = with_chances(rows, seed=0)["chance_bulk"]
    assert chances[has_bulk].mean() > chances[~has_bulk].mean() + 0.1
    assert list(chance_by(rows).by_elements) == [3]
