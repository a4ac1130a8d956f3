"""The form of casts has a field for every column, and rows come back as they were sent."""

from bmg_assets.actions.form_rows import judge_rows
from bmg_assets.intake.reading import Reading
from bmg_assets.intake.rows import COLUMNS, REQUIRED_COLUMNS
from bmg_assets.science.casts.cast import DimensionKind, Method, Verdict
from bmg_assets.web.cast_form import (
    FIELDS,
    KINDS,
    METHODS,
    NEEDED,
    UNITS,
    VERDICTS,
    TypedRow,
    next_row,
    rows_of,
    shown,
    summary,
)
from bmg_assets.web.forms import Form
from bmg_assets_tests.science.casts.examples import TODAY
from bmg_assets_tests.web.reporters import GOOD, cells


def test_every_column_of_a_lab_file_has_a_field_and_every_word_an_option() -> None:
    assert {*FIELDS, "schema_version"} == set(COLUMNS)
    assert {*NEEDED, "schema_version"} == set(REQUIRED_COLUMNS) - {"verdict_method"}
    options = {"": "", **dict.fromkeys((*Method, *DimensionKind, *Verdict, "at%", "wt%"))}
    assert {*METHODS, *KINDS, *VERDICTS, *UNITS} == set(options)


def test_rows_are_found_in_the_order_of_their_numbers() -> None:
    values = {f"r{number}-sample_id": [f" S-{number} "] for number in (10, 2, 0)}
    form = Form({**values, "rx-sample_id": [""], "r1-unknown": ["x"], "r0-given": ["Zr50Al5Cu45"]}, {}, "")
    assert rows_of(form) == [
        TypedRow({"sample_id": "S-0"}, "Zr50Al5Cu45"),
        TypedRow({"sample_id": "S-2"}),
        TypedRow({"sample_id": "S-10"}),
    ]


def test_a_row_is_untouched_while_it_holds_what_it_came_with() -> None:
    came_with = {"composition_nominal": "Zr50Al5Cu45", "test_date": "2026-02-27", "verdict": "planned", "note": ""}
    assert TypedRow(came_with, "Zr50Al5Cu45").is_untouched
    assert not TypedRow(came_with, "Zr50Al10Cu40").is_untouched
    assert not TypedRow({**came_with, "note": "x"}, "Zr50Al5Cu45").is_untouched


def test_the_next_row_takes_over_what_the_day_has_in_common() -> None:
    assert next_row([TypedRow(GOOD)]).cells == {
        name: GOOD[name] for name in ("test_date", "composition_unit", "method", "dimension_kind")
    }
    assert next_row([]).cells == {}


def test_every_fault_leads_to_its_field_and_an_unknown_word_stays() -> None:
    row = {**GOOD, "verdict": "good", "tg_K": "0"}
    judged = judge_rows([row], (), TODAY, Reading())
    rows = shown([TypedRow(row)], judged)
    assert {one["id"] for one in summary(rows)} == {"r1-verdict", "r1-tg_K"}
    verdict = next(one for one in rows[0]["needed"] if one["id"] == "r1-verdict")
    assert verdict["options"]["good"] == "good"
    assert cells(row)["r1-verdict"] == "good"
