"""The application that serves pages and figures of the store. It only reads, and only the folders that hold them.

If several people share a deployment, any web server over these folders can replace it: BMG_PAGES_URL is then its
address (see page_addresses.py).
"""

import mimetypes
import re
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from bmg_assets.launch.access import Access
from bmg_assets.launch.guard import Guard, refused
from bmg_assets.science.errors import BmgError
from bmg_assets.store.page_addresses import OVERVIEW_PAGE, REPORTS

if TYPE_CHECKING:
    from bmg_assets.store.store import Store

SERVED_FOLDERS = frozenset({REPORTS, "figures", "profile"})
TEXT = frozenset({".html", ".svg", ".csv"})
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,199}")
_MOST_PARTS = 8
HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    # A page holds all that it shows: should text from a file ever be taken for code, it reaches nobody.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
}


def pages_app(store: "Store", access: Access, path_prefix: str = "") -> Starlette:
    """The application, for one deployment.

    Args:
        path_prefix: where it lies below a reverse proxy: empty, or like `/bmg/pages`.
    """

    async def overview(request: Request) -> Response:
        # A redirect, since the links of the overview are relative to its own folder.
        return RedirectResponse(f"{path_prefix}/{OVERVIEW_PAGE}", HTTPStatus.FOUND)

    async def page(request: Request) -> Response:
        name = request.path_params["name"]
        try:
            data = await run_in_threadpool(_content, store, name)
        except (BmgError, OSError) as error:  # a store of another version, or a disk that fails
            return refused(HTTPStatus.SERVICE_UNAVAILABLE, str(error))
        if data is None:
            return refused(HTTPStatus.NOT_FOUND, _absent(name))
        return Response(data, headers=HEADERS, media_type=_content_type(name))

    routes = [Route("/", overview), Route("/{name:path}", page)]
    return Starlette(
        routes=[Mount(path_prefix, routes=routes)] if path_prefix else routes,
        middleware=[Middleware(Guard, access=access)],
    )


def is_page_name(name: str) -> bool:
    """Whether a name from outside can be that of a page or figure, and leads nowhere else."""
    parts = name.split("/")
    return 1 < len(parts) <= _MOST_PARTS and parts[0] in SERVED_FOLDERS and all(map(_PART.fullmatch, parts))


def _content(store: "Store", name: str) -> bytes | None:
    return store.read_bytes(name) if is_page_name(name) and store.has_bytes(name) else None


def _absent(name: str) -> str:
    return (
        f"There is no page '{name[:200]}': materialize its asset (`bmg run` makes the page of a system). "
        f"Pages are in {', '.join(sorted(SERVED_FOLDERS))}, as in {REPORTS}/Zr-Al-Cu.html."
    )


def _content_type(name: str) -> str:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if PurePosixPath(name).suffix in TEXT else kind
