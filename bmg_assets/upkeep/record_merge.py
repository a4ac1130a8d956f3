"""What of a record in a backup goes into the record that is here: all of it, or what is missing or damaged."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from bmg_assets.store.record import IDENTITY_FILE, Entry, Record, RecordDamagedError
from bmg_assets.upkeep.parts import JOURNAL
from bmg_assets.upkeep.snapshot import BackupError, Snapshot


class RecordMerge:
    """The record here beside that of a snapshot."""

    def __init__(self, url: str, snapshot: Snapshot) -> None:
        """Look at the record here.

        Raises:
            RecordFormatError: a newer version wrote it.
        """
        self._record, self._snapshot = Record(url=url), snapshot
        self._here = _identity_of(self._record)

    @property
    def is_new(self) -> bool:
        """Whether there is no record here yet."""
        return self._here is None

    def refuse_another_record(self) -> None:
        """Raise BackupError if the record here is another one than the snapshot's."""
        if self._here not in (None, self._snapshot.record):
            raise BackupError(
                f"The record at {self._record.url} is another one ({self._here}) than that of the backup "
                f"({self._snapshot.record}): restore into an empty data folder (BMG_DATA). Nothing was changed."
            )

    def refuse_other_entries(self, staged: Path) -> None:
        """Raise BackupError if something is here that the backup would contradict.

        Args:
            staged: the record of the backup, unpacked.
        """
        folder = self._record.folder
        for name in folder.files():
            path = staged / name
            data = path.read_bytes() if path.is_file() else None
            if self.is_new and data != folder.read(name):
                raise BackupError(
                    f"{folder.path_of(name)} is there, but no record, and the backup has it otherwise or not at all: "
                    f"move {folder.url} away and restore again. Nothing was changed."
                )
            both_read = data is not None and _is_entry(data) and JOURNAL in name and _is_entry(folder.read(name))
            if both_read and data != folder.read(name):
                raise BackupError(
                    f"{folder.path_of(name)} is another entry than in the backup: the record was continued in two "
                    "places. Restore into an empty data folder (BMG_DATA) to compare. Nothing was changed."
                )

    def takes(self, name: str, staged: Path) -> bool:
        """Whether a file of the backup is to be written here: it is missing here, or whole in the backup alone.

        Args:
            name: of a file that is missing, or has another content here.
            staged: the record of the backup, unpacked.
        """
        folder, data = self._record.folder, (staged / name).read_bytes()
        is_entry = JOURNAL in name
        if not folder.exists(name):
            return not is_entry or _is_entry(data)
        if is_entry:
            return _is_entry(data) and not _is_entry(folder.read(name))
        if name == IDENTITY_FILE:
            return not _says_identity(self._record)
        return sha256(data).hexdigest() in _recorded_as(staged, name)


def _identity_of(record: Record) -> str | None:
    """Which record it is, also where the file that says so is lost; None where there is none."""
    try:
        identity = record.identity()
    except RecordDamagedError:
        identity = None
    last = (record.stream(name).last_readable() for name in record.streams())
    return identity or next((entry.record for entry in last if entry is not None), None)


def _is_entry(data: bytes) -> bool:
    try:
        Entry.from_json(data)
    except (ValueError, TypeError, KeyError, AttributeError):
        return False
    return True


def _says_identity(record: Record) -> bool:
    try:
        return record.identity() is not None
    except RecordDamagedError:
        return False


def _recorded_as(url: Path, name: str) -> set[str]:
    """The SHA-256 by which the entries of a record name a file; none where the entries cannot be read."""
    stream, _, file = name.partition("/files/")
    try:
        entries = Record(url=str(url)).stream(stream).entries()
    except RecordDamagedError:
        return set()
    return {one.sha256 for entry in entries for one in entry.files if one.name == file}
