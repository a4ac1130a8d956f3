"""A file with one column of formulas, which people have before they have casts: each formula as it would be read.

Belongs here: where the formulas stand. How a formula is read is the matter of `bmg_assets.science.alloys`.
"""

import re
from collections.abc import Sequence

from bmg_assets.intake.csv_file import MOST_LINES, csv_records, lines_of
from bmg_assets.intake.faults import SPLIT, CastFileError
from bmg_assets.intake.reading import Reading
from bmg_assets.intake.table import MOST_ABOVE_HEADER, Record, header_of
from bmg_assets.intake.workbook import sheets_of

_NAMES = """
    formula formulas alloy alloys composition compositions nominalcomposition alloycomposition compositionnominal
    compositionat compositionatpct glass material legierung zusammensetzung 合金 成分 合金成分 组成 組成 合金组成
"""
NAMES_OF_COLUMN = frozenset(_NAMES.split())
TEXT_ENDINGS = frozenset({".txt", ".csv", ".tsv", ".dat"})


def formulas_of(ending: str, data: bytes, reading: Reading) -> list[tuple[int, str]] | None:
    """Line and text of each formula of a file that is a table of formulas; None where it is no such table.

    It is one if a column has a name such as alloy, formula or composition, or if there is one column only, and if it
    has no header of casts. Raises CastFileError where the file cannot be read at all.
    """
    if ending.lower() == ".xlsx":
        tables = sheets_of(data, reading)
    elif ending.lower() == ".csv":
        tables = [csv_records(data).records]
    elif ending.lower() in TEXT_ENDINGS:
        tables = [_lines(data)]
    else:
        return None
    for records in tables:
        if header_of(records) is not None:
            return None
        found = _named_column(records) or _only_column(records)
        if found is not None:
            return found
    return None


def _lines(data: bytes) -> list[Record]:
    lines = lines_of(data)
    if len(lines) > MOST_LINES:
        raise CastFileError(f"the file has {len(lines)} lines, more than {MOST_LINES}", SPLIT)
    cells = (re.split(r"\t", line) for line in lines)
    return [
        Record(number, {place: text for place, text in enumerate(row) if text.strip()})
        for number, row in enumerate(cells, start=1)
    ]


def _named_column(records: Sequence[Record]) -> list[tuple[int, str]] | None:
    for header in [one for one in records if one.cells][:MOST_ABOVE_HEADER]:
        for place, text in header.cells.items():
            if re.sub(r"[\W_]", "", text.casefold()) in NAMES_OF_COLUMN:
                return [(one.line, one.cells.get(place, "")) for one in records if one.line > header.line and one.cells]
    return None


def _only_column(records: Sequence[Record]) -> list[tuple[int, str]] | None:
    filled = [one for one in records if one.cells]
    if not filled or any(set(one.cells) != {0} for one in filled):
        return None
    return [(one.line, one.cells[0]) for one in filled]
