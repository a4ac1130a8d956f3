"""What is stored of a training is there only if it is whole, readable and made from what is wanted now."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from bmg_assets.store.folder import FolderError
from bmg_assets.store.store import Store
from bmg_assets.store.tables.arrow import empty_frame
from bmg_assets.store.tables.atlas import SYSTEM_ATLAS
from bmg_assets.store.tables.study import STUDIED_ALLOYS, STUDIED_MAPS, STUDIED_SCORES
from bmg_assets.studies.cached_entries import CachedEntry
from bmg_assets_tests.table_frames import frame_of

ENTRY = CachedEntry("studied_scores", "Zr-Al-Cu", "3", made_from="abc", others=("studied_maps", "studied_alloys"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(url=str(tmp_path))


def rows(table) -> pd.DataFrame:
    return frame_of(table, rows=1, target_system="Zr-Al-Cu", sub_dataset=3)


def write(store: Store, entry: CachedEntry = ENTRY) -> None:
    scores = rows(STUDIED_SCORES).drop(columns="made_from")
    entry.write(store, scores, studied_maps=rows(STUDIED_MAPS), studied_alloys=rows(STUDIED_ALLOYS))


def test_an_entry_is_there_for_the_inputs_it_was_made_from_and_for_no_others(store: Store) -> None:
    assert not ENTRY.is_in(store)
    write(store)
    assert ENTRY.is_in(store)
    assert ENTRY.read(store, "studied_scores")["made_from"].tolist() == ["abc"]
    others = [replace(ENTRY, made_from="abd"), replace(ENTRY, part="4"), replace(ENTRY, system="Zr-Cu-Al")]
    assert not any(other.is_in(store) for other in others)
    write(store, replace(ENTRY, made_from="abd"))
    assert not ENTRY.is_in(store)


@pytest.mark.parametrize("interrupted", ["studied_maps", "studied_alloys", "studied_scores"])
def test_an_entry_that_was_not_written_to_its_end_is_not_there(
    store: Store, monkeypatch: pytest.MonkeyPatch, interrupted: str
) -> None:
    write_table = Store.write_table

    def fail(self: Store, name: str, *arguments: object) -> str:
        if name == interrupted:
            raise FolderError("the machine went down")
        return write_table(self, name, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "write_table", fail)
        with pytest.raises(FolderError):
            write(store)
    assert not ENTRY.is_in(store)
    write(store)
    assert ENTRY.is_in(store)


@pytest.mark.parametrize("table", ["studied_scores", "studied_maps", "studied_alloys"])
def test_an_entry_that_cannot_be_read_is_made_again(store: Store, table: str) -> None:
    write(store)
    name = f"{table}/3/Zr-Al-Cu.parquet"
    whole = store.read_bytes(name)
    store.folder.write(name, b"no rows")
    assert not ENTRY.is_in(store)
    store.folder.write(name, whole)
    assert ENTRY.is_in(store)
    store.folder.delete(name)
    assert not ENTRY.is_in(store)


def test_columns_that_a_table_does_not_have_are_left_out(store: Store) -> None:
    scores = rows(STUDIED_SCORES).drop(columns="made_from").assign(further=1.0)
    ENTRY.write(store, scores)
    assert "further" not in ENTRY.read(store, "studied_scores")


def test_an_entry_without_rows_counts_unless_it_says_what_it_was_made_from_by_them(store: Store) -> None:
    entry = CachedEntry("system_atlas", None, "ternaries-47", made_from="abc")
    entry.write(store, empty_frame(SYSTEM_ATLAS))
    assert entry.is_in(store)
    assert not replace(entry, may_be_empty=False).is_in(store)
