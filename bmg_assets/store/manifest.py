"""The manifest of the store: for each file what it holds, written down before the file itself is.

`manifest/<file>/<time>-<digits>.json` names one content of the file, with size and SHA-256. A content is noted, then
written; the notes before it stay for a while. A writer may so be killed at any moment, and several may write one file
at once: what lies there is always a content that was noted. No reader of a table looks here.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from bmg_assets.store.folder import SWEEP_AGE_S, Folder
from bmg_assets.store.record import platform_version
from bmg_assets.store.sealed import sealed, unsealed

MANIFEST = "manifest"
_TIME = "%Y%m%dT%H%M%S.%f"
_DIGITS = 16


@dataclass(frozen=True)
class Note:
    """One content that a file of the store may have."""

    file: str
    size: int
    """In bytes."""
    sha256: str
    rows: int | None
    """Rows of a table; None for other files."""
    written_at: str
    """UTC."""
    version: str
    """Version of the platform that wrote it."""
    must_be_there: bool
    """False until the file is there for the first time, and again while it is removed."""

    @classmethod
    def of(cls, file: str, data: bytes, rows: int | None, must_be_there: bool) -> Note:
        """The note of a content that is about to be written."""
        now = datetime.now(UTC).strftime(_TIME)
        return cls(file, len(data), sha256(data).hexdigest(), rows, now, platform_version(), must_be_there)

    @property
    def name(self) -> str:
        """The file of the store in which the note lies."""
        return f"{MANIFEST}/{self.file}/{self.written_at}-{self.sha256[:_DIGITS]}.json"

    def write(self, folder: Folder) -> None:
        """Write the note, over an earlier state of it; raises FolderError."""
        folder.write(self.name, sealed(asdict(self)))


def write_noted(folder: Folder, file: str, data: bytes, rows: int | None = None) -> None:
    """Write a file of the store and its note; raises FolderError, the file then being as it was."""
    note = noted(folder, file, data, rows)
    folder.write(file, data)
    confirm(folder, note)


def noted(folder: Folder, file: str, data: bytes, rows: int | None = None) -> Note:
    """Note a content that the caller is about to write; raises FolderError."""
    note = Note.of(file, data, rows, must_be_there=folder.exists(file))
    note.write(folder)
    return note


def confirm(folder: Folder, note: Note) -> None:
    """Note that the content is there, and remove the notes of contents that nobody can be writing any more.

    Raises:
        FolderError: the note could not be written.
    """
    if not note.must_be_there:
        replace(note, must_be_there=True).write(folder)
    oldest = (datetime.now(UTC) - timedelta(seconds=SWEEP_AGE_S)).strftime(_TIME)
    for name in note_names(folder, note.file):
        if name != note.name and name.rpartition("/")[2] < oldest:
            folder.delete(name)


def remove_noted(folder: Folder, file: str) -> None:
    """Remove a file of the store with its notes; whoever is killed in between leaves no file that is missed."""
    for name in note_names(folder, file):
        note = read_note(folder, name)
        if note is not None and note.must_be_there:
            replace(note, must_be_there=False).write(folder)
    folder.delete(file)
    for name in note_names(folder, file):
        folder.delete(name)


def note_names(folder: Folder, file: str) -> list[str]:
    """Where the notes of a file lie, the oldest first."""
    return folder.files(f"{MANIFEST}/{file}")


def read_note(folder: Folder, name: str) -> Note | None:
    """The note in a file of the manifest; None if it is damaged, or was removed in the meantime."""
    try:
        note = Note(**unsealed(folder.read(name)))
        return note if note.name == name else None
    except (FileNotFoundError, ValueError, TypeError):
        return None


def written_between(folder: Folder, below: str) -> tuple[datetime, datetime] | None:
    """When the oldest and the newest file below a folder of the store were written, in UTC; None where there is none.

    Args:
        below: like `system_atlas`; files whose names begin with a line below, which hold no rows, do not count.
    """
    times: dict[str, str] = {}
    for name in folder.files(f"{MANIFEST}/{below}"):
        file, _, note = name.rpartition("/")
        if not file.rpartition("/")[2].startswith("_"):
            times[file] = max(times.get(file, ""), note.rpartition("-")[0])
    found = [datetime.strptime(time, _TIME).replace(tzinfo=UTC) for time in times.values()]
    return (min(found), max(found)) if found else None


def noted_file(name: str) -> str | None:
    """The file that a file of the store is a note of; None for one that is no note."""
    start, _, rest = name.partition("/")
    return rest.rpartition("/")[0] if start == MANIFEST else None


def is_note_of(name: str, digest: str) -> bool:
    """Whether a note is of the content with this SHA-256, by its name alone: it may be damaged."""
    return bool(digest) and name.endswith(f"-{digest[:_DIGITS]}.json")
