"""SQL over everything stored: the views of the systems and the literature, in one connection in memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bmg_assets.science.errors import BmgError
from bmg_assets.store.literature_database import CATALOG, attach_literature
from bmg_assets.store.store import Store
from bmg_assets.store.views import create_views, write_schema_files

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


class QueryError(BmgError):
    """A query that DuckDB refuses."""


def open_views(store: Store) -> duckdb.DuckDBPyConnection:
    """A connection with the tables of all systems (`candidates`, ..) and the literature (`literature.alloys`, ..).

    The connection only reads, so it holds up no writer. It sees what is written to the systems' tables while it is
    open; the literature stays as it was when it was opened, and is left out before it is first materialized.
    Raises StoreFormatError if another version wrote the store.
    """
    import duckdb

    store.check_format()
    folder = store.folder
    write_schema_files(folder)
    connection = duckdb.connect()
    # A file that is replaced while the connection is open must never be answered from an earlier one's blocks.
    connection.execute("SET enable_external_file_cache = false")
    filesystem = getattr(folder, "filesystem", None)
    if filesystem is not None:
        connection.register_filesystem(filesystem)
    create_views(connection, folder)
    attach_literature(connection, folder)
    return connection


def answer(connection: duckdb.DuckDBPyConnection, sql: str) -> pd.DataFrame:
    """The result of a query.

    Args:
        connection: as `open_views` gives it.

    Raises:
        QueryError: the query was refused; the message names its tables and their columns, or else all tables.
    """
    import duckdb

    try:
        found: pd.DataFrame = connection.sql(sql).df()
        return found
    except duckdb.Error as error:
        tables = _tables(connection)
        asked = [name for name in tables if re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", sql)]
        known = "; ".join(f"{name} has the columns {', '.join(tables[name])}" for name in asked)
        if not asked or isinstance(error, duckdb.CatalogException):
            known = f"the tables are {', '.join(tables)}"
        what = str(error).split("LINE ")[0].split()
        raise QueryError(f"The query was refused: {' '.join(what)}\nTo go on: {known}.") from error


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Columns of each table, by the name that a query uses for it."""
    rows = connection.execute(
        "SELECT table_name, database_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
        "WHERE NOT internal GROUP BY ALL"
    ).fetchall()
    return dict(sorted((f"{CATALOG}.{name}" if place == CATALOG else name, columns) for name, place, columns in rows))
