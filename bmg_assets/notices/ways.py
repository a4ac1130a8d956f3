"""The ways to tell people something: one interface, of which each way is an implementation.

A way answers in one of three manners: it accepted the notice, its receiver is away (RECEIVER), or it refuses this
notice (NOTICE). No message of ours names a password or a token.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from bmg_assets.notices.notice import Notice
from bmg_assets.notices.notices_file import NoticeSettings
from bmg_assets.science.errors import BmgError

PATIENCE_S = 8.0
"""How long a receiver may need for an answer."""


class ReceiverAwayError(BmgError):
    """Nothing can be sent this way now; it may work later."""


class NoticeRefusedError(BmgError):
    """The receiver answers, and does not take this notice; others may pass."""


@dataclass(frozen=True)
class Message:
    """A notice as it is sent.

    id: the same for each attempt, so that a receiver can drop a second one. link, run_link: addresses; empty for none.
    """

    id: str
    notice: Notice
    link: str
    run_link: str

    @classmethod
    def of(cls, notice: Notice, way: str, settings: NoticeSettings) -> "Message":
        """The message of a notice for one way."""
        digest = sha256(f"{notice.id} {way}".encode()).hexdigest()[:32]
        return cls(digest, notice, settings.page_of(notice), settings.run_of(notice))

    @property
    def body(self) -> str:
        """The text with its links."""
        links = [one for one in (self.link, self.run_link) if one]
        return "\n".join([self.notice.text, "", *links])

    def as_json(self) -> dict[str, Any]:
        """The message for programs; chats show its `text`."""
        notice = self.notice
        return {
            "id": self.id,
            "event": notice.event.value,
            "subject": notice.subject,
            "text": f"{notice.subject}\n{self.body}",
            "link": self.link,
            **({"run_link": self.run_link} if self.run_link else {}),
            **notice.facts,
        }


class Way(Protocol):
    """A way to send messages."""

    @property
    def name(self) -> str:
        """As notices.yaml has it."""

    @property
    def in_words(self) -> str:
        """Where messages go, without what nobody else may read."""

    def send(self, message: Message) -> None:
        """Send a message, and return when the receiver has accepted it.

        Raises:
            ReceiverAwayError: nothing can be sent now.
            NoticeRefusedError: the receiver does not take this message.
        """
