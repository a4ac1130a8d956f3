"""Files of public sources as rows of text, exactly as they were published.

A reader knows a file format and nothing of glasses: cells stay text ("None" too, which is a class in one source), and
what they mean is decided in bmg_assets/science. Each format that sources.yaml can name is one function here.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from lzma import LZMAError
from pathlib import Path
from typing import TYPE_CHECKING

from bmg_assets.archives import ArchiveError, read_gzip
from bmg_assets.science.errors import BmgError
from bmg_assets.science.literature.curation import RAW_COLUMNS
from bmg_assets.sources.csv_tables import LINE_FAULT, CsvTableError, read_csv_table
from bmg_assets.sources.declaration import SourceDeclaration
from bmg_assets.sources.download import verify_file

if TYPE_CHECKING:
    import pandas as pd

RAW_COLUMN_OF_ROLE = {
    "formula": "formula",
    "class": "class_reported",
    "value": "value_reported",
    "method": "method",
    "form": "form",
    "thickness": "thickness",
    "reference": "reference",
    "year": "year",
}


class SourceFileError(BmgError):
    """A source's file cannot be read as declared; the message names the source, what was found and what to do."""


def read_source(declaration: SourceDeclaration, path: Path) -> "pd.DataFrame":
    """The rows of a source, for curate_reports.

    Returns RAW_COLUMNS: `source_row` (from 1, counting the rows of data), `shows_glass`, and the others as text, or
    None for an empty cell or a column that the source does not have; and `line_fault` for a line that cannot be read,
    which is then in `formula` as a whole.
    Raises DownloadError where the file is not the declared one, SourceFileError where it is absent, in another
    encoding or format, lacks a declared column, or has no rows.
    """
    table = _read_table(declaration, path, [*declaration.columns.values(), *declaration.glass_signs])
    signs = zip(*(_texts(table[column]) for column in declaration.glass_signs), strict=True)
    shown = [any(cell is not None for cell in cells) for cells in signs] or [False] * len(table)
    return _by_role(table, declaration, path).assign(shows_glass=shown)


def read_source_properties(declaration: SourceDeclaration, path: Path) -> "pd.DataFrame":
    """The rows of a source, for read_property_reports.

    Returns columns `source_row`, `formula`, `reference`, `year` as `read_source`, and one by the name of each property
    that the source declares: text, or None for an empty cell. Raises as `read_source`.
    """
    import pandas as pd

    stated = {name: one.column for name, one in declaration.properties.items()}
    table = _read_table(declaration, path, [*declaration.columns.values(), *stated.values()])
    rows = _by_role(table, declaration, path)[["source_row", "formula", "reference", "year"]]
    values = {name: _texts(table[column]) for name, column in stated.items()}
    return rows.join(pd.DataFrame(values, index=rows.index, dtype=object))


def _read_table(declaration: SourceDeclaration, path: Path, expected: Iterable[str]) -> "pd.DataFrame":
    """The file as it is, with at least the expected columns and one row."""
    if not path.is_file():
        raise SourceFileError(f"The file of source '{declaration.name}' is not at {path}; run `bmg data`.")
    verify_file(declaration, path)
    table = READERS[declaration.format](declaration, path)
    absent = [column for column in expected if column not in table.columns]
    if absent:
        found = ", ".join(str(column) for column in table.columns[:12] if column != LINE_FAULT)
        raise SourceFileError(
            f"{path.name} of source '{declaration.name}' has no column '{absent[0]}' (found: {found}); correct its "
            "columns in sources.yaml."
        )
    if table.empty:
        raise SourceFileError(f"{path.name} of source '{declaration.name}' has a header and no rows; get a full file.")
    return table


def _by_role(table: "pd.DataFrame", declaration: SourceDeclaration, path: Path) -> "pd.DataFrame":
    import pandas as pd

    cells: dict[str, list[str | None]] = {column: [None] * len(table) for column in (*RAW_COLUMNS, LINE_FAULT)}
    if LINE_FAULT in table:
        cells[LINE_FAULT] = _texts(table[LINE_FAULT])
    for role, column in declaration.columns.items():
        if role != "doi":
            cells[RAW_COLUMN_OF_ROLE[role]] = _texts(table[column])
    if "doi" in declaration.columns:
        dois = _texts(table[declaration.columns["doi"]])
        cells["reference"] = [_with_doi(*both) for both in zip(cells["reference"], dois, strict=True)]
    if declaration.reference_table is not None:
        citations = _citations(path.parent / declaration.reference_table.name, declaration)
        cells["reference"] = [_cited(key, citations, declaration) for key in cells["reference"]]
    return pd.DataFrame(cells, dtype=object).assign(source_row=range(1, len(table) + 1))


