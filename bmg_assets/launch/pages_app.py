"""The addresses of the stored pages and figures: they are only read, and only from the folders that hold them."""

import mimetypes
import re
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bmg_assets.launch.guard import refused
from bmg_assets.science.errors import BmgError
from bmg_assets.store.page_addresses import REPORTS

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


SANDBOX = "sandbox allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"


def page_routes(store: "Store", is_sandboxed: bool = False) -> list[Route]:
    """The addresses of all stored pages and figures.

    Args:
        is_sandboxed: whether a browser keeps their scripts apart from what else has this origin.
    """
    policy = HEADERS["Content-Security-Policy"]
    headers = HEADERS | ({"Content-Security-Policy": f"{policy}; {SANDBOX}"} if is_sandboxed else {})

    async def page(request: Request) -> Response:
        name = f"{request.path_params['folder']}/{request.path_params['name']}"
        try:
            data = await run_in_threadpool(_content, store, name)
        except (BmgError, OSError) as error:  # a store of another version, or a disk that fails
            return refused(HTTPStatus.SERVICE_UNAVAILABLE, str(error))
        if data is None:
            return refused(HTTPStatus.NOT_FOUND, _absent(name))
        return Response(data, headers=headers, media_type=_content_type(name))

    return [Route("/{folder}/{name:path}", page)]


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
