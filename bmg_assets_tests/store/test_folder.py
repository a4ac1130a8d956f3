"""Files of a folder are written on any share, and a failure says which content is there."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bmg_assets.store.folder import FolderError, LocalFolder, open_folder, replacing, set_modified

NOT_OFFERED = [errno.EINVAL, errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.ENOSYS]


@pytest.fixture
def folder(tmp_path: Path) -> LocalFolder:
    """A folder with one file."""
    folder = LocalFolder(tmp_path / "share")
    folder.write("tables/one.bin", b"old")
    return folder


@pytest.mark.parametrize("number", NOT_OFFERED)
def test_a_share_that_cannot_sync_folders_is_written(
    folder: LocalFolder, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", _failing_for_folders(number))
    folder.write("tables/one.bin", b"new")
    folder.write("further/two.bin", b"new, too")
    assert folder.read("tables/one.bin") == b"new"
    folder.delete("tables/one.bin")
    assert folder.files() == ["further/two.bin"]


@pytest.mark.parametrize("number", NOT_OFFERED)
def test_a_share_that_has_no_rights_to_set_is_written(
    folder: LocalFolder, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_chmod(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "chmod", no_chmod)
    with replacing(folder.root / "tables/one.bin", 0o444) as temporary:
        temporary.write_bytes(b"new")
    assert folder.read("tables/one.bin") == b"new"
    assert len(list((folder.root / "tables").iterdir())) == 1


@pytest.mark.parametrize("number", NOT_OFFERED)
def test_a_share_that_keeps_its_own_times_is_no_failure(
    folder: LocalFolder, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_times(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    path = folder.root / "tables/one.bin"
    set_modified(path, 10**18)
    assert path.stat().st_mtime_ns == 10**18
    monkeypatch.setattr(os, "utime", no_times)
    set_modified(path, 10**17)
    assert path.stat().st_mtime_ns == 10**18


def test_a_failure_after_the_rename_says_that_the_new_content_is_there(
    folder: LocalFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", _failing_for_folders(errno.EIO))
    with pytest.raises(FolderError, match=r"one\.bin has its new content, but .*input/output error") as told:
        folder.write("tables/one.bin", b"new")
    assert "unchanged" not in str(told.value)
    assert folder.read("tables/one.bin") == b"new"


def test_a_failure_before_the_rename_says_that_nothing_changed(
    folder: LocalFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_sync(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", no_sync)
    with pytest.raises(FolderError, match="what was there before is unchanged"):
        folder.write("tables/one.bin", b"new")
    assert folder.read("tables/one.bin") == b"old"
    assert folder.files() == ["tables/one.bin"]


def test_a_rename_that_was_done_and_answered_as_failed_counts_as_done(
    folder: LocalFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = os.replace

    def twice(source: Any, target: Any, **_: Any) -> None:
        rename(source, target)
        rename(source, target)

    monkeypatch.setattr(os, "replace", twice)
    folder.write("tables/one.bin", b"new")
    assert folder.read("tables/one.bin") == b"new"


@pytest.mark.parametrize("url", ["{}/other", "memory://{}/other"])
def test_a_large_file_is_copied_in_and_read_in_pieces(tmp_path: Path, url: str) -> None:
    source, folder = tmp_path / "large.bin", open_folder(url.format(tmp_path))
    for content in (b"first", b"second"):
        source.write_bytes(content)
        folder.copy_in("deep/below/large.bin", source)
        with folder.open("deep/below/large.bin") as file:
            assert (file.read(3), file.read()) == (content[:3], content[3:])
    with pytest.raises(FileNotFoundError):
        folder.open("nothing")


def _failing_for_folders(number: int) -> Callable[[int], None]:
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        sync(descriptor)

    return fsync
