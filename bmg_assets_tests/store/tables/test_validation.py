"""What a table takes and what it refuses, each refusal naming the column."""

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmg_assets.store.tables.arrow import arrow_schema, empty_frame, to_frame
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, SYSTEM_TABLES, system_table
from bmg_assets.store.tables.table import Table, TableError, UnknownTableError
from bmg_assets.store.tables.validation import examined
from bmg_assets_tests.table_frames import frame_of

ALL_TABLES = [*LITERATURE_TABLES.values(), *SYSTEM_TABLES.values()]
TRAINING_SET = SYSTEM_TABLES["training_set"]
GRID = SYSTEM_TABLES["prediction_grid"]


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_a_frame_comes_back_as_it_went_in(table: Table) -> None:
    frame = frame_of(table)
    arrow = examined(table, frame).storable()
    assert arrow.schema.equals(arrow_schema(table))
    pd.testing.assert_frame_equal(to_frame(arrow), frame, check_dtype=False)


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_types_do_not_depend_on_what_is_missing(table: Table) -> None:
    gaps = {column.name: None for column in table.columns if column.nullable}
    full, gapped = (to_frame(examined(table, frame_of(table, **one)).storable()) for one in ({}, gaps))
    assert dict(gapped.dtypes) == dict(full.dtypes) == dict(empty_frame(table).dtypes)


@settings(deadline=None, max_examples=25)
@given(order=st.permutations(range(len(TRAINING_SET.columns) + 2)))
def test_the_order_of_columns_means_nothing(order: list[int]) -> None:
    frame = frame_of(TRAINING_SET, mean_radius=[1.0, 2.0, 3.0], another=[4.0, 5.0, 6.0])
    arrow = examined(TRAINING_SET, frame.iloc[:, order]).storable()
    assert arrow.column_names[: len(TRAINING_SET.columns)] == list(TRAINING_SET.column_names)
    assert {name: arrow[name].to_pylist() for name in arrow.column_names} == {
        str(name): frame[name].tolist() for name in frame.columns
    }


@pytest.mark.parametrize(
    "columns, words",
    [
        ({"dmax_mm": ["1", "2", "3"]}, "column dmax_mm should be double, but it holds string ('1')"),
        ({"dmax_mm": [1.0, None, 2.0]}, "column dmax_mm must not be empty, but is not in 1 row (first: nan in 1)"),
        ({"dmax_mm": [1.0, 3.0, -2.0]}, "column dmax_mm must be at least 0, but is not in 1 row (first: -2.0 in 2)"),
        ({"dmax_mm": [1.0, 3.0, np.inf]}, "column dmax_mm must be finite"),
        ({"sub_dataset": [1.0, 2.0, 3.0]}, "column sub_dataset should be int64, but it holds floating (1.0)"),
        ({"sub_dataset": [True, True, True]}, "column sub_dataset should be int64, but it holds boolean"),
        ({"sub_dataset": [1, 2, 6]}, "column sub_dataset must be at most 5"),
        ({"category": ["lab", "I", "VI"]}, "column category must be one of unrelated, I, II, III, IV, V, lab"),
        ({"elements": ["Zr", "Al", "Cu"]}, "column elements should be list<string>, but 'Zr' is not a list"),
        ({"elements": [["Zr", 40], [], []]}, "column elements should be list<string>"),
        ({"at_pct": [[100.0], [50.0, None], [1.0]]}, "column at_pct must be without gaps"),
        ({"at_pct": [[100.0], [101.0], [1.0]]}, "column at_pct must be at most 100"),
        ({"a_descriptor": ["x", "y", "z"]}, "column a_descriptor should be double"),
        (
            {"a_descriptor": [1.0, -np.inf, 2.0]},
            "column a_descriptor must be finite, but is not in 1 row (first: -inf in 1)",
        ),
    ],
)
def test_a_column_at_fault_is_named(columns: dict, words: str) -> None:
    faults = examined(TRAINING_SET, frame_of(TRAINING_SET, **columns)).faults
    assert len(faults) == 1
    assert words in faults[0]


