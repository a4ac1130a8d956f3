"""Whether each file of the store is as its manifest says."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from bmg_assets.store.folder import Folder, LocalFolder
from bmg_assets.store.literature_database import LITERATURE_FILE, LiteratureDatabase, LiteratureError
from bmg_assets.store.manifest import Note, confirm, is_note_of, note_names, noted, noted_file, read_note
from bmg_assets.store.store import Store
from bmg_assets.store.tables.literature import ALLOYS
from bmg_assets.store.views import refresh_views, write_schema_files
from bmg_assets.upkeep.copying import size_and_digest
from bmg_assets.upkeep.findings import Finding, Progress, no_progress
from bmg_assets.upkeep.remedies import MEND, remedy_for, remedy_for_unknown

LOOKS = 3
"""How often a file is looked at that does not fit: it may be replaced meanwhile."""
BETWEEN_LOOKS_S = 0.2
LOCK_ENDING = ".lock"
PARQUET = ".parquet"

_Fault = tuple[str, str, str]
"""Name of the file in the store, what is wrong with it, and the remedy."""


@dataclass(frozen=True)
class _Found:
    """What is there of a file: its content, its readable notes, and the names of damaged ones."""

    size: int | None
    """None where the file is missing."""
    sha256: str
    rows: int | None
    """None for other files than tables, and where it cannot be read."""
    notes: tuple[Note, ...]
    damaged: tuple[str, ...]


def findings_of_store(store: Store, progress: Progress = no_progress) -> Iterator[Finding]:
    """Every file of the store that is not as its manifest says; each is read once, piece by piece.

    Raises:
        StoreFormatError: another version wrote the store.
    """
    store.check_format()
    for name, what, remedy in _faults(store.folder, progress):
        yield Finding(store.path_of(name), what, remedy)
    try:
        LiteratureDatabase(store=store).has_table(ALLOYS.name)
    except LiteratureError as error:
        yield Finding(store.path_of(LITERATURE_FILE), str(error), remedy_for(LITERATURE_FILE))


def mend_store(store: Store) -> list[str]:
    """Write anew what follows from the code, and notes of files that are whole; the paths of what was mended.

    Raises:
        StoreFormatError: another version wrote the store.
        FolderError: it could not be written.
    """
    store.check_format()
    folder = store.folder
    mended = [name for name, _, remedy in _faults(folder, no_progress) if remedy == MEND]
    if not mended:
        return []
    for name in mended:
        file = noted_file(name)
        folder.delete(name) if file is None else _mend_note(folder, file, name)
    store.mark_format()
    refresh_views(folder) if isinstance(folder, LocalFolder) else write_schema_files(folder)
    return [folder.path_of(name) for name in mended]


def _faults(folder: Folder, progress: Progress) -> Iterator[_Fault]:
    names = {noted_file(name) or name for name in folder.files()}
    files = sorted(name for name in names if not name.endswith(LOCK_ENDING))
    for done, file in enumerate(files, 1):
        yield from _faults_of_file(folder, file)
        progress(done, len(files))


def _faults_of_file(folder: Folder, file: str) -> list[_Fault]:
    """What is wrong with one file; a file that is replaced while it is read is read again."""
    faults: list[_Fault] = []
    for look in range(LOOKS):
        if look:
            time.sleep(BETWEEN_LOOKS_S)
        faults = list(_compared(folder, file, _found(folder, file)))
        if not faults:
            break
    return faults


def _compared(folder: Folder, file: str, found: _Found) -> Iterator[_Fault]:
    known = [note for note in found.notes if (note.size, note.sha256) == (found.size, found.sha256)]
    if found.size is None:
        if any(note.must_be_there for note in found.notes):
            yield file, "is missing", remedy_for(file)
    elif not found.notes and not found.damaged:
        yield file, "is not in the manifest", remedy_for_unknown(folder, file)
    elif not known and not any(is_note_of(name, found.sha256) for name in found.damaged):
        yield file, f"is not what was written (it has {found.size} bytes now)", remedy_for(file)
    elif known and known[-1].rows != found.rows:
        yield file, f"has {found.rows} rows, written were {known[-1].rows}", remedy_for(file)
    for name in found.damaged:
        yield name, "is not what was written", MEND


def _found(folder: Folder, file: str) -> _Found:
    """Read notes and file, the notes first: what is written in between has a note that is read at the next look."""
    names = note_names(folder, file)
    notes = {name: read_note(folder, name) for name in names}
    damaged = tuple(name for name, note in notes.items() if note is None and folder.exists(name))
    readable = tuple(note for note in notes.values() if note is not None)
    try:
        if isinstance(folder, LocalFolder) and not folder.exists(file):
            raise FileNotFoundError(file)  # or a pipe, whose reader would wait for ever
        with folder.open(file) as opened:
            size, digest = size_and_digest(opened)
            opened.seek(0)
            rows = _rows(opened) if file.endswith(PARQUET) else None
    except FileNotFoundError:
        return _Found(None, "", None, readable, damaged)
    return _Found(size, digest, rows, readable, damaged)


def _rows(file: BinaryIO) -> int | None:
    """Rows of a Parquet file; None if it is none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return int(pq.read_metadata(file).num_rows)
    except (pa.ArrowInvalid, OSError):
        return None


def _mend_note(folder: Folder, file: str, name: str) -> None:
    """Replace a damaged note by one of the file as it is, if that is the content that was noted."""
    found = _found(folder, file)
    if is_note_of(name, found.sha256):
        confirm(folder, noted(folder, file, folder.read(file), found.rows))
    folder.delete(name)
