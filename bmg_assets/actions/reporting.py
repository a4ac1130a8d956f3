"""Reporting casts: what a person sends becomes a file in the inbox like any other, and is taken in at once.

Sent again, by whatever accident, a form leads to what became of it the first time. Judging writes nothing.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import filelock

from bmg_assets.actions.audit import note_write
from bmg_assets.actions.form_rows import Cells, JudgedCells, file_of_rows, judge_rows
from bmg_assets.actions.known_casts import known_casts
from bmg_assets.intake.check import Judged, JudgedRow, judge
from bmg_assets.intake.file import LONGEST_ENDING, LONGEST_STEM_BYTES, hash_of, name_with_hash, plain_name
from bmg_assets.intake.inbox import LONGEST_READ_S, LabInbox
from bmg_assets.intake.reading import read_reading
from bmg_assets.intake.record import IntakeRecord, that_count
from bmg_assets.science.casts.cast import Cast
from bmg_assets.science.errors import BmgError
from bmg_assets.settings import laboratory_day
from bmg_assets.store.folder import not_written, replacing

MOST_ROWS = 500
LONGEST_WAIT_S = 20.0
LOCK = ".sent.lock"
FORM, UPLOAD = "form", "upload"
"""How the names of files begin that a person sent."""
SENT_A_FILE = "sent a file"
TOOK_A_FILE_IN = "had a file taken in at once"
_FORM_ID = re.compile(r"[0-9a-f]{8,64}")


class NotSentError(BmgError):
    """Nothing was sent: why, and what to do."""


@dataclass(frozen=True)
class Sent:
    """What became of what a person sent.

    name: of the file in the inbox. intake: what was taken in, None while the file waits. waits_because: why it does.
    is_earlier: whether it had been sent before, so that nothing was done now.
    """

    name: str
    intake: IntakeRecord | None
    waits_because: str = ""
    is_earlier: bool = False


def judged(inbox: LabInbox, rows: Sequence[Cells]) -> tuple[JudgedCells, ...]:
    """What would become of the rows of a form, one for one; nothing is written.

    Raises:
        NotSentError: there are too many.
        ReadingFileError, RecordDamagedError, RecordFormatError, InboxBusyError: as the intake.
    """
    if len(rows) > MOST_ROWS:
        raise NotSentError(f"The form has {len(rows)} rows, more than {MOST_ROWS}: upload them as a file.")
    return judge_rows(rows, known_casts(inbox).accepted, laboratory_day(), read_reading(Path(inbox.root)))


def cast_meanwhile(inbox: LabInbox, found: Sequence[JudgedCells], since: int, form_id: str) -> tuple[Cast, ...]:
    """Casts of the same alloys that others reported since a person began to fill in a form.

    Args:
        since: how many files had been taken in then, see `intakes_until_now`.
        form_id: of this form, whose own casts are none of others.
    """
    compositions = {one.cast.composition: None for one in found if one.cast is not None}
    own = {one.cells.get("sample_id", "") for one in found}
    known = known_casts(inbox)
    later = (one for composition in compositions for one in known.of_composition(composition, after=since))
    return tuple(one for one in later if one.sample_id not in own and not one.source.startswith(f"{FORM}-{form_id}"))


def intakes_until_now(inbox: LabInbox) -> int:
    """How many files were taken in."""
    return len(known_casts(inbox).intakes)


def judged_file(inbox: LabInbox, name: str, data: bytes) -> Judged:
    """What would become of a file; nothing is written. Raises as `judged`, but for NotSentError."""
    known = known_casts(inbox)
    if len(data) > inbox.largest_mb * 1e6:
        reason, mend = f"the file is larger than {inbox.largest_mb:g} MB", "send the casts alone, in several files"
        return Judged("casts", (JudgedRow(0, "refused", reason=reason, mend=mend),))
    digest = sha256(data).hexdigest()
    same = next((one for one in that_count(known.intakes) if one.sha256 == digest), None)
    if same is not None:
        reason = f"a file with this very content was taken in already, as {same.file}"
        return Judged("casts", (JudgedRow(0, "skipped", reason=reason),))
    reading = read_reading(Path(inbox.root))
    return judge(plain_name(name), data, laboratory_day(), reading, known.accepted, LONGEST_READ_S)


def check_can_be_sent(inbox: LabInbox) -> None:
    """See that the laboratory's folder is there, so that none is made in the place where it should be.

    Raises:
        NotSentError: this machine has none.
        LaboratoryNotThereError: it is missing or empty although casts were accepted in it.
    """
    if inbox.is_elsewhere:
        raise NotSentError(
            "Nothing was sent: this machine has no folder of the laboratory. Use the pages of the main machine."
        )
    inbox.check_there()


def send_rows(
    inbox: LabInbox, rows: Sequence[Cells], form_id: str, who: str
) -> tuple[tuple[JudgedCells, ...], Sent | None]:
    """Send those rows of a form that would be accepted; the others stay with the person, to be corrected.

    Args:
        form_id: the same however often the form is sent, 8 to 64 hexadecimal digits.
        who: see `note_write`.

    Returns:
        The rows as judged before they were sent, one for one, and what became of the file; None where no row can be
        sent, and none was sent before.

    Raises:
        NotSentError: nothing could be written.
        BmgError: as `judged`.
    """
    stem, found = f"{FORM}-{_checked(form_id)}", judged(inbox, rows)
    good = [one.cells for one in found if one.outcome == "accepted"]
    if good:
        return found, _send(inbox, stem, ".csv", file_of_rows(good), who)
    was_sent = any(one.outcome == "skipped" for one in found)
    return found, _earlier(inbox, stem) if was_sent else None


def send_file(inbox: LabInbox, name: str, data: bytes, form_id: str, who: str) -> Sent:
    """Send a file as it is.

    Args:
        name: as the person's computer has it; the file gets a harmless one that tells it from others.
        form_id, who: as `send_rows`.

    Raises:
        NotSentError: nothing could be written.
        BmgError: as `judged`.
    """
    plain = Path(plain_name(name) or FORM)
    stem = f"{UPLOAD}-{_checked(form_id)}-{plain.stem}".encode()[:LONGEST_STEM_BYTES].decode("utf-8", "ignore")
    return _send(inbox, stem, plain.suffix[:LONGEST_ENDING], data, who)


def take_in_now(inbox: LabInbox, name: str, who: str) -> Sent:
    """Look at the inbox now instead of at the next look, and say what became of one of its files.

    Args:
        who: see `note_write`; noted only where the file waits, and with its name alone: nothing was sent.

    Raises:
        FolderError: who asked could not be noted; nothing was done.
        InboxBusyError, LaboratoryNotThereError, RecordDamagedError, RecordFormatError: as `LabInbox.take_in_complete`.
        NotSentError: no file of this name was there.
    """
    if any(one.name == name for one in inbox.waiting()):
        note_write(inbox.record, who, TOOK_A_FILE_IN, {"file": name})
    look = inbox.take_in_complete()
    waits = next((one.reason for one in look.waiting if one.name == name), "")
    return Sent(name, None, waits) if waits else _as_recorded(inbox, name)


def _checked(form_id: str) -> str:
    if not _FORM_ID.fullmatch(form_id):
        raise NotSentError("The form has no number of its own, so nothing was sent: load the page again.")
    return form_id


def _send(inbox: LabInbox, stem: str, ending: str, data: bytes, who: str) -> Sent:
    """Write the file unless the form has sent this very content before, and take it in."""
    digest = sha256(data).hexdigest()
    with _alone(inbox):
        for name in _names(stem, ending):
            waiting = inbox.inbox / name
            # Looked at before the record is: a file that is taken in meanwhile is then found there.
            found = _digest_of(waiting)
            intake = _last_intake(known_casts(inbox).intakes, name)
            if intake is not None and intake.sha256 == digest:
                return Sent(name, intake, is_earlier=True)
            if found is None and intake is None:
                _write(inbox, waiting, data, digest, who)
                break
            if found == digest:
                break
    return _taken_in(inbox, name)


def _names(stem: str, ending: str) -> Iterator[str]:
    """Names for what a form sends: the first time, and each time that it is sent with other content."""
    yield f"{stem}{ending}"
    yield from (f"{stem}-{number}{ending}" for number in itertools.count(2))


@contextmanager
def _alone(inbox: LabInbox) -> Iterator[None]:
    """Let one form at a time look for what was sent and write; raises as `check_can_be_sent`."""
    check_can_be_sent(inbox)
    try:
        inbox.inbox.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(inbox.inbox / LOCK, timeout=LONGEST_WAIT_S):
            yield
    except filelock.Timeout:
        raise NotSentError("Nothing was sent: other forms are being sent just now; send it again.") from None
    except OSError as error:
        raise NotSentError(f"Nothing was sent: {not_written(str(error.filename or inbox.inbox), error)}") from error


def _write(inbox: LabInbox, path: Path, data: bytes, digest: str, who: str) -> None:
    """Write the file as a whole; who sent it is noted before it has its name, so that none goes unnoted."""
    try:
        with replacing(path) as temporary:
            temporary.write_bytes(data)
            note_write(inbox.record, who, SENT_A_FILE, {"file": path.name, "sha256": digest})
    except BmgError as error:
        raise NotSentError(f"Nothing was sent: {error}") from error


def _taken_in(inbox: LabInbox, name: str) -> Sent:
    """Take a file of the inbox in; where that cannot be done now it waits there for the next look."""
    try:
        inbox.take_in(inbox.inbox / name, LONGEST_WAIT_S)
    except FileNotFoundError:
        pass  # someone else has just taken it in
    except (BmgError, OSError) as error:
        return Sent(name, None, str(error))
    return _as_recorded(inbox, name)


def _as_recorded(inbox: LabInbox, name: str) -> Sent:
    intake = _last_intake(known_casts(inbox).intakes, name)
    if intake is None:
        raise NotSentError(f"'{name}' is neither in the inbox nor in the record: send it again.")
    return Sent(name, intake)


def _earlier(inbox: LabInbox, stem: str) -> Sent | None:
    """What became of what a form sent before; None if it sent nothing."""
    sent = [one for one in known_casts(inbox).intakes if one.received_as.startswith(stem)]
    return Sent(sent[-1].received_as, sent[-1], is_earlier=True) if sent else None


def _last_intake(intakes: Sequence[IntakeRecord], name: str) -> IntakeRecord | None:
    """The last intake of a file of this name, also where it came in as a later version of another one."""
    found = (
        one for one in reversed(intakes) if one.received_as == name or one.file == name_with_hash(name, one.sha256)
    )
    return next(found, None)


def _digest_of(path: Path) -> str | None:
    """SHA-256 of a file, None where it is not there."""
    try:
        return hash_of(path)
    except FileNotFoundError:
        return None
