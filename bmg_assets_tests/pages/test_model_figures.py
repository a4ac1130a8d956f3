"""Parity, search history and importance: points, lines and bars are those of the tables."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from bmg_assets.pages.model_figures import draw_importance, draw_parity, draw_searches
from bmg_assets.science.models.importance import Importance

TRAINING_SET = pd.DataFrame(
    {
        "dmax_mm": [0.0, 0.2, 5.0, 3.0],
        "glass_class": ["crystalline", "ribbon", "bulk", "bulk"],
        "category": ["I", "unrelated", "unrelated", "lab"],
    }
)
OUT_OF_FOLD = np.array([1.5, 0.1, 4.0, 0.5])
TRIALS = pd.DataFrame(
    {
        "sub_model": ["svr"] * 4 + ["xgboost"],
        "trial": [0, 1, 2, 3, 0],
        "loss_rmse_mm": [2.0, 2.2, 1.5, None, 9.0],
        "status": ["ok", "stopped_early", "ok", "failed", "ok"],
    }
)


def points_of(axes: Any, label: str) -> list[list[float]]:
    return next(np.asarray(one.get_offsets()).tolist() for one in axes.collections if one.get_label() == label)


def test_parity_shows_every_alloy_by_class_and_the_own_casts(drawn: list[Any]) -> None:
    draw_parity("Zr-Al-Cu", TRAINING_SET, OUT_OF_FOLD, "4 alloys")
    parity, boxes = drawn[0].axes
    assert points_of(parity, "no glass (1)") == [[0.0, 1.5]]
    assert points_of(parity, "bulk glass (2)") == [[5.0, 4.0], [3.0, 0.5]]
    assert points_of(parity, "own casts (1)") == [[3.0, 0.5]]
    line = next(line for line in parity.lines if line.get_label() == "predicted = reported")
    assert list(line.get_xdata()) == list(line.get_ydata())
    assert (parity.get_xlabel(), parity.get_ylabel()) == ("reported $D_{max}$ (mm)", "predicted $D_{max}$ (mm)")
    assert parity.get_xscale() == "linear"
    assert "4 alloys" in drawn[0].get_suptitle()
    names = [label.get_text().replace("\n", " ") for label in boxes.get_xticklabels()]
    assert names == [
        "no glass 100 % at or above 1 mm",
        "ribbon only 0 % at or above 1 mm",
        "bulk glass 50 % at or above 1 mm",
    ]


def test_very_large_diameters_leave_room_for_the_others(drawn: list[Any]) -> None:
    large = TRAINING_SET.assign(dmax_mm=[0.0, 0.2, 80.0, 3.0])
    draw_parity("Zr-Al-Cu", large, OUT_OF_FOLD, "4 alloys")
    parity = drawn[0].axes[0]
    assert parity.get_xscale() == parity.get_yscale() == "symlog"
    assert [label.get_text() for label in parity.get_xticklabels()] == ["0", "0.5", "1", "2", "5", "10", "20", "50"]


def test_a_class_that_nobody_reported_is_left_out(drawn: list[Any]) -> None:
    draw_parity("Zr-Al-Cu", TRAINING_SET[2:3], OUT_OF_FOLD[2:3], "1 alloy")
    assert len(drawn[0].axes[1].get_xticklabels()) == 1


def test_the_best_so_far_falls_and_trials_given_up_are_crosses(drawn: list[Any]) -> None:
    draw_searches("Zr-Al-Cu", TRIALS, "4 alloys")
    axes = drawn[0].axes[0]
    best = next(line for line in axes.lines if line.get_label() == "SVR, best so far")
    assert best.get_xdata().tolist() == [1, 2, 3, 4]
    assert best.get_ydata().tolist() == [2.0, 2.0, 1.5, 1.5]  # the trial given up and the failed one change nothing
    places = [np.asarray(one.get_offsets()).tolist() for one in axes.collections]
    assert [[1, 2.0], [3, 1.5]] in places
    assert [[2, 2.2]] in places
    assert [[4, pytest.approx(1.02 * 1.6 * 1.5)]] in places
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == [
        "SVR, best so far",
        "XGBoost, best so far",
        "trial",
        "trial given up early (error estimated)",
        "failed trial",
    ]
    assert axes.get_ylabel() == "cross-validated RMSE (mm)"


def test_a_hopeless_trial_stays_at_the_edge(drawn: list[Any]) -> None:
    draw_searches("Zr-Al-Cu", TRIALS, "4 alloys")
    places = [np.asarray(one.get_offsets()).tolist() for one in drawn[0].axes[0].collections]
    assert [[1, pytest.approx(1.6 * 1.5)]] in places


def test_failed_trials_of_two_sub_models_do_not_hide_each_other(drawn: list[Any]) -> None:
    trials = pd.concat([TRIALS, TRIALS.iloc[[3]].assign(sub_model="lightgbm")])
    draw_searches("Zr-Al-Cu", trials, "4 alloys")
    places = [np.asarray(one.get_offsets()).tolist() for one in drawn[0].axes[0].collections]
    heights = {place[0][1] for place in places if len(place) == 1 and place[0][0] == 4}
    assert len(heights) == 2


def test_the_largest_importance_stands_above(drawn: list[Any]) -> None:
    names = tuple(f"PymatgenData mean property_{n}" for n in range(20))
    rises = np.arange(20.0)
    draw_importance("Zr-Al-Cu", Importance(names, rises, 0.5, 200), "4 alloys")
    axes = drawn[0].axes[0]
    widths = [bar.get_width() for bar in axes.patches]
    assert widths == [float(n) for n in range(5, 20)]
    assert axes.get_yticklabels()[-1].get_text() == "mean property_19"
    assert "0.50 mm as it is, 200 alloys" in axes.get_xlabel()
