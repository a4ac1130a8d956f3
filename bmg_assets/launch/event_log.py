"""Dagster's event log where a process was killed while it made it.

Dagster makes the tables of its other databases good at the next start. Of the index of the event log it asks only
whether the file is there; with tables missing, every later command would fail.
"""

import dagster as dg

LAST_TABLE = "dynamic_partitions"


def finish_event_log(instance: dg.DagsterInstance) -> None:
    """Make the tables that are missing; those that are there, and other kinds of storage, stay as they are."""
    from dagster._core.storage.event_log import SqliteEventLogStorage
    from dagster._core.storage.event_log.schema import SqlEventLogStorageMetadata

    log = instance.event_log_storage
    if not isinstance(log, SqliteEventLogStorage) or log.has_table(LAST_TABLE):
        return
    with log.index_connection() as connection:
        SqlEventLogStorageMetadata.create_all(connection)
        connection.commit()
    # Marks the indexes of a log without events as made.
    log.reindex_events()
    log.reindex_assets()
