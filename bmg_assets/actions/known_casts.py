"""Everything that was taken in, kept in memory between two looks: no page reads thousands of files anew."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from bmg_assets.actions.last_read import LastRead
from bmg_assets.intake.accepted import AcceptedCasts, read_accepted, read_further
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.intake.record import IntakeRecord, all_intakes, that_count, with_further
from bmg_assets.intake.takeover import has_older_intakes
from bmg_assets.science.casts.cast import Cast
from bmg_assets.science.errors import BmgError
from bmg_assets.store.record import Entry


@dataclass(frozen=True)
class KnownCasts:
    """What the record says of the laboratory's casts.

    intakes: all of them, rejected files too, in the order in which they happened. casts: what was accepted.
    """

    intakes: tuple[IntakeRecord, ...]
    casts: AcceptedCasts

    @property
    def accepted(self) -> tuple[Cast, ...]:
        """Every report that was ever accepted, in the order of intake."""
        return self.casts.history.accepted

    def current(self, sample_id: str) -> Cast | None:
        """The report of a sample that counts; None where there is none, or it was withdrawn."""
        found = (one for one in self.casts.history.current if one.sample_id == sample_id and not one.is_withdrawal)
        return next(found, None)

    def of_composition(self, composition: str, after: int = 0) -> tuple[Cast, ...]:
        """The reports of a composition that count, withdrawals left out.

        Args:
            composition: its key.
            after: number of an intake; only files that were taken in later are looked at.
        """
        files = {one.file for one in self.intakes[after:]}
        current = self.casts.history.current
        return tuple(
            one for one in current if one.composition == composition and not one.is_withdrawal and one.source in files
        )


_last: LastRead[KnownCasts] = LastRead()


def known_casts(inbox: LabInbox) -> KnownCasts:
    """What was taken in until now.

    Raises:
        RecordDamagedError, RecordFormatError, InboxBusyError: as `LabInbox.accepted`.
    """
    return _last.of(
        inbox.casts,
        lambda: _read(inbox),
        place=inbox.root,
        further=lambda known, entries: _with_further(inbox, known, entries),
    )


def read_ahead(inbox: LabInbox) -> threading.Thread:
    """Begin to read everything in a thread of its own, so that the first page of a server is not the one that waits.

    After an upgrade all rows of all files are read anew, seconds for thousands of files. What is wrong is told by the
    page that asks.
    """

    def read() -> None:
        with suppress(BmgError, OSError):
            known_casts(inbox)

    thread = threading.Thread(target=read, name="reading ahead", daemon=True)
    thread.start()
    return thread


def _with_further(inbox: LabInbox, known: KnownCasts, entries: Sequence[Entry]) -> KnownCasts | None:
    """With the intakes since; None where one of them is a later version of an earlier file, or an older version's."""
    intakes = with_further(known.intakes, entries)
    new = intakes[len(known.intakes) :]
    if any(one.in_place_of for one in new) or has_older_intakes(inbox.accepted_folder):
        return None
    casts = read_further(inbox.casts, known.casts, that_count(new), inbox.accepted_folder)
    return KnownCasts(intakes, casts) if casts is not None else None


def _read(inbox: LabInbox) -> KnownCasts:
    if has_older_intakes(inbox.accepted_folder):
        casts = inbox.accepted()
        return KnownCasts(all_intakes(inbox.casts), casts)
    intakes = all_intakes(inbox.casts)
    return KnownCasts(intakes, read_accepted(inbox.casts, that_count(intakes), inbox.accepted_folder))
