"""The store: what is written comes back by name, and nothing that fails changes what was there."""

import errno
import os
import stat
import time
import uuid
from pathlib import Path

import pandas as pd
import pytest

from bmg_assets.store.folder import SWEEP_AGE_S, FolderError
from bmg_assets.store.store import (
    FORMAT_BYTES,
    FORMAT_FILE,
    STORE_FORMAT,
    NotInStoreError,
    Store,
    StoredRowsError,
    StoreFormatError,
)
from bmg_assets.store.tables.catalogue import SYSTEM_TABLES
from bmg_assets.store.tables.table import TableError
from bmg_assets_tests.table_frames import SYSTEM, frame_of

TRAINING_SET = SYSTEM_TABLES["training_set"]
TRIALS = SYSTEM_TABLES["tuning_trials"]


@pytest.fixture(params=["local", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A fresh store in a folder, and behind a URL."""
    return Store(url=str(tmp_path / "store") if request.param == "local" else f"memory://{uuid.uuid4().hex}/store")


@pytest.fixture
def local(tmp_path: Path) -> Store:
    return Store(url=str(tmp_path / "store"))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def trials(sub_model: str, target_system: str = SYSTEM) -> pd.DataFrame:
    return frame_of(TRIALS, target_system=target_system, sub_model=sub_model)


def test_a_partition_comes_back_by_name(store: Store) -> None:
    frame = frame_of(TRAINING_SET, mean_radius=[1.5, 2.5, None])
    assert store.write_table("training_set", SYSTEM, frame[frame.columns[::-1]]) == "training_set/Zr-Al-Cu.parquet"
    pd.testing.assert_frame_equal(store.read_table("training_set", SYSTEM), frame)
    assert store.partitions_of("training_set") == [SYSTEM]
    assert store.has_table("training_set", SYSTEM)
    assert not store.has_table("training_set", "Al-Cu-Zr")


def test_a_refused_frame_leaves_the_old_one(store: Store) -> None:
    old = frame_of(TRAINING_SET)
    store.write_table("training_set", SYSTEM, old)
    for frame, words in (
        (old.drop(columns="weight"), "column weight is missing"),
        (old.assign(remark="x"), "column remark should be double"),
        (old.assign(dmax_mm="x"), "column dmax_mm should be double"),
        (old.iloc[:0], "it has no rows"),
        (old.assign(target_system=[SYSTEM, SYSTEM, "La-Al-Ni"]), "also holds La-Al-Ni"),
    ):
        with pytest.raises(TableError, match=words):
            store.write_table("training_set", SYSTEM, frame)
        pd.testing.assert_frame_equal(store.read_table("training_set", SYSTEM), old)


def test_parts_are_written_apart_and_read_together(store: Store) -> None:
    for sub_model in ("svr", "lightgbm"):
        store.write_table("tuning_trials", SYSTEM, trials(sub_model), part=sub_model)
    store.write_table("tuning_trials", "La-Al-Ni", trials("svr", "La-Al-Ni"), part="svr")
    assert store.read_table("tuning_trials", SYSTEM)["sub_model"].value_counts().to_dict() == {"svr": 3, "lightgbm": 3}
    assert set(store.read_table("tuning_trials", SYSTEM, part="svr")["sub_model"]) == {"svr"}
    assert store.partitions_of("tuning_trials") == ["La-Al-Ni", SYSTEM]
    assert store.has_table("tuning_trials", SYSTEM)
    assert not store.has_table("tuning_trials", SYSTEM, part="xgboost")
    with pytest.raises(TableError, match="column sub_model also holds svr"):
        store.write_table("tuning_trials", SYSTEM, trials("svr"), part="xgboost")
    with pytest.raises(TableError, match="one sub_model at a time"):
        store.write_table("tuning_trials", SYSTEM, trials("svr"))


def test_a_table_of_all_systems_has_one_file(store: Store) -> None:
    overview = frame_of(SYSTEM_TABLES["system_overview"])
    store.write_table("system_overview", None, overview)
    assert store.read_table("system_overview")["target_system"].tolist() == overview["target_system"].tolist()
    with pytest.raises(TableError, match="stored for no target system"):
        store.write_table("system_overview", SYSTEM, overview)
    with pytest.raises(TableError, match="stored for one target system"):
        store.write_table("training_set", None, frame_of(TRAINING_SET))


def test_all_partitions_in_one_frame(store: Store) -> None:
    assert store.read_all("lab_results").columns.tolist() == list(SYSTEM_TABLES["lab_results"].column_names)
    for system, rows in (("La-Al-Ni", 2), (SYSTEM, 0)):
        store.write_table("lab_results", system, frame_of(SYSTEM_TABLES["lab_results"], rows, system))
    assert store.read_all("lab_results")["target_system"].tolist() == ["La-Al-Ni", "La-Al-Ni"]
    assert store.read_all("lab_results", [SYSTEM, "Fe-B-Nb"]).empty
    for sub_model in ("svr", "lightgbm"):
        store.write_table("tuning_trials", SYSTEM, trials(sub_model), part=sub_model)
    assert store.read_all("tuning_trials")["sub_model"].tolist() == ["lightgbm"] * 3 + ["svr"] * 3
    assert list(store.read_systems("lab_results", ["Fe-B-Nb", SYSTEM])) == [SYSTEM]


def test_what_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(NotInStoreError, match="training_set is not there for Zr-Al-Cu: materialize training_set first"):
        store.read_table("training_set", SYSTEM)
    with pytest.raises(NotInStoreError, match="tuning_trials is not there for Zr-Al-Cu"):
        store.read_table("tuning_trials", SYSTEM)
    with pytest.raises(NotInStoreError, match=r"no models/svr_model/Zr-Al-Cu\.zip in the store"):
        store.read_bytes("models/svr_model/Zr-Al-Cu.zip")


@pytest.mark.parametrize("key", ["../Zr", "Zr", "Zr-Al/Cu", "_schema", "all", ""])
def test_a_key_that_is_no_file_name_is_refused(local: Store, key: str) -> None:
    with pytest.raises(TableError, match="is no target system"):
        local.write_table("training_set", key, frame_of(TRAINING_SET, target_system=key))
    assert local.delete_system(key) == []


def test_deleting_a_system_takes_all_of_it_and_nothing_else(store: Store) -> None:
    other = "Zr-Al-Cu-Ni"
    for system in (SYSTEM, other):
        store.write_table("training_set", system, frame_of(TRAINING_SET, target_system=system))
        store.write_table("tuning_trials", system, trials("svr", system), part="svr")
        store.write_bytes(f"models/svr_model/{system}.zip", b"model")
        store.write_bytes(f"reports/{system}.html", b"page")
        store.write_bytes(f"figures/{system}/map.png", b"figure")
    assert len(store.delete_system(SYSTEM)) == 5
    assert store.partitions_of("training_set") == store.partitions_of("tuning_trials") == [other]
    assert store.read_bytes(f"figures/{other}/map.png") == b"figure"
    assert not store.has_bytes(f"reports/{SYSTEM}.html")
    assert store.delete_system(SYSTEM) == []


def test_a_file_is_replaced_as_a_whole(store: Store) -> None:
    for data in (b"first, and longer", b"second"):
        store.write_bytes("reports/Zr-Al-Cu.html", data)
        assert store.read_bytes("reports/Zr-Al-Cu.html") == data
        assert store.size_of("reports/Zr-Al-Cu.html") == len(data)
    for name in ("training_set/Zr-Al-Cu.html", "../outside", "/etc/passwd", "models/.hidden"):
        with pytest.raises(FolderError):
            store.write_bytes(name, b"x")


@pytest.mark.parametrize("at", ["write", "sync"])
def test_a_full_disk_is_one_sentence_and_leaves_the_old(local: Store, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    local.write_table("training_set", SYSTEM, frame_of(TRAINING_SET))
    local.write_bytes("reports/Zr-Al-Cu.html", b"old")
    before = contents(Path(local.url))

    def half_a_file(path: Path, data: bytes) -> int:
        with open(path, "wb") as file:
            file.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def no_sync(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if at == "write":
        monkeypatch.setattr(Path, "write_bytes", half_a_file)
    else:
        monkeypatch.setattr(os, "fsync", no_sync)
    with pytest.raises(FolderError, match=r"because the disk is full; .* unchanged: free some space and run again\.$"):
        local.write_table("training_set", SYSTEM, frame_of(TRAINING_SET, dmax_mm=9.0))
    with pytest.raises(FolderError, match="the disk is full"):
        local.write_bytes("reports/Zr-Al-Cu.html", b"newer")
    monkeypatch.undo()
    assert contents(Path(local.url)) == before


def test_temporary_files_of_killed_writers_are_swept_when_old(local: Store) -> None:
    local.write_table("training_set", SYSTEM, frame_of(TRAINING_SET))
    folder = Path(local.url) / "training_set"
    old, young = folder / ".Zr-Al-Cu.parquet.1.tmp", folder / ".Zr-Al-Cu.parquet.2.tmp"
    for path, age in ((old, SWEEP_AGE_S + 60), (young, 60)):
        path.write_bytes(b"half a file")
        os.utime(path, (time.time() - age,) * 2)
    assert local.partitions_of("training_set") == [SYSTEM]
    local.write_table("training_set", SYSTEM, frame_of(TRAINING_SET))
    assert (old.exists(), young.exists()) == (False, True)


def test_a_store_of_another_version_is_refused_and_left_alone(store: Store) -> None:
    store.write_table("training_set", SYSTEM, frame_of(TRAINING_SET))
    store.folder.write("store_format.json", b'{"store_format": 99}')
    before = {name: store.folder.read(name) for name in store.folder.files()}
    for use in (
        lambda: store.write_table("training_set", SYSTEM, frame_of(TRAINING_SET, dmax_mm=9.0)),
        lambda: store.read_table("training_set", SYSTEM),
        lambda: store.write_bytes("reports/Zr-Al-Cu.html", b"x"),
        lambda: store.read_bytes("reports/Zr-Al-Cu.html"),
        lambda: store.delete_system(SYSTEM),
        store.check_format,
    ):
        with pytest.raises(
            StoreFormatError, match=rf"format 99, but .* format {STORE_FORMAT}: .* Nothing was changed\.$"
        ):
            use()
    assert {name: store.folder.read(name) for name in store.folder.files()} == before


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"5", FORMAT_BYTES.replace(b": 5", b": 4"), FORMAT_BYTES.replace(b": 5", b": 7")]
)
def test_a_damaged_file_of_the_format_is_no_other_format(local: Store, damage: bytes) -> None:
    frame = frame_of(TRAINING_SET)
    local.write_table("training_set", SYSTEM, frame)
    local.folder.write(FORMAT_FILE, damage)
    assert local.has_table("training_set", SYSTEM)
    assert local.folder.read(FORMAT_FILE) == damage, "reading writes nothing"
    local.write_table("training_set", SYSTEM, frame)
    assert local.folder.read(FORMAT_FILE) == FORMAT_BYTES


def test_rows_of_another_registry_and_damaged_files_are_named(local: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    local.write_table("lab_results", SYSTEM, frame_of(SYSTEM_TABLES["lab_results"]))
    grid = SYSTEM_TABLES["prediction_grid"]
    local.write_table("prediction_grid", SYSTEM, frame_of(grid))
    path = Path(local.url) / "prediction_grid" / f"{SYSTEM}.parquet"
    path.write_bytes((Path(local.url) / "lab_results" / f"{SYSTEM}.parquet").read_bytes())
    with pytest.raises(StoredRowsError, match=r"the columns of table prediction_grid .* `bmg run Zr-Al-Cu` makes"):
        local.read_table("prediction_grid", SYSTEM)
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(StoredRowsError, match=r"parquet is damaged \(.*\): `bmg run Zr-Al-Cu` makes it anew"):
        local.read_table("prediction_grid", SYSTEM)


def test_a_damaged_file_of_one_system_stops_nobody_else(store: Store) -> None:
    table, other = SYSTEM_TABLES["iterations"], "Mg-Zn-Ca"
    for system in (SYSTEM, other):
        store.write_table("iterations", system, frame_of(table, target_system=system))
    store.folder.write(f"iterations/{SYSTEM}.parquet", store.read_bytes(f"iterations/{SYSTEM}.parquet")[:-9])
    rows, damaged = store.read_what_can_be_read("iterations")
    assert set(rows["target_system"]) == {other}
    (sentence,) = damaged
    assert sentence.startswith(f"iterations/{SYSTEM}.parquet is damaged (")
    assert sentence.endswith(f"`bmg run {SYSTEM}` makes it anew.")
    assert store.damaged_files("iterations") == {f"iterations/{SYSTEM}.parquet": sentence}
    with pytest.raises(StoredRowsError):
        store.read_all("iterations")


def test_files_can_be_read_by_others_and_views_by_all(local: Store) -> None:
    local.write_table("training_set", SYSTEM, frame_of(TRAINING_SET))
    modes = {name: stat.S_IMODE((Path(local.url) / name).stat().st_mode) for name in local.folder.files()}
    assert modes.pop("bmg.duckdb") == 0o444
    assert set(modes.values()) == {0o644}
