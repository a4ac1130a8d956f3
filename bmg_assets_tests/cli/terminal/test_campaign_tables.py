"""What is printed of campaigns: rules side by side on maps and in pools, and the chance of more."""

from bmg_assets.cli.terminal.campaign_tables import rule_tables, stopping_table
from bmg_assets.science.evidence.campaign_summary import summarise_campaigns
from bmg_assets_tests.science.evidence.test_campaign_summary import forecasts, scores


def test_rules_stand_side_by_side_with_their_p_value() -> None:
    tables = rule_tables(summarise_campaigns(scores(), forecasts(), 0))
    assert list(tables) == ["On whole maps", "In pools of reported alloys"]
    maps = tables["On whole maps"].set_index("rule")
    assert maps.loc["expected_gain", "best of round 1"] == 0.9
    assert maps.loc["random", ["mean", "p to expected_gain"]].tolist() == [0.8, 0.008]
    assert tables["In pools of reported alloys"]["mean"].tolist() == [0.9, 0.9]


def test_the_chance_of_more_stands_beside_how_often_there_was_more() -> None:
    table = stopping_table(summarise_campaigns(scores(), forecasts(), 0)).sort_values("predicted")
    assert table["there was more"].tolist()[:2] == [0, 1]
    assert table["forecasts"].tolist()[:2] == [4, 4]
    assert {"brier", "log_score_of_share"} <= set(table["where"])
