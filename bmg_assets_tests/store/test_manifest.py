"""What lies in the store is always a content that its manifest knows."""

import threading
import uuid
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from bmg_assets.store.literature_database import LITERATURE_FILE, LiteratureDatabase
from bmg_assets.store.manifest import (
    Note,
    confirm,
    note_names,
    noted,
    noted_file,
    read_note,
    write_noted,
    written_between,
)
from bmg_assets.store.store import Store
from bmg_assets.store.tables.catalogue import LITERATURE_TABLES, SYSTEM_TABLES
from bmg_assets_tests.table_frames import SYSTEM, frame_of

PAGE = f"reports/{SYSTEM}.html"


@pytest.fixture(params=["local", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return Store(url=str(tmp_path / "store") if request.param == "local" else f"memory://{uuid.uuid4().hex}/store")


def notes_of(store: Store, file: str) -> list[Note]:
    found = [read_note(store.folder, name) for name in note_names(store.folder, file)]
    assert None not in found
    return [note for note in found if note is not None]


def fits(store: Store, note: Note) -> bool:
    data = store.folder.read(note.file)
    return (note.size, note.sha256) == (len(data), sha256(data).hexdigest())


def test_each_kind_of_file_has_a_note(store: Store) -> None:
    store.write_table("training_set", SYSTEM, frame_of(SYSTEM_TABLES["training_set"], 3))
    store.write_bytes(f"figures/{SYSTEM}/map.png", b"figure")
    LiteratureDatabase(store=store).write("alloys", frame_of(LITERATURE_TABLES["alloys"]))
    for file, rows in (
        (f"training_set/{SYSTEM}.parquet", 3),
        (f"figures/{SYSTEM}/map.png", None),
        (LITERATURE_FILE, None),
        ("training_set/_schema.parquet", 0),
        ("store_format.json", None),
    ):
        (note,) = notes_of(store, file)
        assert fits(store, note)
        assert (note.rows, note.must_be_there) == (rows, True)
        assert note.version


def test_no_file_is_without_a_note(store: Store) -> None:
    store.write_bytes(PAGE, b"page")
    names = store.folder.files()
    files = {name for name in names if noted_file(name) is None}
    assert files == {noted_file(name) for name in names} - {None}
    assert all(fits(store, note) for file in files for note in notes_of(store, file))


def test_notes_of_what_was_replaced_stay_while_its_writer_may_be_at_work(store: Store) -> None:
    store.write_bytes(PAGE, b"first")
    (first,) = notes_of(store, PAGE)
    store.write_bytes(PAGE, b"second")
    assert [fits(store, note) for note in notes_of(store, PAGE)] == [False, True]
    store.folder.delete(first.name)
    replace(first, written_at="20200101T000000.000000").write(store.folder)
    store.write_bytes(PAGE, b"third")
    assert [note.sha256 for note in notes_of(store, PAGE)] == [sha256(one).hexdigest() for one in (b"second", b"third")]


def test_a_file_is_missed_only_when_it_was_there(store: Store) -> None:
    note = noted(store.folder, PAGE, b"page")
    assert [one.must_be_there for one in notes_of(store, PAGE)] == [False]
    store.folder.write(PAGE, b"page")
    confirm(store.folder, note)
    assert [one.must_be_there for one in notes_of(store, PAGE)] == [True]
    assert noted(store.folder, PAGE, b"newer").must_be_there


def test_a_system_is_removed_with_its_notes_and_those_that_a_killed_removal_left(store: Store) -> None:
    other = f"reports/{SYSTEM}-Ni.html"
    for name in (PAGE, other):
        store.write_bytes(name, b"page")
    noted(store.folder, f"figures/{SYSTEM}/map.png", b"figure")
    assert store.delete_system(SYSTEM) == [PAGE]
    noted_files = {noted_file(name) or "" for name in store.folder.files("manifest")}
    assert [name for name in noted_files if SYSTEM in name] == [other]


def test_a_note_that_is_damaged_or_another_ones_is_none(store: Store) -> None:
    store.write_bytes(PAGE, b"page")
    (name,) = note_names(store.folder, PAGE)
    data = store.folder.read(name)
    for damaged in (b"", data[:-1], data.replace(b"4", b"5")):
        store.folder.write(name, damaged)
        assert read_note(store.folder, name) is None
    elsewhere = name.replace(SYSTEM, "La-Al-Ni")
    store.folder.write(elsewhere, data)
    assert read_note(store.folder, elsewhere) is None


def test_many_writers_of_one_file_leave_a_content_that_is_noted(store: Store) -> None:
    def write(number: int) -> None:
        for again in range(5):
            write_noted(store.folder, "reports/overview.html", f"{number} {again}".encode())

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert any(fits(store, note) for note in notes_of(store, "reports/overview.html"))


def test_when_a_tables_files_were_written_is_told_by_the_newest_note_of_each(store: Store) -> None:
    assert written_between(store.folder, "system_atlas") is None
    write_noted(store.folder, "system_atlas/_schema.parquet", b"0")
    for name in ("a", "b", "a"):
        write_noted(store.folder, f"system_atlas/{name}.parquet", name.encode())
    found = written_between(store.folder, "system_atlas")
    newest = {
        file: read_note(store.folder, note_names(store.folder, f"system_atlas/{file}.parquet")[-1]) for file in "ab"
    }
    assert found is not None
    assert [f"{one:%Y%m%dT%H%M%S.%f}" for one in found] == [
        note.written_at for note in (newest["b"], newest["a"]) if note
    ]
