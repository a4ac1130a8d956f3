"""Restoring a deployment from a snapshot: all of it is unpacked and checked first, then put in its place."""

from __future__ import annotations

import errno
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bmg_assets.settings import Locations
from bmg_assets.store.folder import SWEEP_AGE_S, Folder, LocalFolder, set_modified
from bmg_assets.store.record import IDENTITY_FILE
from bmg_assets.upkeep.backup_archive import UNREADABLE, ArchiveReader, is_archive
from bmg_assets.upkeep.backup_folder import BackupFolder
from bmg_assets.upkeep.copying import copy_hashed, size_and_digest
from bmg_assets.upkeep.findings import Progress, no_progress
from bmg_assets.upkeep.parts import JOURNAL, folders_of
from bmg_assets.upkeep.reachable import reachable
from bmg_assets.upkeep.record_merge import RecordMerge
from bmg_assets.upkeep.snapshot import DAGSTER, LAB, LITERATURE, RECORD, BackupError, SavedFile, Snapshot

STAGING = ".restore-"
"""Beginning of the name of the folder in which a backup is unpacked, in the data folder."""
ASIDE = "before-restore"


@dataclass(frozen=True)
class Restored:
    """What was done."""

    snapshot: Snapshot
    placed: int
    """Files that were written."""
    kept: tuple[str, ...]
    """Paths of files that are others than in the backup and were left as they are."""
    set_aside: tuple[str, ...]
    """Paths under which files lie now that the backup's have replaced."""


def open_source(source: str) -> BackupFolder | ArchiveReader:
    """The backup at a place; raises BackupError."""
    with reachable(source):
        if is_archive(source):
            path = Path(source).expanduser().resolve()
            if not path.is_file():
                raise BackupError(f"There is no {path}: check the place of the backup.")
            return ArchiveReader(path)
        folder = BackupFolder(source)
        if folder.owner() is None:
            raise BackupError(f"There is no backup in {folder.url}: check its place.")
        return folder


def names_in(source: str) -> list[str]:
    """Names of all snapshots of a backup, the newest last; raises BackupError."""
    with reachable(source):
        return open_source(source).snapshots()


def check(places: Locations, source: str, snapshot_name: str | None, progress: Progress = no_progress) -> Snapshot:
    """Read all of a snapshot as for restoring it, and change nothing; the snapshot.

    Raises:
        BackupError: it could not be restored.
    """
    with reachable(source), _staging(places.data) as staging:
        backup = open_source(source)
        snapshot = backup.snapshot(snapshot_name)
        _unpack(backup, snapshot, staging, progress)
        return snapshot


def restore(
    places: Locations, source: str, snapshot_name: str | None = None, progress: Progress = no_progress
) -> Restored:
    """Put the files of a snapshot in their places, the newest one without a name.

    Into a machine without a record all of it. Beside the same record what is missing or damaged; what is there and
    whole stays. Killed at any moment, the same command succeeds. The systems are not registered here.

    Raises:
        BackupError: the backup cannot be used, or another record is here; nothing was changed.
        FolderError: a file cannot be written.
    """
    with reachable(source):
        backup = open_source(source)
        snapshot = backup.snapshot(snapshot_name)
        merge = RecordMerge(places.record_url, snapshot)
        merge.refuse_another_record()
        with _staging(places.data) as staging:
            _unpack(backup, snapshot, staging, progress)
            merge.refuse_other_entries(staging / RECORD)
            if merge.is_new:
                _refuse_other_casts(places, snapshot)
            return _placed(places, snapshot, staging, merge)


@contextmanager
def _staging(data: Path) -> Iterator[Path]:
    """A folder on the disk of the deployment, gone after the block; so is what killed restores left."""
    is_made = not data.exists()
    data.mkdir(parents=True, exist_ok=True)
    for left in data.glob(f"{STAGING}*"):
        if left.stat().st_mtime < time.time() - SWEEP_AGE_S:
            shutil.rmtree(left, ignore_errors=True)
    try:
        with tempfile.TemporaryDirectory(prefix=STAGING, dir=data) as staging:
            yield Path(staging)
    finally:
        if is_made:
            with suppress(OSError):
                data.rmdir()


