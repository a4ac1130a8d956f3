"""A folder in which a file is either the old one or the new one, never a part of it: local, or any fsspec URL."""

import contextlib
import errno
import os
import shutil
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath, PurePosixPath
from typing import BinaryIO, Protocol

from bmg_assets.science.errors import BmgError

SWEEP_AGE_S = 3600.0
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_NOT_OFFERED = frozenset({errno.EINVAL, errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
"""What a share answers that cannot sync a folder or set rights; the files in it can be written all the same."""


class FolderError(BmgError):
    """A file could not be read or written; what was there before is still there."""


class Folder(Protocol):
    """Files by their name relative to the folder, `/` between the parts."""

    url: str

    def read(self, name: str) -> bytes:
        """The whole file; raises FileNotFoundError."""

    def read_many(self, names: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
        """The whole files in the order of their names, several at once where that saves time; None for missing ones."""

    def write(self, name: str, data: bytes) -> None:
        """Replace or create the file as a whole; raises FolderError, the previous file then being as it was."""

    def write_new(self, name: str, data: bytes) -> None:
        """Create the file as a whole; raises FileExistsError if it is there, FolderError."""

    def open(self, name: str) -> BinaryIO:
        """The file, to be read piece by piece; raises FileNotFoundError."""

    def copy_in(self, name: str, source: Path) -> None:
        """Replace or create the file by a copy of a local one of any size, else as `write`."""

    def read_part(self, name: str, start: int, end: int | None = None) -> bytes:
        """The bytes between two positions, from the end of the file if negative; raises FileNotFoundError."""

    def exists(self, name: str) -> bool: ...

    def size(self, name: str) -> int:
        """Size in bytes; raises FileNotFoundError."""

    def delete(self, name: str) -> None:
        """Remove the file if it is there."""

    def files(self, below: str = "") -> list[str]:
        """Names of all files at any depth below a part of the folder, sorted, without temporary ones."""

    def stamps(self, below: str) -> dict[str, str]:
        """The files of one folder, not of those in it, by name; a stamp is another one when the file is replaced."""

    def path_of(self, name: str) -> str:
        """The path or URL under which other programs find the file."""


def open_folder(url: str) -> Folder:
    """The folder at a local path or an fsspec URL; it need not exist yet."""
    if "://" not in url:
        return LocalFolder(Path(url).expanduser().resolve())
    if url.startswith("file://"):
        return LocalFolder(Path(url.removeprefix("file://")).resolve())
    from bmg_assets.store.remote_folder import RemoteFolder

    return RemoteFolder(url)


class LocalFolder:
    """A folder of this machine: written beside, synced, renamed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.url = str(root)

    def read(self, name: str) -> bytes:
        return self._path(name).read_bytes()

    def read_many(self, names: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
        for name in names:
            try:
                yield name, self.read(name)
            except FileNotFoundError:
                yield name, None

    def write(self, name: str, data: bytes) -> None:
        write_durably(self._path(name), data)

    def write_new(self, name: str, data: bytes) -> None:
        create_durably(self._path(name), data)

    def open(self, name: str) -> BinaryIO:
        return self._path(name).open("rb")

    def copy_in(self, name: str, source: Path) -> None:
        with replacing(self._path(name)) as temporary:
            shutil.copyfile(source, temporary)

    def read_part(self, name: str, start: int, end: int | None = None) -> bytes:
        with self._path(name).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            first, stop, _ = slice(start, end).indices(size)
            file.seek(first)
            return file.read(max(0, stop - first))

    def stamps(self, below: str) -> dict[str, str]:
        try:
            with os.scandir(self.root / below) as found:
                statuses = {one.name: one.stat() for one in found if one.name[0] != "." and one.is_file()}
        except FileNotFoundError:
            return {}
        return {
            f"{below}/{name}": f"{status.st_mtime_ns} {status.st_size} {status.st_ino}"
            for name, status in sorted(statuses.items())
        }

    def exists(self, name: str) -> bool:
        return self._path(name).is_file()

    def size(self, name: str) -> int:
        return self._path(name).stat().st_size

    def delete(self, name: str) -> None:
        path = self._path(name)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync(path.parent)

    def files(self, below: str = "") -> list[str]:
        # Of ten thousand files only the names are read: paths and their types would take a second.
        found: list[str] = []
        for place, folders, names in os.walk(self.root / below):
            folders[:] = [name for name in folders if not name.startswith(".")]
            beginning = PurePath(place).relative_to(self.root).as_posix()
            start = "" if beginning == "." else f"{beginning}/"
            found += [start + name for name in names if not name.startswith(".")]
        return sorted(found)

    def path_of(self, name: str) -> str:
        return str(self._path(name))

    def _path(self, name: str) -> Path:
        return self.root / safe_name(name)


@contextlib.contextmanager
def replacing(target: Path, mode: int = 0o644) -> Iterator[Path]:
    """A temporary file to fill, which replaces `target` in one rename when the block ends well.

    It is synced before the rename and the folder after it, so that a power cut leaves the old file or the new one.
    A share that can do neither, or has no rights to set, is written all the same.
    Raises FolderError if the disk is full or the folder cannot be written; `target` is then as it was, or the message
    says that it is the new one.
    """
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex}.tmp")
    try:
        _make_folder(target.parent)
        _sweep(target.parent)
        yield temporary
        sync(temporary)
        with _where_offered():
            temporary.chmod(mode)
        _rename(temporary, target)
    except OSError as error:
        raise FolderError(not_written(str(target), error)) from error
    finally:
        # A database that could not be finished leaves its write-ahead log too.
        for left in (temporary, temporary.with_name(f"{temporary.name}.wal")):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
    _sync_name(target)


def write_durably(path: Path, data: bytes) -> None:
    """Write a file as a whole, over another one of that name; raises FolderError."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def create_durably(path: Path, data: bytes) -> None:
    """Write a file as a whole where there is none yet; raises FileExistsError, FolderError."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        _make_folder(path.parent)
        temporary.write_bytes(data)
        sync(temporary)
        _name_as_new(temporary, path)
    except FileExistsError:
        raise
    except OSError as error:
        raise FolderError(not_written(str(path), error)) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    _sync_name(path)


def _name_as_new(temporary: Path, path: Path) -> None:
    """Give a file its name unless another has it, in one step where the file system knows hard links."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        with open(path, "xb"):
            pass
        temporary.replace(path)


def _sync_name(target: Path) -> None:
    """Let the name of a file that was just written survive a power cut."""
    try:
        sync(target.parent)
    except OSError as error:
        raise FolderError(
            f"{target} has its new content, but whether that outlasts a power cut is not known: its folder could "
            f"not be synced ({_reason(error)}): look after the disk and run again."
        ) from error


def sync(path: Path) -> None:
    """Let a file, or the names in a folder, survive a power cut, where the file system can promise that."""
    with _where_offered():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def set_modified(path: Path, modified_ns: int) -> None:
    """Set when a file was last written, in ns since 1970, where the file system lets us."""
    with _where_offered():
        os.utime(path, ns=(modified_ns, modified_ns))


def not_written(path: str, error: OSError) -> str:
    """The sentence for a file that could not be written."""
    remedy = "free some space" if error.errno in _DISK_FULL else "fix the folder or its rights"
    return (
        f"{path} could not be written because {_reason(error)}; what was there before is unchanged: {remedy} and run "
        "again."
    )


def _reason(error: OSError) -> str:
    return "the disk is full" if error.errno in _DISK_FULL else (error.strerror or str(error)).lower()


@contextlib.contextmanager
def _where_offered() -> Iterator[None]:
    """Do what is inside where the file system offers it; errors of other kinds are raised."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NOT_OFFERED:
            raise


def _rename(temporary: Path, target: Path) -> None:
    """Move a file over another one.

    A share whose first answer was lost asks its server again, and hears that there is nothing to move: it has been
    moved already.
    """
    written = temporary.stat()
    try:
        temporary.replace(target)
    except FileNotFoundError:
        if not (target.exists() and os.path.samestat(target.stat(), written)):
            raise


def safe_name(name: str) -> PurePosixPath:
    """The name as a path that stays in the folder and is not mistaken for a temporary file."""
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or any(part.startswith(".") for part in path.parts):
        raise FolderError(
            f"'{name}' cannot be a file of the store: expected is a relative name, no part of which begins with a dot."
        )
    return path


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)


def _sweep(folder: Path) -> None:
    """Remove what killed writers left behind; younger temporary files may still be in work."""
    oldest = time.time() - SWEEP_AGE_S
    for path in folder.glob(".*.tmp*"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()
