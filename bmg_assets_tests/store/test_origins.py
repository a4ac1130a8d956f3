"""Origins of all systems: read from the files, and read again only where a file was replaced."""

import uuid
from pathlib import Path

import pytest

from bmg_assets.store import origins
from bmg_assets.store.origin import Origin
from bmg_assets.store.origins import asset_file, origin_of, origins_of, read_ahead
from bmg_assets.store.store import Store
from bmg_assets.store.tables.catalogue import SYSTEM_TABLES
from bmg_assets_tests.automation.night import content
from bmg_assets_tests.table_frames import frame_of

ZR, MG = "Zr-Al-Cu", "Mg-Zn-Ca"


@pytest.fixture(params=["local", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    url = {"local": str(tmp_path / "store"), "memory": f"memory://{uuid.uuid4().hex}/store"}[request.param]
    return Store(url=url)


@pytest.mark.parametrize("asset", ["candidates", "svr_model", "system_report"])
def test_each_kind_of_file_tells_it(store: Store, asset: str) -> None:
    assert origins_of(store, asset) == {}
    assert origin_of(store, asset, ZR) is None
    for system in (ZR, MG):
        name = asset_file(asset, system)
        assert name is not None
        store.folder.write(name, content(asset, Origin(system)))
    assert origins_of(store, asset) == {ZR: Origin(ZR), MG: Origin(MG)}
    assert origin_of(store, asset, ZR) == Origin(ZR)


def test_a_long_footer_is_read_whole(store: Store) -> None:
    """That of a training set with all descriptors."""
    wide = {f"descriptor {number}": 0.5 for number in range(600)}
    store.write_table("training_set", ZR, frame_of(SYSTEM_TABLES["training_set"], **wide), origin=Origin("wide"))
    assert origins_of(store, "training_set") == {ZR: Origin("wide")}


def test_a_table_of_rows_without_an_origin_and_a_damaged_one_tell_none(store: Store) -> None:
    store.write_table("candidates", ZR, frame_of(SYSTEM_TABLES["candidates"]))
    store.folder.write(f"candidates/{MG}.parquet", b"damaged")
    assert origins_of(store, "candidates") == {ZR: None, MG: None}


def test_a_file_is_read_again_only_when_it_was_replaced(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    really = origins.read_origin
    monkeypatch.setattr(origins, "read_origin", lambda folder, name: read.append(name) or really(folder, name))
    rows = SYSTEM_TABLES["candidates"]
    for system in (ZR, MG):
        store.write_table("candidates", system, frame_of(rows, target_system=system), origin=Origin("first"))
    for _ in range(3):
        origins_of(store, "candidates")
    assert sorted(read) == [f"candidates/{MG}.parquet", f"candidates/{ZR}.parquet"]
    store.write_table("candidates", MG, frame_of(rows, target_system=MG), origin=Origin("again"))
    assert origins_of(store, "candidates") == {ZR: Origin("first"), MG: Origin("again")}
    assert len(read) == 3


@pytest.mark.parametrize("asset", ["literature_alloys", "system_overview", "studied_maps"])
def test_assets_without_a_file_for_each_system_have_none(store: Store, asset: str) -> None:
    assert asset_file(asset, ZR) is None
    assert origins_of(store, asset) == {}


def test_what_is_read_ahead_in_several_pieces_is_not_read_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    really = origins.read_origin
    monkeypatch.setattr(origins, "read_origin", lambda folder, name: read.append(name) or really(folder, name))
    for asset in ("candidates", "svr_model"):
        for system in (ZR, MG):
            name = asset_file(asset, system)
            assert name is not None
            store.folder.write(name, content(asset, Origin(system)))
    clock = iter(range(1000))
    monkeypatch.setattr(origins, "monotonic", lambda: next(clock))
    pieces = []
    while len(read) < 4:
        read_ahead(store, ["candidates", "svr_model"], longest_s=1.5)
        pieces.append(len(read))
    assert pieces == [1, 2, 3, 4]
    assert {asset: origins_of(store, asset) for asset in ("candidates", "svr_model")} == {
        asset: {ZR: Origin(ZR), MG: Origin(MG)} for asset in ("candidates", "svr_model")
    }
    assert len(read) == len(set(read)) == 4
    read_ahead(store, ["candidates", "svr_model"], longest_s=1.5)
    listed: list[str] = []
    monkeypatch.setattr(origins, "_files", lambda _, asset: listed.append(asset) or {})
    read_ahead(store, ["candidates", "svr_model"], longest_s=1.5)
    assert listed == []
