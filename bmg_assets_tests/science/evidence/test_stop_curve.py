"""The curve of stopping: it finds the parameters that made the outcomes, and every system counts once."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.evidence.stop_curve import StopCurve, guides, of_maps, weights_of


def forecasts(n_systems: int = 40, seed: int = 0) -> pd.DataFrame:
    """Outcomes of a curve: log-odds 1 + 0.5 * logit(share) - 1 * log(1 + best)."""
    rng = np.random.default_rng(seed)
    systems = np.repeat([f"S{number:02d}" for number in range(n_systems)], 100)
    share, best = rng.uniform(0.03, 0.97, len(systems)), rng.uniform(0, 8, len(systems))
    odds = 1 + 0.5 * np.log(share / (1 - share)) - np.log1p(best)
    is_more = rng.random(len(systems)) < 1 / (1 + np.exp(-odds))
    return pd.DataFrame({"truth": "trees", "system": systems, "share": share, "best_mm": best, "is_more": is_more})


def test_the_curve_that_made_the_outcomes_is_found() -> None:
    curve = StopCurve.fit(forecasts())
    assert curve.parameters == pytest.approx((1.0, 0.5, -1.0), abs=0.2)
    chances = curve.chances(forecasts(seed=1))
    assert chances.mean() == pytest.approx(forecasts(seed=1)["is_more"].mean(), abs=0.03)


def test_where_all_maps_agree_the_parameters_stay_finite() -> None:
    sure = forecasts().assign(is_more=lambda rows: rows["share"] > 0.5)
    assert np.isfinite(StopCurve.fit(sure).parameters).all()


def test_every_system_weighs_the_same() -> None:
    few = pd.concat([forecasts(3), forecasts(1)], ignore_index=True)
    assert few.assign(weight=weights_of(few)).groupby("system")["weight"].sum().tolist() == pytest.approx([1, 1, 1])


def test_half_of_the_systems_guide_and_pools_are_no_maps() -> None:
    rows = forecasts(5)
    assert sorted(set(rows["system"][guides(rows)])) == ["S00", "S02", "S04"]
    rows.loc[0, "truth"] = "reported"
    assert len(of_maps(rows)) == len(rows) - 1
