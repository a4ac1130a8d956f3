"""What `bmg list` and `bmg casts` print fits into a terminal and says what waits for what."""

from datetime import UTC, datetime

import pandas as pd

from bmg_assets.cli.terminal.lists import casts_that_wait, list_of_alloys, list_of_systems
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.store.tables.lab import LAB_CASTS, LAB_RESULTS
from bmg_assets_tests.pages.test_overview_page import OVERVIEW
from bmg_assets_tests.table_frames import frame_of

SYSTEM = parse_system("Zr-Al-Cu")
NOW = datetime(2026, 1, 12, 12, 0, tzinfo=UTC)
ALLOY = {"composition": ["Al5Cu45Zr50"], "elements": [["Al", "Cu", "Zr"]], "at_pct": [[5.0, 45.0, 50.0]]}


def own_alloys(next_rung: str | None = None, **columns: object) -> pd.DataFrame:
    return frame_of(LAB_RESULTS, rows=1, **ALLOY, **columns).assign(predicted_mm=0.75, next_rung=[next_rung])


def test_systems_fit_and_are_counted_once() -> None:
    words = list_of_systems(OVERVIEW, NOW, 100)
    assert max(map(len, words.splitlines())) <= 100
    assert "Zr60Al10Cu30" in words
    assert "34" in words.split(), "the chance of a better alloy"
    assert words.endswith("Systems registered: 2; not trained yet: 1; to be trained again: 0.")


def test_no_systems_are_told_so() -> None:
    assert "`bmg add Zr-Al-Cu`" in list_of_systems(OVERVIEW.head(0), NOW, 100)


def test_own_alloys_stand_in_the_keys_order_with_what_had_been_predicted() -> None:
    words = list_of_alloys(SYSTEM, own_alloys(dmax_mm=2.5, glass_class="bulk", reasons=[["two rods"]]), 100)
    row = words.splitlines()[-1]
    assert row.split()[:4] == ["Zr50Al5Cu45", "bulk", "glass", "2.50"]
    assert "0.75" in row
    assert "two rods" not in words


def test_an_open_ladder_says_its_next_rung() -> None:
    alloys = own_alloys(next_rung="cast 3 mm next", dmax_mm=2.0, glass_class="bulk", reasons=[["no failure yet"]])
    assert list_of_alloys(SYSTEM, alloys, 100).endswith("\n\nNext rungs:\n  Zr50Al5Cu45: cast 3 mm next.")
    assert "Next rungs" not in list_of_alloys(SYSTEM, own_alloys(dmax_mm=2.0, reasons=[["closed"]]), 100)


def test_an_alloy_without_label_says_why() -> None:
    words = list_of_alloys(
        SYSTEM, own_alloys(dmax_mm=None, glass_class=None, reasons=[["rods contradict", "look"]]), 160
    )
    assert "rods contradict; look" in words


def test_accepted_casts_that_wait_are_shown_with_what_takes_them_in() -> None:
    waiting = frame_of(LAB_CASTS, rows=1, **ALLOY, sample_id="ZAC-1").to_dict("records")
    words = casts_that_wait(SYSTEM, waiting, 100)
    assert "Accepted and in no run yet: 1 cast(s). `bmg run Zr-Al-Cu` takes them in" in words
    assert "ZAC-1" in words
    assert "Zr50Al5Cu45" in words
