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
from bmg_assets.store.tables.validation import validated, violations
from bmg_assets_tests.table_frames import frame_of

ALL_TABLES = [*LITERATURE_TABLES.values(), *SYSTEM_TABLES.values()]
TRAINING_SET = SYSTEM_TABLES["training_set"]
GRID = SYSTEM_TABLES["prediction_grid"]


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_a_frame_comes_back_as_it_went_in(table: Table) -> None:
    frame = frame_of(table)
    arrow = validated(table, frame)
    assert arrow.schema.equals(arrow_schema(table))
    pd.testing.assert_frame_equal(to_frame(arrow), frame, check_dtype=False)


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_types_do_not_depend_on_what_is_missing(table: Table) -> None:
    gaps = {column.name: None for column in table.columns if column.nullable}
    full, gapped = to_frame(validated(table, frame_of(table))), to_frame(validated(table, frame_of(table, **gaps)))
    assert dict(gapped.dtypes) == dict(full.dtypes) == dict(empty_frame(table).dtypes)


@settings(deadline=None, max_examples=25)
@given(order=st.permutations(range(len(TRAINING_SET.columns) + 2)))
def test_the_order_of_columns_means_nothing(order: list[int]) -> None:
    frame = frame_of(TRAINING_SET, mean_radius=[1.0, 2.0, 3.0], another=[4.0, 5.0, 6.0])
    arrow = validated(TRAINING_SET, frame.iloc[:, order])
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
        ({"a_descriptor": [1.0, -np.inf, 2.0]}, "column a_descriptor holds infinite numbers"),
    ],
)
def test_a_column_at_fault_is_named(columns: dict, words: str) -> None:
    faults = violations(TRAINING_SET, frame_of(TRAINING_SET, **columns))
    assert len(faults) == 1
    assert words in faults[0]


def test_missing_unknown_and_doubled_columns_are_named() -> None:
    frame = frame_of(GRID, dmax_cm=1.0).drop(columns=["dmax_mm", "point"])
    frame = pd.concat([frame, frame[["svr_mm"]]], axis=1)
    assert violations(GRID, frame) == [
        "column point is missing",
        "column dmax_mm is missing",
        "column dmax_cm is unknown",
        "column svr_mm is there twice",
    ]


def test_a_key_column_holds_no_value_twice() -> None:
    assert "must be unique" in violations(GRID, frame_of(GRID, point=[1, 2, 2]))[0]


def test_times_need_a_zone_and_days_have_no_time() -> None:
    table = SYSTEM_TABLES["iterations"]
    noon = datetime.datetime(2026, 1, 1, 12)
    assert "without a time zone" in violations(table, frame_of(table, trained_at=noon))[0]
    zoned = noon.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    arrow = validated(table, frame_of(table, trained_at=zoned))
    assert to_frame(arrow)["trained_at"][0] == pd.Timestamp("2026-01-01 10:00", tz="UTC")
    assert "should be date" in violations(*_with(SYSTEM_TABLES["lab_results"], last_test_date=pd.Timestamp(noon)))[0]


def test_whole_floats_pass_for_integers_with_gaps_only() -> None:
    frame = to_frame(validated(*_with(GRID, region=[1.0, np.nan, 2.0])))
    assert frame["region"].tolist() == [1, pd.NA, 2]
    assert "should be int64" in violations(*_with(GRID, region=[1.5, np.nan, 2.0]))[0]
    assert "should be int64" in violations(*_with(GRID, point=[1.0, 2.0, 3.0]))[0]


def test_no_rows_is_refused_where_a_table_needs_some() -> None:
    lab = SYSTEM_TABLES["lab_results"]
    assert violations(GRID, frame_of(GRID, rows=0)) == ["it has no rows"]
    assert violations(lab, frame_of(lab, rows=0)) == []


def test_the_refusal_is_one_sentence_with_all_faults() -> None:
    with pytest.raises(
        TableError, match=r"(?s)^Table training_set was refused: column dmax_mm .*; column weight .*mend"
    ):
        validated(TRAINING_SET, frame_of(TRAINING_SET, dmax_mm=-1.0, weight=np.nan))


def test_an_unknown_table_is_named() -> None:
    with pytest.raises(UnknownTableError, match="no table for 'trainings_set', expected one of lab_results"):
        system_table("trainings_set")


def _with(table: Table, **columns: object) -> tuple[Table, pd.DataFrame]:
    return table, frame_of(table, **columns)
