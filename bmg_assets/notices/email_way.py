"""The way by e-mail: a message is handed to a server of SMTP."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate

from bmg_assets.notices.notices_file import PASSWORD, USER, EmailSettings
from bmg_assets.notices.ways import PATIENCE_S, Message, NoticeRefusedError, ReceiverAwayError
from bmg_assets.science.validation import on_one_line

PERMANENT = 500
"""Answers of SMTP from this number on do not change by themselves."""


@dataclass(frozen=True)
class Email:
    """Sends messages by a server, with a user and password where the server wants them."""

    settings: EmailSettings
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    name: str = "email"

    @property
    def in_words(self) -> str:
        """The receivers, and by which server."""
        return f"sent to {', '.join(self.settings.to)} by {self._place}"

    def send(self, message: Message) -> None:
        """Send a message to all receivers at once; see `Way.send`. Receivers whom the server does not know get none."""
        try:
            with self._connected() as server:
                server.send_message(self._mail(message))
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise self._refusal(error) from None
        except smtplib.SMTPAuthenticationError as error:
            raise ReceiverAwayError(
                f"{self._place} refuses {USER} and {PASSWORD} (status {error.smtp_code})."
            ) from None
        except smtplib.SMTPNotSupportedError:
            raise ReceiverAwayError(f"{self._place} does not offer what email.encryption and {USER} need.") from None
        except ssl.SSLError:
            raise ReceiverAwayError(f"{self._place} cannot be trusted: its certificate is not of its name.") from None
        except (OSError, smtplib.SMTPException) as error:
            raise ReceiverAwayError(f"{self._place} does not answer ({type(error).__name__}).") from None

    @property
    def _place(self) -> str:
        return f"{self.settings.server}:{self.settings.port}"

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        place, how = (self.settings.server, self.settings.port), self.settings.encryption
        context = ssl.create_default_context()
        if how == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=PATIENCE_S, context=context)
        else:
            server = smtplib.SMTP(*place, timeout=PATIENCE_S)
        try:
            if how == "starttls":
                server.starttls(context=context)
            if self.user is not None:
                server.login(self.user, self.password or "")
            yield server
        finally:
            # The message is accepted by now, or never; a fault in taking leave changes neither.
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = on_one_line(f"[BMG] {message.notice.subject}")
        mail["From"], mail["To"] = self.settings.sender, ", ".join(self.settings.to)
        mail["Date"] = formatdate()
        # Servers of e-mail show a message whose identity they have seen once.
        mail["Message-ID"] = f"<{message.id}@{self.settings.sender.rpartition('@')[2]}>"
        mail["X-BMG-Notice"] = message.id
        mail.set_content(message.body)
        return mail

    def _refusal(self, error: smtplib.SMTPException) -> ReceiverAwayError | NoticeRefusedError:
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            codes = {code for code, _ in error.recipients.values()}
        else:
            codes = {getattr(error, "smtp_code", 0)}
        words = f"{self._place} answers with status {', '.join(map(str, sorted(codes)))}"
        if min(codes) < PERMANENT:
            return ReceiverAwayError(f"{words}.")
        return NoticeRefusedError(f"{words} and does not take this notice.")
