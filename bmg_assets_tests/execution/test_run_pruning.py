"""Old runs go with all that is kept of them; what is read of the last materializations stays, on both databases."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from bmg_assets.execution.run_pruning import prune_runs

SYSTEMS = dg.DynamicPartitionsDefinition(name="systems")
EVERYTHING = timedelta(seconds=-1)
"""Older than a second from now."""


@dg.asset(partitions_def=SYSTEMS)
def lab_results() -> None:
    """An asset of a system."""


@dg.asset(partitions_def=SYSTEMS, deps=[lab_results])
def candidates(context: dg.AssetExecutionContext) -> None:
    """Another one, which fails where a tag says so."""
    print("written to the log of the step")
    if context.run.tags.get("fails"):
        raise dg.Failure("it failed", allow_retries=False)


@dg.asset
def literature() -> None:
    """An asset without partitions."""


DEFINITIONS = dg.Definitions(
    assets=[lab_results, candidates, literature],
    jobs=[
        dg.define_asset_job("system_job", selection=["lab_results", "candidates"], partitions_def=SYSTEMS),
        dg.define_asset_job("literature_job", selection=["literature"]),
    ],
)


@pytest.fixture(params=["sqlite", "postgresql"])
def instance(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """An instance on each database; PostgreSQL is that of BMG_TEST_DATABASE, an empty one."""
    storage = {}
    if request.param == "postgresql":
        url = os.environ.get("BMG_TEST_DATABASE")
        if url is None:
            pytest.skip("BMG_TEST_DATABASE names no empty database of PostgreSQL")
        storage = {"storage": {"postgres": {"postgres_url": url}}}
    with dg.instance_for_test(overrides=storage, temp_dir=str(tmp_path)) as instance:
        instance.wipe()
        yield instance


def run(instance: dg.DagsterInstance, system: str | None = None, **tags: str) -> str:
    job = DEFINITIONS.resolve_job_def("system_job" if system else "literature_job")
    done = job.execute_in_process(instance=instance, partition_key=system, tags=tags, raise_on_error=False)
    return done.run_id


def runs(instance: dg.DagsterInstance) -> set[str]:
    return {one.run_id for one in instance.get_runs()}


def last_run(instance: dg.DagsterInstance, asset: str, system: str | None = None) -> str:
    partitions = [system] if system else None
    wanted = dg.AssetRecordsFilter(asset_key=dg.AssetKey(asset), asset_partitions=partitions)
    (record,) = instance.fetch_materializations(wanted, limit=1).records
    return record.run_id


def test_the_last_materialization_of_each_partition_outlives_its_age(instance: dg.DagsterInstance) -> None:
    instance.add_dynamic_partitions("systems", ["Zr-Al-Cu", "Mg-Zn-Ca"])
    old_literature, literature_run = run(instance), run(instance)
    old, middle = run(instance, "Zr-Al-Cu"), run(instance, "Zr-Al-Cu")
    half_failed = run(instance, "Zr-Al-Cu", fails="yes")
    other = run(instance, "Mg-Zn-Ca")
    ids = instance.get_latest_storage_id_by_partition(lab_results.key, dg.DagsterEventType.ASSET_MATERIALIZATION)
    assert prune_runs(instance, timedelta(days=1), print) == 0
    assert runs(instance) == {old_literature, literature_run, old, middle, half_failed, other}

    assert prune_runs(instance, EVERYTHING, print) == 2
    assert runs(instance) == {literature_run, middle, half_failed, other}
    assert last_run(instance, "literature") == literature_run
    assert last_run(instance, "candidates", "Zr-Al-Cu") == middle
    assert last_run(instance, "lab_results", "Zr-Al-Cu") == half_failed
    # The sensor makes the keys of its requests from these.
    kept = instance.get_latest_storage_id_by_partition(lab_results.key, dg.DagsterEventType.ASSET_MATERIALIZATION)
    assert kept == ids
    made = instance.fetch_materializations(lab_results.key, limit=10).records
    assert {record.run_id for record in made} == {middle, half_failed, other}
    assert prune_runs(instance, EVERYTHING, print) == 0


def test_what_has_not_ended_stays(instance: dg.DagsterInstance) -> None:
    job = DEFINITIONS.resolve_job_def("literature_job")
    at_work = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED).run_id
    failed = instance.create_run_for_job(job, status=dg.DagsterRunStatus.FAILURE).run_id
    assert prune_runs(instance, EVERYTHING, print) == 1
    assert runs(instance) == {at_work}
    assert failed not in runs(instance)


def test_the_files_of_a_run_go_with_it(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    instance.add_dynamic_partitions("systems", ["Zr-Al-Cu"])
    old, new = run(instance, "Zr-Al-Cu"), run(instance, "Zr-Al-Cu")
    logs = Path(instance.storage_directory())
    assert (logs / old).exists()
    prune_runs(instance, EVERYTHING, print)
    assert not [path for path in tmp_path.rglob("*") if old in path.name]
    assert (logs / new).exists()
    assert [event for event in instance.all_logs(new) if event.dagster_event]
