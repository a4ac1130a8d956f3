"""A disk that is full, or can only be read, from the n-th write on: calls by which Python writes below a folder fail.

Call `fail_from` in a process of its own: nothing takes it back. DuckDB and SQLite write by themselves and are not met;
what they have written is put into its place by calls that are. Dagster's own storage is left alone.
"""

import builtins
import errno
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

FULL, READ_ONLY = errno.ENOSPC, errno.EROFS
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
APART = "instance"
"""Dagster's storage below the folder, on another disk as it were."""
_REMOVING = {"unlink", "remove", "rmdir"}
"""What a full disk lets happen."""


class _Disk:
    """Counts the writes below a folder."""

    def __init__(self, folder: Path, first: int, number: int) -> None:
        self._folder, self._first, self._number, self._writes = str(folder), first, number, 0

    def write(self, call: str, path: Any) -> None:
        """Count one write; raises OSError from the n-th on."""
        if not self._is_below(path) or (call in _REMOVING and self._number == FULL):
            return
        self._writes += 1
        if self._writes >= self._first:
            named = () if isinstance(path, int) else (str(path),)
            raise OSError(self._number, os.strerror(self._number), *named)

    def _is_below(self, path: Any) -> bool:
        if isinstance(path, int):
            path = os.readlink(f"/proc/self/fd/{path}")
        place = os.path.abspath(os.fspath(path))
        return place.startswith(self._folder) and not place.startswith(os.path.join(self._folder, APART))


class _File:
    """An open file whose writes are counted; of one that fails, half of the bytes are written."""

    def __init__(self, file: Any, path: Any, disk: _Disk) -> None:
        self._file, self._path, self._disk = file, path, disk

    def write(self, data: Any) -> int:
        try:
            self._disk.write("write", self._path)
        except OSError:
            self._file.write(data[: len(data) // 2])
            raise
        return int(self._file.write(data))

    def __enter__(self) -> "_File":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def fail_from(first: int, number: int, folder: Path) -> None:
    """From the write of this number on, all below the folder end in this error of the operating system."""
    disk = _Disk(folder, first, number)
    for name, place in (
        *((name, 0) for name in ("mkdir", "fsync", "unlink", "remove", "rmdir", "truncate")),
        *((name, 1) for name in ("replace", "rename", "link")),
    ):
        setattr(os, name, _counted(getattr(os, name), name, place, disk))
    really_open, open_file = os.open, io.open

    def os_open(path: Any, flags: int, *arguments: Any, **options: Any) -> int:
        if flags & _WRITING and not (flags & os.O_RDWR and os.path.exists(path)):  # a lock is no write
            disk.write("open", path)
        return really_open(path, flags, *arguments, **options)

    def python_open(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        is_written = not isinstance(file, int) and any(sign in mode for sign in "wxa+")
        if is_written:
            disk.write("open", file)
        opened = open_file(file, mode, *arguments, **options)
        return _File(opened, file, disk) if is_written else opened

    os.open, io.open, builtins.open = os_open, python_open, python_open  # type: ignore[assignment]


def _counted(call: Callable[..., Any], name: str, place: int, disk: _Disk) -> Callable[..., Any]:
    def counted(*arguments: Any, **options: Any) -> Any:
        disk.write(name, arguments[place])
        return call(*arguments, **options)

    return counted
