"""The record of one intake, kept beside the accepted file: its place in the order of intake, and what it gave.

The order decides which report supersedes which, so it is part of what was accepted. A record counts only while its file
is there: the file is moved after the record is written, and that one rename is the moment of intake. Which casts a
system should be trained with follows from the records alone.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from bmg_assets.science.errors import BmgError

RECORD_FORMAT = 1
RECORD_ENDING = ".intake.json"
FINGERPRINT_DIGITS = 16
FINGERPRINT_START = "casts-"

ElementSet = frozenset[str]


class IntakeRecordError(BmgError):
    """A record that cannot be read."""


@dataclass(frozen=True)
class SystemLines:
    """The accepted lines of a file that bear on one system."""

    elements: tuple[str, ...]
    """The system's elements, in the order in which the first of the compositions was written."""
    lines: tuple[int, ...]


@dataclass(frozen=True)
class IntakeRecord:
    """The intake of one file that had at least one cast."""

    order: int
    """Place in the order of intake, from 1."""
    file: str
    """Name in the folder of accepted files."""
    received_as: str
    """Name in the inbox."""
    sha256: str
    size: int
    """Size in bytes of what was read."""
    modified_ns: int
    """Time of last writing, in ns since 1970, of what was read."""
    taken_in_at: str
    """UTC, ISO 8601."""
    day: date
    """Day of the intake where the laboratory is: no test can be later."""
    accepted_lines: tuple[int, ...]
    refused: int
    """Number of rows refused."""
    skipped: int
    """Number of rows skipped."""
    systems: tuple[SystemLines, ...]

    def to_json(self) -> bytes:
        """The record as a file."""
        return json.dumps({"format": RECORD_FORMAT, **asdict(self)}, default=str, indent=1).encode()

    @classmethod
    def from_json(cls, name: str, data: bytes) -> "IntakeRecord":
        """Read the file of this name; raises IntakeRecordError."""
        try:
            found: dict[str, Any] = json.loads(data)
            if found.pop("format") != RECORD_FORMAT:
                raise ValueError("another format")
            found["day"] = date.fromisoformat(found["day"])
            found["accepted_lines"] = tuple(found["accepted_lines"])
            found["systems"] = tuple(
                SystemLines(tuple(one["elements"]), tuple(one["lines"])) for one in found["systems"]
            )
            return cls(**found)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise IntakeRecordError(
                f"The record {name} beside an accepted file cannot be read ({error}); remove it, and the file is taken "
                "in again."
            ) from error


def record_of(file: Path) -> Path:
    """The record beside an accepted file."""
    return file.with_name(f"{file.stem}{RECORD_ENDING}")


def all_records(folder: Path) -> tuple[IntakeRecord, ...]:
    """All readable records in the order of intake, also those of files that are not there (yet)."""
    return tuple(sorted(_readable(folder), key=lambda record: record.order))


def present_records(folder: Path) -> tuple[IntakeRecord, ...]:
    """The records that count, in the order of intake: those of files that are there."""
    return tuple(record for record in all_records(folder) if (folder / record.file).is_file())


def _readable(folder: Path) -> Iterator[IntakeRecord]:
    for path in folder.glob(f"*{RECORD_ENDING}"):
        try:
            yield IntakeRecord.from_json(path.name, path.read_bytes())
        except FileNotFoundError:
            continue
        except IntakeRecordError as error:
            # Without a record the file is taken in again: nothing is lost but its place in the order.
            logging.getLogger(__name__).warning("%s", error)


@dataclass(frozen=True)
class WantedCasts:
    """The casts that a system should have been trained with."""

    elements: tuple[str, ...]
    """The system's elements as first written."""
    fingerprint: str


def wanted_casts(records: Sequence[IntakeRecord]) -> dict[ElementSet, WantedCasts]:
    """The identity of the accepted casts of every system that was ever cast; no lab file is read for it.

    records: in the order of intake.
    """
    written: dict[ElementSet, tuple[str, ...]] = {}
    parts: dict[ElementSet, list[Any]] = {}
    for record in records:
        for system in record.systems:
            key = frozenset(system.elements)
            written.setdefault(key, system.elements)
            parts.setdefault(key, []).append([record.sha256, list(system.lines)])
    return {key: WantedCasts(elements, _fingerprint(parts[key])) for key, elements in written.items()}


def fingerprint_of(wanted: Mapping[ElementSet, WantedCasts], elements: Iterable[str]) -> str:
    """Identity of the accepted casts of one system, also of one without any."""
    found = wanted.get(frozenset(elements))
    return found.fingerprint if found is not None else NO_CASTS


def is_fingerprint(text: str) -> bool:
    """Whether a text, such as a data version, is the fingerprint of casts."""
    return text.startswith(FINGERPRINT_START)


def _fingerprint(parts: Sequence[Any]) -> str:
    digest = sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()
    return f"{FINGERPRINT_START}{digest[:FINGERPRINT_DIGITS]}"


NO_CASTS = _fingerprint([])