def test_missing_unknown_and_doubled_columns_are_named() -> None:
    frame = frame_of(GRID, dmax_cm=1.0).drop(columns=["dmax_mm", "point"])
    frame = pd.concat([frame, frame[["svr_mm"]]], axis=1)
    assert examined(GRID, frame).faults == [
        "column point is missing",
        "column dmax_mm is missing",
        "column dmax_cm is unknown",
        "column svr_mm is there twice",
    ]


def test_a_key_column_holds_no_value_twice() -> None:
    (fault,) = examined(GRID, frame_of(GRID, point=[1, 2, 2])).faults
    assert fault == "column point must be unique, but is not in 2 rows (first: 2 in 1)"


def test_a_missing_key_is_missing_not_repeated() -> None:
    (fault,) = examined(GRID, frame_of(GRID, composition=["Zr1", None, None])).faults
    assert fault == "column composition must not be empty, but is not in 2 rows (first: None in 1)"


def test_a_missing_value_or_list_breaks_no_other_rule() -> None:
    reports = LITERATURE_TABLES["reports"]
    assert examined(reports, frame_of(reports, at_pct=[None, [40.0, 60.0], []], glass_class=None)).faults == []


def test_a_list_at_fault_is_one_row_however_many_elements_break_the_rule() -> None:
    (fault,) = examined(TRAINING_SET, frame_of(TRAINING_SET, at_pct=[[1.0], [-1.0, -2.0], [3.0]])).faults
    assert fault == "column at_pct must be at least 0, but is not in 1 row (first: [-1.0, -2.0] in 1)"


def test_bounds_and_allowed_words_are_inclusive() -> None:
    frame = frame_of(TRAINING_SET, sub_dataset=[1, 3, 5], dmax_mm=[0.0, 1.0, 2.0], category=["lab", "I", "V"])
    assert examined(TRAINING_SET, frame).faults == []


def test_what_was_examined_for_a_table_is_not_examined_again() -> None:
    rows = examined(GRID, frame_of(GRID))
    assert examined(GRID, rows) is rows
    assert "is missing" in examined(TRAINING_SET, rows).faults[0]


def test_times_need_a_zone_and_days_have_no_time() -> None:
    table = SYSTEM_TABLES["iterations"]
    noon = datetime.datetime(2026, 1, 1, 12)
    assert "without a time zone" in examined(table, frame_of(table, trained_at=noon)).faults[0]
    zoned = noon.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    arrow = examined(table, frame_of(table, trained_at=zoned)).storable()
    assert to_frame(arrow)["trained_at"][0] == pd.Timestamp("2026-01-01 10:00", tz="UTC")
    assert (
        "should be date" in examined(*_with(SYSTEM_TABLES["lab_results"], last_test_date=pd.Timestamp(noon))).faults[0]
    )


def test_whole_floats_pass_for_integers_with_gaps_only() -> None:
    frame = to_frame(examined(*_with(GRID, region=[1.0, np.nan, 2.0])).storable())
    assert frame["region"].tolist() == [1, pd.NA, 2]
    assert "should be int64" in examined(*_with(GRID, region=[1.5, np.nan, 2.0])).faults[0]
    assert "should be int64" in examined(*_with(GRID, point=[1.0, 2.0, 3.0])).faults[0]


def test_no_rows_is_refused_where_a_table_needs_some() -> None:
    lab = SYSTEM_TABLES["lab_results"]
    assert examined(GRID, frame_of(GRID, rows=0)).faults == ["it has no rows"]
    assert examined(lab, frame_of(lab, rows=0)).faults == []


def test_the_refusal_is_one_sentence_with_all_faults() -> None:
    with pytest.raises(
        TableError, match=r"(?s)^Table training_set was refused: column dmax_mm .*; column weight .*fix"
    ):
        examined(TRAINING_SET, frame_of(TRAINING_SET, dmax_mm=-1.0, weight=np.nan)).storable()


def test_an_unknown_table_is_named() -> None:
    with pytest.raises(UnknownTableError, match="no table for 'trainings_set', expected one of lab_results"):
        system_table("trainings_set")


def _with(table: Table, **columns: object) -> tuple[Table, pd.DataFrame]:
    return table, frame_of(table, **columns)
