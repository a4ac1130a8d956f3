"""What is listed of own alloys, for the terminal and the browser alike."""

import pandas as pd

from bmg_assets.pages.system_lists import CAST_COLUMNS, listed_alloys, listed_casts, next_rungs_in_words
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.store.tables.lab import LAB_RESULTS
from bmg_assets_tests.table_frames import frame_of

SYSTEM = parse_system("Zr-Al-Cu")


def results() -> pd.DataFrame:
    return frame_of(
        LAB_RESULTS,
        rows=2,
        composition=["Al5Cu45Zr50", "Al10Cu40Zr50"],
        elements=[["Al", "Cu", "Zr"]] * 2,
        at_pct=[[5.0, 45.0, 50.0], [10.0, 40.0, 50.0]],
        dmax_mm=[2.0, None],
        reasons=[[], ["no rod", "a ribbon alone"]],
    ).assign(next_rung=["cast 3 mm", None])


def test_alloys_are_written_in_the_order_of_the_key_with_why_they_have_no_dmax() -> None:
    listed = listed_alloys(SYSTEM, results())
    assert list(listed["formula"]) == ["Zr50Al5Cu45", "Zr50Al10Cu40"]
    assert list(listed["because"]) == ["", "no rod; a ribbon alone"]
    assert next_rungs_in_words(listed) == ["Zr50Al5Cu45: cast 3 mm."]


def test_casts_may_be_rows_of_a_list() -> None:
    listed = listed_casts(SYSTEM, results().to_dict("records"))
    assert list(listed["formula"]) == ["Zr50Al5Cu45", "Zr50Al10Cu40"]
    assert set(CAST_COLUMNS) == {"sample_id", "formula", "method", "dimension_mm", "verdict"}