def _unpack(backup: BackupFolder | ArchiveReader, snapshot: Snapshot, staging: Path, progress: Progress) -> None:
    """Unpack all files of a snapshot, each under its name; raises BackupError unless they are as the snapshot says."""
    wanted = {file.name: file for file in snapshot.files}
    needed, free = sum(file.size for file in snapshot.files), shutil.disk_usage(staging).free
    if needed > free:
        raise BackupError(
            f"The snapshot needs {needed / 1e6:.0f} MB in {staging.parent}, where {free / 1e6:.0f} MB are free: free "
            "some space and restore again. Nothing was changed."
        )
    for name, opened in backup.contents(snapshot):
        file = wanted.pop(name, None)
        if file is None:
            raise _refused(snapshot, f"it holds {name[:80]!r}, which it does not name, or holds twice")
        _unpack_file(snapshot, file, opened, staging / name)
        progress(len(snapshot.files) - len(wanted), len(snapshot.files))
    if wanted:
        raise _refused(snapshot, f"{next(iter(wanted))} is missing in it")


def _unpack_file(snapshot: Snapshot, file: SavedFile, opened: BinaryIO, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        found = copy_hashed(opened, path, file.size)
    except UNREADABLE as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise _refused(snapshot, f"{file.name} cannot be read ({error})") from error
    if found != (file.size, file.sha256):
        raise _refused(snapshot, f"{file.name} (SHA-256 {file.sha256}) is not what was backed up")


def _refused(snapshot: Snapshot, why: str) -> BackupError:
    return BackupError(
        f"Snapshot {snapshot.name} was refused, because {why}: restore another one (--list, --snapshot). Nothing was "
        "changed."
    )


def _refuse_other_casts(places: Locations, snapshot: Snapshot) -> None:
    """Refuse to mix the casts of another laboratory with those of a record that is new here."""
    known = {file.sha256 for file in snapshot.files}
    for folder in ("accepted", "rejected"):
        for path in sorted((places.lab / folder).glob("[!.]*")):
            if path.is_file() and _digest(path) not in known:
                raise BackupError(
                    f"{path} is not in the backup, so these are the casts of another deployment: restore into an "
                    "empty data folder (BMG_DATA), or move them into its inbox afterwards. Nothing was changed."
                )


def _placed(places: Locations, snapshot: Snapshot, staging: Path, merge: RecordMerge) -> Restored:
    """Put unpacked files in their places: those of the record last, by which a restore that was killed is known."""
    folders, placed = folders_of(places), 0
    kept, aside = list[str](), list[str]()
    in_lab = {_digest(path) for path in places.lab.rglob("*") if path.is_file()}
    for file in sorted(snapshot.files, key=_order):
        folder, name, staged = folders[file.part], file.name_in_part, staging / file.name
        is_there = folder.exists(name)
        if is_there and _digest_in(folder, name) == file.sha256:
            continue
        if file.part == RECORD:
            if not merge.takes(name, staging / RECORD):
                continue
        elif file.part == LAB and not is_there and not merge.is_new and file.sha256 in in_lab:
            continue  # taken in since
        elif is_there and (file.part == LAB or not merge.is_new):
            kept.append(folder.path_of(name))
            continue
        elif is_there:
            aside.append(_set_aside(folder, name))
        folder.copy_in(name, staged)
        if isinstance(folder, LocalFolder) and file.modified_ns is not None:
            set_modified(folder.root / name, file.modified_ns)
        placed += 1
    return Restored(snapshot, placed, tuple(kept), tuple(aside))


def _order(file: SavedFile) -> tuple[int, bool, str]:
    """Literature, settings and the laboratory's files, then the record: its identity, its files, its journals."""
    parts = (LITERATURE, DAGSTER, LAB, RECORD)
    name = "" if file.name_in_part == IDENTITY_FILE else file.name
    return parts.index(file.part), JOURNAL in file.name, name


def _set_aside(folder: Folder, name: str) -> str:
    """Keep a copy of a file beside it, under a name that is free or holds it already; the path of the copy.

    It is there already where a restore was killed between this step and the next.
    """
    data = folder.read(name)
    number = 1
    while folder.exists(aside := f"{name}.{ASIDE}{'' if number == 1 else f'-{number}'}"):
        if folder.read(aside) == data:
            return folder.path_of(aside)
        number += 1
    folder.write(aside, data)
    return folder.path_of(aside)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return size_and_digest(file)[1]


def _digest_in(folder: Folder, name: str) -> str:
    with folder.open(name) as file:
        return size_and_digest(file)[1]
