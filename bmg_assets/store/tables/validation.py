"""Whether a frame fits its table: names, types and the rules of each column, all faults at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmg_assets.store.tables.arrow import ColumnTypeError, arrow_schema, shown, to_array, to_frame
from bmg_assets.store.tables.table import Column, Table, TableError

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pandera
    import pyarrow as pa

FAULTS_SHOWN = 6


def validated(table: Table, frame: pd.DataFrame) -> pa.Table:
    """The frame as Arrow, columns in the registry's order and further ones behind; raises TableError."""
    arrow, faults = _examine(table, frame)
    if faults:
        shown = "; ".join(faults[:FAULTS_SHOWN])
        more = f"; and {len(faults) - FAULTS_SHOWN} more" if len(faults) > FAULTS_SHOWN else ""
        raise TableError(
            f"Table {table.name} was refused: {shown}{more}. Expected is what bmg_assets/store/tables says of this "
            "table; mend what makes the rows. Nothing was written."
        )
    return arrow


def violations(table: Table, frame: pd.DataFrame) -> list[str]:
    """Every way in which the frame does not fit the table, one clause each, naming the column; empty if it fits."""
    return _examine(table, frame)[1]


def pandera_schema(table: Table) -> pandera.DataFrameSchema:
    """The rules for the values of the table's own columns (not their types) as a pandera schema."""
    import pandera.pandas as pandera

    return pandera.DataFrameSchema(
        {
            column.name: pandera.Column(
                nullable=column.nullable, unique=column.unique, checks=_pandera_checks(column), required=True
            )
            for column in table.columns
        },
        name=table.name,
    )


def _examine(table: Table, frame: pd.DataFrame) -> tuple[pa.Table, list[str]]:
    """The frame as Arrow, and its faults; rules are looked at only where names and types are right."""
    import pyarrow as pa

    faults = _name_faults(table, frame)
    if faults:
        return arrow_schema(table).empty_table(), faults
    further = table.further_columns(list(frame.columns))
    columns = [*table.columns, *(_further_column(name) for name in further)]
    arrays = []
    for column in columns:
        try:
            arrays.append(to_array(column, frame[column.name]))
        except ColumnTypeError as error:
            faults.append(f"column {column.name} should be {column.type}, but {error}")
    if faults:
        return arrow_schema(table).empty_table(), faults
    # Nulls in a column that forbids them must not stop Arrow here: the rules report them with all other faults.
    lenient = pa.schema([field.with_nullable(True) for field in arrow_schema(table, further)])
    faults = _rule_faults(table, to_frame(pa.table(arrays, schema=lenient)), further)
    schema = lenient if faults else arrow_schema(table, further)
    return pa.table(arrays, schema=schema), faults


def _name_faults(table: Table, frame: pd.DataFrame) -> list[str]:
    names = [str(name) for name in frame.columns]
    faults = [f"column {name} is missing" for name in table.column_names if name not in names]
    if not table.further_float_columns:
        faults += [f"column {name} is unknown" for name in names if name not in table.column_names]
    faults += [f"column {name} is there twice" for name in sorted({n for n in names if names.count(n) > 1})]
    if not len(frame) and not table.may_be_empty:
        faults.append("it has no rows")
    return faults


def _rule_faults(table: Table, frame: pd.DataFrame, further: list[str]) -> list[str]:
    import numpy as np
    import pandera.errors

    faults = [f"column {name} holds infinite numbers" for name in further if np.isinf(frame[name]).any()]
    try:
        pandera_schema(table).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases
        for (column, check), group in cases.groupby(["column", "check"], sort=False):
            faults.append(_fault(str(column), str(check), group))
    return faults


def _fault(column: str, check: str, cases: pd.DataFrame) -> str:
    """One clause for all rows of a column that break one rule; rows are counted from 0."""
    case = cases.iloc[0]
    rule = {"not_nullable": "must not be empty", "field_uniqueness": "must be unique"}.get(check, f"must be {check}")
    rows = "row" if len(cases) == 1 else "rows"
    first = f"first: {shown(case['failure_case'])} in {case['index']}"
    return f"column {column} {rule}, but is not in {len(cases)} {rows} ({first})"


def _further_column(name: str) -> Column:
    return Column(name, "double", None, "Further column.", nullable=True)


def _pandera_checks(column: Column) -> list[pandera.Check]:
    """One check per rule; for a list column each rule holds for every element."""
    import math

    import pandera.pandas as pandera

    rules: list[tuple[str, Any]] = []
    if column.type in ("double", "list<double>"):
        rules.append(("finite", lambda value: not math.isinf(value)))
    if column.minimum is not None:
        rules.append((f"at least {column.minimum:g}", lambda value, low=column.minimum: value >= low))
    if column.maximum is not None:
        rules.append((f"at most {column.maximum:g}", lambda value, high=column.maximum: value <= high))
    if column.allowed is not None:
        rules.append((f"one of {', '.join(column.allowed)}", lambda value, words=column.allowed: value in words))
    if not column.type.startswith("list<"):
        return [pandera.Check(rule, element_wise=True, error=words) for words, rule in rules]
    rules = [(words, lambda value, rule=rule: value is None or rule(value)) for words, rule in rules]
    rules.append(("without gaps", lambda value: value is not None))
    return [
        pandera.Check(
            lambda values, rule=rule: all(rule(value) for value in values),
            element_wise=True,
            error=words,
        )
        for words, rule in rules
    ]
