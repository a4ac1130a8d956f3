"""Files behind a URL for DuckDB: each is fetched as a whole, so that a query never meets two versions of one.

DuckDB asks a file system for a file's size by its name, then for parts of it, and another machine may replace the file
in between. Here a file stays what it was when the query looked for it, until the next query does.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fsspec import AbstractFileSystem

from bmg_assets.store.remote_folder import STAMP_MARKS, RemoteFolder

MOST_BYTES = 2**30
"""Contents that are kept at most; those that a query reads later push out what it read first."""


class WholeFiles(AbstractFileSystem):  # type: ignore[misc]  # fsspec has no types
    """The part of a file system that DuckDB uses to read."""

    cachable = False

    def __init__(self, folder: RemoteFolder) -> None:
        super().__init__()
        self.protocol = folder.filesystem.protocol
        self.only_named: str | None = None
        """While set, a pattern finds the file of this name alone: views are made without reading what they show."""
        self._folder = folder
        self._stamps: dict[str, str] = {}
        self._contents: dict[str, tuple[str, bytes]] = {}
        self._fetched_at: dict[str, datetime] = {}

    def glob(self, path: str, **_: Any) -> list[str]:
        """Names of the files that fit the pattern, which are fetched where they are new."""
        if self.only_named is not None and "*" in path:
            path = f"{path.partition('*')[0]}{self.only_named}"
        found: Mapping[str, Mapping[str, Any]] = self._folder.filesystem.glob(path, detail=True)
        stamps = {
            self._folder.name_of(name): " ".join(str(one.get(mark)) for mark in STAMP_MARKS)
            for name, one in found.items()
            if one["type"] == "file"
        }
        self._stamps |= stamps
        self._fetch([name for name in stamps if not self._has(name)])
        return [self._folder.path_of(name) for name in sorted(stamps)]

    def exists(self, path: str, **_: Any) -> bool:
        """Whether a file is there."""
        return self._folder.exists(self._folder.name_of(path))

    def size(self, path: str) -> int:
        """Size of the file as `open` gives it, in bytes."""
        return len(self._content(path))

    def modified(self, path: str) -> datetime:
        """When the content was fetched: DuckDB looks whether it is another one."""
        self._content(path)
        return self._fetched_at[self._folder.name_of(path)]

    def open(self, path: str, mode: str = "rb", **_: Any) -> io.BytesIO:
        """The file, to be read."""
        if "r" not in mode:
            raise PermissionError(f"{path} is only read here")
        return io.BytesIO(self._content(path))

    def _content(self, path: str) -> bytes:
        name = self._folder.name_of(path)
        if not self._has(name):
            self._fetch([name])
        return self._contents[name][1]

    def _has(self, name: str) -> bool:
        return name in self._contents and self._contents[name][0] == self._stamps.get(name, "")

    def _fetch(self, names: list[str]) -> None:
        kept = sum(len(data) for _, data in self._contents.values())
        for name, data in self._folder.read_many(names):
            if data is None:
                raise FileNotFoundError(self._folder.path_of(name))
            self._contents.pop(name, None)
            self._contents[name] = (self._stamps.get(name, ""), data)
            self._fetched_at[name] = datetime.now(UTC)
            kept += len(data)
            while kept > MOST_BYTES and len(self._contents) > 1:
                kept -= len(self._contents.pop(next(iter(self._contents)))[1])
