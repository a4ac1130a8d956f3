"""Views over the Parquet files of the store, and `bmg.duckdb`, which holds nothing else.

A view names a folder, not files, so it shows what is written later. A file without rows in each folder gives a view
its columns and types before any other file exists, so `bmg.duckdb` changes only when a table changes or the store
moves. No writer of rows opens `bmg.duckdb`, so its readers hold up nobody.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bmg_assets.store.folder import Folder, LocalFolder, replacing
from bmg_assets.store.manifest import confirm, noted, write_noted
from bmg_assets.store.parquet import to_parquet
from bmg_assets.store.tables.arrow import arrow_schema
from bmg_assets.store.tables.catalogue import SYSTEM_TABLES
from bmg_assets.store.tables.table import Table

if TYPE_CHECKING:
    import duckdb

VIEWS_FILE = "bmg.duckdb"
FINGERPRINT_FILE = "bmg.duckdb.json"
SCHEMA_FILE = "_schema.parquet"
READ_ONLY = 0o444
# Readable by every DuckDB since 0.10, so that an older command line can open what this one writes.
STORAGE_VERSION = "v1.0.0"


def refresh_views(folder: LocalFolder) -> bool:
    """Build `bmg.duckdb` anew if it is missing, damaged, or made for other tables or another place; whether it was."""
    write_schema_files(folder)
    fingerprint = _fingerprint(folder)
    if folder.exists(VIEWS_FILE) and _recorded(folder) == {"fingerprint": fingerprint, "sha256": _sha256(folder)}:
        return False
    with replacing(folder.root / VIEWS_FILE, READ_ONLY) as temporary:
        _build(temporary, folder)
        note = noted(folder, VIEWS_FILE, temporary.read_bytes())
        remove_stale_log(folder.root / VIEWS_FILE)
    confirm(folder, note)
    recorded = {"fingerprint": fingerprint, "sha256": _sha256(folder)}
    write_noted(folder, FINGERPRINT_FILE, json.dumps(recorded).encode())
    return True


def create_views(
    connection: duckdb.DuckDBPyConnection, folder: Folder, sound: Callable[[str], Sequence[str]] | None = None
) -> None:
    """Create the views over the store's files in the connection's current database, with comments on the columns.

    Args:
        sound: gives the files of a table that can be read. A view of a table with one that cannot be read is made of
            these; by default it cannot be made.
    """
    import duckdb

    for table in SYSTEM_TABLES.values():
        try:
            connection.execute(view_sql(table, folder))
        except duckdb.Error:
            if sound is None:
                raise
            connection.execute(view_sql(table, folder, sound(table.name)))
        connection.execute(f"COMMENT ON VIEW {quoted(table.name)} IS {sql_text(table.description)}")
        comment_columns(connection, table)


def comment_columns(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Put each column's unit and description into the database, where `duckdb_columns()` shows them."""
    for column in table.columns:
        words = f"[{column.unit}] {column.description}" if column.unit else column.description
        connection.execute(f"COMMENT ON COLUMN {quoted(table.name)}.{quoted(column.name)} IS {sql_text(words)}")


def view_sql(table: Table, folder: Folder, files: Sequence[str] | None = None) -> str:
    """The statement that creates the table's view: the registry's columns in their order, further ones behind.

    Args:
        files: names of the only files to be read; by default all that are in the table's folder.
    """
    columns = ", ".join(quoted(name) for name in table.column_names)
    selected = f"{columns}, * EXCLUDE ({columns})" if table.further_float_columns else columns
    names = [f"{table.name}/**/*.parquet"] if files is None else [without_wildcards(name) for name in files]
    within = without_wildcards(folder.path_of(table.name)).removesuffix(table.name)
    pattern = f"[{', '.join(sql_text(within + name) for name in names)}]"
    # Folders above the store may be named like `lab=7`, which DuckDB takes for a column unless it is told not to.
    rows = f"read_parquet({pattern}, union_by_name = true, hive_partitioning = false)"
    return f"CREATE OR REPLACE VIEW {quoted(table.name)} AS SELECT {selected} FROM {rows}"


def write_schema_files(folder: Folder, tables: Iterable[Table] | None = None) -> None:
    """Give each table's folder, or those of some tables, its file without rows, if it is missing or out of date."""
    wanted = {f"{table.name}/{SCHEMA_FILE}": _schema_bytes(table) for table in tables or SYSTEM_TABLES.values()}
    for name, found in folder.read_many(list(wanted)):
        if found != wanted[name]:
            write_noted(folder, name, wanted[name], rows=0)


def remove_stale_log(database: Path) -> None:
    """Remove the write-ahead log beside a database.

    These databases are never written in place. A log beside one was left by a program that held an earlier file open
    for writing, and would make the present file unreadable.
    """
    database.with_name(database.name + ".wal").unlink(missing_ok=True)


def quoted(name: str) -> str:
    """The name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def sql_text(value: str) -> str:
    """The value as an SQL string."""
    return "'" + value.replace("'", "''") + "'"


def without_wildcards(path: str) -> str:
    """The path with `[`, `*` and `?` in it read as themselves."""
    return "".join(f"[{letter}]" if letter in "[*?" else letter for letter in path)


def _build(path: Path, folder: LocalFolder) -> None:
    import duckdb

    connection = duckdb.connect(config={"threads": 1})
    try:
        connection.execute(f"ATTACH {sql_text(str(path))} AS views (STORAGE_VERSION {sql_text(STORAGE_VERSION)})")
        connection.execute("USE views")
        # One transaction: by itself each statement would be synced to the disk.
        connection.execute("BEGIN")
        create_views(connection, folder)
        connection.execute("COMMIT")
        connection.execute("USE memory")
        connection.execute("DETACH views")
    finally:
        connection.close()


@functools.lru_cache
def _schema_bytes(table: Table) -> bytes:
    return to_parquet(arrow_schema(table).empty_table())


def _fingerprint(folder: LocalFolder) -> str:
    """Identity of the views: their statements and the tables with their descriptions, which are shown as comments."""
    parts = [f"{view_sql(table, folder)} {table!r}" for table in SYSTEM_TABLES.values()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _sha256(folder: LocalFolder) -> str:
    return hashlib.sha256(folder.read(VIEWS_FILE)).hexdigest()


def _recorded(folder: LocalFolder) -> object:
    """What the views were made for, and the bytes that were written; None where that cannot be read."""
    try:
        return json.loads(folder.read(FINGERPRINT_FILE))
    except (FileNotFoundError, ValueError):
        return None
