"""Uncertainty, change and sub-models: the values that are drawn, and the scales they are drawn on."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from bmg_assets.pages.surface_maps import draw_change, draw_prediction, draw_sub_models, draw_uncertainty
from bmg_assets.science.alloys.systems import parse_system

SYSTEM = parse_system("Zr-Al-Cu")
WEIGHTS = {"svr": 0.5, "random_forest": 0.0, "xgboost": 0.25, "lightgbm": 0.25}


def values_of(axes: Any) -> np.ndarray:
    return np.asarray(axes.collections[0].get_array())


def test_the_prediction_alone_is_the_fused_one_from_zero(grid: pd.DataFrame, drawn: list[Any]) -> None:
    draw_prediction(SYSTEM, grid, "900 alloys")
    axes, bar = drawn[0].axes
    assert values_of(axes) == pytest.approx(grid["dmax_mm"].to_numpy())
    assert axes.collections[0].get_clim() == (0, 4)
    assert bar.get_ylabel() == "$D_{max}$ (mm)"


def test_uncertainty_is_the_width_of_the_interval(grid: pd.DataFrame, drawn: list[Any]) -> None:
    draw_uncertainty(SYSTEM, grid, "900 alloys")
    axes, bar = drawn[0].axes
    assert values_of(axes) == pytest.approx((grid["interval_high_mm"] - grid["interval_low_mm"]).to_numpy())
    assert axes.collections[0].get_clim()[0] == 0
    assert bar.get_ylabel() == "width of the interval (mm)"
    assert "900 alloys" in [text.get_text() for text in drawn[0].texts]


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
