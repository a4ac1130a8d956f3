"""What is on the maps, and on which scales: asked of the figures themselves."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from bmg_assets.pages.ternary_maps import (
    OTHER_PICK_COLOUR,
    OWN_COLOUR,
    PICK_COLOUR,
    draw_change,
    draw_sub_models,
    draw_ternary_map,
    draw_values,
)
from bmg_assets.science.alloys.systems import parse_system

SYSTEM = parse_system("Zr-Al-Cu")
LITERATURE = pd.DataFrame(
    {
        "composition": ["Cu50Zr50", "Al10Cu30Zr60", "Al8Cu32Zr60"],
        "at_pct": [[50.0, 0.0, 50.0], [60.0, 10.0, 30.0], [60.0, 8.0, 32.0]],
        "glass_class": ["ribbon", "bulk", "bulk"],
        "dmax_mm": [0.2, 8.0, 5.0],
        "is_trained": [True, False, False],
    }
)
LAB = pd.DataFrame(
    {
        # The second has its elements in another order than the corners, and one of them is missing.
        "glass_class": ["bulk", "crystalline", None],
        "elements": [["Al", "Cu", "Zr"], ["Cu", "Zr"], ["Al", "Cu", "Zr"]],
        "at_pct": [[10.0, 30.0, 60.0], [50.0, 50.0], [20.0, 20.0, 60.0]],
        "round": [1, 2, 2],
    }
)


def draw(grid: pd.DataFrame, candidates: pd.DataFrame, lab: pd.DataFrame, drawn: list[Any]) -> Any:
    draw_ternary_map(SYSTEM, grid, candidates, lab, "900 alloys, sub-dataset (3)", LITERATURE, top_mm=8.0)
    return drawn[0]


def labels_of(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_axes_are_in_at_pct_with_ticks_and_elements_at_their_corners(grid, candidates, drawn) -> None:
    axes = draw(grid, candidates, LAB, drawn).axes[0]
    assert [axes.get_tlabel(), axes.get_llabel(), axes.get_rlabel()] == ["Zr (at.%)", "Al (at.%)", "Cu (at.%)"]
    for axis in (axes.taxis, axes.laxis, axes.raxis):
        assert axis.get_ticklocs().tolist() == [0, 20, 40, 60, 80, 100]
    places = {text.get_text(): text.get_position() for text in axes.texts}
    assert places["Zr"][1] > places["Al"][1] == pytest.approx(places["Cu"][1])
    assert places["Al"][0] < places["Zr"][0] < places["Cu"][0]


def test_the_training_set_and_the_unit_are_told(grid, candidates, drawn) -> None:
    figure = draw(grid, candidates, LAB, drawn)
    texts = [text.get_text() for text in figure.texts]
    assert texts == ["Zr-Al-Cu: predicted critical casting diameter", "900 alloys, sub-dataset (3)"]
    assert figure.axes[1].get_ylabel() == "$D_{max}$ (mm)"


def test_the_colour_scale_is_the_one_that_was_asked_for(grid, candidates, drawn) -> None:
    axes = draw(grid, candidates, LAB, drawn).axes[0]
    surface = axes.collections[0]
    assert surface.get_clim() == (0, 8)
    assert surface.get_array().max() == grid["dmax_mm"].max()
    assert surface.cmap.name == "viridis"


def test_candidates_are_numbered_and_everything_has_a_legend(grid, candidates, drawn) -> None:
    figure = draw(grid, candidates, LAB, drawn)
    assert {"1", "2"} <= {text.get_text() for text in figure.axes[0].texts}
    assert set(labels_of(figure)) == {
        "edge of the top 14 % of the map",
        "literature: ribbon only (1)",
        "literature, not trained on: bulk glass (2)",
        "own cast: bulk glass (1)",
        "own cast: no glass (1)",
        "cast next",
        "for comparison",
        "boundary points",
    }
    drawn_as = {one.get_label(): one for one in figure.axes[0].collections}
    assert to_hex(drawn_as["cast next"].get_facecolors()[0]) == PICK_COLOUR
    assert to_hex(drawn_as["for comparison"].get_facecolors()[0]) == OTHER_PICK_COLOUR
    assert len(drawn_as["cast next"].get_offsets()) == len(drawn_as["for comparison"].get_offsets()) == 2


def test_where_too_little_is_known_the_map_is_hatched_with_a_line_and_a_legend(grid, candidates, drawn) -> None:
    """All of the map, a part of it, and nothing."""
    far = np.array([point[1] >= 50 for point in grid["at_pct"]])
    for is_beyond in (np.ones(len(grid), dtype=bool), far, np.zeros(len(grid), dtype=bool)):
        draw_ternary_map(SYSTEM, grid, candidates, LAB, "900 alloys", LITERATURE, is_beyond=is_beyond)
    every, some, none = drawn
    hatches = [[one for one in figure.axes[0].collections if any(getattr(one, "hatches", []))] for figure in drawn]
    assert [len(found) for found in hatches] == [1, 1, 0]
    extents = [hatches[n][0].get_datalim(drawn[n].axes[0].transData) for n in (0, 1)]
    assert 0 < extents[1].width < extents[0].width
    assert "hatched: the map knows too little (28 %)" in labels_of(some)
    assert "hatched: the map knows too little (100 %)" in labels_of(every)
    assert not any("knows too little" in label for label in labels_of(none))


def test_alloys_that_were_not_trained_on_are_open_symbols(grid, candidates, drawn) -> None:
    axes = draw(grid, candidates, LAB, drawn).axes[0]
    drawn_as = {one.get_label(): one for one in axes.collections}
    assert len(drawn_as["literature, not trained on: bulk glass (2)"].get_facecolors()) == 0
    (edge,) = drawn_as["literature, not trained on: bulk glass (2)"].get_path_effects()
    assert edge._gc["foreground"] == "#111111", "seen on white, too"
    assert to_hex(drawn_as["literature: ribbon only (1)"].get_facecolors()[0]) == "#ffffff"
    assert to_hex(drawn_as["own cast: bulk glass (1)"].get_facecolors()[0]) == OWN_COLOUR


def test_own_casts_stand_where_they_belong_with_their_round(grid, candidates, drawn) -> None:
    axes = draw(grid, candidates, LAB, drawn).axes[0]
    drawn_as = {one.get_label(): one for one in axes.collections}
    # 60 Zr, 10 Al, 30 Cu: the height is the share of Zr, the rest is divided between Al on the left and Cu.
    place = np.asarray(drawn_as["own cast: bulk glass (1)"].get_offsets())[0]
    corner = {text.get_text(): np.array(text.get_position()) for text in axes.texts}
    middle = (corner["Zr"] + corner["Al"] + corner["Cu"]) / 3
    wanted = middle + sum(
        (share - 1 / 3) * (corner[name] - middle) / (1.135) for name, share in (("Zr", 0.6), ("Al", 0.1), ("Cu", 0.3))
    )
    assert place == pytest.approx(wanted, abs=0.01)
    assert [text.get_text() for text in axes.texts].count("1") == 3  # two picks, and the round of a cast


def test_an_own_cast_is_drawn_above_the_star_of_a_pick(grid, candidates, drawn) -> None:
    axes = draw(grid, candidates, LAB, drawn).axes[0]
    above = {one.get_label(): one.get_zorder() for one in axes.collections}
    assert above["own cast: bulk glass (1)"] > above["cast next"]


def test_the_legend_is_dark_enough_for_what_is_white_on_the_map(grid, candidates, drawn) -> None:
    legend = draw(grid, candidates, LAB, drawn).legends[0]
    background, text = legend.get_frame().get_facecolor(), legend.get_texts()[0].get_color()
    assert max(background[:3]) < 0.5
    assert to_hex(text) == "#ffffff"


def test_without_casts_and_literature_there_is_a_map_all_the_same(grid, candidates, drawn) -> None:
    for literature in (LITERATURE.head(0), None):
        draw_ternary_map(SYSTEM, grid, candidates, LAB.head(0), "900 alloys", literature)
    for figure in drawn:
        assert labels_of(figure) == [
            "edge of the top 14 % of the map",
            "boundary points",
            "for comparison",
            "cast next",
        ]
        assert figure.axes[0].collections[0].get_clim() == (0, 4)  # the highest prediction


WEIGHTS = {"svr": 0.5, "random_forest": 0.0, "xgboost": 0.25, "lightgbm": 0.25}


def values_of(axes: Any) -> np.ndarray:
    return np.asarray(axes.collections[0].get_array())


def test_values_alone_are_drawn_from_zero(grid: pd.DataFrame, drawn: list[Any]) -> None:
    draw_values(SYSTEM, grid, grid["dmax_mm"], "predicted critical casting diameter", "900 alloys")
    axes, bar = drawn[0].axes
    assert values_of(axes) == pytest.approx(grid["dmax_mm"].to_numpy())
    assert axes.collections[0].get_clim() == (0, 4)
    assert bar.get_ylabel() == "$D_{max}$ (mm)"
    written = [text.get_text() for text in drawn[0].texts]
    assert written == ["Zr-Al-Cu: predicted critical casting diameter", "900 alloys"]


def test_a_change_is_now_minus_before_around_white(grid: pd.DataFrame, drawn: list[Any]) -> None:
    """The earlier map is found by composition, whatever the order of its rows."""
    before = (grid.set_index("composition")["dmax_mm"] + 0.5).iloc[::-1]
    draw_change(SYSTEM, grid, before, "before any own cast", "900 alloys")
    axes, bar = drawn[0].axes
    assert values_of(axes) == pytest.approx(np.full(len(grid), -0.5))
    low, high = axes.collections[0].get_clim()
    assert low == -high == -0.5
    assert bar.get_ylabel() == "change of $D_{max}$ (mm)"
    assert "prediction minus that before any own cast" in drawn[0].texts[0].get_text()


def test_nothing_changed_is_drawn_too(grid: pd.DataFrame, drawn: list[Any]) -> None:
    draw_change(SYSTEM, grid, grid.set_index("composition")["dmax_mm"], "before", "900 alloys")
    assert (values_of(drawn[0].axes[0]) == 0).all()


def test_sub_models_and_fusion_share_one_scale(grid: pd.DataFrame, drawn: list[Any]) -> None:
    draw_sub_models(SYSTEM, grid, WEIGHTS, "900 alloys", top_mm=8.0)
    *panels, bar = drawn[0].axes
    assert [axes.get_title() for axes in panels] == [
        "SVR (weight 0.50)",
        "RF (weight 0.00)",
        "XGBoost (weight 0.25)",
        "LightGBM (weight 0.25)",
        "fusion",
    ]
    assert {axes.collections[0].get_clim() for axes in panels} == {(0, 8)}
    assert values_of(panels[0]) == pytest.approx(grid["svr_mm"].to_numpy())
    assert values_of(panels[4]) == pytest.approx(grid["dmax_mm"].to_numpy())
    assert {"Zr", "Al", "Cu"} <= {text.get_text() for text in panels[0].texts}
    assert bar.get_ylabel() == "$D_{max}$ (mm)"


def test_the_bar_says_that_a_sub_model_exceeds_the_scale(grid: pd.DataFrame, drawn: list[Any]) -> None:
    highest = float(grid["svr_mm"].max())
    for top in (highest - 1, highest):
        draw_sub_models(SYSTEM, grid, WEIGHTS, "900 alloys", top_mm=top)
    extends = [figure.axes[-1]._colorbar.extend for figure in drawn]
    assert extends == ["max", "neither"]
