"""The literature tables in one DuckDB file, replaced as a whole; readers never meet a writer.

The tables lie in the schema that DuckDB opens by default, and the file's own name gives them theirs: the query
`FROM literature.alloys` works after `duckdb -readonly literature.duckdb` and after attaching it as `literature`.
A schema of that name inside a file of that name would make every such query ambiguous to DuckDB.
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from pydantic import Field

from bmg_assets.science.errors import BmgError
from bmg_assets.science.fingerprints import fingerprint_table
from bmg_assets.store.folder import Folder, FolderError, LocalFolder, not_written, replacing
from bmg_assets.store.manifest import confirm, noted
from bmg_assets.store.remote_folder import ChangedMeanwhileError, RemoteFolder
from bmg_assets.store.store import Store
from bmg_assets.store.tables.arrow import arrow_schema, to_frame
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, literature_table
from bmg_assets.store.tables.table import Table
from bmg_assets.store.tables.validation import Examined, examined
from bmg_assets.store.views import READ_ONLY, STORAGE_VERSION, comment_columns, quoted, remove_stale_log, sql_text

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

LITERATURE_FILE = "literature.duckdb"
CATALOG = "literature"
IDENTITIES = "identities"
"""Table of the database with what identifies the rows of each other one, and the files that they were read from."""
_MOST_ATTEMPTS = 100
HELD = "Could not set lock"
"""Words of DuckDB where another program holds the file."""


class EmptyLiteratureError(BmgError):
    """A literature table was asked for before it was materialized."""


class LiteratureError(BmgError):
    """The literature database cannot be read or written just now."""


class DamagedLiteratureError(LiteratureError):
    """The literature database is not what was written; the next writer replaces it."""


class LiteratureDatabase(dg.ConfigurableResource[Any]):
    """The tables of the literature, such as `reports` and `alloys`; one writer at a time, readers at any time."""

    store: Store
    lock_timeout_s: float = Field(
        default=60.0, ge=0, description="How long a writer waits for another one before it gives up, in seconds."
    )

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Refuse a store of another version before anything is computed."""
        self.store.check_format()

    def read(self, table: str) -> pd.DataFrame:
        """One table, typed as in the registry; raises EmptyLiteratureError if it has not been materialized."""
        self.store.check_format()
        definition = literature_table(table)
        with _in_memory() as connection:
            found = attach_literature(connection, self.store.folder) and table in _tables_in(connection, CATALOG)
            if not found:
                raise EmptyLiteratureError(
                    f"The literature table {table} is not there: materialize {definition.asset} first "
                    "(the literature job, or `bmg run`)."
                )
            arrow = _rows(connection, self.store.folder, table)
        return to_frame(_typed(definition, arrow))

    def identities(self) -> dict[str, str]:
        """What identifies the rows of each table that is there, see `identity_of`; raises LiteratureError."""
        return {table: identity for table, identity, _ in self._identified()}

    def source_files(self, table: str) -> dict[str, str]:
        """SHA-256 of each file that a table was read from, by source; empty for a table made from others."""
        return next((json.loads(files) for name, _, files in self._identified() if name == table), {})

    def _identified(self) -> list[tuple[str, str, str]]:
        self.store.check_format()
        with _in_memory() as connection:
            there = attach_literature(connection, self.store.folder) and IDENTITIES in _tables_in(connection, CATALOG)
            return _identified(connection, self.store.folder) if there else []

    def has_table(self, table: str) -> bool:
        """Whether this table has been materialized."""
        self.store.check_format()
        literature_table(table)
        with _in_memory() as connection:
            return attach_literature(connection, self.store.folder) and table in _tables_in(connection, CATALOG)

    def write(self, table: str, frame: pd.DataFrame | Examined, source_files: Mapping[str, str] | None = None) -> str:
        """Replace one table, the others staying as they are; the name of the database's file in the store.

        A database that is damaged is replaced as a whole, and the other tables are to be made again.
        `source_files` has the SHA-256 of each file that the table was read from.
        Raises TableError if the frame does not fit, LiteratureError if another writer is at work for too long,
        FolderError if the file cannot be written. The database is then as it was.
        """
        self.store.check_format()
        definition = literature_table(table)
        arrow = examined(definition, frame).storable()
        with self._only_writer():
            self.store.mark_format()
            identity = (table, identity_of(to_frame(arrow)), json.dumps(dict(source_files or {})))
            _replace_table(self.store.folder, definition, arrow, identity)
        return LITERATURE_FILE

    @contextlib.contextmanager
    def _only_writer(self) -> Iterator[None]:
        """Hold the lock beside the database. Behind a URL there is none: a faster writer is noticed there."""
        import filelock

        folder = self.store.folder
        if not isinstance(folder, LocalFolder):
            yield
            return
        lock = filelock.FileLock(folder.root / f"{LITERATURE_FILE}.lock", timeout=self.lock_timeout_s)
        try:
            folder.root.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except filelock.Timeout:
            raise LiteratureError(
                f"Another process has been writing {folder.path_of(LITERATURE_FILE)} for more than "
                f"{self.lock_timeout_s:g} s, expected is one writer at a time: wait for it to end and run again."
            ) from None
        except OSError as error:
            raise FolderError(not_written(folder.path_of(LITERATURE_FILE), error)) from error
        try:
            yield
        finally:
            lock.release()