def _with_doi(reference: str | None, doi: str | None) -> str | None:
    """Reference and DOI of a row as one text; None where it names neither."""
    stated = [reference.strip()] if reference is not None else []
    if doi is not None and (reference is None or doi.strip() not in reference):
        stated.append(f"doi:{doi.strip()}")
    return "; ".join(stated) or None


def _texts(column: "pd.Series") -> list[str | None]:
    """Cells with None for those without a value; a short row leaves the cells at its end without text."""
    return [cell if isinstance(cell, str) and cell.strip() else None for cell in column]


def _read_csv(declaration: SourceDeclaration, path: Path) -> "pd.DataFrame":
    where = f"{path.name} of source '{declaration.name}'"
    used = [
        *declaration.columns.values(),
        *declaration.glass_signs,
        *(one.column for one in declaration.properties.values()),
    ]
    try:
        table = read_csv_table(path, declaration.encoding, declaration.separator, used)
    except LookupError as error:
        raise SourceFileError(
            f"{where} is declared in the encoding '{declaration.encoding}', which does not exist; write utf-8, latin-1 "
            "or another one in sources.yaml."
        ) from error
    except UnicodeError as error:
        raise SourceFileError(
            f"{where} is not in the encoding {declaration.encoding}; declare its encoding in sources.yaml."
        ) from error
    except (CsvTableError, OSError, EOFError, LZMAError, TypeError) as error:
        raise SourceFileError(f"{where} is not a readable CSV table ({_first_line(error)}); get it anew.") from error
    if repeated := table.repeated(used):
        raise SourceFileError(f"{where} has two columns named '{repeated[0]}'; rename one of them, or remove it.")
    frame = table.as_frame()
    formula = declaration.columns.get("formula")
    if formula in frame:
        faulty = frame[LINE_FAULT].notna()
        frame.loc[faulty, formula] = [table.whole_line(row) for row in frame.index[faulty]]
    return frame


def _read_matminer_json(declaration: SourceDeclaration, path: Path) -> "pd.DataFrame":
    """matminer's data sets: gzipped JSON of {"columns": [...], "index": [...], "data": [[...], ...]}."""
    import pandas as pd

    try:
        content = json.loads(read_gzip(path))
        cells = [[_as_text(cell) for cell in row] for row in content["data"]]
        return pd.DataFrame(cells, columns=content["columns"], dtype=object)
    except (ArchiveError, OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise SourceFileError(
            f"{path.name} of source '{declaration.name}' is not a gzipped matminer data set ({_first_line(error)}); "
            "get it anew."
        ) from error


def _as_text(cell: object) -> str | None:
    return None if cell is None else str(cell)


def _citations(path: Path, declaration: SourceDeclaration) -> dict[str, str]:
    """Reference key to citation from the source's own table of references."""
    import pandas as pd

    if not path.is_file():
        raise SourceFileError(f"The references of source '{declaration.name}' are not at {path}; restore that file.")
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    absent = [column for column in ("reference", "citation") if column not in table.columns]
    if absent:
        raise SourceFileError(f"{path.name} has no column '{absent[0]}'; expected reference, citation.")
    return dict(zip(table["reference"], table["citation"], strict=True))


def _cited(key: str | None, citations: Mapping[str, str], declaration: SourceDeclaration) -> str | None:
    if key is None:
        return None
    if key.strip() not in citations:
        raise SourceFileError(
            f"A row of source '{declaration.name}' cites '{key}', which is not in its references; add it there."
        )
    return citations[key.strip()]


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


READERS: dict[str, Callable[[SourceDeclaration, Path], "pd.DataFrame"]] = {
    "csv": _read_csv,
    "matminer_json": _read_matminer_json,
}
