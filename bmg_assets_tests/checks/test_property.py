"""Checks of properties: a source that is declared wrongly or shifted, and a map that is not credible, are named."""

import pandas as pd

from bmg_assets.checks.property import few_are_refused, map_near_what_is_known, one_value_each, sources_agree
from bmg_assets.store.tables.property import PROPERTY_MAPS, PROPERTY_REPORTS, PROPERTY_SCORES, PROPERTY_VALUES
from bmg_assets_tests.table_frames import frame_of


def compared(**counts: tuple[int, int]) -> pd.DataFrame:
    rows = [(source, "glass", *count) for source, count in counts.items()]
    return pd.DataFrame(rows, columns=["source", "property", "n_compared", "n_contradicted"])


def test_a_source_that_contradicts_a_third_of_the_others_is_named() -> None:
    found = sources_agree(compared(right=(60, 19), shifted=(60, 20), small=(9, 9)))
    assert not found.passed
    assert found.figures["probably_shifted_by_a_row"] == ["shifted: glass of 20 of 60 alloys contradicts the others"]
    assert sources_agree(compared(right=(60, 19))).passed
    assert sources_agree(compared()).passed


def test_a_source_of_which_a_tenth_is_refused_is_named() -> None:
    reports = frame_of(PROPERTY_REPORTS, rows=10, source="one", status=["refused"] * 2 + ["accepted"] * 8)
    assert few_are_refused(reports).figures == {"share_refused": {"one": 0.2}}
    assert few_are_refused(reports.iloc[2:]).passed


def test_a_map_is_near_what_is_known_on_its_own_scale() -> None:
    grid = frame_of(PROPERTY_MAPS, value=[2.0, 50.0, 2000.0])
    scores = frame_of(PROPERTY_SCORES, rows=1, lowest_known=1.0, highest_known=100.0)
    assert not map_near_what_is_known(grid, scores.assign(scale="linear")).passed
    assert not map_near_what_is_known(grid, scores.assign(scale="log")).passed
    assert map_near_what_is_known(grid.assign(value=[0.2, 50.0, 900.0]), scores.assign(scale="log")).passed


def test_a_composition_has_one_value() -> None:
    values = frame_of(PROPERTY_VALUES, property="glass", composition=["a", "b", "a"])
    assert one_value_each(values).figures == {"repeated": ["a"]}
    assert one_value_each(values.assign(property=["glass", "glass", "crystal"])).passed
