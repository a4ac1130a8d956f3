"""The way by webhook: a message is posted as JSON to an address."""

from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from bmg_assets.notices.notices_file import TOKEN_PLACE
from bmg_assets.notices.ways import PATIENCE_S, Message, NoticeRefusedError, ReceiverAwayError

ID_HEADER = "X-BMG-Notice"
PASSING = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_TIMEOUT}
    | {HTTPStatus.GONE, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)
"""Refusals that are not about the message: another token, or a later attempt, may pass."""


@dataclass(frozen=True)
class Webhook:
    """Posts messages to `url`, with `token` in the place that the address has for it, or in a header."""

    url: str
    token: str | None = field(default=None, repr=False)
    name: str = "webhook"

    @property
    def in_words(self) -> str:
        """The server alone: the rest of such an address is often a secret."""
        return f"posted to {urlsplit(self.url).netloc}"

    def send(self, message: Message) -> None:
        """Post a message; see `Way.send`."""
        import requests

        headers = {ID_HEADER: message.id}
        url = self.url.replace(TOKEN_PLACE, quote(self.token or "", safe=""))
        if self.token is not None and url == self.url:
            headers["Authorization"] = f"Bearer {self.token}"
        place = urlsplit(self.url).netloc
        try:
            # Of the answer only the status counts; the rest is not read.
            with requests.post(
                url, json=message.as_json(), headers=headers, timeout=PATIENCE_S, allow_redirects=False, stream=True
            ) as answer:
                status = answer.status_code
        except (requests.RequestException, ValueError) as error:
            # Its own words repeat the address, and with it the token.
            raise ReceiverAwayError(f"{place} does not answer ({_kind(error)}).") from None
        if status in PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ReceiverAwayError(f"{place} answers with status {status}.")
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise NoticeRefusedError(f"{place} does not take this notice: it answers with status {status}.")


def _kind(error: Exception) -> str:
    import requests

    kinds = {
        requests.Timeout: "it took too long",
        requests.exceptions.SSLError: "its certificate cannot be trusted",
        requests.ConnectionError: "no connection",
    }
    return next((words for kind, words in kinds.items() if isinstance(error, kind)), type(error).__name__)
