"""The parts of a deployment that cannot be made again, and the files in them.

Not among them: the store and the downloads, which are made again, and Dagster's run history.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bmg_assets.settings import Locations
from bmg_assets.store.folder import Folder, LocalFolder, open_folder
from bmg_assets.upkeep.snapshot import DAGSTER, DAGSTER_SETTINGS, LAB, LITERATURE, RECORD, BackupError

OPEN_IN_A_SPREADSHEET = "~$"
"""Beginning of the names of lock files of spreadsheet programs."""
JOURNAL = "/journal/"


@dataclass(frozen=True)
class FileOfPart:
    """A file of the deployment that is to be saved."""

    part: str
    folder: Folder
    name: str
    """Name in the part's folder."""

    @property
    def whole_name(self) -> str:
        """Part and name."""
        return f"{self.part}/{self.name}"

    def modified_ns(self) -> int | None:
        """Time of last writing in ns since 1970; None behind a URL. Raises FileNotFoundError."""
        if not isinstance(self.folder, LocalFolder):
            return None
        return (self.folder.root / self.name).stat().st_mtime_ns


def folders_of(places: Locations) -> Mapping[str, Folder]:
    """The folder of each part, whether it is there or not."""
    return {
        RECORD: open_folder(places.record_url),
        LAB: LocalFolder(places.lab),
        LITERATURE: LocalFolder(own_literature(places)),
        DAGSTER: LocalFolder(places.dagster_home),
    }


def own_literature(places: Locations) -> Path:
    """The deployment's own declarations and tables; those that come with the package are not backed up."""
    return places.data / "literature"


def files_of(places: Locations) -> Iterator[FileOfPart]:
    """All files to be saved.

    Those of the laboratory come first, the record after them: a file that is taken in meanwhile is in one or both.
    Of the record the journals are listed first, since what an entry names was written before the entry.

    Raises:
        BackupError: a folder cannot be read.
    """
    folders = folders_of(places)
    for part, folder in ((LAB, LocalFolder(places.lab)), (LITERATURE, LocalFolder(own_literature(places)))):
        _refuse_unreadable(folder)
        yield from (FileOfPart(part, folder, name) for name in folder.files() if _is_kept(folder, name))
    if folders[DAGSTER].exists(DAGSTER_SETTINGS):
        yield FileOfPart(DAGSTER, folders[DAGSTER], DAGSTER_SETTINGS)
    record = folders[RECORD]
    journals = [name for name in record.files() if JOURNAL in name]
    others = [name for name in record.files() if JOURNAL not in name]
    yield from (FileOfPart(RECORD, record, name) for name in [*others, *journals])


def _refuse_unreadable(folder: LocalFolder) -> None:
    """Raise BackupError for a folder whose names may not be read: listing them would leave its files out in silence."""

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise BackupError(
                f"{error.filename} cannot be read ({error.strerror}): see to its rights and back up again. No snapshot "
                "was made; earlier ones are as they were."
            ) from error

    for _ in os.walk(folder.root, onerror=refuse):
        pass


def _is_kept(folder: LocalFolder, name: str) -> bool:
    """Whether people keep this file: no lock, no pipe, and no link, which may lead to any file of the machine."""
    path = folder.root / name
    is_file = path.is_file() and not path.is_symlink()
    return is_file and not name.rpartition("/")[2].startswith(OPEN_IN_A_SPREADSHEET)
