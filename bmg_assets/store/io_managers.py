"""How assets that are tables are stored and loaded: thin adapters from Dagster's contexts to the two databases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_origin

import dagster as dg

from bmg_assets.execution.failures import ends_in_one_sentence
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.origins import origin_of_output
from bmg_assets.store.preview import frame_preview
from bmg_assets.store.store import Store
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, table_of_asset
from bmg_assets.store.tables.dagster_schema import table_schema
from bmg_assets.store.tables.table import Table, TableError, UnknownTableError
from bmg_assets.store.tables.validation import Examined, examined

if TYPE_CHECKING:
    import pandas as pd

SOURCE_FILES = "source_files"
"""Metadata of an asset that reads sources: the SHA-256 of each source's file as it was read."""


class SystemTableIOManager(dg.ConfigurableIOManager):
    """Assets that are a table of the store: the asset's partition is the table's."""

    store: Store

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Refuse a store of another version before anything is computed."""
        self.store.check_format()

    @ends_in_one_sentence
    def handle_output(self, context: dg.OutputContext, obj: pd.DataFrame | Examined) -> None:
        """Replace the partition that the run is for; raises TableError before anything is written."""
        table = _table(context)
        rows, system = examined(table, obj), _written_system(context, table)
        described = context.output_metadata
        origin = None if system is None else origin_of_output(context, self.store, system, described)
        name = self.store.write_table(table.name, system, rows, origin=origin)
        context.add_output_metadata(table_metadata(rows, self.store.path_of(name), self.store.size_of(name)))

    @ends_in_one_sentence
    def load_input(self, context: dg.InputContext) -> pd.DataFrame | dict[str, pd.DataFrame]:
        """One partition as a frame; several as a dict by system if the input is annotated so, else as one frame.

        Missing partitions are left out if several are asked for; a single one must be there.
        """
        table = _table(context)
        if not table.partitioned:
            return self.store.read_table(table.name)
        by_system = get_origin(context.dagster_type.typing_type) is dict
        systems = list(context.asset_partition_keys) if context.has_asset_partitions else None
        if systems is not None and len(systems) == 1 and context.has_partition_key and not by_system:
            return self.store.read_table(table.name, systems[0])
        if by_system:
            return self.store.read_systems(
                table.name, self.store.partitions_of(table.name) if systems is None else systems
            )
        return self.store.read_all(table.name, systems)


class LiteratureIOManager(dg.ConfigurableIOManager):
    """Assets that are a table of the literature database."""

    database: LiteratureDatabase

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Refuse a store of another version before anything is computed."""
        self.database.store.check_format()

    @ends_in_one_sentence
    def handle_output(self, context: dg.OutputContext, obj: pd.DataFrame | Examined) -> None:
        """Replace the table; raises TableError before anything is written."""
        rows = examined(_literature_table(context), obj)
        name = self.database.write(rows.table.name, rows, _source_files(context.output_metadata))
        store = self.database.store
        context.add_output_metadata(table_metadata(rows, store.path_of(name), store.size_of(name)))

    @ends_in_one_sentence
    def load_input(self, context: dg.InputContext) -> pd.DataFrame:
        """The whole table; raises EmptyLiteratureError if it has not been materialized."""
        return self.database.read(_literature_table(context).name)


def table_metadata(rows: Examined, path: str, size_bytes: int) -> dict[str, Any]:
    """What the UI shows of a table that was written: rows, columns with units and rules, file, first rows."""
    further = rows.table.further_columns(rows.arrow.column_names)
    ordered = rows.frame[rows.arrow.column_names]
    return {
        "dagster/row_count": len(ordered),
        "dagster/column_schema": table_schema(rows.table, further),
        "path": dg.MetadataValue.path(path),
        "size_bytes": size_bytes,
        "preview": dg.MetadataValue.md(frame_preview(ordered)),
    }


def _source_files(described: Mapping[str, Any]) -> dict[str, str]:
    """The SHA-256 of each source's file as it was read, where the asset says so."""
    files = described.get(SOURCE_FILES, {})
    return dict(files.value if isinstance(files, dg.MetadataValue) else files)


def _table(context: dg.OutputContext | dg.InputContext) -> Table:
    return table_of_asset(context.asset_key.path[-1])


def _literature_table(context: dg.OutputContext | dg.InputContext) -> Table:
    table = _table(context)
    if table.name not in LITERATURE_TABLES:
        raise UnknownTableError(
            f"Table {table.name} belongs to the systems, not to the literature: give the asset the other IO manager."
        )
    return table


def _written_system(context: dg.OutputContext, table: Table) -> str | None:
    if not table.partitioned:
        return None
    systems = list(context.asset_partition_keys) if context.has_asset_partitions else []
    if len(systems) != 1:
        raise TableError(
            f"Table {table.name} is written for one target system in a run, but this run is for {len(systems)}: "
            "start one run per system."
        )
    return systems[0]