def attach_literature(connection: duckdb.DuckDBPyConnection, folder: Folder) -> bool:
    """Attach the database read-only as `literature`; False if there is none. Raises LiteratureError.

    Attached to an in-memory database, it is the present file. (In a process that still holds the replaced file open,
    duckdb.connect of the path would give the old file again.)
    """
    import duckdb

    if not folder.exists(LITERATURE_FILE):
        return False
    with _local_copy(folder) as path:
        try:
            if path.with_name(path.name + ".wal").exists():
                remove_stale_log(path)
            connection.execute(f"ATTACH {sql_text(str(path))} AS {CATALOG} (READ_ONLY)")
        except (duckdb.Error, OSError) as error:
            raise _unreadable(folder, error) from error
    return True


def identity_of(rows: pd.DataFrame) -> str:
    """What identifies the rows of a table as they are read: reading the same sources again gives the same."""
    return fingerprint_table(rows)


def _unreadable(folder: Folder, error: Exception) -> LiteratureError:
    path, found = folder.path_of(LITERATURE_FILE), str(error).splitlines()[0]
    if HELD in found:
        return LiteratureError(f"{path} cannot be read ({found}): close the program that holds it open for writing.")
    return DamagedLiteratureError(
        f"{path} is damaged ({found}): `bmg literature` reads the sources anew and replaces it."
    )


def _rows(connection: duckdb.DuckDBPyConnection, folder: Folder, table: str) -> pa.Table:
    """All rows of a table of the attached database; raises LiteratureError."""
    import duckdb

    try:
        return connection.sql(f"SELECT * FROM {CATALOG}.{quoted(table)}").to_arrow_table()
    except duckdb.Error as error:
        raise _unreadable(folder, error) from error


def _identified(connection: duckdb.DuckDBPyConnection, folder: Folder) -> list[tuple[str, str, str]]:
    """Table, identity and files that it was read from, for each table that is there."""
    return [tuple(row.values()) for row in _rows(connection, folder, IDENTITIES).to_pylist()]


@contextlib.contextmanager
def _local_copy(folder: Folder) -> Iterator[Path]:
    """The database as a local file, fetched if it is remote; once attached, it stays readable without the copy."""
    if isinstance(folder, LocalFolder):
        yield folder.root / LITERATURE_FILE
        return
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / LITERATURE_FILE
        path.write_bytes(folder.read(LITERATURE_FILE))
        yield path


def _replace_table(folder: Folder, table: Table, arrow: pa.Table, identity: tuple[str, str, str]) -> None:
    if isinstance(folder, RemoteFolder):
        _replace_remote_table(folder, table, arrow, identity)
        return
    if not isinstance(folder, LocalFolder):
        raise TypeError(f"a folder of another kind: {folder!r}")
    target = folder.root / LITERATURE_FILE
    others, identified = _kept(folder, table.name)
    with replacing(target, READ_ONLY) as temporary:
        _build(temporary, folder, {**others, table.name: arrow}, [*identified, identity])
        note = noted(folder, LITERATURE_FILE, temporary.read_bytes())
        remove_stale_log(target)
    confirm(folder, note)


