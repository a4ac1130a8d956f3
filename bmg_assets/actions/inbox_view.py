"""The laboratory's inbox as it is now: files that wait, that were taken in, and what needs a person. All is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bmg_assets.actions.audit import audit_lines
from bmg_assets.actions.file_reports import ReportRow, report_on, rows_of
from bmg_assets.actions.known_casts import KnownCasts, known_casts
from bmg_assets.actions.refused_rows import OpenRefusals, RefusedRow
from bmg_assets.actions.reporting import SENT_A_FILE
from bmg_assets.intake.check import alloy_of
from bmg_assets.intake.file import name_with_hash
from bmg_assets.intake.inbox import LabInbox, Waiting
from bmg_assets.intake.record import IntakeRecord
from bmg_assets.science.casts.cast import Cast
from bmg_assets.science.casts.ladder import CastLabel, LadderState, label_of
from bmg_assets.science.errors import BmgError

PAGE_LENGTH = 50


class NoSuchFileError(BmgError):
    """No file of this name waits or was taken in."""


@dataclass(frozen=True)
class Quarantined:
    """An alloy whose casts contradict each other."""

    formula: str
    label: CastLabel
    casts: tuple[Cast, ...]


@dataclass(frozen=True)
class InboxNow:
    """The inbox.

    waiting: files in it. intakes: those of the page, the newest first. of: how many there are. page, pages: from 1.
    quarantined, refused: what needs a person. sent_by: names that people gave, by the number of the intake.
    """

    waiting: tuple[Waiting, ...]
    intakes: tuple[IntakeRecord, ...]
    of: int
    page: int
    pages: int
    quarantined: tuple[Quarantined, ...]
    refused: tuple[RefusedRow, ...]
    sent_by: Mapping[int, str]


@dataclass(frozen=True)
class FileNow:
    """One file.

    intake: None while it waits. waits_because: why it does. report: row by row; empty where it is not at hand.
    rows: as they were written, by line and column. refused: those that need a person. sent_by: the name that a person
    gave.
    """

    name: str
    intake: IntakeRecord | None
    waits_because: str = ""
    report: tuple[ReportRow, ...] = ()
    rows: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    refused: tuple[RefusedRow, ...] = ()
    sent_by: str = ""


def inbox_now(inbox: LabInbox, page: int = 1) -> InboxNow:
    """What waits, what was taken in, and what needs a person.

    Args:
        page: from 1, of the files that were taken in; one beyond the last is the last.

    Raises:
        RecordDamagedError, RecordFormatError, InboxBusyError: as `LabInbox.accepted`.
    """
    known = known_casts(inbox)
    newest, pages = known.intakes[::-1], max(1, -(-len(known.intakes) // PAGE_LENGTH))
    page = min(max(1, page), pages)
    intakes, senders = newest[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH], _senders(inbox)
    return InboxNow(
        waiting=inbox.waiting(),
        intakes=intakes,
        of=len(newest),
        page=page,
        pages=pages,
        quarantined=quarantined(known),
        refused=OpenRefusals(inbox).all(),
        sent_by={one.order: senders.get(one.file, "") for one in intakes},
    )


def file_now(inbox: LabInbox, name: str) -> FileNow:
    """A file by its name in the inbox, or by the one that it has since its intake.

    Raises:
        NoSuchFileError: there is none.
        RecordDamagedError, RecordFormatError, InboxBusyError: as `LabInbox.accepted`.
    """
    intakes = known_casts(inbox).intakes
    intake = next((one for one in reversed(intakes) if name in (one.file, one.received_as)), None)
    waiting = next((one for one in inbox.waiting() if one.name == name), None)
    if waiting is not None:
        return FileNow(name, None, waiting.reason, sent_by=_senders(inbox).get(name, ""))
    if intake is None:
        raise NoSuchFileError(f"No file '{name}' waits in the inbox or was taken in.")
    return FileNow(
        intake.file,
        intake,
        report=report_on(inbox, intake),
        rows=rows_of(inbox, intake),
        refused=OpenRefusals(inbox).of(intake),
        sent_by=_senders(inbox).get(intake.file, ""),
    )


def quarantined(known: KnownCasts) -> tuple[Quarantined, ...]:
    """The alloys whose casts contradict each other, in the order in which they were first cast."""
    by_composition: dict[str, list[Cast]] = {}
    for cast in known.casts.history.current:
        if not cast.is_withdrawal:
            by_composition.setdefault(cast.composition, []).append(cast)
    labels = ((casts, label_of(casts)) for casts in by_composition.values() if len(casts) > 1)
    return tuple(
        Quarantined(alloy_of(casts[0]), label, tuple(casts))
        for casts, label in labels
        if label.state is LadderState.QUARANTINE
    )


def _senders(inbox: LabInbox) -> dict[str, str]:
    """The names that people gave, by the name of the file in the inbox and by the one that it has since its intake."""
    senders: dict[str, str] = {}
    for one in audit_lines(inbox.record):
        if one.what == SENT_A_FILE:
            file, digest = one.about["file"], one.about["sha256"]
            senders |= {file: one.who, name_with_hash(file, digest): one.who}
    return senders
