"""A ranking's figures are shares of systems below; ties count one half."""

import pandas as pd
import pytest

from bmg_assets.science.evidence.system_ranking_metrics import summarise_rankings
from bmg_assets.science.evidence.system_ranking_names import FOUND, NOT_FOUND, RANDOM


def scores() -> pd.DataFrame:
    rows = [
        (FOUND, 2.0),
        (FOUND, 5.0),
        (NOT_FOUND, 1.0),
        (NOT_FOUND, 2.0),
        *((RANDOM, float(n) / 10) for n in range(40)),
    ]
    frame = pd.DataFrame(rows, columns=["kind", "atlas"])
    return frame.assign(test="until_2005", n_elements=3, likeness=0.5, relatives=1.0, coin=0.5)


def test_each_figure_is_a_mean_over_systems_with_a_bulk_glass() -> None:
    found = summarise_rankings(scores(), seed=0).set_index(["ranked_by", "metric"])
    assert found.loc[("atlas", "auc"), "mean"] == pytest.approx((0.75 + 1) / 2)
    assert found.loc[("atlas", "place"), "mean"] == pytest.approx(((20 + 0.5) / 40 + 1) / 2)
    assert found.loc[("atlas", "in_top_5_pct"), "mean"] == 0.5
    assert found.loc[("likeness", "auc"), "mean"] == 0.5, "ties tell nothing"
    assert (found["systems"] == 2).all()
    assert (found["low"] <= found["mean"]).all()
    assert (found["mean"] <= found["high"]).all()


def test_a_test_without_random_systems_has_no_place() -> None:
    left_out = scores().query("kind != @RANDOM")
    assert set(summarise_rankings(left_out, seed=0)["metric"]) == {"auc"}


def test_a_size_without_bulk_glass_is_left_out() -> None:
    assert summarise_rankings(scores().query("kind != @FOUND"), seed=0).empty
