"""The deployment as the web application sees it: where things are, and how an answer is made of a template."""

import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache, partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlencode

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bmg_assets.defaults import Defaults
from bmg_assets.intake.inbox import LabInbox
from bmg_assets.launch.access import Access
from bmg_assets.launch.instance import deployment_instance
from bmg_assets.pages.rendering import environment
from bmg_assets.staleness.system_chain import SystemChain
from bmg_assets.store.record import Record
from bmg_assets.store.store import Store
from bmg_assets.web.tokens import SESSION, SESSION_S, FormTokens, new_form_id, session_of

if TYPE_CHECKING:
    import dagster as dg

NAME_COOKIE = "bmg_name"
"""Holds the name that a person gave of themselves in a form, for the next form."""
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    # Scripts and styles are files of ours alone: text that a person wrote can never be one.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    ),
}


@dataclass(frozen=True)
class Site:
    """What every page of the application needs.

    Attributes:
        prefix: where the application lies below a reverse proxy: empty, or like `/bmg/pages`.
        dagster_url: address of the Dagster UI for links, without a slash at its end; empty where nobody knows it.
        user_header: header in which a reverse proxy names the person; None: nobody does.
        instance: opens the Dagster instance of the deployment; raises as `deployment_instance`.
    """

    store: Store
    record: Record
    inbox: LabInbox
    chain: SystemChain
    defaults: Defaults
    access: Access
    prefix: str = ""
    dagster_url: str = ""
    user_header: str | None = None
    tokens: FormTokens = field(default_factory=FormTokens)
    instance: "Callable[[], AbstractContextManager[dg.DagsterInstance]]" = deployment_instance

    def at(self, *parts: str, **query: Any) -> str:
        """Address of a page by the parts of its path, like `at("systems", "Zr-Al-Cu", mass=5)`."""
        path = "".join(f"/{quote(part, safe='')}" for part in parts) or "/"
        return f"{self.prefix}{path}{'?' + urlencode(query, doseq=True) if query else ''}"

    def who(self, request: Request) -> str:
        """The person as a reverse proxy names them, or as they named themselves; empty where nobody did."""
        if self.user_header is not None:
            return request.headers.get(self.user_header, "")
        return unquote(request.cookies.get(NAME_COOKIE, ""))

    def reason(self, request: Request) -> str:
        """Why a run is started, for its tag."""
        who = self.who(request)
        return f"asked for in the browser by {who}" if who else "asked for in the browser"

    def page(self, request: Request, template: str, status: HTTPStatus = HTTPStatus.OK, **facts: Any) -> Response:
        """A page; its forms hold a token that this browser alone can use."""
        session = session_of(request) or secrets.token_urlsafe(16)
        shared = {
            "at": self.at,
            "current": partial(_current, request.url.path.removeprefix(self.prefix)),
            "dagster_url": self.dagster_url,
            "done": "",
            "problem": "",
            "token": self.tokens.of(session),
            "form_id": new_form_id(),
            "who": self.who(request),
            "is_named_by_proxy": self.user_header is not None,
        }
        text = _templates().get_template(f"{template}.html.j2").render(shared | facts)
        answer = HTMLResponse(text, status, HEADERS)
        if session_of(request) is None:
            # Links from elsewhere carry it too: who follows one in an e-mail would else begin another session, and the
            # forms in their other tabs would be of none.
            self.keep(answer, SESSION, session)
        return answer

    def keep(self, answer: Response, name: str, value: str) -> None:
        """Let the browser keep a cookie, which no form of another origin is sent with."""
        path = self.prefix or "/"
        answer.set_cookie(name, quote(value), max_age=SESSION_S, path=path, httponly=True, samesite="lax")

    def sentence(self, request: Request, status: HTTPStatus, sentence: str) -> Response:
        """A page that says why there is nothing to see."""
        return self.page(request, "sentence", status, sentence=sentence)

    def go(self, *parts: str, **query: Any) -> Response:
        """Send the browser on after something was done, so that loading the page again does nothing twice."""
        return RedirectResponse(self.at(*parts, **query), HTTPStatus.SEE_OTHER)


def site_of(resources: Mapping[str, Any], access: Access, prefix: str = "", dagster_url: str = "") -> Site:
    """The site of a deployment.

    Args:
        resources: see `bmg_assets.build.build_resources`.
    """
    return Site(
        store=resources["store"],
        record=resources["record"],
        inbox=resources["lab_inbox"],
        chain=resources["system_chain"],
        defaults=resources["defaults"],
        access=access,
        prefix=prefix,
        dagster_url=dagster_url,
        user_header=access.user_header,
    )


def _current(path: str, link: str) -> Markup:
    """Marks the link of the navigation that leads to where the person is."""
    is_here = path.startswith(link) if link != "/" else path == "/" or path.startswith("/systems")
    return Markup(' aria-current="page"') if is_here else Markup("")


@cache
def _templates() -> Environment:
    """The application's templates, and those of the stored pages below `pages/` for their building blocks."""
    pages = PrefixLoader({"pages": PackageLoader("bmg_assets.pages")})
    return environment().overlay(loader=ChoiceLoader([PackageLoader("bmg_assets.web"), pages]))
