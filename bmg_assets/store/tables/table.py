"""What a table of the store is: its columns with their types, units and rules.

Everything else that knows about columns (Parquet schemas, validation, the schema shown in the UI, the views) is derived
from these two classes. The tables themselves are in the modules named after the groups of assets.
"""

from dataclasses import dataclass
from typing import Literal

from bmg_assets.science.errors import BmgError

ColumnType = Literal["string", "int64", "double", "bool", "date", "timestamp", "list<string>", "list<double>"]


class TableError(BmgError):
    """A frame does not fit its table; the message names every column at fault."""


class UnknownTableError(BmgError):
    """There is no table of this name."""


@dataclass(frozen=True)
class Column:
    """One column: its type, its unit, and the rules that each of its values obeys.

    `unit` is None for what has none (names, counts). `minimum`, `maximum` (both inclusive) and `allowed` hold for each
    value, and in a list for each element. A timestamp is in UTC. Numbers are finite; a missing one is null.
    """

    name: str
    type: ColumnType
    unit: str | None
    description: str
    nullable: bool = False
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[str, ...] | None = None

    def rules(self) -> tuple[str, ...]:
        """The rules beyond nullability and uniqueness, in words."""
        words = []
        if self.minimum is not None:
            words.append(f"at least {self.minimum:g}")
        if self.maximum is not None:
            words.append(f"at most {self.maximum:g}")
        if self.allowed is not None:
            words.append("one of " + ", ".join(self.allowed))
        return tuple(words)


@dataclass(frozen=True)
class Table:
    """One table: the columns in their order, and how it is stored.

    `partitioned`: one piece per target system, whose first column is `target_system`.
    `further_float_columns`: any other column is taken too, as long as it holds numbers (descriptors).
    `may_be_empty`: no rows is a result, not a fault.
    `part_column`: each value of this column is written on its own (several writers per system).
    `outlives_system`: its rows belong to a study, and stay when somebody removes the target system of the same name.
    `asset`: the asset whose output the table is; None for a table that is written on the way.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    partitioned: bool
    further_float_columns: bool = False
    may_be_empty: bool = False
    part_column: str | None = None
    outlives_system: bool = False
    asset: str | None = None

    def __post_init__(self) -> None:
        names = self.column_names
        if len(set(names)) != len(names):
            raise ValueError(f"table {self.name} names a column twice")
        if self.partitioned and names[0] != "target_system":
            raise ValueError(f"table {self.name} is partitioned, so its first column is target_system")
        if self.part_column is not None and self.part_column not in names:
            raise ValueError(f"table {self.name} has no column {self.part_column} to be stored by")

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def further_columns(self, names: list[str]) -> list[str]:
        """Those of `names` that are not in the registry, in their order; empty where the table takes none."""
        known = set(self.column_names)
        return [name for name in names if name not in known] if self.further_float_columns else []
