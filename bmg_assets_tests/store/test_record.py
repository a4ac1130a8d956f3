"""A record keeps what was written, notices what was changed, and loses nothing to one damaged file."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bmg_assets.store import folder as folder_module
from bmg_assets.store.folder import FolderError
from bmg_assets.store.record import IDENTITY_FILE, Record, RecordDamagedError, RecordFormatError, Stream

FILES = {"a.csv": b"first", "b.csv": b"second"}


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(url=str(tmp_path / "record"))


def filled(record: Record, entries: int = 3) -> Stream:
    stream = record.predictions("Zr-Al-Cu")
    for number in range(1, entries + 1):
        stream.append({f"{number}.csv": f"file {number}".encode()}, {"number": number, "word": "größer"})
    return stream


def paths_of(record: Record) -> list[Path]:
    return sorted(path for path in Path(record.url).rglob("*") if path.is_file())


def test_a_record_that_is_not_there_is_empty_and_is_not_made(record: Record) -> None:
    assert record.identity() is None
    assert (record.streams(), record.problems(), record.stream("casts").entries()) == ([], [], [])
    assert not Path(record.url).exists()


@pytest.mark.parametrize("url", ["{}/record", "memory://{}/record"])
def test_what_was_written_is_read_again(tmp_path: Path, url: str) -> None:
    record = Record(url=url.format(tmp_path))
    stream = record.stream("casts")
    first, second = stream.append(FILES, {"kind": "x"}), stream.append({"a.csv": b"first"}, {"kind": "y"})
    assert Record(url=record.url).stream("casts").entries() == [first, second]
    assert [stream.read(file) for file in first.files] == [b"first", b"second"]
    assert second.files[0] == first.files[0]
    assert [entry.number for entry in stream.entries()] == [1, 2]
    assert (record.streams(), record.problems()) == (["casts"], [])
    assert first.record == second.record == record.identity()


def test_a_file_of_the_record_is_never_replaced(record: Record) -> None:
    stream = record.stream("casts")
    stream.append({"a.csv": b"first"}, {})
    with pytest.raises(RecordDamagedError, match="recorded with another content"):
        stream.append({"a.csv": b"other"}, {})
    assert stream.read(stream.entries()[0].files[0]) == b"first"


def test_writers_at_once_get_a_number_each(record: Record) -> None:
    def write(number: int) -> None:
        record.stream("casts").append({f"{number}.csv": str(number).encode()}, {"number": number})

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = record.stream("casts").entries()
    assert [entry.number for entry in entries] == list(range(1, 17))
    assert sorted(entry.about["number"] for entry in entries) == list(range(16))
    assert record.problems() == []


FAULTS: dict[str, Callable[[Path], object]] = {
    "removed": Path.unlink,
    "emptied": lambda path: path.write_bytes(b""),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-3]),
    "flipped": lambda path: path.write_bytes(bytes([path.read_bytes()[0] ^ 4]) + path.read_bytes()[1:]),
    "edited": lambda path: path.write_bytes(path.read_bytes().replace(b"2", b"3")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_damaged_file_is_noticed_and_entries_are_mended(record: Record, fault: str) -> None:
    stream = filled(record)
    entries, healthy = stream.entries(), {path: path.read_bytes() for path in paths_of(record)}
    for path, data in healthy.items():
        FAULTS[fault](path)
        if not path.exists() or path.read_bytes() != data:
            (problem,) = record.problems()
            assert path.as_posix().endswith(problem.file)
            assert problem.can_be_mended == ("/files/" not in path.as_posix())
            if "/journal/" in path.as_posix():
                assert stream.entries() == entries
            assert bool(record.mend()) != problem.can_be_mended
            if path.name == IDENTITY_FILE:
                assert json.loads(path.read_bytes())["record"] == entries[0].record
        path.write_bytes(data)
        assert record.problems() == []


@pytest.mark.parametrize("fault", FAULTS)
def test_an_entry_lost_with_its_copy_blocks(record: Record, fault: str) -> None:
    stream = filled(record)
    for path in paths_of(record):
        if "journal/00000002" in path.as_posix():
            FAULTS[fault](path)
    with pytest.raises(RecordDamagedError, match=r"00000002\.json is damaged or missing.*`bmg restore`"):
        stream.entries()
    assert stream.append({}, {}).number == 4, "what is new is not lost because of what is old"
    assert {problem.can_be_mended for problem in record.problems()} == {False}


def test_an_entry_that_was_edited_with_care_is_noticed(record: Record, tmp_path: Path) -> None:
    """Both copies changed and their checksums made anew: the next entry does not follow any more."""
    stream = filled(record)
    other = filled(Record(url=str(tmp_path / "other")))
    for name in ("00000002.json", "00000002.copy.json"):
        forged = Path(other.record.url) / "predictions/Zr-Al-Cu/journal" / name
        (Path(record.url) / "predictions/Zr-Al-Cu/journal" / name).write_bytes(forged.read_bytes())
    with pytest.raises(RecordDamagedError, match="does not follow from the entry before"):
        stream.entries()
    assert len(record.problems()) == 1


def test_a_damaged_file_is_put_back_from_its_own_bytes_alone(record: Record) -> None:
    stream = filled(record)
    file = stream.entries()[0].files[0]
    (Path(record.url) / "predictions/Zr-Al-Cu/files" / file.name).write_bytes(b"other")
    with pytest.raises(RecordDamagedError, match=r"1\.csv is not what was written"):
        stream.read(file)
    assert not stream.put_back(file, b"something")
    assert stream.put_back(file, b"file 1")
    assert stream.read(file) == b"file 1"


def test_a_newer_record_is_refused(record: Record) -> None:
    filled(record)
    path = Path(record.url) / IDENTITY_FILE
    path.write_text(json.dumps({"record": record.identity(), "record_format": 99}))
    before = {one: one.read_bytes() for one in paths_of(record)}
    with pytest.raises(RecordFormatError, match="has format 99"):
        record.stream("casts").append(FILES, {})
    assert {one: one.read_bytes() for one in paths_of(record)} == before


def test_what_a_killed_writer_left_does_not_count(record: Record) -> None:
    stream = filled(record)
    (Path(record.url) / "predictions/Zr-Al-Cu/files/4.csv").write_bytes(b"left behind")
    (Path(record.url) / "predictions/Zr-Al-Cu/journal/00000004.copy.json").write_bytes(b"")
    assert len(stream.entries()) == 3
    assert stream.append({"4.csv": b"file 4"}, {}).number == 4
    assert record.problems() == []


def test_without_hard_links_a_number_is_given_once(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(folder_module.os, "link", refuses)
    assert len(filled(record).entries()) == 3
    with pytest.raises(FileExistsError):
        record.folder.write_new("predictions/Zr-Al-Cu/journal/00000003.copy.json", b"")


def test_a_full_disk_leaves_the_record_as_it_was(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = filled(record)
    entries = stream.entries()

    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(folder_module, "sync", full)
        with pytest.raises(FolderError, match="the disk is full"):
            stream.append(FILES, {})
    assert stream.entries() == entries
    assert stream.append(FILES, {}).number == 4
