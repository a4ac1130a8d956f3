"""The guard before the Dagster UI and the pages: which requests reach them at all.

A web page of anybody can make a browser send requests to a server of this machine. So a request must be addressed to
a name that is ours (else a foreign name was pointed at this machine), and one that may change something must not come
from a page of another origin. Beyond loopback every request must carry the token.
"""

import hmac
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bmg_assets.launch.access import Access

COOKIE = "bmg_token"
COOKIE_S = 30 * 24 * 3600
QUERY = "token"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES = frozenset({"same-origin", "none"})
"""Values of Sec-Fetch-Site of a request from our own pages, or from what a person typed."""
DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


class Guard:
    """ASGI middleware that answers a request itself where it must not reach the application."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        answer = self._refusal(scope, Headers(scope=scope))
        if answer is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            # Closed before it is accepted, a websocket is answered with status 403.
            await send({"type": "websocket.close", "code": 1008})
        else:
            await answer(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        host = headers.get("host", "")
        if not self._is_ours(host, scope):
            return refused(
                HTTPStatus.MISDIRECTED_REQUEST,
                f"This server does not answer to the name '{host[:200]}'. If it is a name of this deployment, start "
                "`bmg ui` with --allow-host and this name.",
            )
        if self._access.token is not None:
            answer = self._without_token(scope, headers, self._access.token)
            if answer is not None:
                return answer
        if _may_change_something(scope) and _is_foreign(headers, host):
            return refused(
                HTTPStatus.FORBIDDEN,
                "A page of another origin may not change anything here. Behind a reverse proxy, let it pass on the "
                "header Host as the browser sent it.",
            )
        header = self._access.user_header
        if _may_change_something(scope) and header is not None and not headers.get(header, "").strip():
            return refused(
                HTTPStatus.FORBIDDEN,
                f"Only who is signed in may change anything here, and the request named nobody: let the reverse proxy "
                f"set the header {header} to the name of the person.",
            )
        return None

    def _is_ours(self, host: str, scope: Scope) -> bool:
        name = _name_of(host)
        if name is None:
            return False
        # No foreign name can be pointed at an address that a person typed as such.
        arrived_at = (scope.get("server") or ("", None))[0] if self._access.token is not None else None
        return name in self._access.hosts or name == arrived_at

    def _without_token(self, scope: Scope, headers: Headers, token: str) -> Response | None:
        """What a request is answered whose token is absent, wrong, or to be kept in a cookie; None: pass it on."""
        kind, _, given = headers.get("authorization", "").partition(" ")
        if (kind.lower() == "bearer" and _same(given.strip(), token)) or _same(_cookie(headers), token):
            return None
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        if scope.get("method") == "GET" and any(name == QUERY and _same(value, token) for name, value in query):
            return _kept_in_cookie(scope, [(name, value) for name, value in query if name != QUERY], token)
        return refused(
            HTTPStatus.UNAUTHORIZED,
            f"This deployment listens to the network and asks for its token: open the address that `bmg ui` printed, "
            f"which ends in ?{QUERY}=..., or send the header 'Authorization: Bearer TOKEN'.",
        )


def refused(status: HTTPStatus, sentence: str) -> Response:
    """An answer of one sentence."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return PlainTextResponse(sentence + "\n", status, headers)


def _may_change_something(scope: Scope) -> bool:
    # Whoever opens a websocket reads and writes, and a browser sets no bounds to that by itself.
    return scope["type"] == "websocket" or scope["method"] not in READING


def _is_foreign(headers: Headers, host: str) -> bool:
    """Whether a browser says that a page of another origin sent the request; programs say nothing."""
    if headers.get("sec-fetch-site", "none").lower() not in OWN_SITES:
        return True
    sender = headers.get("origin", headers.get("referer"))
    if sender is None:
        return False
    try:
        parts = urlsplit(sender)
        default = DEFAULT_PORTS.get(parts.scheme)
        of_host = urlsplit(f"//{host}")
        return (parts.hostname, parts.port or default) != (of_host.hostname, of_host.port or default)
    except ValueError:
        return True


def _name_of(host: str) -> str | None:
    """The name or address in a Host header, in lower case; None where it has none."""
    if any(sign in host for sign in "/?#@\\"):
        return None
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
        return parts.hostname
    except ValueError:
        return None


def _cookie(headers: Headers) -> str:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())


def _kept_in_cookie(scope: Scope, query: list[tuple[str, str]], token: str) -> Response:
    """The same address without the token, which the browser keeps, so that it is not copied with the address."""
    # More than one slash at the beginning would name another machine.
    path = "/" + scope["path"].lstrip("/\\")
    answer = RedirectResponse(f"{path}?{urlencode(query)}" if query else path, HTTPStatus.SEE_OTHER)
    is_secure = scope.get("scheme") == "https"
    answer.set_cookie(COOKIE, token, max_age=COOKIE_S, httponly=True, samesite="lax", secure=is_secure)
    return answer
