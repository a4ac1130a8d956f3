"""The table as Dagster shows it: one line per column with its unit, and a constraint per rule."""

from collections.abc import Iterable

import dagster as dg

from bmg_assets.store.tables.arrow import FURTHER_COLUMN_TYPE
from bmg_assets.store.tables.table import Column, Table


def table_schema(table: Table, further: Iterable[str] = ()) -> dg.TableSchema:
    """The schema for the metadata `dagster/column_schema`; `further` names float columns beyond the registry's."""
    columns = [_column(column) for column in table.columns]
    columns += [
        dg.TableColumn(name, FURTHER_COLUMN_TYPE, "Further column (descriptor).", dg.TableColumnConstraints())
        for name in further
    ]
    return dg.TableSchema(columns, constraints=dg.TableConstraints(other=_table_rules(table)))


def _column(column: Column) -> dg.TableColumn:
    description = f"[{column.unit}] {column.description}" if column.unit else column.description
    constraints = dg.TableColumnConstraints(
        nullable=column.nullable, unique=column.unique, other=list(column.rules()) or None
    )
    return dg.TableColumn(column.name, column.type, description, constraints)


def _table_rules(table: Table) -> list[str]:
    rules = [] if table.may_be_empty else ["at least one row"]
    if table.partitioned:
        rules.append("rows of one target_system only, in each partition")
    if table.further_float_columns:
        rules.append("further columns hold numbers")
    return rules
