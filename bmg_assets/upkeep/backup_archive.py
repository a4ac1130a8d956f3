"""A backup as one archive, `.zip` or `.tar.zst`: the files under their names, and the snapshot that names them last."""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from bmg_assets.store.folder import replacing
from bmg_assets.upkeep.snapshot import BackupError, SavedFile, Snapshot

ZIP, TAR = ENDINGS = (".zip", ".tar.zst")
OTHER_ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".gz", ".bz2", ".xz", ".zst", ".7z", ".rar")
SNAPSHOT_FILE = "snapshot.json"
LARGEST_SNAPSHOT_BYTES = 1 << 28
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    tarfile.TarError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
"""What the libraries raise at an archive that is damaged, truncated or encrypted."""

Add = Callable[[str, Path], None]
"""Takes a file in under a name."""


class ArchiveWriter:
    """An archive that is being written; it holds one snapshot."""

    def __init__(self, path: Path, add: Add) -> None:
        self._add = add
        self._scratch = path.with_name(f"{path.name}.snapshot")

    def has(self, file: SavedFile) -> bool:
        """Whether a file is in it already: none is."""
        return False

    def add(self, file: SavedFile, path: Path) -> None:
        """Take a file in."""
        self._add(file.name, path)

    def finish(self, snapshot: Snapshot) -> None:
        """Take the snapshot in."""
        try:
            self._scratch.write_bytes(snapshot.to_json())
            self._add(SNAPSHOT_FILE, self._scratch)
        finally:
            self._scratch.unlink(missing_ok=True)


def is_archive(target: str) -> bool:
    """Whether a place is an archive by its ending; raises BackupError for one that is not written here."""
    if target.endswith(ENDINGS) and "://" in target:
        raise BackupError(f"{target} is an archive behind a URL: name a folder there, or an archive on this machine.")
    if target.endswith(ENDINGS):
        return True
    if target.lower().endswith((*OTHER_ENDINGS, *ENDINGS)):
        raise BackupError(f"{target} is no archive of a kind that is written here: expected {' or '.join(ENDINGS)}.")
    return False


@contextmanager
def new_archive(path: Path) -> Iterator[ArchiveWriter]:
    """An archive to fill; it has its name when the block ends well, and is not there otherwise.

    Raises:
        BackupError: the file is there already.
        FolderError: it cannot be written.
    """
    if path.exists():
        raise BackupError(f"{path} is there already: name another archive, or a folder, which keeps many snapshots.")
    with replacing(path) as temporary, _adding(temporary, is_zip=path.name.endswith(ZIP)) as add:
        yield ArchiveWriter(temporary, add)


class ArchiveReader:
    """A backup in an archive."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def snapshots(self) -> list[str]:
        """The name of its snapshot."""
        return [self.snapshot().name]

    def snapshot(self, name: str | None = None) -> Snapshot:
        """The snapshot in it; raises BackupError, also if it has another name than the given one."""
        data = None
        try:
            for member, file in self._members():
                if member == SNAPSHOT_FILE:
                    data = file.read(LARGEST_SNAPSHOT_BYTES)
        except UNREADABLE as error:
            raise self._refused(f"its snapshot cannot be read ({error})") from error
        if data is None:
            raise self._refused("it holds no snapshot, so it is no backup, or its end is missing")
        snapshot = Snapshot.from_json(f"{self.path}/{SNAPSHOT_FILE}", data)
        if name not in (None, snapshot.name):
            raise BackupError(f"There is no snapshot {name} in {self.path}, it has {snapshot.name}.")
        return snapshot

    def contents(self, snapshot: Snapshot) -> Iterator[tuple[str, BinaryIO]]:
        """All files in it by name, to be read one after the other; raises BackupError."""
        return ((name, file) for name, file in self._members() if name != SNAPSHOT_FILE)

    def _members(self) -> Iterator[tuple[str, BinaryIO]]:
        try:
            yield from _members_of_zip(self.path) if self.path.name.endswith(ZIP) else _members_of_tar(self.path)
        except UNREADABLE as error:
            raise self._refused(f"it is damaged or cannot be read ({error})") from error

    def _refused(self, why: str) -> BackupError:
        return BackupError(f"{self.path} was refused, because {why}. Nothing was changed.")


@contextmanager
def _adding(path: Path, is_zip: bool) -> Iterator[Add]:
    if is_zip:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            yield lambda name, file: archive.write(file, name)
        return
    import pyarrow as pa

    with (
        pa.OSFile(str(path), "wb") as file,
        pa.CompressedOutputStream(file, "zstd") as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        yield lambda name, source: _add_to_tar(tar, name, source)


def _add_to_tar(tar: tarfile.TarFile, name: str, source: Path) -> None:
    member = tarfile.TarInfo(name)
    found = source.stat()
    member.size, member.mtime = found.st_size, int(found.st_mtime)
    with source.open("rb") as file:
        tar.addfile(member, file)


def _members_of_zip(path: Path) -> Iterator[tuple[str, BinaryIO]]:
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            if part.is_dir() or part.external_attr >> 28 not in (0, 0o10):
                raise ValueError(f"its part {part.filename[:80]!r} is no plain file")
            with archive.open(part) as file:
                yield part.filename, cast(BinaryIO, file)


def _members_of_tar(path: Path) -> Iterator[tuple[str, BinaryIO]]:
    import pyarrow as pa

    with (
        pa.OSFile(str(path), "rb") as packed,
        pa.CompressedInputStream(packed, "zstd") as stream,
        tarfile.open(fileobj=cast(IO[bytes], stream), mode="r|") as tar,
    ):
        for member in tar:
            file = tar.extractfile(member) if member.isreg() else None
            if file is None:
                raise ValueError(f"its part {member.name[:80]!r} is no plain file")
            yield member.name, cast(BinaryIO, file)
