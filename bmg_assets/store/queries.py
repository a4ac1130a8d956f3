"""SQL over everything stored: the views of the systems and the literature, in one connection in memory.

A query reads the tables and nothing else: no other file of the machine or the network, and it writes none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from bmg_assets.science.errors import BmgError
from bmg_assets.store.folder import Folder
from bmg_assets.store.literature_database import (
    CATALOG,
    DamagedLiteratureError,
    EmptyLiteratureError,
    LiteratureDatabase,
    attach_literature,
)
from bmg_assets.store.remote_folder import RemoteFolder
from bmg_assets.store.store import Store
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, SYSTEM_TABLES
from bmg_assets.store.views import SCHEMA_FILE, create_views, sql_text, view_sql, without_wildcards, write_schema_files

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


_EXPLAINED = re.compile(r"\s*explain\s+(analyze\s+)?(\([^()]*\)\s*)?", re.IGNORECASE)
_PIVOT = re.compile(r"\s*(pivot|unpivot|from|select)\b", re.IGNORECASE)


class QueryError(BmgError):
    """A query that DuckDB refuses, or that does more than read tables."""


def open_views(store: Store) -> duckdb.DuckDBPyConnection:
    """A connection with the tables of all systems (`candidates`, ..) and the literature (`literature.alloys`, ..).

    The connection only reads, so it holds up no writer. It sees what is written to the systems' tables while it is
    open; the literature stays as it was when it was opened, and is left out before it is first materialized or where it
    is damaged.
    Raises StoreFormatError if another version wrote the store.
    """
    import duckdb

    store.check_format()
    folder = store.folder
    write_schema_files(folder)
    connection = duckdb.connect()
    # A file that is replaced while the connection is open must never be answered from an earlier one's blocks.
    connection.execute("SET enable_external_file_cache = false")
    if isinstance(folder, RemoteFolder):
        from bmg_assets.store.whole_files import WholeFiles

        files = WholeFiles(folder)
        connection.register_filesystem(files)
        # What is damaged is found out by `leave_out_damaged`, of the tables that a query names.
        files.only_named = SCHEMA_FILE
        create_views(connection, folder)
        files.only_named = None
    else:
        create_views(connection, folder, lambda table: _sound_files(store, table, store.damaged_files(table)))
    with suppress(DamagedLiteratureError):  # told when a query names it, see leave_out_damaged
        attach_literature(connection, folder)
    _lock(connection, folder)
    return connection


def leave_out_damaged(connection: duckdb.DuckDBPyConnection, store: Store, sql: str) -> list[str]:
    """Leave the damaged files of the tables that a query names out of its answer; a sentence for each of them.

    DuckDB does not look at the checksums of pages, and would answer with other numbers.

    Args:
        connection: as `open_views` gives it.

    Raises:
        DamagedLiteratureError: the query names a table of the literature, and that is damaged.
    """
    for name in tables_named(sql, [f"{CATALOG}.{table}" for table in LITERATURE_TABLES]):
        with suppress(EmptyLiteratureError):
            LiteratureDatabase(store=store).read(name.removeprefix(f"{CATALOG}."))
    told: list[str] = []
    for name in tables_named(sql, SYSTEM_TABLES):
        damaged = store.damaged_files(name)
        if damaged:
            sound = _sound_files(store, name, damaged)
            connection.execute(view_sql(SYSTEM_TABLES[name], store.folder, sound))
            told += damaged.values()
    return told


def _sound_files(store: Store, table: str, damaged: Collection[str]) -> list[str]:
    return [name for name in store.folder.files(table) if name.endswith(".parquet") and name not in damaged]


def tables_named(sql: str, names: Iterable[str]) -> list[str]:
    """Those of the tables that a query names."""
    return [name for name in names if re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", sql, re.IGNORECASE)]


def answer(connection: duckdb.DuckDBPyConnection, sql: str) -> pd.DataFrame:
    """The result of a query.

    Args:
        connection: as `open_views` gives it.

    Raises:
        QueryError: the query was refused; the message names its tables and their columns, or else all tables.
    """
    import duckdb

    try:
        _check_reads(connection, sql)
        found: pd.DataFrame = connection.sql(sql).df()
        return found
    except duckdb.PermissionException as error:
        raise QueryError(
            f"The query was refused: {_first_line(error)}. It reads or writes something that is no table, and "
            "`bmg query` only reads tables; save its answer with `bmg query --json ... > FILE`."
        ) from error
    except duckdb.Error as error:
        tables = _tables(connection)
        asked = tables_named(sql, tables)
        known = "; ".join(f"{name} has the columns {', '.join(tables[name])}" for name in asked)
        if not asked or isinstance(error, duckdb.CatalogException):
            known = f"the tables are {', '.join(tables)}"
        what = str(error).split("LINE ")[0].split()
        raise QueryError(f"The query was refused: {' '.join(what)}\nTo go on: {known}.") from error


def _lock(connection: duckdb.DuckDBPyConnection, folder: Folder) -> None:
    """Leave no files but those of the tables, and no way back."""
    places = [place for table in SYSTEM_TABLES for place in _names_of(folder.path_of(table), folder)]
    # The pattern of a view is looked up by its text, in which brackets of the folder's name are escaped.
    allowed = dict.fromkeys([*places, *map(without_wildcards, places)])
    connection.execute(f"SET allowed_directories = [{', '.join(map(sql_text, allowed))}]")
    # A folder for what does not fit into memory would be open to queries as well.
    connection.execute("SET temp_directory = ''")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _names_of(path: str, folder: Folder) -> list[str]:
    """The path as the views have it, and as a listing behind fsspec gives it (`memory:///a` for `memory://a`)."""
    if not isinstance(folder, RemoteFolder):
        return [path]
    filesystem = folder.filesystem
    return [path, filesystem.unstrip_protocol(filesystem._strip_protocol(path))]


def _check_reads(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refuse statements that do more than read: the folders of the tables are open to COPY and ATTACH.

    Raises:
        QueryError: one of the statements writes, attaches or sets something.
        duckdb.Error: it is no SQL.
    """
    for statement in connection.extract_statements(sql):
        if not _reads(connection, statement):
            kind = statement.type.name.replace("_", " ")
            raise QueryError(
                f"The query was refused: it is a statement of the kind {kind}, and `bmg query` only reads tables: "
                "begin it with SELECT, FROM, WITH, DESCRIBE, SHOW, SUMMARIZE, PIVOT or EXPLAIN."
            )


def _reads(connection: duckdb.DuckDBPyConnection, statement: duckdb.Statement) -> bool:
    match statement.type.name:
        case "SELECT":
            return True
        case "MULTI":  # a pivot, or a copy of one
            return _PIVOT.match(statement.query) is not None
        case "EXPLAIN":  # with ANALYZE it does what it explains
            explained = connection.extract_statements(_EXPLAINED.sub("", statement.query, count=1))
            return all(_reads(connection, one) for one in explained)
        case _:
            return False


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].removeprefix("Permission Error: ").rstrip(".")


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Columns of each table, by the name that a query uses for it."""
    rows = connection.execute(
        "SELECT table_name, database_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
        "WHERE NOT internal GROUP BY ALL"
    ).fetchall()
    return dict(sorted((f"{CATALOG}.{name}" if place == CATALOG else name, columns) for name, place, columns in rows))
