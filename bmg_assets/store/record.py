"""The record: what cannot be computed again. Files in it are written once, and a journal names each of them.

`<url>/record.json` says which record it is. Below it lie streams (`casts`, `predictions/Zr-Al-Cu`, `audit`), each with
`files/` and a `journal/` of numbered entries. An entry names its files with size and SHA-256, when it was written and
by which version, and the SHA-256 of the entry before, so that a later edit or a missing entry shows. Every entry lies
there twice, and the second copy is written first: from then on the entry counts.
"""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import dagster as dg
from pydantic import Field

from bmg_assets.science.errors import BmgError
from bmg_assets.store.folder import Folder, FolderError, open_folder
from bmg_assets.store.sealed import sealed, unsealed

RECORD_FORMAT = 1
IDENTITY_FILE = "record.json"
CHECKSUM = "sha256"
"""Key of `record.json` with the checksum of the others."""
IDENTITY_KEYS = {"record_format", "record", "made_at", "version", CHECKSUM}
CASTS = "casts"
"""Stream of the laboratory's files of casts."""
PREDICTIONS = "predictions"
"""Streams of predictions, one below it for each system."""
NOTICES = "notices"
"""Stream of what people were to be told, and of what they were."""
AUDIT = "audit"
"""Stream of who changed what; its entries have no files."""
_NO_ENTRY = ""
_COPY = ".copy.json"
_MOST_ATTEMPTS = 100


class RecordFormatError(BmgError):
    """The record was written by a newer version of the platform."""


class RecordDamagedError(BmgError):
    """A file of the record is not what was written, and there is no copy of it in the record."""


@dataclass(frozen=True)
class RecordedFile:
    """A file as the journal names it."""

    name: str
    """Name below `files/` of its stream."""
    size: int
    sha256: str


@dataclass(frozen=True)
class Entry:
    """One entry of a journal: files that were written together, and what they are."""

    number: int
    """Place in the journal, from 1."""
    record: str
    """Identity of the record."""
    previous: str
    """SHA-256 of the entry before, empty for the first."""
    written_at: str
    """UTC, ISO 8601."""
    version: str
    """Version of the platform that wrote it."""
    files: tuple[RecordedFile, ...]
    about: Mapping[str, Any]
    """What was recorded: JSON, whose meaning is the business of who writes the stream."""
    format: int = RECORD_FORMAT

    def to_json(self) -> bytes:
        """The entry as a file."""
        return sealed({**vars(self), "files": [vars(one) for one in self.files]})

    @classmethod
    def from_json(cls, data: bytes) -> Entry:
        """Read the bytes of an entry; raises ValueError if they are not what was written."""
        found = unsealed(data)
        files = tuple(RecordedFile(**one) for one in found.pop("files"))
        return cls(files=files, **found)


@dataclass(frozen=True)
class Problem:
    """Something in the record that is not as it was written."""

    file: str
    what: str
    can_be_mended: bool
    """Whether the record itself holds what is needed; otherwise only a backup does."""


