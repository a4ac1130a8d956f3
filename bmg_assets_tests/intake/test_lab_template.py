"""The template of a lab file is what the inbox takes, whole."""

import re
from datetime import date

import pytest
from pydantic.fields import FieldInfo

from bmg_assets.intake.outcome import compare_with_accepted, read_file
from bmg_assets.intake.rows import COLUMNS, CastRow
from bmg_assets.intake.words import WORDS
from bmg_assets.science.casts.cast import CompositionUnit, DimensionKind, Method, Verdict
from bmg_assets.settings import PROJECT
from bmg_assets.store.tables.lab import LAB_CASTS

TEMPLATE = PROJECT / "data" / "lab_results" / "examples" / "template.csv"
PAGE = PROJECT / "docs" / "lab_files.md"


def test_every_row_of_the_template_is_accepted() -> None:
    outcome, _ = compare_with_accepted(read_file("template.csv", ".csv", TEMPLATE.read_bytes(), date(2026, 11, 1)), ())
    assert not outcome.refusals
    assert not outcome.skipped
    assert len(outcome.casts) == len(TEMPLATE.read_text(encoding="utf-8").splitlines()) - 1


def test_the_template_has_every_column() -> None:
    assert tuple(TEMPLATE.read_text(encoding="utf-8").splitlines()[0].split(",")) == COLUMNS


@pytest.mark.parametrize(("column", "field"), CastRow.model_fields.items())
def test_the_page_says_of_every_column_what_the_row_model_says(column: str, field: FieldInfo) -> None:
    (row,) = re.findall(rf"(?m)^\| .*`{column}`[^|]*\|([^|]+)\|", PAGE.read_text(encoding="utf-8"))
    assert field.description
    assert field.description in row


def test_every_column_is_kept_in_the_table_of_casts() -> None:
    assert set(COLUMNS) - {column.name for column in LAB_CASTS.columns} == {"schema_version"}


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("composition_unit", set(CompositionUnit)),
        ("method", set(Method)),
        ("dimension_kind", set(DimensionKind)),
        ("verdict", {*Verdict, "withdrawn"}),
    ],
)
def test_the_page_names_every_word_that_a_column_takes(column: str, words: set[str]) -> None:
    (row,) = re.findall(rf"(?m)^\| `{column}` \|([^|]+)\|", PAGE.read_text(encoding="utf-8"))
    assert set(re.findall("`([^`]+)`", row)) == words
    assert words == set(WORDS[column])
