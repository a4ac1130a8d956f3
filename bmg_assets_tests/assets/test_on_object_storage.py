"""From the literature to the page of a system with everything in object storage. What is stored names no local path."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest
from dagster._serdes import serialize_value

from bmg_assets.settings import PROJECT
from bmg_assets.store.literature_database import LITERATURE_FILE, LiteratureDatabase
from bmg_assets.store.parquet import from_parquet
from bmg_assets.store.queries import answer, open_views
from bmg_assets.store.record import Record
from bmg_assets.store.store import Store
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES
from bmg_assets_tests.deployment import Deployment

SYSTEM = "Zr-Al-Cu"

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class InBucket(Deployment):
    """A deployment whose store and record are in a bucket."""

    bucket: str = ""

    @property
    def store(self) -> Store:
        return Store(url=f"{self.bucket}/store", record_url=self.record.url)

    @property
    def record(self) -> Record:
        return Record(url=f"{self.bucket}/record")


def texts_of(name: str, data: bytes) -> Iterator[str]:
    """All that a stored file says, also what is compressed in it."""
    if name.endswith(".parquet"):
        arrow = from_parquet(data)
        yield f"{arrow.schema.metadata} {arrow.to_pydict()}"
    elif name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield f"{archive.comment!r}"
            yield from (archive.read(member).decode("latin-1") for member in archive.namelist())
    yield data.decode("latin-1")


def test_a_system_is_trained_and_no_value_names_a_folder_of_the_machine(
    tmp_path: Path, instance: dg.DagsterInstance, bucket: str
) -> None:
    deployment = InBucket(tmp_path, instance, bucket=bucket)
    instance.add_dynamic_partitions("target_system", [SYSTEM])
    assert deployment.run_literature().success
    assert deployment.run_system(SYSTEM).success
    local = {str(tmp_path), str(PROJECT)}

    said = [
        (f"{folder.url}/{name}", text)
        for folder in (deployment.store.folder, deployment.record.folder)
        for name in folder.files()
        if name != LITERATURE_FILE
        for text in texts_of(name, folder.read(name))
    ]
    literature = LiteratureDatabase(store=deployment.store)
    made = [name for name in LITERATURE_TABLES if literature.has_table(name)]
    said += [(f"literature.{name}", literature.read(name).to_csv()) for name in made]
    said += [
        (f"event of {entry.step_key}", serialize_value(entry.dagster_event))
        for run in instance.get_runs()
        for entry in instance.all_logs(run.run_id)
        if entry.dagster_event is not None and entry.dagster_event.is_step_event
    ]
    assert len(said) > 100
    assert [place for place, text in said if any(folder in text for folder in local)] == []

    with open_views(deployment.store) as connection:
        found = answer(connection, "SELECT count(*) AS n FROM candidates WHERE kind = 'pick'")
    assert found["n"].tolist() == [4]
