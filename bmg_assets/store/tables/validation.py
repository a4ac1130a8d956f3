"""Whether a frame fits its table: names, types and the rules of each column, all faults at once, found in Arrow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bmg_assets.store.tables.arrow import FURTHER_COLUMN_TYPE, ColumnTypeError, arrow_schema, shown, to_array, to_frame
from bmg_assets.store.tables.table import Column, Table, TableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    import pyarrow as pa

FAULTS_SHOWN = 6


@dataclass(frozen=True)
class Examined:
    """A frame that was examined once: its check reports the faults, the store writes the Arrow table."""

    table: Table
    frame: pd.DataFrame
    arrow: pa.Table
    """Columns in the registry's order and further ones behind; empty if there are faults."""
    faults: list[str]
    """Every way in which the frame does not fit the table, one clause each, naming the column."""

    def storable(self) -> pa.Table:
        """The Arrow table; raises TableError if there are faults."""
        if self.faults:
            shown = "; ".join(self.faults[:FAULTS_SHOWN])
            more = f"; and {len(self.faults) - FAULTS_SHOWN} more" if len(self.faults) > FAULTS_SHOWN else ""
            raise TableError(
                f"Table {self.table.name} was refused: {shown}{more}. The expected columns are described in "
                "bmg_assets/store/tables; fix what makes the rows. Nothing was written."
            )
        return self.arrow


def examined(table: Table, frame: pd.DataFrame | Examined) -> Examined:
    """The frame with its faults; one that was examined for this table already is given back as it is.

    Rules are looked at only where all names and types are right.
    """
    import pyarrow as pa

    if isinstance(frame, Examined):
        if frame.table == table:
            return frame
        frame = frame.frame

    def refused(faults: list[str]) -> Examined:
        return Examined(table, frame, arrow_schema(table).empty_table(), faults)

    faults = _name_faults(table, frame)
    if faults:
        return refused(faults)
    further = table.further_columns(list(frame.columns))
    columns = [*table.columns, *(_further_column(name) for name in further)]
    arrays = []
    for column in columns:
        try:
            arrays.append(to_array(column, frame[column.name]))
        except ColumnTypeError as error:
            faults.append(f"column {column.name} should be {column.type}, but {error}")
    if not faults:
        faults = [fault for column, array in zip(columns, arrays, strict=True) for fault in _rule_faults(column, array)]
    if faults:
        return refused(faults)
    return Examined(table, frame, pa.table(arrays, schema=arrow_schema(table, further)), [])


def _name_faults(table: Table, frame: pd.DataFrame) -> list[str]:
    names = [str(name) for name in frame.columns]
    faults = [f"column {name} is missing" for name in table.column_names if name not in names]
    if not table.further_float_columns:
        faults += [f"column {name} is unknown" for name in names if name not in table.column_names]
    faults += [f"column {name} is there twice" for name in sorted({n for n in names if names.count(n) > 1})]
    if not len(frame) and not table.may_be_empty:
        faults.append("it has no rows")
    return faults


def _further_column(name: str) -> Column:
    return Column(name, FURTHER_COLUMN_TYPE, None, "Further column.", nullable=True)


def _rule_faults(column: Column, values: pa.Array) -> list[str]:
    """One clause for all rows of a column that break one rule; rows are counted from 0."""
    faults = []
    for rule, at_fault in _broken_rules(column, values):
        if len(at_fault):
            rows = "row" if len(at_fault) == 1 else "rows"
            first = f"first: {_shown_at(column, values, at_fault[0].as_py())} in {at_fault[0]}"
            faults.append(f"column {column.name} must {rule}, but is not in {len(at_fault)} {rows} ({first})")
    return faults


def _broken_rules(column: Column, values: pa.Array) -> Iterator[tuple[str, pa.Array]]:
    """Each rule of the column in words, with the rows that break it; in a list, an element that does."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not column.nullable:
        yield "not be empty", pc.indices_nonzero(values.is_null())
    if column.unique:
        yield "be unique", _repeated(values)
    elements, rows = values, None
    if pa.types.is_list(values.type):
        elements, rows = pc.list_flatten(values), pc.list_parent_indices(values)

    def broken(mask: pa.Array) -> pa.Array:
        at_fault = pc.indices_nonzero(mask)
        return at_fault if rows is None else pc.unique(rows.take(at_fault))

    if pa.types.is_floating(elements.type):
        yield "be finite", broken(pc.is_inf(elements))
    if column.minimum is not None:
        yield f"be at least {column.minimum:g}", broken(pc.less(elements, column.minimum))
    if column.maximum is not None:
        yield f"be at most {column.maximum:g}", broken(pc.greater(elements, column.maximum))
    if column.allowed is not None:
        known = pc.is_in(elements, pa.array(column.allowed), skip_nulls=True)
        yield f"be one of {', '.join(column.allowed)}", broken(pc.and_(pc.invert(known), elements.is_valid()))
    if rows is not None:
        yield "be without gaps", broken(elements.is_null())


def _repeated(values: pa.Array) -> pa.Array:
    """The rows of values that occur more than once; nulls are no values."""
    import pyarrow.compute as pc

    counts = values.value_counts()
    often = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    return pc.indices_nonzero(pc.is_in(values, often, skip_nulls=True))


def _shown_at(column: Column, values: pa.Array, row: int) -> str:
    import pyarrow as pa

    return shown(to_frame(pa.table({column.name: values.slice(row, 1)}))[column.name].iloc[0])
