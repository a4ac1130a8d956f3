"""Dagster's web application behind our guard, as a process of its own: `python -m bmg_assets.launch.webserver`.

The stock server carries out mutations that come by GET or as plain text, and asks neither where a request comes from
nor for which name it is meant: any web page in a browser on this machine could start and delete things.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from dagster import DagsterInstance
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster_webserver.app import create_app_from_workspace_process_context
from dagster_webserver.cli import DEFAULT_DB_STATEMENT_TIMEOUT, DEFAULT_POOL_MAX_OVERFLOW, DEFAULT_POOL_RECYCLE
from dagster_webserver.version import __version__
from graphql import GraphQLError, OperationDefinitionNode, OperationType, parse
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bmg_assets.launch.access import Access
from bmg_assets.launch.guard import READING, Guard, refused
from bmg_assets.launch.http_server import server_of
from bmg_assets.launch.pages_app import SERVED_FOLDERS, page_routes
from bmg_assets.settings import Locations
from bmg_assets.store.page_addresses import PAGES
from bmg_assets.store.store import Store

LIVE_DATA_MS = 2000
"""How often an open page of the UI asks for news, as `dagster dev` has it."""
FORM_TYPES = frozenset({"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"})
"""What a page of another origin may send without asking first."""


class DagsterGuard:
    """ASGI middleware that knows Dagster's addresses: a GET reads, and GraphQL is posted as JSON."""

    def __init__(self, app: ASGIApp, path_prefix: str = "") -> None:
        self.app = app
        self._graphql = f"{path_prefix}/graphql"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        answer = self._refusal(scope) if scope["type"] == "http" else None
        if answer is not None:
            await answer(scope, receive, send)
            return

        async def send_unframed(message: Message) -> None:
            if message["type"] == "http.response.start":
                # A page of another origin that shows the UI in a frame could lead clicks onto its buttons.
                message["headers"] = [*message["headers"], (b"x-frame-options", b"SAMEORIGIN")]
            await send(message)

        await self.app(scope, receive, send_unframed if scope["type"] == "http" else send)

    def _refusal(self, scope: Scope) -> Response | None:
        is_graphql = scope["path"].rstrip("/") == self._graphql
        if scope["method"] == "POST":
            kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
            if kind in FORM_TYPES or (is_graphql and kind != "application/json"):
                found = kind or "a request without a content type"
                return refused(
                    HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Found {found}, expected JSON; post it as application/json."
                )
        elif is_graphql and not all(
            map(only_reads, parse_qs(scope["query_string"].decode("latin-1")).get("query", []))
        ):
            return refused(
                HTTPStatus.METHOD_NOT_ALLOWED, "A GET only reads; post what changes something, as application/json."
            )
        return None


def only_reads(query: str) -> bool:
    """Whether a GraphQL document holds queries alone; one that cannot be parsed is left to Dagster to refuse."""
    try:
        definitions = parse(query).definitions
    except GraphQLError:
        return True
    operations = [one for one in definitions if isinstance(one, OperationDefinitionNode)]
    return all(one.operation is OperationType.QUERY for one in operations)


@dataclass(frozen=True)
class WebApplication:
    """Where a browser that shows the Dagster UI finds the web application.

    Attributes:
        port: at the same machine, by whatever name it was asked.
        prefix: below which path it is there.
        url: its address, where a person has said that it is another one.
    """

    port: int
    prefix: str = ""
    url: str = ""

    def address(self, scope: Scope, path: str) -> str:
        """Address of a page of it, for who sent this request."""
        query = scope["query_string"].decode("latin-1")
        name = urlsplit(f"//{Headers(scope=scope).get('host', '')}").hostname or "localhost"
        machine = f"[{name}]" if ":" in name else name
        base = self.url or f"{scope['scheme']}://{machine}:{self.port}{self.prefix}"
        return f"{base}/{quote(path)}{'?' + query if query else ''}"


class WithPages:
    """ASGI middleware that has the stored pages and figures at Dagster's own origin, where its metadata names them.

    The pages lead to the web application by addresses beside their own; those are sent on to it.
    """

    def __init__(self, app: ASGIApp, store: Store, web: WebApplication, path_prefix: str = "") -> None:
        self.app = app
        self._web = web
        self._place = f"{path_prefix}{PAGES}/"
        self._pages = Starlette(routes=[Mount(self._place, routes=page_routes(store, is_sandboxed=True))])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on to the application that has the address."""
        if scope["type"] != "http" or not scope["path"].startswith(self._place):
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(self._place)
        if path.partition("/")[0] in SERVED_FOLDERS or scope["method"] not in READING:
            await self._pages(scope, receive, send)
        else:
            await RedirectResponse(self._web.address(scope, path), HTTPStatus.FOUND)(scope, receive, send)


def guarded(app: ASGIApp, access: Access, store: Store, web: WebApplication, path_prefix: str = "") -> ASGIApp:
    """Dagster's application and the stored pages behind both guards."""
    return Guard(DagsterGuard(WithPages(app, store, web, path_prefix), path_prefix), access)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until a signal ends the process."""
    options = _options(arguments)
    with DagsterInstance.get() as instance:
        instance.optimize_for_webserver(DEFAULT_DB_STATEMENT_TIMEOUT, DEFAULT_POOL_RECYCLE, DEFAULT_POOL_MAX_OVERFLOW)
        target = WorkspaceFileTarget(paths=[options.workspace])
        with WorkspaceProcessContext(instance, version=__version__, workspace_load_target=target) as workspace:
            app = create_app_from_workspace_process_context(workspace, options.path_prefix, LIVE_DATA_MS)
            access = Access.of(options.host, Path(instance.root_directory), options.allow_host, options.user_header)
            store = Store.at(Locations.from_environment())
            web = WebApplication(options.app_port, options.app_prefix, options.app_url)
            served = guarded(app, access, store, web, options.path_prefix)
            server_of(served, host=options.host, port=options.port).run()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workspace", required=True)
    parser.add_argument("--path-prefix", default="")
    parser.add_argument("--app-port", type=int, required=True)
    parser.add_argument("--app-prefix", default="")
    parser.add_argument("--app-url", default="")
    parser.add_argument("--allow-host", action="append", default=[])
    parser.add_argument("--user-header", default=None)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