class Record(dg.ConfigurableResource[Any]):
    """A record that need not exist yet."""

    url: str = Field(description="A local folder, or any fsspec URL (s3://bucket/record).")

    @property
    def folder(self) -> Folder:
        """The files behind the record, without any rules."""
        return open_folder(self.url)

    def stream(self, name: str) -> Stream:
        """The stream of this name; it need not exist yet."""
        return Stream(self, name)

    def streams(self) -> list[str]:
        """Names of all streams that have an entry, sorted."""
        found = {name.partition("/journal/")[0] for name in self.folder.files() if "/journal/" in name}
        return sorted(found)

    def predictions(self, system: str) -> Stream:
        """The stream of what was predicted for one system."""
        return self.stream(f"{PREDICTIONS}/{system}")

    def systems_predicted(self) -> list[str]:
        """The systems that have a prediction, sorted."""
        start = f"{PREDICTIONS}/"
        return [name.removeprefix(start) for name in self.streams() if name.startswith(start)]

    def identity(self) -> str | None:
        """Which record this is; None while nothing is recorded.

        Raises:
            RecordFormatError: a newer version wrote it.
            RecordDamagedError: `record.json` cannot be read; `mend` writes it anew from the journals.
        """
        try:
            data = self.folder.read(IDENTITY_FILE)
        except FileNotFoundError:
            return None
        try:
            found = json.loads(data)
            identity, found_format = str(found["record"]), int(found["record_format"])
            self.refuse_newer(found_format)
            if set(found) - IDENTITY_KEYS or found.get(CHECKSUM, _checksum(found)) != _checksum(found):
                raise ValueError("its contents are not what was written")
        except (ValueError, TypeError, KeyError) as error:
            raise RecordDamagedError(
                f"{self.folder.path_of(IDENTITY_FILE)} cannot be read: `bmg verify --mend` writes it anew from the "
                "journals."
            ) from error
        return identity

    def made(self) -> str:
        """The identity of the record, which is made now if there is none."""
        identity = self.identity()
        if identity is None:
            # A record without this file but with entries has lost it: it keeps its identity.
            self._write_identity(next((entry.record for entry in self._last_entries()), uuid.uuid4().hex))
            identity = self.identity()
        if identity is None:
            raise RecordDamagedError(f"{self.folder.path_of(IDENTITY_FILE)} was written and is not there: try again.")
        return identity

    def problems(self) -> list[Problem]:
        """All files of the record that are not as they were written: the whole of it is read."""
        return [
            *self._problems_of_identity(),
            *(one for name in self.streams() for one in self.stream(name).problems()),
        ]

    def mend(self) -> list[Problem]:
        """Write anew what the record holds another copy of; the problems that remain, which need a backup."""
        for name in self.streams():
            self.stream(name).mend()
        if any(True for _ in self._problems_of_identity()):
            self.folder.delete(IDENTITY_FILE)
            self.made()
        return self.problems()

    def _write_identity(self, identity: str) -> None:
        content = {"record_format": RECORD_FORMAT, "record": identity, "made_at": _now(), "version": platform_version()}
        content |= {CHECKSUM: _checksum(content)}
        try:
            self.folder.write_new(IDENTITY_FILE, json.dumps(content, indent=1).encode())
        except FileExistsError:
            return  # another process was first

    def _last_entries(self) -> Iterator[Entry]:
        yield from filter(None, (self.stream(name).last_readable() for name in self.streams()))

    def _problems_of_identity(self) -> Iterator[Problem]:
        entries = list(self._last_entries())
        try:
            identity = self.identity()
        except RecordDamagedError:
            yield Problem(IDENTITY_FILE, "cannot be read", bool(entries))
            return
        if identity is None and entries:
            yield Problem(IDENTITY_FILE, "is missing", True)
        for entry in entries:
            if identity is not None and entry.record != identity:
                yield Problem(IDENTITY_FILE, f"is of record {identity}, the entries of record {entry.record}", True)
                return

    def refuse_newer(self, found: int) -> None:
        """Raise RecordFormatError for a format that this version does not know."""
        if found > RECORD_FORMAT:
            raise RecordFormatError(
                f"The record at {self.url} has format {found}, but this version of the platform knows formats up to "
                f"{RECORD_FORMAT}: use the version that wrote it, or a newer one. Nothing was changed."
            )


