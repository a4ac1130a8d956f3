"""Answers in SQL over all that is stored: the views of the systems and the literature, in one connection in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmg_assets.resources.literature_database import attach_literature
from bmg_assets.resources.store import Store
from bmg_assets.resources.views import create_views, write_schema_files

if TYPE_CHECKING:
    import duckdb


def open_views(store: Store) -> duckdb.DuckDBPyConnection:
    """A connection with the tables of all systems (`candidates`, ..) and the literature (`literature.alloys`, ..).

    It reads only: it holds up no writer, and sees what is written to the systems' tables while it is open; the
    literature stays as it was when it was opened, and is left out before it is first materialized. Raises
    StoreFormatError if another version wrote the store.
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
