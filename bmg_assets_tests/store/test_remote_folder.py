"""Files in object storage are replaced as a whole, are made by one writer, and outlast a server that goes away."""

import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable

import pytest

from bmg_assets.store import remote_folder
from bmg_assets.store.folder import FolderError, open_folder
from bmg_assets.store.remote_folder import ChangedMeanwhileError, RemoteFolder, expect_answers
from bmg_assets_tests.object_server import ObjectServer

LARGE = 20_000_000
"""Bytes of which s3fs by itself makes several requests."""
SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def folder(bucket: str) -> RemoteFolder:
    """A folder in a bucket."""
    return remote(f"{bucket}/store")


def remote(url: str) -> RemoteFolder:
    found = open_folder(url)
    assert isinstance(found, RemoteFolder)
    return found


def test_files_are_written_listed_and_removed(folder: RemoteFolder) -> None:
    folder.write("tables/one.bin", b"old")
    folder.write("tables/one.bin", b"new")
    folder.write("two.bin", b"2")
    assert folder.read("tables/one.bin") == b"new"
    assert folder.files() == ["tables/one.bin", "two.bin"]
    assert folder.files("tables") == ["tables/one.bin"]
    assert list(folder.stamps("tables")) == ["tables/one.bin"]
    assert (folder.size("two.bin"), folder.exists("two.bin"), folder.exists("three.bin")) == (1, True, False)
    assert list(folder.read_many(["two.bin", "three.bin", "tables/one.bin"])) == [
        ("two.bin", b"2"),
        ("three.bin", None),
        ("tables/one.bin", b"new"),
    ]
    folder.delete("two.bin")
    folder.delete("two.bin")
    assert folder.files() == ["tables/one.bin"]
    with pytest.raises(FileNotFoundError):
        folder.read("two.bin")


def test_another_content_has_another_stamp(folder: RemoteFolder) -> None:
    folder.write("tables/one.bin", b"old")
    before = folder.stamps("tables")
    assert folder.stamps("tables") == before
    folder.write("tables/one.bin", b"new")
    assert folder.stamps("tables") != before


def test_a_large_file_is_read_in_one_request(folder: RemoteFolder, objects: ObjectServer) -> None:
    folder.write("large.bin", bytes(LARGE))
    objects.requests.clear()
    assert len(folder.read("large.bin")) == LARGE
    assert len(objects.requests) == 1, "parts of it could be of another version"


@pytest.mark.parametrize("content", [b"", b"short", bytes(range(256)) * 10])
def test_parts_are_those_of_the_content(folder: RemoteFolder, objects: ObjectServer, content: bytes) -> None:
    folder.write("one.bin", content)
    objects.requests.clear()
    assert folder.read_part("one.bin", -100) == content[-100:]
    assert folder.read_part("one.bin", 0, 100) == content[:100]
    assert len(objects.requests) == 2
    assert folder.read_part("one.bin", -10, -2) == content[-10:-2]
    with pytest.raises(FileNotFoundError):
        folder.read_part("two.bin", -100)


def test_of_two_writers_of_a_new_file_one_is_refused(folder: RemoteFolder) -> None:
    folder.write_new("new.bin", b"first")
    with pytest.raises(FileExistsError):
        folder.write_new("new.bin", b"second")
    assert folder.read("new.bin") == b"first"


def test_who_wrote_a_new_file_and_did_not_hear_so_is_not_refused(folder: RemoteFolder) -> None:
    folder.write_new("new.bin", b"mine")
    folder.write_new("new.bin", b"mine")  # the request that the library sends again


def test_a_file_that_was_replaced_since_it_was_read_is_not_replaced(folder: RemoteFolder) -> None:
    assert folder.mark("one.bin") is None
    folder.write_unless_changed("one.bin", b"first", None)
    mark = folder.mark("one.bin")
    folder.write_unless_changed("one.bin", b"second", mark)
    for stale in (mark, None):
        with pytest.raises(ChangedMeanwhileError, match="replaced by another writer"):
            folder.write_unless_changed("one.bin", b"third", stale)
    assert folder.read("one.bin") == b"second"
    fresh = folder.mark("one.bin")
    folder.delete("one.bin")
    with pytest.raises(ChangedMeanwhileError):
        folder.write_unless_changed("one.bin", b"third", fresh)


def test_a_bucket_that_is_not_there_is_named(bucket: str) -> None:
    folder = remote(f"{bucket}-not/store")
    for ask in (
        lambda: folder.read("one.bin"),
        lambda: folder.files(),
        lambda: folder.stamps("tables"),
        lambda: folder.exists("one.bin"),
        lambda: folder.write("one.bin", b""),
        lambda: folder.write_new("one.bin", b""),
    ):
        assert "there is no bucket 'lab-" in refusal(ask)
    assert "what was there before is unchanged: make it, or name another place" in refusal(
        lambda: folder.write("one.bin", b"")
    )


def test_missing_credentials_are_told_of(folder: RemoteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    folder.filesystem.clear_instance_cache()
    again = remote(folder.url)
    assert "this machine has no credentials for it: set AWS_ACCESS_KEY_ID and" in refusal(lambda: again.read("one.bin"))


def test_an_address_at_which_nobody_answers_is_told_of_at_once(
    folder: RemoteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    folder.filesystem.clear_instance_cache()
    again = remote(folder.url)
    assert "the server does not answer" in refusal(lambda: again.read("one.bin"))


@pytest.mark.parametrize("is_told", [False, True])
def test_a_server_that_was_there_is_waited_for(
    folder: RemoteFolder, objects: ObjectServer, monkeypatch: pytest.MonkeyPatch, is_told: bool
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    folder.filesystem.clear_instance_cache()
    folder = remote(folder.url)
    folder.write("one.bin", b"old")
    if is_told:  # as in a step, whose process is new
        remote_folder._expected.clear()
        expect_answers(folder.url)
    objects.stop()
    later = threading.Timer(3, objects.start)
    later.start()
    folder.write("one.bin", b"new")
    later.join()
    assert folder.read("one.bin") == b"new"


def test_a_server_that_stays_away_is_given_up(
    folder: RemoteFolder, objects: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(remote_folder, "PATIENCE_S", 1.0)
    folder.filesystem.clear_instance_cache()
    folder = remote(folder.url)
    folder.write("one.bin", b"old")
    objects.stop()
    try:
        assert "does not answer" in refusal(lambda: folder.write("one.bin", b"new"))
    finally:
        objects.start()
    assert folder.read("one.bin") == b"old"


def test_a_writer_that_is_killed_in_the_middle_leaves_the_old_file(folder: RemoteFolder) -> None:
    folder.write("large.bin", b"o" * 3_000_000)
    for number in range(3):
        writer = SPAWN.Process(target=_write_without_end, args=(folder.url,))
        writer.start()
        deadline = time.monotonic() + 60
        while folder.read("large.bin")[:1] == b"o" and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.003 * number)
        os.kill(writer.pid or 0, signal.SIGKILL)
        writer.join()
        found = folder.read("large.bin")
        assert len(found) == 3_000_000
        assert len(set(found)) == 1, "a part of another content"
        folder.write("large.bin", b"o" * 3_000_000)


def _write_without_end(url: str) -> None:
    folder = open_folder(url)
    while True:
        for letter in b"abcdefgh":
            folder.write("large.bin", bytes([letter]) * 3_000_000)


def refusal(ask: Callable[[], object]) -> str:
    """The one sentence in which it ends."""
    with pytest.raises(FolderError) as told:
        ask()
    assert "\n" not in str(told.value)
    return str(told.value)


def free_port() -> int:
    """A port at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