@dataclass(frozen=True)
class Stream:
    """One journal of a record, with its files."""

    record: Record
    name: str

    def entries(self, first: int = 1) -> list[Entry]:
        """The entries from a number on, in their order.

        Args:
            first: for who has read those before and wants what is new.

        Raises:
            RecordDamagedError: an entry cannot be read, neither it nor its copy, or one is missing.
            RecordFormatError: a newer version wrote an entry.
        """
        entries: list[Entry] = []
        last = self.last_number()
        previous = self._digest_of(first - 1) if 1 < first <= last else _NO_ENTRY
        numbers = range(first, last + 1)
        contents = self._folder.read_many([f"{self.name}/{self._entry_name(number)}" for number in numbers])
        for number, (_, content) in zip(numbers, contents, strict=True):
            entry_there = _entry_of(content, number)
            found = (entry_there, content) if entry_there and content else self._read_entry(number)
            if found is None:
                raise self._damaged(self._entry_name(number), "is damaged or missing, and so is its copy")
            entry, data = found
            self.record.refuse_newer(entry.format)
            if entry.previous != previous:
                raise self._damaged(self._entry_name(number), "does not follow from the entry before, which was edited")
            entries.append(entry)
            previous = sha256(data).hexdigest()
            if number == last and content is None:
                self._finish(last, data)
        return entries

    def last_readable(self) -> Entry | None:
        """The last entry that can be read by itself, whatever the others are; None without any."""
        found = (self._read_entry(number) for number in range(self.last_number(), 0, -1))
        return next((one[0] for one in found if one is not None), None)

    def append(self, files: Mapping[str, bytes], about: Mapping[str, Any]) -> Entry:
        """Write files and the entry that names them. The entry counts as a whole or, after a kill, not at all.

        Args:
            files: by name. A file that is there with the same content is named again; one with other content is an
                error, unless no entry names it (a killed writer left it).
            about: JSON.

        Raises:
            FolderError: it could not be written; nothing was recorded.
            RecordDamagedError: the last entry cannot be read, or a file is recorded with another content.
            RecordFormatError: a newer version wrote the record.
        """
        identity = self.record.made()
        described = tuple(self._write_file(name, data) for name, data in files.items())
        for _ in range(_MOST_ATTEMPTS):
            last = self.last_number()
            found = self._read_entry(last) if last else None
            if last and found is None:
                raise self._damaged(self._entry_name(last), "is damaged, and so is its copy")
            previous = sha256(found[1]).hexdigest() if found else _NO_ENTRY
            entry = Entry(last + 1, identity, previous, _now(), platform_version(), described, about)
            try:
                self._write_entry(entry)
                return entry
            except FileExistsError:
                continue  # another writer took this number
        raise RecordDamagedError(f"No number was free in {self._path('journal')}: try again.")

    def read(self, file: RecordedFile) -> bytes:
        """A file as it was written; raises RecordDamagedError."""
        name = f"files/{file.name}"
        try:
            data = self._folder.read(f"{self.name}/{name}")
        except FileNotFoundError:
            raise self._damaged(name, "is missing") from None
        if len(data) != file.size or sha256(data).hexdigest() != file.sha256:
            raise self._damaged(name, "is not what was written")
        return data

    def read_many(self, files: Sequence[RecordedFile]) -> Iterator[bytes | None]:
        """Files as they were written, in their order; None for each that is missing or not what was written."""
        contents = self._folder.read_many([f"{self.name}/files/{file.name}" for file in files])
        for file, (_, data) in zip(files, contents, strict=True):
            is_whole = data is not None and len(data) == file.size and sha256(data).hexdigest() == file.sha256
            yield data if is_whole else None

    def put_back(self, file: RecordedFile, data: bytes) -> bool:
        """Write a damaged or missing file anew from a copy found elsewhere; False if these are not its bytes."""
        if sha256(data).hexdigest() != file.sha256:
            return False
        self._folder.write(f"{self.name}/files/{file.name}", data)
        return True

    def problems(self) -> list[Problem]:
        """All files of the stream that are not as they were written."""
        found = [problem for number in range(1, self.last_number() + 1) for problem in self._problems_of(number)]
        try:
            entries = self.entries()
        except RecordDamagedError as error:
            if not any(not one.can_be_mended for one in found):
                found.append(Problem(f"{self.name}/journal", str(error), False))
            entries = []
        for file in {one.name: one for entry in entries for one in entry.files}.values():
            try:
                self.read(file)
            except RecordDamagedError:
                found.append(Problem(f"{self.name}/files/{file.name}", "is damaged or missing", False))
        return found

    def mend(self) -> None:
        """Write every damaged or missing copy of an entry anew from its other copy."""
        for number in range(1, self.last_number() + 1):
            found = self._read_entry(number)
            if found is None:
                continue
            for name in (self._entry_name(number), self._copy_name(number)):
                if self._bytes_of(name) != found[1]:
                    self._folder.write(f"{self.name}/{name}", found[1])

    @property
    def _folder(self) -> Folder:
        return self.record.folder

    def _write_file(self, name: str, data: bytes) -> RecordedFile:
        file = RecordedFile(name, len(data), sha256(data).hexdigest())
        there = self._bytes_of(f"files/{name}")
        if there is not None and there != data:
            # Either a killed writer left it, or an entry names it: then it may only be put back.
            recorded = {one.sha256 for entry in self.entries() for one in entry.files if one.name == name}
            if recorded - {file.sha256}:
                raise RecordDamagedError(
                    f"{self._path(f'files/{name}')} is recorded with another content: fix the call."
                )
        if there != data:
            self._folder.write(f"{self.name}/files/{name}", data)
        return file

    def _write_entry(self, entry: Entry) -> None:
        data = entry.to_json()
        self._folder.write_new(f"{self.name}/{self._copy_name(entry.number)}", data)
        self._folder.write(f"{self.name}/{self._entry_name(entry.number)}", data)

    def _digest_of(self, number: int) -> str:
        found = self._read_entry(number)
        if found is None:
            raise self._damaged(self._entry_name(number), "is damaged or missing, and so is its copy")
        return sha256(found[1]).hexdigest()

    def _finish(self, number: int, data: bytes) -> None:
        """Write the second copy of an entry whose writer was killed between the two."""
        with contextlib.suppress(FolderError):  # who may only read leaves it to the next writer
            self._folder.write(f"{self.name}/{self._entry_name(number)}", data)

    def _read_entry(self, number: int) -> tuple[Entry, bytes] | None:
        """The entry and its bytes, from whichever of the two copies is whole."""
        for name in (self._entry_name(number), self._copy_name(number)):
            data = self._bytes_of(name)
            entry = _entry_of(data, number)
            if entry is not None and data is not None:
                return entry, data
        return None

    def _problems_of(self, number: int) -> Iterator[Problem]:
        found = self._read_entry(number)
        for name in (self._entry_name(number), self._copy_name(number)):
            data = self._bytes_of(name)
            if data is None or found is None or data != found[1]:
                what = "is missing" if data is None else "is damaged"
                yield Problem(f"{self.name}/{name}", what, found is not None)

    def last_number(self) -> int:
        """The highest number that an entry has.

        A first copy that is empty and stands alone is none: where there are no hard links, a writer that was killed
        between taking the number and writing leaves it.
        """
        names = self._folder.files(f"{self.name}/journal")
        stems = (name.rpartition("/")[2].partition(".")[0] for name in names)
        last = max((int(stem) for stem in stems if stem.isdecimal()), default=0)
        if last and self._bytes_of(self._copy_name(last)) == b"" and self._bytes_of(self._entry_name(last)) is None:
            self._folder.delete(f"{self.name}/{self._copy_name(last)}")
            return last - 1
        return last

    def _bytes_of(self, name: str) -> bytes | None:
        try:
            return self._folder.read(f"{self.name}/{name}")
        except FileNotFoundError:
            return None

    def _entry_name(self, number: int) -> str:
        return f"journal/{number:08}.json"

    def _copy_name(self, number: int) -> str:
        return f"journal/{number:08}{_COPY}"

    def _path(self, name: str) -> str:
        return self._folder.path_of(f"{self.name}/{name}")

    def _damaged(self, name: str, what: str) -> RecordDamagedError:
        return RecordDamagedError(
            f"{self._path(name)} {what}. It cannot be computed again: bring it back with `bmg restore` from a backup. "
            "Nothing was changed."
        )


def content_name(data: bytes, ending: str) -> str:
    """A name that follows from the content, so that equal files are kept once: `3f0c.parquet`, with 32 digits."""
    return f"{sha256(data).hexdigest()[:32]}{ending}"


@cache
def platform_version() -> str:
    """The installed version of the platform."""
    try:
        return version("bmg-assets")
    except PackageNotFoundError:
        return "unknown"


def _checksum(content: Mapping[str, Any]) -> str:
    others = {name: value for name, value in content.items() if name != CHECKSUM}
    return sha256(json.dumps(others, sort_keys=True).encode()).hexdigest()


def _entry_of(data: bytes | None, number: int) -> Entry | None:
    """The entry of this number that a file holds; None where it holds nothing of the kind."""
    try:
        entry = Entry.from_json(data) if data is not None else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return entry if entry is not None and entry.number == number else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
