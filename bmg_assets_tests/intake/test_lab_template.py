"""The template of a lab file is what the inbox takes, whole."""

import re
from datetime import date
from pathlib import Path

import pytest

from bmg_assets.intake.judge import judge_beside, read_file
from bmg_assets.intake.rows import COLUMNS
from bmg_assets.intake.words import WITHDRAWN_WORDS
from bmg_assets.science.casts.cast import CompositionUnit, DimensionKind, Method, Verdict
from bmg_assets.settings import PROJECT

TEMPLATE = PROJECT / "data" / "lab_results" / "examples" / "template.csv"
PAGE = PROJECT / "docs" / "lab_files.md"


def test_every_row_of_the_template_is_accepted() -> None:
    judgement, _ = judge_beside(read_file("template.csv", ".csv", TEMPLATE.read_bytes(), date(2026, 11, 1)), ())
    assert not judgement.refusals
    assert not judgement.skipped
    assert len(judgement.casts) == len(TEMPLATE.read_text(encoding="utf-8").splitlines()) - 1


def test_the_template_and_its_page_name_every_column_that_is_read() -> None:
    assert tuple(TEMPLATE.read_text(encoding="utf-8").splitlines()[0].split(",")) == COLUMNS
    page = Path(PAGE).read_text(encoding="utf-8")
    assert [column for column in COLUMNS if f"`{column}`" not in page] == []


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
    assert "withdrawn" in WITHDRAWN_WORDS
