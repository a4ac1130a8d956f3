"""Backing up what cannot be made again: the record, the laboratory's folder, the literature, settings and systems."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bmg_assets.settings import Locations
from bmg_assets.store.folder import Folder, LocalFolder, open_folder
from bmg_assets.store.record import CASTS, Record
from bmg_assets.upkeep.backup_archive import is_archive, new_archive
from bmg_assets.upkeep.backup_folder import BackupFolder
from bmg_assets.upkeep.copying import copy_hashed, size_and_digest
from bmg_assets.upkeep.findings import Progress, no_progress
from bmg_assets.upkeep.parts import FileOfPart, files_of
from bmg_assets.upkeep.reachable import reachable
from bmg_assets.upkeep.snapshot import LAB, BackupError, SavedFile, Snapshot, can_be_saved, name_of_now

Systems = Mapping[str, Sequence[str]]
"""Registered keys by dimension of partitions."""


class Target(Protocol):
    """Where a snapshot and its files go."""

    def has(self, file: SavedFile) -> bool:
        """Whether the content of a file is there."""

    def add(self, file: SavedFile, path: Path) -> None:
        """Take a content in; raises FolderError."""

    def finish(self, snapshot: Snapshot) -> None:
        """Take the snapshot in, after all of its contents; raises FolderError."""


@dataclass(frozen=True)
class BackedUp:
    """What a backup did."""

    snapshot: Snapshot
    copied: int
    """Files whose content was not there yet."""
    left_out: tuple[str, ...]
    """Files whose names not every file system can have."""


def back_up(places: Locations, systems: Systems | None, target: str, progress: Progress = no_progress) -> BackedUp:
    """Add a snapshot of the deployment to a folder or URL, or write it as an archive.

    Killed at any moment, it leaves all earlier snapshots whole, and the same command succeeds.

    Args:
        systems: registered keys by dimension; None where they cannot be read: those of the last snapshot are kept.
        target: a local folder, any fsspec URL, or a file that ends with `.zip` or `.tar.zst`.

    Raises:
        BackupError: the target is no place for it, or something of the deployment cannot be read.
        FolderError: it cannot be written.
    """
    record = Record(url=places.record_url)
    with reachable(target):
        if is_archive(target):
            path = Path(target).expanduser().resolve()
            _refuse_inside(places, path)
            _refuse_without_lab(places, before=None)
            with new_archive(path) as archive:
                return _saved(places, record.made(), systems or {}, archive, progress)
        folder = BackupFolder(target)
        if isinstance(folder.folder, LocalFolder):
            _refuse_inside(places, folder.folder.root)
        folder.owner()  # refuses a folder with other files before anything is written
        folder.claim(record.made())
        last = _last_of(folder)
        _refuse_without_lab(places, before=last)
        known = systems if systems is not None else last.systems if last else {}
        return _saved(places, record.made(), known, folder, progress)


def _saved(places: Locations, identity: str, systems: Systems, target: Target, progress: Progress) -> BackedUp:
    name, files, saved, copied = name_of_now(), list(files_of(places)), [], 0
    left_out = tuple(one.whole_name for one in files if not can_be_saved(one.whole_name))
    with tempfile.TemporaryDirectory() as scratch:
        for done, file in enumerate(files, 1):
            if can_be_saved(file.whole_name) and (one := _save(file, target, Path(scratch) / "copy")) is not None:
                saved.append(one[0])
                copied += one[1]
            progress(done, len(files))
    snapshot = Snapshot(name, identity, dict(systems), tuple(saved))
    target.finish(snapshot)
    return BackedUp(snapshot, copied, left_out)


def _save(file: FileOfPart, target: Target, scratch: Path) -> tuple[SavedFile, bool] | None:
    """Save one file; what was saved, and whether it was copied. None if it was moved away meanwhile."""
    try:
        modified_ns = file.modified_ns()
        with _readable(file.folder, file.name), file.folder.open(file.name) as opened:
            found = SavedFile(file.whole_name, *size_and_digest(opened), modified_ns)
        if target.has(found):
            return found, False
        # The copy is hashed again: the file may have grown since.
        with _readable(file.folder, file.name), file.folder.open(file.name) as opened:
            copy = SavedFile(file.whole_name, *copy_hashed(opened, scratch), modified_ns)
    except FileNotFoundError:
        return None
    target.add(copy, scratch)
    return copy, True


def _last_of(folder: BackupFolder) -> Snapshot | None:
    try:
        return folder.snapshot() if folder.snapshots() else None
    except BackupError:  # damaged: this backup is the more needed
        return None


def _refuse_inside(places: Locations, path: Path) -> None:
    """Refuse a place that is lost together with the deployment."""
    urls = (str(places.data), str(places.lab), places.record_url, places.store_url)
    for folder in map(open_folder, (url for url in urls if "://" not in url)):
        if isinstance(folder, LocalFolder) and path.is_relative_to(folder.root):
            raise BackupError(
                f"{path} lies in {folder.root}, which the backup is of, and would be lost with it: name a place on "
                "another disk. Nothing was changed."
            )
    if path.is_file() and not is_archive(str(path)):
        raise BackupError(f"{path} is a file: name a folder, or an archive that ends with .zip or .tar.zst.")


def _refuse_without_lab(places: Locations, before: Snapshot | None) -> None:
    """Refuse to back up a laboratory's folder as empty that is not at hand, a share that is not mounted."""
    had_files = any(file.part == LAB for file in before.files) if before else CASTS in _streams(places)
    if had_files and not any(one.part == LAB for one in files_of(places)):
        raise BackupError(
            f"The laboratory's folder {places.lab} holds no file, though casts were taken in: mount its share, set "
            "BMG_LAB to its place, or fill it from the record with `bmg rebuild --lab`, and back up again. No snapshot "
            "was made."
        )


def _streams(places: Locations) -> list[str]:
    return Record(url=places.record_url).streams()


@contextmanager
def _readable(folder: Folder, name: str) -> Iterator[None]:
    """Say which file of the deployment cannot be read."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise BackupError(
            f"{folder.path_of(name)} cannot be read or copied ({error.strerror or error}): see to it and back up "
            "again. No snapshot was made; earlier ones are as they were."
        ) from error
