"""The IO managers in Dagster: a plain table, a partitioned one, and several partitions into one asset."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from bmg_assets.store.io_managers import LiteratureIOManager, SystemTableIOManager
from bmg_assets.store.literature_database import LiteratureDatabase
from bmg_assets.store.preview import MAXIMUM_CHARACTERS, frame_preview
from bmg_assets.store.store import Store
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, SYSTEM_TABLES
from bmg_assets_tests.table_frames import SYSTEM, frame_of

OTHER = "La-Al-Ni"
PARTITIONS = dg.DynamicPartitionsDefinition(name="target_system")
RECEIVED: dict[str, object] = {}


@dg.asset(io_manager_key="literature_io")
def literature_alloys() -> pd.DataFrame:
    return frame_of(LITERATURE_TABLES["alloys"])


@dg.asset(io_manager_key="system_io", partitions_def=PARTITIONS)
def lab_results(context: dg.AssetExecutionContext, literature_alloys: pd.DataFrame) -> pd.DataFrame:
    return frame_of(SYSTEM_TABLES["lab_results"], len(literature_alloys), context.partition_key)


@dg.asset(io_manager_key="system_io", partitions_def=PARTITIONS)
def training_set(context: dg.AssetExecutionContext, lab_results: pd.DataFrame) -> pd.DataFrame:
    RECEIVED["one"] = lab_results
    return frame_of(SYSTEM_TABLES["training_set"], len(lab_results), context.partition_key, radius=1.5)


@dg.asset(io_manager_key="system_io")
def system_overview(training_set: dict[str, pd.DataFrame], lab_results: pd.DataFrame) -> pd.DataFrame:
    RECEIVED["by system"], RECEIVED["stacked"] = training_set, lab_results
    return frame_of(SYSTEM_TABLES["system_overview"], len(training_set))


@dg.asset(io_manager_key="system_io")
def reader_of_overview(system_overview: pd.DataFrame) -> None:
    RECEIVED["overview"] = system_overview


ASSETS = [literature_alloys, lab_results, training_set, system_overview, reader_of_overview]


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("target_system", [SYSTEM, OTHER])
        yield instance


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(url=str(tmp_path / "store"))


def materialize(
    store: Store, instance: dg.DagsterInstance, selection: list, partition_key: str | None = None, **more: object
) -> dg.ExecuteInProcessResult:
    resources = {
        "system_io": SystemTableIOManager(store=store),
        "literature_io": LiteratureIOManager(database=LiteratureDatabase(store=store)),
    }
    return dg.materialize(
        ASSETS, instance=instance, resources=resources, selection=selection, partition_key=partition_key, **more
    )


def words_of_failure(result: dg.ExecuteInProcessResult, node: str) -> str:
    failure = result.failure_data_for_node(node)
    return failure.error.to_string() + (
        failure.user_failure_data.description or "" if failure.user_failure_data else ""
    )


def test_plain_partitioned_and_fan_in(store: Store, instance: dg.DagsterInstance) -> None:
    materialize(store, instance, [literature_alloys])
    materialize(store, instance, [lab_results, training_set], SYSTEM)
    assert set(RECEIVED["one"]["target_system"]) == {SYSTEM}

    # The other system has lab results only: a missing partition does not stop the asset over all of them.
    materialize(store, instance, [lab_results], OTHER)
    materialize(store, instance, [system_overview, reader_of_overview])
    assert {system: len(frame) for system, frame in RECEIVED["by system"].items()} == {SYSTEM: 3}
    assert RECEIVED["stacked"]["target_system"].value_counts().to_dict() == {SYSTEM: 3, OTHER: 3}
    assert len(RECEIVED["overview"]) == 1


def test_a_fan_in_over_nothing_is_an_empty_typed_frame(store: Store, instance: dg.DagsterInstance) -> None:
    materialize(store, instance, [system_overview])
    assert RECEIVED["by system"] == {}
    assert RECEIVED["stacked"].columns.tolist() == list(SYSTEM_TABLES["lab_results"].column_names)


def test_a_fan_in_without_any_system(store: Store) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        assert materialize(store, instance, [system_overview]).success
    assert store.read_table("system_overview").empty


def test_a_missing_input_is_named(store: Store, instance: dg.DagsterInstance) -> None:
    result = materialize(store, instance, [training_set], SYSTEM, raise_on_error=False)
    assert not result.success
    assert "Table lab_results is not there for Zr-Al-Cu" in words_of_failure(result, "training_set")


def test_a_materialization_says_what_was_written(store: Store, instance: dg.DagsterInstance) -> None:
    store.write_table("lab_results", SYSTEM, frame_of(SYSTEM_TABLES["lab_results"]))
    result = materialize(store, instance, [training_set], SYSTEM)
    metadata = result.asset_materializations_for_node("training_set")[0].metadata
    assert metadata["dagster/row_count"].value == 3
    columns = {column.name: column for column in metadata["dagster/column_schema"].value.columns}
    assert columns["dmax_mm"].description.startswith("[mm]")
    assert list(columns)[-1] == "radius"
    path = Path(str(metadata["path"].value))
    assert path == Path(store.url) / "training_set" / "Zr-Al-Cu.parquet"
    assert metadata["size_bytes"].value == path.stat().st_size
    assert "3 of 3 rows" in metadata["preview"].value


def test_a_refused_table_fails_the_step_and_leaves_the_old(store: Store, instance: dg.DagsterInstance) -> None:
    old = frame_of(SYSTEM_TABLES["candidates"])
    store.write_table("candidates", SYSTEM, old)

    @dg.asset(name="candidates", io_manager_key="system_io", partitions_def=PARTITIONS)
    def wrong() -> pd.DataFrame:
        return old.assign(target_system=OTHER)

    result = dg.materialize(
        [wrong],
        instance=instance,
        resources={"system_io": SystemTableIOManager(store=store)},
        partition_key=SYSTEM,
        raise_on_error=False,
    )
    assert not result.success
    assert "also holds La-Al-Ni" in words_of_failure(result, "candidates")
    pd.testing.assert_frame_equal(store.read_table("candidates", SYSTEM), old)


def test_another_version_stops_a_run_before_anything_is_computed(store: Store, instance: dg.DagsterInstance) -> None:
    store.folder.write("store_format.json", b'{"store_format": 99}')
    computed = []

    @dg.asset(name="candidates", io_manager_key="system_io", partitions_def=PARTITIONS)
    def candidates() -> pd.DataFrame:
        computed.append(True)
        return frame_of(SYSTEM_TABLES["candidates"])

    resources = {"system_io": SystemTableIOManager(store=store)}
    with pytest.raises(dg.DagsterResourceFunctionError) as failure:
        dg.materialize([candidates], instance=instance, resources=resources, partition_key=SYSTEM)
    assert "has format 99" in str(failure.value.__cause__)
    assert computed == []


def test_the_preview_is_small_whatever_the_frame() -> None:
    wide = pd.DataFrame({f"column {number}": ["x" * 500, "a|b"] for number in range(200)})
    text = frame_preview(wide)
    assert len(text) <= MAXIMUM_CHARACTERS
    assert text.endswith("12 of 200 columns")
    named = frame_preview(pd.DataFrame({"n" * 3000: [1.23456789], "m" * 9000: [None]}))
    assert len(named) <= MAXIMUM_CHARACTERS
    assert "1.235" in frame_preview(pd.DataFrame({"dmax_mm": [1.23456789]}))
    assert "a\\|b" in frame_preview(pd.DataFrame({"text": ["a|b"]}))
