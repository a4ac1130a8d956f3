"""The data dictionary: every table and column in words, written from the registry (`make docs`).

Belongs here: the page docs/data_dictionary.md. The modules of the groups describe the tables.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, SYSTEM_TABLES
from bmg_assets.store.tables.table import Column, Table

PAGE = Path(__file__).parents[3] / "docs" / "data_dictionary.md"
HEADER = "| column | type | unit | meaning | rules |\n|---|---|---|---|---|"
INTRODUCTION = """# Data dictionary

Every table that the platform stores, as its registry in `bmg_assets/store/tables` describes it; `make docs`
writes this page anew. All of them answer to `bmg query "SELECT ..."`, those of the literature as
`literature.alloys` and so on.

Compositions are in at.%. A diameter is the critical casting diameter D_max in mm: 0 where not even a ribbon was glass,
0.2 where only a ribbon was. An empty cell means "not known", never zero. Times are UTC.
"""


def render_dictionary() -> str:
    """The page in Markdown: the tables of the literature, then those of the systems, in pipeline order."""
    tables = _section("Literature", LITERATURE_TABLES.values()) + _section("Target systems", SYSTEM_TABLES.values())
    return "\n".join([INTRODUCTION, *tables])


def _section(title: str, tables: Iterable[Table]) -> list[str]:
    return [f"## {title}\n", *(_table(table) for table in tables)]


def _table(table: Table) -> str:
    lines = [f"### `{table.name}`\n", f"{table.description} {_origin(table)}\n", HEADER, *map(_row, table.columns)]
    if table.further_float_columns:
        lines.append(
            "| *further columns* | `double` |  | Descriptors, one column each, under matminer's names. | numbers |"
        )
    return "\n".join(lines) + "\n"


def _origin(table: Table) -> str:
    written_by = f"Output of the asset `{table.asset}`" if table.asset else "Written on the way to other assets"
    return f"{written_by}{', one piece per target system' if table.partitioned else ''}."


def _row(column: Column) -> str:
    rules = [*(["may be empty"] if column.nullable else []), *(["unique"] if column.unique else []), *column.rules()]
    cells = (f"`{column.name}`", f"`{column.type}`", column.unit or "", column.description, ", ".join(rules))
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(render_dictionary(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} is up to date.\n")
