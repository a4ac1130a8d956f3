"""One look at everything that may be worth a notice: what is new is noted in the record, and then sent."""

import shlex
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from bmg_assets.execution.claim_table import claim_of, give_up, take_over
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.notices.delivery import Pauses, deliver, waits_in_words, ways_of
from bmg_assets.notices.journal import Journal, Looked, compositions_of, journal_of
from bmg_assets.notices.notice import Event, Notice
from bmg_assets.notices.notices_file import NoticeSettings, read_notices
from bmg_assets.notices.of_casts import notices_of_intakes
from bmg_assets.notices.of_runs import EndedRun, ended_runs, failed_training, new_candidates
from bmg_assets.partitions import refused_keys, usable_systems
from bmg_assets.science.errors import BmgError
from bmg_assets.science.validation import on_one_line
from bmg_assets.store.record import NOTICES
from bmg_assets.store.store import Store

CLAIM = NOTICES
"""Name under which a look is claimed; no system is called so."""
LONGEST_LOOK_S = 90.0
"""Age after which the claim of a look counts as that of a killed one: a tick is ended after a minute."""
MOST_UNNOTED_RUNS = 200
"""So many runs that gave no notice are looked at again after a restart."""


@dataclass
class Told:
    """What one look gave, in words for the log of a tick, and what is tried again later."""

    pauses: Pauses
    waiting: list[str] = field(default_factory=list)
    is_off: bool = False


_off: set[str] = set()
"""URLs of records whose ways this process has found, or switched, off."""


def look_and_tell(
    instance: dg.DagsterInstance, store: Store, inbox: LabInbox, pauses: Pauses, say: Callable[[str], None]
) -> Told:
    """Find what is new, note it, and send what is pending; nothing of it where the laboratory has no notices.yaml.

    Of several looks at once one goes on; the others do nothing.

    Raises:
        NoticesFileError: notices.yaml cannot be used; what happens meanwhile is told when it can.
        BmgError: the record or the store cannot be read.
    """
    settings = read_notices(Path(inbox.root))
    if settings is None and inbox.record.url in _off:
        return Told(pauses, is_off=True)
    with _alone(instance) as is_alone:
        if not is_alone:
            return Told(pauses, ["Another look is at work."])
        journal, wanted = journal_of(inbox.record), frozenset(() if settings is None else settings.ways)
        if wanted != journal.ways:
            journal.switch(wanted, _now(inbox))
        if settings is None:
            _off.add(inbox.record.url)
            return Told(pauses, is_off=True)
        _off.discard(inbox.record.url)
        troubles = find(instance, store, inbox, journal, settings)
        pending = deliver(journal, settings, ways_of(settings, Path(inbox.root)), pauses, say)
    return Told(pauses, [*troubles, *waits_in_words(pending, pauses)])


def find(
    instance: dg.DagsterInstance, store: Store, inbox: LabInbox, journal: Journal, settings: NoticeSettings
) -> list[str]:
    """Note in the journal what is new since the last look.

    Returns:
        A sentence for each thing that could not be looked at; the next look tries it again.
    """
    looked = journal.looked or _now(inbox)
    of_casts, casts, troubles = _of_casts(instance, inbox, looked.casts)
    ended = ended_runs(instance, looked.runs, looked.since)
    new = [one for one in ended if one.run.run_id not in journal.settled]
    found = [*of_casts, *(_unusable(key, why) for key, why in refused_keys(instance).items())]
    unread: list[EndedRun] = []
    for system in dict.fromkeys(one.system for one in new):
        runs = [one for one in new if one.system == system]
        try:
            found += _of_runs(instance, store, journal, runs)
        except Exception as error:  # no system may hold up the others, whatever is wrong with its tables
            troubles.append(_in_words(system, error))
            unread += runs
    untold = [one for one in found if one.event in settings.events and one.id not in journal.found]
    read = {one.run.run_id for one in new if one not in unread}
    journal.settled |= read
    journal.unnoted += len(read)
    through = min(one.changed for one in unread) if unread else max([looked.runs, *(one.changed for one in ended)])
    if untold or casts > looked.casts or journal.unnoted > MOST_UNNOTED_RUNS:
        journal.note_found(untold, replace(looked, casts=casts, runs=max(looked.runs, through)))
        journal.settled &= {one.run.run_id for one in ended}
        journal.unnoted = 0
    return troubles


def _of_casts(instance: dg.DagsterInstance, inbox: LabInbox, after: int) -> tuple[list[Notice], int, list[str]]:
    """The notices of what was taken in, how far that goes, and what was in the way."""
    last = inbox.casts.last_number()
    if last <= after:
        return [], after, []
    try:
        return notices_of_intakes(inbox, after, usable_systems(instance)), last, []
    except Exception as error:  # what was taken in may hold up no notice of anything else
        return [], after, [_in_words("What was taken in", error)]


def _of_runs(instance: dg.DagsterInstance, store: Store, journal: Journal, runs: Sequence[EndedRun]) -> list[Notice]:
    """The notices of runs of one system."""
    candidates = new_candidates(store, runs)
    if candidates is not None and journal.proposed.get(runs[0].system) == compositions_of(candidates):
        candidates = None  # a training that proposes the same again is no news
    failures = (failed_training(instance, one) for one in runs)
    return [one for one in (*failures, candidates) if one is not None]


def _in_words(what: str, error: Exception) -> str:
    if isinstance(error, BmgError):
        return str(error)
    return f"{what} cannot be looked at ({type(error).__name__}: {on_one_line(error)}); the next look tries it again."


def _unusable(key: str, why: str) -> Notice:
    return Notice(
        id=f"key/{key}",
        event=Event.UNUSABLE_KEY,
        subject=f"The registered key {on_one_line(repr(key))} is no system",
        text=f"{why}\nNothing is trained for it. `bmg remove {shlex.quote(key)}` takes it away.",
        facts={"key": key, "reason": why},
    )


def _now(inbox: LabInbox) -> Looked:
    now = datetime.now(UTC).isoformat()
    return Looked(inbox.casts.last_number(), now, now)


@contextmanager
def _alone(instance: dg.DagsterInstance) -> Iterator[bool]:
    """Whether no other look is at work, on whatever machine; none begins while the block is."""
    seen, owner = claim_of(instance, CLAIM), uuid.uuid4().hex
    if (seen is not None and seen.age_s < LONGEST_LOOK_S) or not take_over(instance, CLAIM, seen, owner):
        yield False
        return
    try:
        yield True
    finally:
        give_up(instance, CLAIM, owner)
