"""Frames to Arrow and back: columns by name, in the registry's order, of exactly the registry's types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmg_assets.store.tables.table import Column, ColumnType, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    import pyarrow as pa

FURTHER_COLUMN_TYPE: ColumnType = "double"

# What pandas' infer_dtype may find in a column (nulls left out), for each type of the registry.
_ACCEPTED_KINDS: dict[ColumnType, frozenset[str]] = {
    "string": frozenset({"string"}),
    "int64": frozenset({"integer"}),
    "double": frozenset({"floating", "integer", "mixed-integer-float"}),
    "bool": frozenset({"boolean"}),
    "date": frozenset({"date"}),
    "timestamp": frozenset({"datetime64", "datetime"}),
}


class ColumnTypeError(Exception):
    """The values of one column are not of its type; the message names what they are."""


def arrow_schema(table: Table, further: Iterable[str] = ()) -> pa.Schema:
    """The table's Arrow schema, units and descriptions as field metadata; `further` float columns follow in order."""
    import pyarrow as pa

    fields = []
    for column in table.columns:
        notes = {"description": column.description} | ({"unit": column.unit} if column.unit else {})
        fields.append(pa.field(column.name, arrow_type(column.type), column.nullable, notes))
    fields += [pa.field(name, arrow_type(FURTHER_COLUMN_TYPE)) for name in further]
    return pa.schema(fields)


def arrow_type(name: ColumnType) -> pa.DataType:
    """The Arrow type of one of the registry's types."""
    import pyarrow as pa

    types: dict[ColumnType, pa.DataType] = {
        "string": pa.string(),
        "int64": pa.int64(),
        "double": pa.float64(),
        "bool": pa.bool_(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us", tz="UTC"),
        "list<string>": pa.list_(pa.string()),
        "list<double>": pa.list_(pa.float64()),
    }
    return types[name]


def to_array(column: Column, values: pd.Series) -> pa.Array:
    """The column's values as Arrow, missing ones (None, NaN, NaT) as null; raises ColumnTypeError.

    Only what loses nothing is taken: integers in a float column, and whole floats in a nullable integer column, since
    that is how pandas holds integers with gaps. Text that looks like a number and times without a zone are refused.
    """
    import pyarrow as pa

    if isinstance(values.dtype, _categorical()):
        values = values.astype(object)
    if values.isna().all():
        return pa.nulls(len(values), arrow_type(column.type))
    if column.type.startswith("list<"):
        _refuse_non_sequences(values)
    else:
        _refuse_other_kind(column, values)
    try:
        array = pa.Array.from_pandas(values, type=arrow_type(column.type), safe=column.type != "timestamp")
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise ColumnTypeError(str(error).splitlines()[0]) from error
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def to_frame(arrow: pa.Table) -> pd.DataFrame:
    """A frame of the Arrow table: lists as Python lists, dates as `date`, times in UTC, integers with gaps as Int64."""
    import pandas as pd

    return pd.DataFrame({name: _to_series(arrow.schema.field(name), arrow[name]) for name in arrow.column_names})


def empty_frame(table: Table) -> pd.DataFrame:
    """No rows, with the table's columns and their types."""
    return to_frame(arrow_schema(table).empty_table())


def shown(value: Any) -> str:
    """The value as it is named in a refusal, cut at 60 characters."""
    text = repr(value.item() if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 else value)
    return text if len(text) <= 60 else text[:57] + "..."


def _to_series(field: pa.Field, values: pa.ChunkedArray) -> pd.Series:
    import pandas as pd
    import pyarrow as pa

    if pa.types.is_list(field.type):
        return pd.Series(values.to_pylist(), dtype=object)
    # pandas' own integers and booleans have no missing value: these two have one.
    nullable = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()} if field.nullable else {}
    series: pd.Series = values.to_pandas(types_mapper=nullable.get)
    return series


def _categorical() -> type:
    import pandas as pd

    return pd.CategoricalDtype


def _refuse_non_sequences(values: pd.Series) -> None:
    import numpy as np

    # Arrow itself would take the text "Zr" for the list ["Z", "r"].
    for value in values[values.notna()]:
        if not isinstance(value, (list, tuple, np.ndarray)):
            raise ColumnTypeError(f"{shown(value)} is not a list")


def _refuse_other_kind(column: Column, values: pd.Series) -> None:
    import pandas as pd

    kind = pd.api.types.infer_dtype(values, skipna=True)
    present = values[values.notna()]
    if column.type == "int64" and column.nullable and kind == "floating" and (present % 1 == 0).all():
        return
    if kind not in _ACCEPTED_KINDS[column.type]:
        raise ColumnTypeError(f"it holds {kind} ({shown(present.iloc[0])})")
    if column.type == "timestamp" and any(pd.Timestamp(value).tzinfo is None for value in present):
        raise ColumnTypeError("it holds times without a time zone")
