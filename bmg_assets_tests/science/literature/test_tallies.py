"""What sources brought, contradicted and lost: counts by hand."""

import pandas as pd
import pytest

from bmg_assets.science.literature.merging import merge_alloys
from bmg_assets.science.literature.tallies import by_conflict, by_decade, by_kind, by_source, losses, tallies_of
from bmg_assets_tests.science.literature.report_frames import reports_of


@pytest.fixture(scope="module")
def reports() -> pd.DataFrame:
    """Three sources. `two` repeats a report of `one`, rounded otherwise; `three` contradicts both."""
    one = reports_of(
        ("Zr50Cu50", "BMG", "2"), ("Zr48Cu45Al7", "BMG", "8"), ("Zr33.3Cu66.7", "AM"), ("Zr50Cu60", "AM"), source="one"
    )
    two = reports_of(("Zr33Cu67", "AM"), ("Zr48Cu45Al7", "BMG", "8.5"), ("Pd80Si20", "AM"), source="two")
    three = reports_of(
        ("Zr50Cu50", "CR"), ("Zr48Cu45Al7", "BMG", "3"), ("Fe80B20", "AM", None, "sputtering"), source="three"
    )
    two.loc[0, ["status", "copy_of"]] = ["copied", "one row 3"]
    three.loc[2, ["status", "kind", "glass_class"]] = ["set_apart", "film", None]
    frame = pd.concat([one, two, three], ignore_index=True)
    frame["year"] = pd.array([1994, 2003, 1988, None, 1988, 2009, None, 1994, 2003, 1990], dtype="Int64")
    return frame


@pytest.fixture(scope="module")
def alloys(reports: pd.DataFrame) -> pd.DataFrame:
    return merge_alloys(reports)


def test_every_row_of_a_source_has_one_fate(reports: pd.DataFrame) -> None:
    rows = by_source(reports).set_index("source")
    assert rows.index.tolist() == ["one", "two", "three"]
    assert rows["rows"].tolist() == [4, 3, 3]
    assert rows[["accepted", "copied", "set_apart", "refused"]].to_numpy().tolist() == [
        [3, 0, 0, 1],
        [2, 1, 0, 0],
        [2, 0, 1, 0],
    ]


def test_what_a_source_alone_reports_is_no_copy_of_it_elsewhere(reports: pd.DataFrame) -> None:
    rows = by_source(reports).set_index("source")
    assert rows["alloys"].tolist() == [3, 3, 2]
    assert rows["alone"].tolist() == [0, 1, 0]


def test_contradictions_are_counted_against_what_the_others_say(reports: pd.DataFrame) -> None:
    rows = by_source(reports).set_index("source")
    assert rows["class_against"].tolist() == [1, 0, 1]
    assert rows["compared"].tolist() == [1, 1, 1]
    # 8 against (8.5 + 3) / 2 is 39 % off, 8.5 against 5.5 is 55 %, 3 against 8.25 is 64 %.
    assert rows["dmax_against"].tolist() == [1, 1, 1]
    agreeing = reports[reports["source"] != "three"]
    assert by_source(agreeing).set_index("source")["dmax_against"].tolist() == [0, 0]


def test_the_code_of_a_ribbon_is_no_diameter() -> None:
    reports = pd.concat(
        [
            reports_of(("Zr50Cu50", "BMG", "10"), source="one"),
            reports_of(("Zr50Cu50", "BMG", "10"), ("Zr50Cu50", "AM", "0.2"), source="two"),
        ],
        ignore_index=True,
    )
    rows = by_source(reports)
    assert rows["compared"].tolist() == [1, 1]
    assert rows["dmax_against"].tolist() == [0, 0]


def test_rows_by_kind_leave_out_what_is_refused(reports: pd.DataFrame) -> None:
    kinds = by_kind(reports).set_index("source")
    assert kinds.columns.tolist() == ["crystalline_as_spun", "ribbon", "bulk", "film"]
    assert kinds.loc["one"].tolist() == [0, 1, 2, 0]
    assert kinds.loc["three"].tolist() == [1, 0, 1, 1]


def test_decades_count_reports_and_alloys_by_their_first_year(reports: pd.DataFrame, alloys: pd.DataFrame) -> None:
    decades = by_decade(reports, alloys)
    assert decades["decade"].tolist() == ["1980s", "1990s", "2000s", "unknown"]
    assert decades["reports"].tolist() == [1, 2, 3, 1]
    assert decades["alloys"].tolist() == [1, 1, 1, 1]
    assert decades["bulk"].tolist() == [0, 1, 1, 0]


def test_conflicts_are_counted_from_none_to_the_worst(alloys: pd.DataFrame) -> None:
    conflicts = by_conflict(alloys).set_index("conflict")
    assert conflicts["alloys"].to_dict() == {"none": 2, "value": 1, "between_codes": 0, "class": 1}
    assert conflicts["several"].to_dict() == {"none": 0, "value": 1, "between_codes": 0, "class": 1}


def test_what_is_lost_has_its_rule_and_an_example(reports: pd.DataFrame) -> None:
    (lost,) = losses(reports).to_dict("records")
    assert (lost["source"], lost["rule"], lost["rows"]) == ("one", "implausible_sum", 1)
    assert "Zr50Cu60" in lost["example"]
    assert losses(reports[reports["source"] == "two"]).empty


def test_one_source_alone_contradicts_nobody(reports: pd.DataFrame) -> None:
    alone = reports[reports["source"] == "one"]
    tallies = tallies_of(alone, merge_alloys(alone))
    (row,) = tallies["sources"].to_dict("records")
    assert (row["alloys"], row["alone"], row["class_against"], row["compared"], row["dmax_against"]) == (3, 3, 0, 0, 0)
