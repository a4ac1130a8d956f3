"""Who changed what: a line of the record for each write of a person, kept and backed up with everything else of it.

The name is what the person gave, or the user whom a proxy named; it is noted here alone, never beside a cast.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bmg_assets.actions.last_read import LastRead
from bmg_assets.store.record import AUDIT, Entry, Record

LONGEST_NAME = 100


@dataclass(frozen=True)
class AuditLine:
    """One write of a person.

    at: UTC, ISO 8601. who: empty where no name was given. what: the deed in a word or two, like `sent a file`. about:
    what it was done to, like the name of a file and its SHA-256.
    """

    at: str
    who: str
    what: str
    about: Mapping[str, Any] = field(default_factory=dict)


def note_write(record: Record, who: str, what: str, about: Mapping[str, Any]) -> AuditLine:
    """Note a write of a person, before or while it is done.

    Args:
        who: as `AuditLine`; line breaks become blanks, and it is cut at 100 characters.
        about: JSON.

    Raises:
        FolderError, RecordDamagedError, RecordFormatError: as `Stream.append`; nothing was noted.
    """
    name = " ".join(who.split())[:LONGEST_NAME]
    return _line_of(record.stream(AUDIT).append({}, {"who": name, "what": what, "about": dict(about)}))


_last: LastRead[tuple[AuditLine, ...]] = LastRead()


def audit_lines(record: Record) -> tuple[AuditLine, ...]:
    """Every write that was noted, in its order; raises RecordDamagedError, RecordFormatError."""
    stream = record.stream(AUDIT)
    return _last.of(
        stream,
        lambda: tuple(map(_line_of, stream.entries())),
        further=lambda lines, entries: (*lines, *map(_line_of, entries)),
    )


def _line_of(entry: Entry) -> AuditLine:
    return AuditLine(entry.written_at, entry.about["who"], entry.about["what"], entry.about["about"])
