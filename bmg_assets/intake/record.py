"""The record of one intake: its place in the order of intake, and what it gave. It is an entry of the stream `casts`.

The order decides which report supersedes which, so it is part of what was accepted. The entry is the moment of intake:
from then on the casts count, whatever happens to the file in the laboratory's folder. Which casts a system should be
trained with follows from the entries alone.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from bmg_assets.store.record import Entry, RecordDamagedError, RecordedFile, Stream

FINGERPRINT_DIGITS = 16
FINGERPRINT_START = "casts-"

ElementSet = frozenset[str]


@dataclass(frozen=True)
class SystemLines:
    """The accepted lines of a file that bear on one system."""

    elements: tuple[str, ...]
    """The system's elements, in the order in which the first of the compositions was written."""
    lines: tuple[int, ...]


@dataclass(frozen=True)
class IntakeRecord:
    """The intake of one file. One without an accepted line was rejected."""

    file: str
    """Name in the folder of accepted or rejected files, and in the record."""
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
    correcting_lines: tuple[int, ...] = ()
    """Those of the accepted lines that take an earlier report's place: without them, it would count again."""
    in_place_of: int | None = None
    """The intake of which this file is a later version: it counts no longer, and this one takes its place."""
    reading: Mapping[str, Any] | None = None
    """What the laboratory's `reading.yaml` said then: by that the file is read again, whatever it says today."""
    taken_over: bool = False
    """Whether a version before the record had taken it in."""
    order: int = 0
    """Number of the entry, from 1."""
    place: int = 0
    """Place in the order of intake: that of the first version of the file."""

    @property
    def is_accepted(self) -> bool:
        """Whether the file had at least one accepted cast."""
        return bool(self.accepted_lines)

    def as_json(self) -> dict[str, Any]:
        """What an entry says of it; the order and the place follow from the entries."""
        content = asdict(self)
        for follows in ("order", "place"):
            del content[follows]
        return {**content, "day": self.day.isoformat()}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "IntakeRecord":
        """Read what an entry says; raises ValueError, TypeError or KeyError for anything else."""
        systems = tuple(SystemLines(tuple(one["elements"]), tuple(one["lines"])) for one in found["systems"])
        lines = {name: tuple(found.get(name, ())) for name in ("accepted_lines", "correcting_lines")}
        return cls(**{**found, **lines, "systems": systems, "day": date.fromisoformat(found["day"])})


def all_intakes(casts: Stream) -> tuple[IntakeRecord, ...]:
    """Every intake, rejected files too, in the order in which they happened.

    Raises:
        RecordDamagedError, RecordFormatError: as `Stream.entries`.
    """
    return with_further((), casts.entries())


def with_further(known: Sequence[IntakeRecord], entries: Iterable[Entry]) -> tuple[IntakeRecord, ...]:
    """Intakes that are known, and those of the entries that follow; raises RecordDamagedError."""
    intakes = list(known)
    for entry in entries:
        intakes.append(numbered(_intake_of(entry), entry.number, intakes))
    return tuple(intakes)


def numbered(intake: IntakeRecord, number: int, earlier: Sequence[IntakeRecord]) -> IntakeRecord:
    """The intake with its number, and its place among the earlier ones."""
    place = earlier[intake.in_place_of - 1].place if intake.in_place_of else number
    return replace(intake, order=number, place=place)


def that_count(intakes: Sequence[IntakeRecord]) -> tuple[IntakeRecord, ...]:
    """Those of all intakes that count, in the order of intake: accepted, and no later version in their place."""
    replaced = {one.in_place_of for one in intakes if one.is_accepted}
    return tuple(
        sorted((one for one in intakes if one.is_accepted and one.order not in replaced), key=lambda one: one.place)
    )


def file_of(intake: IntakeRecord) -> RecordedFile:
    """The file of an intake in the record."""
    return RecordedFile(intake.file, intake.size, intake.sha256)


@dataclass(frozen=True)
class WantedCasts:
    """The casts that a system should have been trained with."""

    elements: tuple[str, ...]
    """The system's elements as first written."""
    fingerprint: str


def wanted_casts(records: Sequence[IntakeRecord]) -> dict[ElementSet, WantedCasts]:
    """The identity of the accepted casts of every system that was ever cast; no lab file is read for it.

    records: those that count, in the order of intake.
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


def _intake_of(entry: Entry) -> IntakeRecord:
    try:
        return IntakeRecord.from_json(entry.about)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RecordDamagedError(
            f"Entry {entry.number} of the record's files of casts says nothing of an intake ({error}): use the version "
            f"that wrote it ({entry.version}), or a newer one."
        ) from error


def _fingerprint(parts: Sequence[Any]) -> str:
    digest = sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()
    return f"{FINGERPRINT_START}{digest[:FINGERPRINT_DIGITS]}"


NO_CASTS = _fingerprint([])
