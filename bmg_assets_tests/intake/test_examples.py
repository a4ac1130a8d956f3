"""The table of what is read and how: the page has what the command prints."""

from bmg_assets.intake.examples import EXAMPLES, judged_examples, table_of_examples
from bmg_assets.intake.rows import COLUMNS
from bmg_assets.settings import PROJECT

PAGE = PROJECT / "docs" / "lab_files.md"


def test_the_page_has_the_table_that_the_command_prints() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert table_of_examples() in page, "print the table with `bmg check --how` and put it into docs/lab_files.md"


def test_the_examples_are_of_columns_that_there_are() -> None:
    assert {one.column for one in EXAMPLES} <= set(COLUMNS)


def test_the_table_shows_values_notes_and_remedies() -> None:
    becomes = {(column, text): told for column, text, told in judged_examples()}
    assert becomes["dimension_mm", "2.5±0.1"] == "2.5 (uncertainty removed from number)"
    assert becomes["dimension_mm beside semicolons", "2,5"] == "2.5 (decimal comma read)"
    assert becomes["tg_K", "n.d."] == "empty (it states no value)"
    assert becomes["sample_id", "ZAC-17"] == "ZAC-17, as it is written"
    assert becomes["dimension_mm", "2,5"].startswith("refused: '2,5' has a comma in the number")
    assert becomes["composition_nominal", "Pd31Ni42S27"].startswith("Pd31Ni42S27 (The 86 descriptors do not know S")
