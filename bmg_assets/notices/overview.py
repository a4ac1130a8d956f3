"""Who is told what, as a person asks for it: the ways, what each told last, what waits; and a notice to try them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bmg_assets.notices.delivery import ways_of
from bmg_assets.notices.journal import Sent, journal_of
from bmg_assets.notices.notice import Event, Notice
from bmg_assets.notices.notices_file import NoticeSettings
from bmg_assets.notices.ways import Message, NoticeRefusedError, ReceiverAwayError
from bmg_assets.store.record import Record


@dataclass(frozen=True)
class WayNow:
    """A way: where notices go, the last of them that was sent, and how many wait."""

    name: str
    in_words: str
    last: Sent | None
    pending: int


def ways_now(settings: NoticeSettings, lab: Path, record: Record) -> Sequence[WayNow]:
    """The ways that notices.yaml names; raises RecordDamagedError, RecordFormatError."""
    journal = journal_of(record)
    last = {one.way: one for one in journal.sent}
    return [
        WayNow(way.name, way.in_words, last.get(way.name), len(journal.pending(way.name)))
        for way in ways_of(settings, lab)
    ]


def send_test(settings: NoticeSettings, lab: Path) -> dict[str, str | None]:
    """Send a notice that says it is a test; by way what was in the way of it, None where it was accepted."""
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    notice = Notice(f"test/{moment}", Event.TEST, "A test", f"This is a test of {moment}; nothing happened.")
    outcome: dict[str, str | None] = {}
    for way in ways_of(settings, lab):
        try:
            way.send(Message.of(notice, way.name, settings))
            outcome[way.name] = None
        except (ReceiverAwayError, NoticeRefusedError) as error:
            outcome[way.name] = str(error)
    return outcome
