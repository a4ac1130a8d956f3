"""The table of a replay says where the maximum lay, and what the next casts turned out to be."""

import pandas as pd
import pytest

from bmg_assets.replay.report import report_replay
from bmg_assets.replay.rounds import Round, distance_at_pct, table_of_rounds
from bmg_assets.science.systems import parse_system

SYSTEM = parse_system("Zr-Al-Cu")
POINTS = {"Al20Cu60Zr20": [20.0, 20.0, 60.0], "Al12Cu30Zr58": [58.0, 12.0, 30.0]}


def a_round(title: str, values: list[float], lab: pd.DataFrame) -> Round:
    grid = pd.DataFrame({"composition": list(POINTS), "at_pct": list(POINTS.values()), "dmax_mm": values})
    best = int(grid["dmax_mm"].idxmax())
    picks = grid.iloc[[best]].assign(kind="pick", rank=1)
    return Round(title, grid, picks, lab, fusion_r2=0.5)


@pytest.fixture
def rounds() -> list[Round]:
    cast = {"composition": "Al20Cu60Zr20", "elements": ["Al", "Cu", "Zr"], "at_pct": [20.0, 60.0, 20.0], "dmax_mm": 0.0}
    nothing = pd.DataFrame(columns=list(cast))
    return [a_round("no own casts", [2.0, 1.0], nothing), a_round("pair 1", [0.1, 3.0], pd.DataFrame([cast]))]


def test_distance_is_the_largest_difference_in_any_element():
    assert distance_at_pct([20, 20, 60], [28, 19, 53]) == 8


def test_the_maximum_its_move_and_its_distance_from_the_reference(rounds):
    table = table_of_rounds(SYSTEM, rounds, [58, 12, 30])
    assert table["maximum_at"].tolist() == ["Zr20Al20Cu60", "Zr58Al12Cu30"]
    assert table["from_reference_at_pct"].tolist() == [38, 0]
    assert pd.isna(table["moved_at_pct"][0])
    assert table["moved_at_pct"][1] == 38
    assert table["own_alloys"].tolist() == [0, 1]


def test_casts_stand_beside_what_was_predicted_for_them(rounds):
    table = table_of_rounds(SYSTEM, rounds, None)
    assert table["cast_next"].tolist() == ["Zr20Al20Cu60: 0 mm (predicted 2.00)", ""]
    assert "from_reference_at_pct" not in table


def test_the_page_says_how_far_the_maximum_ended_from_the_reference(rounds, tmp_path, monkeypatch):
    monkeypatch.setattr("bmg_assets.replay.report.draw_rounds", lambda *_: {"png": b"\x89PNG", "svg": b"<svg/>"})
    page, table = report_replay(SYSTEM, rounds, tmp_path, "Zr45Al12Cu43")
    text = page.read_text(encoding="utf-8")
    assert "lay 25, 13 at.% from Zr45Al12Cu43 in iterations 0 to 1; at the end it is not within 10 at.%" in text
    assert pd.read_csv(tmp_path / "replay.csv")["maximum_mm"].tolist() == table["maximum_mm"].tolist()
    assert (tmp_path / "maps.svg").read_bytes() == b"<svg/>"
