"""The evidence by regimes in a terminal: a row per surrogate, its p values, and what was aimed at."""

import pandas as pd

from bmg_assets.cli.terminal.regime_tables import distance_table, regime_tables, target_table


def table() -> pd.DataFrame:
    rows = [
        {"systems_of": systems_of, "metric": metric, "strategy": strategy, "mean": mean, "p_value_to_transfer": p_value}
        for systems_of, metric, strategy, mean, p_value in (
            ("both_kinds", "auc", "composite", 0.811, 0.115),
            ("both_kinds", "auc", "transfer", 0.772, None),
            ("both_kinds", "optima_found", "transfer", 0.5, None),
            ("all", "log_score", "composite", -1.24, 0.004),
        )
    ]
    frame = pd.DataFrame(rows).assign(
        literature="whole", regime="nothing_known", low=0.7, high=0.9, systems=39, target=None, verdict=None
    )
    frame.loc[0, ["target", "verdict"]] = ["0.8 or more", "met"]
    return frame


def test_surrogates_stand_below_each_other_with_their_p_values() -> None:
    ranked, calibrated = regime_tables(table()).values()
    assert ranked["strategy"].tolist() == ["composite", "transfer"]
    assert ranked["auc"].tolist() == ["0.81 p0.115", "0.77"]
    assert "optima_found" not in ranked
    assert calibrated["log_score"].tolist() == ["-1.24 p0.004"]


def test_targets_are_told_with_their_verdicts() -> None:
    found = target_table(table())
    assert found[["strategy", "target", "verdict"]].to_numpy().tolist() == [["composite", "0.8 or more", "met"]]


def test_distances_are_rounded() -> None:
    assert distance_table(pd.DataFrame({"auc": [0.12345]}))["auc"].tolist() == [0.123]
