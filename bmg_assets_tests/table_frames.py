"""Frames that fit the tables, made from the registry itself, with values that say nothing about any alloy."""

import datetime
from typing import Any

import pandas as pd

from bmg_assets.store.tables.table import Column, Table

SYSTEM = "Zr-Al-Cu"
START = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=datetime.UTC)


def frame_of(table: Table, rows: int = 3, target_system: str = SYSTEM, **columns: Any) -> pd.DataFrame:
    """A frame that the table takes; `columns` replaces or adds some of its columns."""
    values = {column.name: [_value(column, row) for row in range(rows)] for column in table.columns}
    if table.partitioned:
        values["target_system"] = [target_system] * rows
    return pd.DataFrame(values).assign(**columns)


def _value(column: Column, row: int) -> Any:
    low = int(column.minimum or 0)
    match column.type:
        case "string":
            return column.allowed[0 if not column.unique else row] if column.allowed else f"{column.name} {row}"
        case "int64":
            return low if column.maximum is not None else low + row
        case "double":
            return 0.125 * (row % 8 + 1)
        case "bool":
            return row % 2 == 0
        case "date":
            return START.date() + datetime.timedelta(days=row)
        case "timestamp":
            return START + datetime.timedelta(days=row)
        case "list<string>":
            return [f"{column.name} {number}" for number in range(row % 4)]
        case "list<double>":
            return [0.25 * number for number in range(row % 4 + 1)]
