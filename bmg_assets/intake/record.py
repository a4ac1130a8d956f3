"""What is kept of the intake of one accepted file, beside it: its place in the order of intake and what it gave.

The order decides which report supersedes which, so it is part of what was accepted. A record counts only while its file
is there: the file is moved after the record is written, and that one rename is the moment of intake.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from bmg_assets.science.errors import BmgError

RECORD_FORMAT = 1
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


@dataclass(frozen=True)
class WantedCasts:
    """The casts that a system should have been trained with."""

    elements: tuple[str, ...]
    """The system's elements as first written."""
    fingerprint: str


def wanted_casts(records: Sequence[IntakeRecord]) -> dict[ElementSet, WantedCasts]:
    """For every system that was ever cast, the identity of its accepted casts; no file of casts is read for it.

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
    """Whether a text, a data version perhaps, says which casts were known."""
    return text.startswith(FINGERPRINT_START)


def _fingerprint(parts: Sequence[Any]) -> str:
    digest = sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()
    return f"{FINGERPRINT_START}{digest[:FINGERPRINT_DIGITS]}"


NO_CASTS = _fingerprint([])
