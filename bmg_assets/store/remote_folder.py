"""A folder behind fsspec, as in object storage: one request replaces an object as a whole, one reads it as a whole.

A server that has answered this process is waited for when it stops answering, so that hours of training outlast its
restart. One that has not answered yet is told of at once: its address may be wrong.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NoReturn, TypeVar

from bmg_assets.science.errors import BmgError
from bmg_assets.store.folder import Folder, FolderError, safe_name
from bmg_assets.store.remote_errors import Failure, Kind, failure_of

PATIENCE_S = 300.0
"""How long a server that has answered before is waited for."""
LONGEST_PAUSE_S = 15.0
AT_ONCE = 16
"""Requests that wait for their answers at the same time."""
MOST_HELD = 64
"""Whole files that are read before the first of them is used."""
STAMP_MARKS = ("ETag", "etag", "md5Hash", "LastModified", "last_modified", "updated", "mtime", "created", "size")
"""What the file systems behind fsspec tell of a file, by which another content is noticed."""
S3 = ("s3", "s3a")
OBJECT_STORES = frozenset({*S3, "gs", "gcs", "az", "abfs", "abfss"})
"""Kinds in which no folders are made."""
ONE_REQUEST = {"max_concurrency": 1}
"""s3fs reads a large object in parts side by side unless told not to, and a part may be of another version."""
_ONE_PUT_BYTES = 5 * 2**29

T = TypeVar("T")
X = TypeVar("X")
_expected: set[str] = set()
"""Folders whose server has answered this process, or answered those that started it."""
_log = logging.getLogger(__name__)


class EmptyRangeError(Exception):
    """A part of a file was asked for of which it has nothing, as of an empty file."""


class ChangedMeanwhileError(BmgError):
    """A file that was to be replaced is no longer the one that was read."""


def expect_answers(url: str) -> None:
    """Wait for the server of this folder from its first request on: whoever started this process has reached it."""
    _expected.add(url.rstrip("/"))


def side_by_side(folder: Folder, work: Callable[[X], T], given: Sequence[X]) -> list[T]:
    """What the work gives for each, in their order: several at once where most of the time is waiting for a server."""
    if not isinstance(folder, RemoteFolder) or len(given) < 2:
        return [work(one) for one in given]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, given))


class RemoteFolder:
    """A folder at an fsspec URL."""

    def __init__(self, url: str) -> None:
        from fsspec.core import url_to_fs

        self.url = url.rstrip("/")
        self.kind = self.url.partition("://")[0]
        # Another machine may have written in the meantime: listings are never taken from memory.
        self.filesystem, root = url_to_fs(
            self.url, use_listings_cache=False, **(ONE_REQUEST if self.kind in S3 else {})
        )
        self._root = root.rstrip("/")

    def read(self, name: str) -> bytes:
        return bytes(self._ask(name, lambda: self.filesystem.cat_file(self._path(name))))

    def read_many(self, names: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
        for start in range(0, len(names), MOST_HELD):
            some = names[start : start + MOST_HELD]
            yield from zip(some, side_by_side(self, self._read_if_there, some), strict=True)

    def _read_if_there(self, name: str) -> bytes | None:
        with contextlib.suppress(FileNotFoundError):
            return self.read(name)
        return None

    def write(self, name: str, data: bytes) -> None:
        self._put(name, lambda path: self.filesystem.pipe_file(path, data))

    def write_new(self, name: str, data: bytes) -> None:
        try:
            self._put(name, lambda path: self.filesystem.pipe_file(path, data, mode="create"))
        except FileExistsError:
            # A request whose answer was lost is sent again, and is refused because of what it has written itself.
            if self.read(name) != data:
                raise

    def mark(self, name: str) -> str | None:
        """By which `write_unless_changed` knows the file; None where there is none. Take it before reading."""
        try:
            found = self._ask(name, lambda: self.filesystem.info(self._path(name)))
        except FileNotFoundError:
            return None
        return str(found.get("ETag", "")).strip('"')

    def write_unless_changed(self, name: str, data: bytes, mark: str | None) -> None:
        """Replace the file if it is still the one with this mark, None for no file at all.

        The server compares and replaces in one step. Only S3 is asked to: behind other URLs the file is replaced.

        Raises:
            ChangedMeanwhileError: another writer was faster; nothing was written.
            FolderError: as `write`.
        """
        if self.kind not in S3:
            self.write(name, data)
            return
        condition = {"IfNoneMatch": "*"} if mark is None else {"IfMatch": mark}
        try:
            self._put(name, lambda path: self.filesystem.pipe_file(path, data, chunksize=_ONE_PUT_BYTES, **condition))
        except (FileExistsError, FileNotFoundError):
            raise ChangedMeanwhileError(
                f"{self.path_of(name)} was replaced by another writer: read it again."
            ) from None

    def open(self, name: str) -> BinaryIO:
        opened: BinaryIO = self._ask(name, lambda: self.filesystem.open(self._path(name), "rb"))
        return opened

    def copy_in(self, name: str, source: Path) -> None:
        self._put(name, lambda path: self.filesystem.put_file(str(source), path))

    def read_part(self, name: str, start: int, end: int | None = None) -> bytes:
        if end is None or (start >= 0 and end >= 0):  # else a server must be asked for the size first
            first, stop = start, end
        else:
            first, stop, _ = slice(start, end).indices(self.size(name))
        try:
            return bytes(self._ask(name, lambda: self.filesystem.cat_file(self._path(name), start=first, end=stop)))
        except EmptyRangeError:
            return b""

    def stamps(self, below: str) -> dict[str, str]:
        try:
            found = self._ask(below, lambda: self.filesystem.ls(f"{self._root}/{below}", detail=True))
        except FileNotFoundError:
            return {}
        files = {one["name"].rsplit("/", 1)[-1]: one for one in found if one["type"] == "file"}
        return {
            f"{below}/{name}": " ".join(str(one.get(mark)) for mark in STAMP_MARKS)
            for name, one in sorted(files.items())
            if name[0] != "."
        }

    def exists(self, name: str) -> bool:
        with contextlib.suppress(FileNotFoundError):
            return bool(self._ask(name, lambda: self.filesystem.info(self._path(name)))["type"] == "file")
        return False

    def size(self, name: str) -> int:
        return int(self._ask(name, lambda: self.filesystem.info(self._path(name)))["size"])

    def delete(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._ask(name, lambda: self.filesystem.rm_file(self._path(name)))

    def files(self, below: str = "") -> list[str]:
        try:
            found = self._ask(below, lambda: self.filesystem.find(f"{self._root}/{below}".rstrip("/")))
        except FileNotFoundError:
            return []
        names = (path.removeprefix(f"{self._root}/") for path in found)
        return sorted(name for name in names if not _is_hidden(name))

    def path_of(self, name: str) -> str:
        return f"{self.url}/{safe_name(name)}"

    def name_of(self, path: str) -> str:
        """The name of a file in this folder by its URL or its path behind fsspec."""
        return str(self.filesystem._strip_protocol(path)).removeprefix(f"{self._root}/")

    def _path(self, name: str) -> str:
        return f"{self._root}/{safe_name(name)}"

    def _put(self, name: str, put: Callable[[str], object]) -> None:
        path = self._path(name)
        try:
            self._ask(name, lambda: put(path), writes=True)
        except FileNotFoundError:
            if self.kind in OBJECT_STORES:
                raise
            self._ask(name, lambda: self.filesystem.makedirs(path.rsplit("/", 1)[0], exist_ok=True), writes=True)
            self._ask(name, lambda: put(path), writes=True)

    def _ask(self, name: str, question: Callable[[], T], writes: bool = False) -> T:
        """The server's answer.

        Raises:
            FileNotFoundError, FileExistsError: of the file itself.
            FolderError: in one sentence, whatever the library behind the URL has raised.
        """
        patience, pause, started = PATIENCE_S if self.url in _expected else 0.0, 1.0, time.monotonic()
        while True:
            try:
                answer = question()
            except Exception as error:
                failure = failure_of(error)
                if failure.kind is Kind.UNREACHABLE and time.monotonic() - started < patience:
                    if pause == 1.0:
                        _log.warning(
                            "%s does not answer (%s): waiting up to %g s for it.", self.url, failure.words, patience
                        )
                    time.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE_S)
                    continue
                self._raise(name, failure, error, writes)
            _expected.add(self.url)
            return answer

    def _raise(self, name: str, failure: Failure, error: Exception, writes: bool) -> NoReturn:
        if failure.kind is Kind.NO_FILE:
            _expected.add(self.url)
            raise FileNotFoundError(self.path_of(name) if name else self.url) from error
        if failure.kind is Kind.FILE_EXISTS:
            raise FileExistsError(self.path_of(name)) from error
        if failure.kind is Kind.NO_SUCH_PART:
            raise EmptyRangeError(self.path_of(name)) from error
        where = f"{self.url}/{name}" if name else self.url
        raise FolderError(failure.sentence(where, self._root.partition("/")[0], writes)) from error


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in PurePosixPath(name).parts)
