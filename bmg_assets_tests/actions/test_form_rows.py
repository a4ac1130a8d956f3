"""A row of a form is judged as the intake judges it, and becomes the row of a file that the intake reads the same."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bmg_assets.actions.form_rows import Cells, JudgedCells, file_of_rows, is_empty, judge_rows
from bmg_assets.intake.outcome import read_file
from bmg_assets.intake.reading import Reading
from bmg_assets.intake.rows import COLUMNS
from bmg_assets_tests.science.casts.examples import GOOD_ROW, TODAY, cast

GOOD = {column: text for column, text in GOOD_ROW.items() if column != "schema_version"}


def judge(*rows: Cells, known: tuple[object, ...] = ()) -> tuple[JudgedCells, ...]:
    return judge_rows(rows, known, TODAY, Reading())  # type: ignore[arg-type]


def test_every_row_has_its_outcome_in_its_place() -> None:
    rows = judge({}, GOOD, {**GOOD, "sample_id": "B", "dimension_mm": "thick"}, GOOD, {"test_date": "2026-02-27"})
    assert [one.outcome for one in rows] == ["empty", "accepted", "refused", "skipped", "empty"]
    assert rows[1].read_as.startswith("ZAC-1: Zr50Al5Cu45 at.%, suction_casting")
    assert [(one.column, one.value, one.fix) for one in rows[2].faults] == [
        ("dimension_mm", "thick", "write a number in mm with a decimal point")
    ]
    assert rows[3].reason == "equal to the report line 2 of this form"


def test_all_faults_of_a_row_are_told_each_at_its_column() -> None:
    (one,) = judge({**GOOD, "test_date": "yesterday", "method": "casting", "verdict": "", "tg_K": "700", "tx_K": "600"})
    assert [fault.column for fault in one.faults] == ["test_date", "method", "verdict", "tx_K"]


def test_a_row_is_judged_beside_what_was_accepted_before() -> None:
    known = (cast("ZAC-1"),)
    (same, other) = judge(GOOD, {**GOOD, "verdict": "crystalline"}, known=known)
    assert (same.outcome, same.reason) == ("skipped", "equal to the report line 2")
    assert (other.outcome, other.faults[0].column) == ("refused", "sample_id")
    (corrected,) = judge({**GOOD, "verdict": "crystalline", "supersedes": "ZAC-1"}, known=known)
    assert corrected.outcome == "accepted"


def test_a_comma_in_a_field_is_a_decimal_point() -> None:
    (one,) = judge({**GOOD, "dimension_mm": "2,5"})
    assert one.cast is not None
    assert (one.cast.dimension_mm, one.notes) == (2.5, ("dimension_mm: '2,5' was read as 2.5: decimal comma read",))


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x0b", "\x85", "\ud800"])
def test_control_characters_are_refused(sign: str) -> None:
    (one,) = judge({**GOOD, "note": f"a{sign}b"})
    assert [(fault.column, fault.reason.split(" U+")[0]) for fault in one.faults] in (
        [("note", "the cell holds the control character")],
        [("note", "the cell holds the control character NUL")],
    )


@pytest.mark.parametrize(
    "note",
    [
        "plain",
        "a;b",
        'a"b',
        "'quoted'",
        "-1 K",
        "@home",
        "a\r\nb",
        "<script>alert(1)</script>",
        "#1",
        "非晶",
        "  blanks  ",
    ],
)
def test_the_file_says_what_the_form_said(note: str) -> None:
    rows = [{**GOOD, "note": note, "heat no.": "12"}, {**GOOD, "sample_id": "B", "tg_K": "690"}]
    judged = judge(*rows)
    read = read_file("form.csv", ".csv", file_of_rows(rows), TODAY)
    assert [dict(one.content()) for one in read.casts] == [dict(one.cast.content()) for one in judged if one.cast]
    assert [one.line for one in read.casts] == [2, 3]
    assert [one.cast.line for one in judged if one.cast] == [1, 2]
    assert dict(read.casts[0].content())["heat no."] == "12"


def test_five_hundred_rows_are_judged() -> None:
    rows = judge(*({**GOOD, "sample_id": f"S-{number}"} for number in range(500)))
    assert {one.outcome for one in rows} == {"accepted"}


def test_a_row_with_nothing_but_what_the_form_fills_in_is_empty() -> None:
    assert is_empty({"sample_id": " ", "test_date": "2026-02-27", "composition_unit": "at%"})
    assert not is_empty({"composition_nominal": "Zr50Al5Cu45"})


@given(
    st.sampled_from(sorted(set(COLUMNS) - {"schema_version"})),
    st.text(max_size=30) | st.sampled_from(["'=1", "+1", "1;2", "# x", "a\u2028b", "−1 K"]),
)
@example("note", "'" + "@a")
@example("sample_id", "sample_id")
@settings(max_examples=150)
def test_whatever_is_typed_the_file_is_read_as_the_form_was_judged(column: str, text: str) -> None:
    (one,) = judge({**GOOD, column: text})
    read = read_file("form.csv", ".csv", file_of_rows([{**GOOD, column: text}]), TODAY)
    if one.cast is not None:
        assert [dict(cast.content()) for cast in read.casts] == [dict(one.cast.content())]
    else:
        assert one.faults
