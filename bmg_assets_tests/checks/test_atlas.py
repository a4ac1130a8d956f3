"""A chance that ranks like a coin is called out."""

import numpy as np
import pandas as pd

from bmg_assets.checks.atlas import chances_rank_systems, likeness_is_beaten


def calibration(chances: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"n_elements": 3, "has_bulk": np.arange(len(chances)) % 2 == 0, "chance_bulk": chances})


def test_chances_have_to_rank() -> None:
    right = np.where(np.arange(40) % 2 == 0, 0.8, 0.1)
    assert chances_rank_systems(calibration(right)).passed
    assert not chances_rank_systems(calibration(1 - right)).passed
    assert not chances_rank_systems(calibration(np.full(40, np.nan))).passed


def test_likeness_has_to_be_beaten() -> None:
    rows = [("left_out", 3, "auc", name, mean) for name, mean in (("atlas", 0.9), ("likeness", 0.7))]
    evidence = pd.DataFrame(rows, columns=["test", "n_elements", "metric", "ranked_by", "mean"])
    assert likeness_is_beaten(evidence).passed
    assert not likeness_is_beaten(evidence.assign(mean=1 - evidence["mean"])).passed
