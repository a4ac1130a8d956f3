"""The evidence on the atlas has a line for each test and way of ranking."""

import pandas as pd

from bmg_assets.cli.terminal.atlas_evidence import atlas_evidence_in_short


def test_metrics_stand_beside_each_other() -> None:
    rows = [
        ("newcomers", 3, "atlas", "place", 0.95, 0.9, 0.99, 40),
        ("newcomers", 3, "coin", "place", 0.5, 0.4, 0.6, 40),
        ("left_out", 3, "atlas", "auc", 0.9, 0.86, 0.94, 80),
    ]
    columns = ["test", "n_elements", "ranked_by", "metric", "mean", "low", "high", "systems"]
    shown = atlas_evidence_in_short(pd.DataFrame(rows, columns=columns))
    assert list(shown["test"]) == ["newcomers", "newcomers", "left_out"]
    assert shown.loc[0, "place"] == "0.95 (0.90 to 0.99)"
    assert shown.loc[0, "auc"] == ""
    assert list(shown["systems"]) == [40, 40, 80]
