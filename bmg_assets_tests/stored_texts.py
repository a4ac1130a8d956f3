"""All that a deployment has stored, as texts with the place of each: to find what must not be in them."""

import io
import zipfile
from collections.abc import Iterator

import dagster as dg
from dagster._serdes import serialize_value

from bmg_assets.store.literature_database import LITERATURE_FILE, LiteratureDatabase
from bmg_assets.store.parquet import from_parquet
from bmg_assets.store.record import Record
from bmg_assets.store.store import Store
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES


def stored_texts(store: Store, record: Record, instance: dg.DagsterInstance) -> Iterator[tuple[str, str]]:
    """Every file of the store and the record, every table of the literature, and every event of a step."""
    for folder in (store.folder, record.folder):
        for name in folder.files():
            if name != LITERATURE_FILE:
                yield from ((f"{folder.url}/{name}", text) for text in _texts_of(name, folder.read(name)))
    literature = LiteratureDatabase(store=store)
    for name in filter(literature.has_table, LITERATURE_TABLES):
        yield f"literature.{name}", literature.read(name).to_csv()
    for run in instance.get_runs():
        for entry in instance.all_logs(run.run_id):
            if entry.dagster_event is not None and entry.dagster_event.is_step_event:
                yield f"event of {entry.step_key}", serialize_value(entry.dagster_event)


def _texts_of(name: str, data: bytes) -> Iterator[str]:
    """What a file says, also what is compressed in it."""
    if name.endswith(".parquet"):
        arrow = from_parquet(data)
        yield f"{arrow.schema.metadata} {arrow.to_pydict()}"
    elif name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield f"{archive.comment!r}"
            yield from (archive.read(member).decode("latin-1") for member in archive.namelist())
    yield data.decode("latin-1")
