"""From the literature to the page of a system with everything in object storage. What is stored names no local path."""

from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from bmg_assets.settings import PROJECT
from bmg_assets.store.queries import answer, open_views
from bmg_assets.store.record import Record
from bmg_assets.store.store import Store
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.stored_texts import stored_texts

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


def test_a_system_is_trained_and_no_value_names_a_folder_of_the_machine(
    tmp_path: Path, instance: dg.DagsterInstance, bucket: str
) -> None:
    deployment = InBucket(tmp_path, instance, bucket=bucket)
    instance.add_dynamic_partitions("target_system", [SYSTEM])
    assert deployment.run_literature().success
    assert deployment.run_system(SYSTEM).success
    local = {str(tmp_path), str(PROJECT)}

    said = list(stored_texts(deployment.store, deployment.record, instance))
    assert len(said) > 100
    assert [place for place, text in said if any(folder in text for folder in local)] == []

    with open_views(deployment.store) as connection:
        found = answer(connection, "SELECT count(*) AS n FROM candidates WHERE kind = 'pick'")
    assert found["n"].tolist() == [4]
