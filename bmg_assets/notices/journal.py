"""What people were to be told, and what they were: the record's stream `notices`, read as a whole.

Three kinds of entries: ways that were switched on or off, notices that were found together with how far was looked for
them, and a notice that one way has sent. A way tells what was found while it was on: switching on tells nothing old.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bmg_assets.notices.notice import Event, Notice
from bmg_assets.store.record import NOTICES, Entry, Record, Stream

WHAT = "what"
SWITCHED, FOUND, SENT = "switched", "found", "sent"

_read: dict[str, "Journal"] = {}
"""By URL of the record: what this process has read of its journal."""


@dataclass(frozen=True)
class Looked:
    """How far was looked for what is worth a notice.

    casts: number of the last entry of the record's casts. runs: UTC, ISO 8601, the last change of a run. since: the
    same, when notices were switched on.
    """

    casts: int
    runs: str
    since: str


@dataclass(frozen=True)
class Sent:
    """A notice that a way has sent, and when: UTC, ISO 8601."""

    notice: Notice
    way: str
    at: str


@dataclass
class Journal:
    """The entries, read one after the other."""

    record: Record
    looked: Looked | None = None
    found: dict[str, Notice] = field(default_factory=dict)
    """By id, in their order."""
    sent: list[Sent] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)
    """Runs that this process has looked at since `looked.runs`."""
    unnoted: int = 0
    """How many of them came since `looked` was last noted."""
    proposed: dict[str, Any] = field(default_factory=dict)
    """What the last notice of its candidates said of a system."""
    _on_since: dict[str, int] = field(default_factory=dict)
    _found_at: dict[str, int] = field(default_factory=dict)
    _sent_ids: set[tuple[str, str]] = field(default_factory=set)
    _number: int = 0

    @property
    def ways(self) -> frozenset[str]:
        """The ways that are on."""
        return frozenset(self._on_since)

    def pending(self, way: str) -> list[Notice]:
        """What a way has still to send, in the order in which it was found."""
        on_since = self._on_since.get(way, self._number)
        return [
            notice
            for id, notice in self.found.items()
            if self._found_at[id] > on_since and (way, id) not in self._sent_ids
        ]

    def switch(self, ways: Iterable[str], looked: Looked) -> None:
        """Note which ways are on from now on.

        Args:
            looked: from where on is looked, where no way was on.
        """
        wanted = frozenset(ways)
        change = {"on": sorted(wanted - self.ways), "off": sorted(self.ways - wanted)}
        self._append({WHAT: SWITCHED, **change, **({} if self.ways else {"looked": asdict(looked)})})

    def note_found(self, notices: Iterable[Notice], looked: Looked) -> None:
        """Note what is to be told, and how far was looked; from then on nothing of it is lost."""
        self._append({WHAT: FOUND, "notices": [one.as_json() for one in notices], "looked": asdict(looked)})

    def note_sent(self, way: str, notice: Notice) -> None:
        """Note that a way has sent a notice."""
        self._append({WHAT: SENT, "way": way, "id": notice.id})

    def refresh(self) -> None:
        """Read what others have written since."""
        for entry in self._stream.entries(self._number + 1):
            self._add(entry)

    @property
    def _stream(self) -> Stream:
        return self.record.stream(NOTICES)

    def _append(self, about: Mapping[str, Any]) -> None:
        self._stream.append({}, about)
        self.refresh()

    def _add(self, entry: Entry) -> None:
        about, self._number = entry.about, entry.number
        if "looked" in about:
            self.looked = Looked(**about["looked"])
        if about[WHAT] == SWITCHED:
            self._on_since |= {way: entry.number for way in about["on"]}
            for way in about["off"]:
                self._on_since.pop(way, None)
        elif about[WHAT] == FOUND:
            for notice in map(Notice.from_json, about["notices"]):
                if notice.id not in self.found:
                    self.found[notice.id], self._found_at[notice.id] = notice, entry.number
                if notice.event is Event.CANDIDATES:
                    self.proposed[notice.facts["system"]] = compositions_of(notice)
        elif about[WHAT] == SENT:
            self._sent_ids.add((about["way"], about["id"]))
            self.sent.append(Sent(self.found[about["id"]], about["way"], entry.written_at))


def compositions_of(candidates: Notice) -> list[str]:
    """The alloys that a notice of candidates proposes."""
    return [one["composition"] for one in candidates.facts["candidates"]]


def journal_of(record: Record) -> Journal:
    """The journal as it is now; what this process has read before is not read again.

    Raises:
        RecordDamagedError, RecordFormatError: as `Stream.entries`.
    """
    known = _read.get(record.url)
    if known is None or record.stream(NOTICES).last_number() < known._number:
        known = _read[record.url] = Journal(record)
    known.refresh()
    return known
