"""Several machines whose store and record are in a bucket of S3, so that they have nothing in common but addresses.

Minutes. `make test-distributed` runs them; where no servers can be had they are skipped with the reason.
"""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bmg_assets.settings import PROJECT
from bmg_assets.store.record import Record
from bmg_assets_tests.distributed.machines import Cluster, running_cluster
from bmg_assets_tests.distributed.servers import NoServersError
from bmg_assets_tests.distributed.work import (
    SYSTEMS,
    Once,
    busy_machine,
    predictions,
    reading,
    seen_from_outside,
    store_of,
    train,
    trained,
)
from bmg_assets_tests.object_server import forgotten_servers, object_server
from bmg_assets_tests.stored_texts import stored_texts

pytestmark = pytest.mark.slow

READS = 100


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A main machine and two workers over S3, which this process reaches too."""
    with object_server() as objects, pytest.MonkeyPatch.context() as patch, forgotten_servers():
        for name, value in objects.variables().items():
            patch.setenv(name, value)
        try:
            with (
                tempfile.TemporaryDirectory() as folder,
                running_cluster(Path(folder), runs=2, objects=objects) as found,
            ):
                yield found
        except NoServersError as error:
            pytest.skip(str(error))


def test_one_worker_dies_and_all_systems_are_in_the_bucket_once(cluster: Cluster) -> None:
    systems, process = list(SYSTEMS[:4]), reading(cluster.new_machine(), cluster, READS)

    def one_dies() -> None:
        busy_machine(cluster).vanish()
        cluster.join()

    half = Once(one_dies, trained(1))
    train(cluster, systems, half)
    assert half.was_done
    assert {system: predictions(cluster, system) for system in systems} == dict.fromkeys(systems, 1)
    said, _ = process.communicate(timeout=600)
    assert json.loads(said) == {"reads": READS, "errors": {}}

    store, record = store_of(cluster), Record(url=cluster.common["BMG_RECORD"])
    local = (str(cluster.folder), str(PROJECT))
    with seen_from_outside(cluster) as instance:
        said_in = list(stored_texts(store, record, instance))
    assert len(said_in) > 100
    assert [place for place, text in said_in if any(folder in text for folder in local)] == []
    assert "is as it was written" in cluster.main.bmg("verify")
