"""What the script of the maps of four elements is given."""

import json
from dataclasses import replace

import numpy as np
import pytest

from bmg_assets.pages.quaternary_figures import map_of_four
from bmg_assets.pages.quaternary_map import levels_of
from bmg_assets.pages.system_facts import SystemFacts
from bmg_assets_tests.pages.conftest import NEAREST


def test_every_point_with_all_that_the_colours_can_show(quaternary_facts: SystemFacts) -> None:
    drawn, grid = map_of_four(quaternary_facts), quaternary_facts.tables.transfer
    data = drawn.data
    assert data["elements"] == ["Zr", "Al", "Ni", "Cu"]
    assert np.reshape(data["at"], (-1, 4)).tolist() == grid["at_pct"].tolist()
    assert [shade.words for shade in drawn.shades] == [
        "expected by transfer",
        "by the paper's models",
        "probability of a bulk glass",
        "distance to the nearest known alloy",
    ]
    expected, paper, chance, distance = (data["columns"][shade.column] for shade in drawn.shades)
    assert expected == grid["dmax_mm"].round(2).tolist()
    assert paper == grid["dmax_mm"].round(2).tolist()
    assert chance == pytest.approx((100 * grid["probability_bulk"]).round(2).tolist())
    assert set(distance) == {7.0}
    assert data["nearest"] == {"words": [NEAREST], "of": [0] * len(grid)}
    assert data["top"] == np.flatnonzero(grid["top_share"]).tolist()
    assert data["topTitle"] == "top 20 % of the map"
    json.dumps(data, allow_nan=False)


def test_slices_begin_at_the_first_pick_and_hold_the_element_that_varies_least(quaternary_facts: SystemFacts) -> None:
    drawn = map_of_four(quaternary_facts)
    first = quaternary_facts.tables.candidates["at_pct"].iloc[0]
    top = np.array(quaternary_facts.tables.transfer.query("top_share")["at_pct"].tolist())
    assert drawn.fixed == int(top.std(axis=0).argmin())
    assert drawn.data["levels"][drawn.data["level"]] == first[drawn.fixed]


def test_slices_hold_three_compositions_or_more() -> None:
    assert levels_of(2).tolist() == list(range(2, 94, 2))
    assert levels_of(10).tolist() == [10, 20, 30, 40, 50, 60]


def test_a_projection_names_the_best_row_behind_each_ratio(quaternary_facts: SystemFacts) -> None:
    data, grid = map_of_four(quaternary_facts).data, quaternary_facts.tables.transfer
    for column, projection in enumerate(data["projections"]):
        assert len(projection["shares"]) == 3 * len(projection["rows"])
        assert grid["dmax_mm"].iloc[projection["rows"]].max() == grid["dmax_mm"].max()
        assert max(np.array(grid["at_pct"].tolist())[projection["rows"], column]) > 10


def test_where_the_other_map_has_no_point_its_value_is_missing(quaternary_facts: SystemFacts) -> None:
    tables = quaternary_facts.tables
    few = replace(quaternary_facts, tables=replace(tables, grid=tables.grid.iloc[1:]))
    made = map_of_four(few)
    assert made.data["columns"][made.shades[1].column][0] is None


def test_points_of_which_too_little_is_known_are_told(quaternary_facts: SystemFacts) -> None:
    tables = quaternary_facts.tables
    far = tables.transfer.assign(is_trusted=[point[1] < 40 for point in tables.transfer["at_pct"]])
    data = map_of_four(replace(quaternary_facts, tables=replace(tables, transfer=far))).data
    assert {data["at"][4 * row + 1] for row in data["beyond"]} == {40, 50, 60, 70}
