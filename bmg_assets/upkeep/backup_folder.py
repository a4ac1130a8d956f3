"""A backup in a folder or behind a URL: contents by their hash, each once, and snapshots that name them.

`backup.json` says whose backup it is; `contents/ab/ab12…` are files; `snapshots/2026-11-27T20-34-05-120Z.json` names
the files of one moment. A snapshot is written last, so that a killed backup leaves all snapshots before it whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from bmg_assets.store.folder import FolderError, open_folder
from bmg_assets.store.sealed import sealed, unsealed
from bmg_assets.upkeep.snapshot import BackupError, SavedFile, Snapshot

OWNER_FILE = "backup.json"
SNAPSHOTS = "snapshots"
CONTENTS = "contents"


class BackupFolder:
    """A folder of backups of one deployment; it need not exist yet."""

    def __init__(self, url: str) -> None:
        self.folder = open_folder(url)
        self.url = self.folder.url
        self._present: dict[str, bool] | None = None

    def owner(self) -> str | None:
        """Identity of the record whose backups these are; None for a folder without any file.

        Raises:
            BackupError: there are other files, and no backup.
        """
        try:
            data = self.folder.read(OWNER_FILE)
        except FileNotFoundError:
            data = b""
        if not data:  # or its writer was killed before anything else was written
            if any(name != OWNER_FILE for name in self.folder.files()):
                raise BackupError(
                    f"{self.url} holds files and no backup: name an empty folder, or the one of the last backup. "
                    "Nothing was changed."
                )
            return None
        try:
            return str(unsealed(data)["record"])
        except (ValueError, KeyError) as error:
            raise BackupError(
                f"{self.folder.path_of(OWNER_FILE)} is damaged: back up into another folder, and restore with one of "
                "the snapshots that are named by --list. Nothing was changed."
            ) from error

    def claim(self, record: str) -> None:
        """Make it the place of this record's backups.

        Raises:
            BackupError: it is another record's, or there are other files.
            FolderError: it cannot be written.
        """
        owner = self.owner()
        if owner is None:
            self.folder.write(OWNER_FILE, sealed({"record": record}))
        elif owner != record:
            raise BackupError(
                f"{self.url} holds the backups of another deployment (record {owner}, this one is {record}): name "
                "another folder. Nothing was changed."
            )

    def snapshots(self) -> list[str]:
        """Names of all snapshots, the newest last."""
        return [PurePosixPath(name).stem for name in self.folder.files(SNAPSHOTS) if name.endswith(".json")]

    def snapshot(self, name: str | None = None) -> Snapshot:
        """The snapshot of this name, the newest without one; raises BackupError."""
        names = self.snapshots()
        if not names or (name is not None and name not in names):
            known = f"it has {', '.join(names[-5:])}" if names else "it has none"
            raise BackupError(
                f"There is no snapshot {name or ''} in {self.url}, {known}: check the place and the name (--list)."
            )
        file = f"{SNAPSHOTS}/{name or names[-1]}.json"
        return Snapshot.from_json(self.folder.path_of(file), self.folder.read(file))

    def has(self, file: SavedFile) -> bool:
        """Whether the content of a file is here, whole."""
        if self._present is None:
            self._present = self._contents()
        is_trusted = self._present.get(file.sha256)
        # What a killed backup left may be a part, where files are not replaced as a whole.
        return is_trusted is not None and (is_trusted or self.folder.size(_place(file)) == file.size)

    def add(self, file: SavedFile, path: Path) -> None:
        """Take a content in; raises FolderError."""
        self.folder.copy_in(_place(file), path)
        if self._present is not None:
            self._present[file.sha256] = True

    def finish(self, snapshot: Snapshot) -> None:
        """Write the snapshot, whose contents are all here; raises FolderError."""
        try:
            self.folder.write_new(f"{SNAPSHOTS}/{snapshot.name}.json", snapshot.to_json())
        except FileExistsError:
            raise FolderError(f"Another backup took snapshot {snapshot.name} in this very moment: run again.") from None

    def contents(self, snapshot: Snapshot) -> Iterator[tuple[str, BinaryIO]]:
        """The files of a snapshot by name, to be read one after the other; raises BackupError."""
        for file in snapshot.files:
            try:
                with self.folder.open(_place(file)) as opened:
                    yield file.name, opened
            except FileNotFoundError:
                raise BackupError(
                    f"{self.folder.path_of(_place(file))} is missing, which is {file.name}: restore an earlier "
                    "snapshot (--snapshot). Nothing was changed."
                ) from None

    def _contents(self) -> dict[str, bool]:
        """All contents that are here by hash, with whether a snapshot vouches for them."""
        here = [PurePosixPath(name).name for name in self.folder.files(CONTENTS)]
        try:
            vouched = {file.sha256 for file in self.snapshot().files} if self.snapshots() else set()
        except BackupError:  # damaged; the contents are compared by size then
            vouched = set()
        return {digest: digest in vouched for digest in here}


def _place(file: SavedFile) -> str:
    return f"{CONTENTS}/{file.sha256[:2]}/{file.sha256}"
