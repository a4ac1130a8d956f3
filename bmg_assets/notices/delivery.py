"""Sending what is to be told: each way by itself, until its receiver has accepted everything.

A notice is noted as sent after its receiver has accepted it. Whoever is killed between the two sends it once more, with
the same identity; in a file it is found and not written again.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic, time

from bmg_assets.environment import variable
from bmg_assets.notices.email_way import Email
from bmg_assets.notices.file_way import FileOfNotices
from bmg_assets.notices.journal import Journal
from bmg_assets.notices.notices_file import PASSWORD, TOKEN, USER, NoticeSettings
from bmg_assets.notices.ways import Message, NoticeRefusedError, ReceiverAwayError, Way
from bmg_assets.notices.webhook import Webhook

FIRST_PAUSE_S = 30.0
LONGEST_PAUSE_S = 3600.0
LONGEST_SENDING_S = 8.0
"""How long one way may send in one look; a tick of Dagster's may take a minute."""


@dataclass(frozen=True)
class Pause:
    """An attempt that failed: how often, why, and when the next one is, in seconds since 1970."""

    failed: int
    why: str
    until: float


@dataclass
class Pauses:
    """What is tried again later: by way, or by way and notice where one notice alone is refused.

    They may be lost: then everything is tried at once.
    """

    by_name: dict[str, Pause] = field(default_factory=dict)

    @classmethod
    def from_text(cls, text: str | None) -> "Pauses":
        """Read what `to_text` gave; no pauses from anything else."""
        try:
            return cls({name: Pause(**one) for name, one in json.loads(text or "{}").items()})
        except (ValueError, TypeError, AttributeError):
            return cls()

    def to_text(self) -> str:
        """The pauses as one line."""
        return json.dumps({name: asdict(one) for name, one in self.by_name.items()})

    def is_on(self, name: str) -> bool:
        """Whether it is too early for the next attempt."""
        found = self.by_name.get(name)
        # A clock that was set back would make the pause endless.
        return found is not None and 0 < found.until - time() <= LONGEST_PAUSE_S

    def failed(self, name: str, why: str) -> None:
        """Wait longer than the last time."""
        times = self.by_name[name].failed + 1 if name in self.by_name else 1
        pause = min(FIRST_PAUSE_S * 2 ** min(times - 1, 20), LONGEST_PAUSE_S)
        self.by_name[name] = Pause(times, why, time() + pause)

    def passed(self, name: str) -> None:
        """Begin anew with the shortest pause."""
        self.by_name.pop(name, None)


def ways_of(settings: NoticeSettings, lab: Path) -> list[Way]:
    """The ways that a laboratory has chosen, with their secrets from the environment."""
    found: list[Way] = []
    if settings.webhook is not None:
        found.append(Webhook(settings.webhook.url, variable(TOKEN)))
    if settings.email is not None:
        found.append(Email(settings.email, variable(USER), variable(PASSWORD)))
    if settings.file is not None:
        found.append(FileOfNotices(lab / settings.file.path))
    return found


def deliver(
    journal: Journal, settings: NoticeSettings, ways: Sequence[Way], pauses: Pauses, say: Callable[[str], None]
) -> dict[str, int]:
    """Send what is pending, and note each notice that was accepted.

    Args:
        pauses: is brought up to date.
        say: is called with a sentence for what was sent or could not be.

    Returns:
        By way the number of notices that are pending still.
    """
    for way in ways:
        _deliver(journal, settings, way, pauses, say)
    pending = {way.name: journal.pending(way.name) for way in ways}
    _forget_others(pauses, {*pending, *(_one(name, one.id) for name in pending for one in pending[name])})
    return {name: len(notices) for name, notices in pending.items()}


def _deliver(journal: Journal, settings: NoticeSettings, way: Way, pauses: Pauses, say: Callable[[str], None]) -> None:
    latest = monotonic() + LONGEST_SENDING_S
    for notice in journal.pending(way.name):
        one = _one(way.name, notice.id)
        if pauses.is_on(way.name) or monotonic() > latest:
            return
        if pauses.is_on(one):
            continue
        try:
            way.send(Message.of(notice, way.name, settings))
        except ReceiverAwayError as error:
            pauses.failed(way.name, str(error))
            say(f"{way.name}: {error}")
            return
        except NoticeRefusedError as error:
            # It must not hold up the others.
            pauses.failed(one, str(error))
            say(f"{way.name}: {error} ({notice.subject})")
            continue
        except Exception as error:
            # No notice may hold up the others, whatever is wrong with it. The error's own words may name a secret.
            pauses.failed(one, f"It cannot be sent ({type(error).__name__}).")
            say(f"{way.name}: cannot be sent ({type(error).__name__}): {notice.subject}")
            continue
        journal.note_sent(way.name, notice)
        pauses.passed(way.name)
        say(f"{way.name}: sent: {notice.subject}")


def _forget_others(pauses: Pauses, kept: set[str]) -> None:
    for name in [one for one in pauses.by_name if one not in kept]:
        pauses.passed(name)


def _one(way: str, id: str) -> str:
    return f"{way} {id}"


def waits_in_words(pending: Mapping[str, int], pauses: Pauses) -> list[str]:
    """For each way that could not send everything how much waits, and why."""
    words = []
    for way, number in pending.items():
        if not number:
            continue
        found = [pause.why for name, pause in pauses.by_name.items() if name == way or name.startswith(f"{way} ")]
        waiting = "1 notice waits" if number == 1 else f"{number} notices wait"
        why = found[0] if found else "They are sent at the next look."
        words.append(f"{waiting} for the way {way}. {why}")
    return words