def _replace_remote_table(folder: RemoteFolder, table: Table, arrow: pa.Table, identity: tuple[str, str, str]) -> None:
    """Read, change and replace; again, if another machine replaced the database in between."""
    for _ in range(_MOST_ATTEMPTS):
        mark = folder.mark(LITERATURE_FILE)
        others, identified = _kept(folder, table.name)
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / LITERATURE_FILE
            _build(path, folder, {**others, table.name: arrow}, [*identified, identity])
            data = path.read_bytes()
        note = noted(folder, LITERATURE_FILE, data)
        try:
            folder.write_unless_changed(LITERATURE_FILE, data, mark)
        except ChangedMeanwhileError:
            continue
        confirm(folder, note)
        return
    raise LiteratureError(
        f"{folder.path_of(LITERATURE_FILE)} was replaced by others {_MOST_ATTEMPTS} times while it was to be written, "
        "expected is one writer at a time: wait for them to end and run again."
    )


def _kept(folder: Folder, replaced: str) -> tuple[dict[str, pa.Table], list[tuple[str, str, str]]]:
    """The other tables of the present database and what identifies them; nothing of one that is damaged."""
    try:
        with _in_memory() as connection:
            present = _tables_in(connection, CATALOG) if attach_literature(connection, folder) else []
            names = [name for name in LITERATURE_TABLES if name in present and name != replaced]
            identified = _identified(connection, folder) if IDENTITIES in present else []
            return {name: _rows(connection, folder, name) for name in names}, [
                one for one in identified if one[0] in names
            ]
    except DamagedLiteratureError as error:
        logging.getLogger(__name__).warning("%s Its other tables are to be made again.", error)
        return {}, []


def _build(
    path: Path, folder: Folder, tables: Mapping[str, pa.Table], identities: Sequence[tuple[str, str, str]]
) -> None:
    """A complete database at `path`."""
    import duckdb

    with _in_memory() as connection:
        try:
            connection.execute(f"ATTACH {sql_text(str(path))} AS new (STORAGE_VERSION {sql_text(STORAGE_VERSION)})")
            connection.execute("USE new")
            # One transaction: by itself each comment would be synced to the disk.
            connection.execute("BEGIN")
            for name, definition in LITERATURE_TABLES.items():
                if name not in tables:
                    continue
                connection.register("rows_to_write", tables[name])
                connection.execute(f"CREATE TABLE {quoted(name)} AS SELECT * FROM rows_to_write")
                connection.unregister("rows_to_write")
                connection.execute(f"COMMENT ON TABLE {quoted(name)} IS {sql_text(definition.description)}")
                comment_columns(connection, definition)
            columns = "table_name VARCHAR, identity VARCHAR, source_files VARCHAR"
            connection.execute(f"CREATE TABLE {IDENTITIES} ({columns})")
            connection.executemany(f"INSERT INTO {IDENTITIES} VALUES (?, ?, ?)", identities)
            connection.execute("COMMIT")
            connection.execute("USE memory")
            connection.execute("DETACH new")
        except duckdb.Error as error:
            raise FolderError(not_written(folder.path_of(LITERATURE_FILE), _as_os_error(error))) from error


def _as_os_error(error: Exception) -> OSError:
    """The operating system's error, which DuckDB passes on only in the words of its own exceptions."""
    text = str(error).splitlines()[0]
    return OSError(errno.ENOSPC, text) if os.strerror(errno.ENOSPC) in text else OSError(text)


@contextlib.contextmanager
def _in_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    # Small tables, and other steps run at the same time: one thread.
    connection = duckdb.connect(config={"threads": 1})
    try:
        yield connection
    finally:
        connection.close()


def _tables_in(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[str]:
    query = "SELECT table_name FROM duckdb_tables() WHERE database_name = ?"
    return [name for (name,) in connection.execute(query, [catalog]).fetchall()]


def _typed(table: Table, arrow: pa.Table) -> pa.Table:
    """The columns as the registry orders and types them; raises EmptyLiteratureError for a table of other columns."""
    wanted = arrow_schema(table, table.further_columns(arrow.column_names))
    missing = [name for name in wanted.names if name not in arrow.column_names]
    if missing:
        raise EmptyLiteratureError(
            f"The literature table {table.name} has no column {', '.join(missing)}, which this version expects: "
            f"materialize {table.asset} again (the literature job, or `bmg run`)."
        )
    return arrow.select(wanted.names).cast(wanted)
