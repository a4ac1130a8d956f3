"""Tokens of forms: a form is only done if this server gave it to this browser, and not too long ago.

A page of another origin can make a browser send a form, but it cannot read the token that ours holds.
"""

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request

SESSION = "bmg_session"
"""Cookie with the name of a browser's session; it lives as long as the token of a form may."""
SESSION_S = 30 * 24 * 3600
LONGEST_S = 24 * 3600.0
"""How long a page with a form may stay open."""


@dataclass(frozen=True)
class FormTokens:
    """Makes and checks the tokens of one server; another start has another secret.

    Attributes:
        now: seconds since 1970.
    """

    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    now: Callable[[], float] = time.time

    def of(self, session: str) -> str:
        """A token for the forms of a page that is shown now."""
        return self._signed(session, int(self.now()))

    def problem(self, session: str | None, token: str) -> str | None:
        """Why a form cannot be done, as a sentence; None where it can."""
        if session is None:
            return (
                "Your browser keeps no cookies of this server, so nobody can tell whose form this is: allow them, and "
                "send it again."
            )
        made_at = token.partition(".")[0]
        is_ours = made_at.isdecimal() and hmac.compare_digest(
            token.encode(), self._signed(session, int(made_at)).encode()
        )
        if not is_ours:
            return (
                "This form was made before the server was started anew, or for another browser. Look at it, and send "
                "it again."
            )
        if self.now() - int(made_at) > LONGEST_S:
            return f"This form was open for more than {LONGEST_S / 3600:g} h. Look at it, and send it again."
        return None

    def _signed(self, session: str, made_at: int) -> str:
        mac = hmac.new(self.secret, f"{made_at} {session}".encode(), "sha256")
        return f"{made_at}.{mac.hexdigest()}"


def session_of(request: Request) -> str | None:
    """The session that the browser names; None without one."""
    return request.cookies.get(SESSION) or None


def new_form_id() -> str:
    """A name for a form that is shown: the same however often it is sent."""
    return secrets.token_hex(8)
