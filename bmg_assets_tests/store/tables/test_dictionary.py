"""The data dictionary follows from the registry, so it cannot be older than the tables."""

from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, SYSTEM_TABLES
from bmg_assets.store.tables.dictionary import PAGE, render_dictionary


def test_the_committed_page_is_what_the_registry_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == render_dictionary(), "run `make docs` and commit the page"


def test_every_column_has_its_line_with_unit_and_rules() -> None:
    page = render_dictionary()
    for table in (*LITERATURE_TABLES.values(), *SYSTEM_TABLES.values()):
        section = page.split(f"### `{table.name}`")[1].split("\n### ")[0]
        for column in table.columns:
            (line,) = [line for line in section.splitlines() if line.startswith(f"| `{column.name}` |")]
            assert f"| `{column.type}` | {column.unit or ''} |" in line
            assert ("may be empty" in line) == column.nullable
