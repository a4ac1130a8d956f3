"""The application as a whole: every address, and the guard before them."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route, Router

from bmg_assets.launch.guard import Guard
from bmg_assets.launch.pages_app import page_routes
from bmg_assets.store.page_addresses import ATLAS_PAGE, LEDGER_PAGE
from bmg_assets.web import bench, compare, inbox, objectives, report, systems, upload
from bmg_assets.web.forms import NotThereError, get
from bmg_assets.web.site import Site

STATIC = {
    "app.css": ("bmg_assets.web", "text/css"),
    "colours.css": ("bmg_assets.pages", "text/css"),
    "follow.js": ("bmg_assets.web", "text/javascript"),
    "report.css": ("bmg_assets.web", "text/css"),
    "report.js": ("bmg_assets.web", "text/javascript"),
}
"""Files of ours that pages name: the package whose folder `static` has it, and what it is."""
SHORT = {
    "ledger": (LEDGER_PAGE, "There is no ledger of predictions yet: the first run of a system makes its page."),
    "atlas": (ATLAS_PAGE, "There is no atlas yet: `bmg atlas` makes it."),
}
"""Short addresses of stored pages, and what is said while there is none."""


def web_app(site: Site) -> Starlette:
    """The application of a deployment."""
    routes = [
        Route("/static/{name}", _static, methods=["GET"]),
        *systems.routes(site),
        *bench.routes(site),
        *compare.routes(site),
        *objectives.routes(site),
        *upload.routes(site),
        *report.routes(site),
        *inbox.routes(site),
        *(_short(site, name) for name in SHORT),
        *page_routes(site.store),
    ]
    return Starlette(
        # An address is what it is: one with a slash more is another.
        routes=[Mount(site.prefix, app=Router(routes, redirect_slashes=False))],
        middleware=[Middleware(Guard, access=site.access)],
        exception_handlers={
            HTTPStatus.NOT_FOUND: _not_found(site),
            HTTPStatus.METHOD_NOT_ALLOWED: _not_found(site),
            Exception: _failed(site),
        },
    )


def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    package, kind = STATIC[name]
    text = files(package).joinpath("static", name).read_text(encoding="utf-8")
    return Response(text, media_type=kind, headers={"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"})


def _short(site: Site, name: str) -> Route:
    page, otherwise = SHORT[name]

    def show(request: Request) -> Response:
        if not site.store.has_bytes(page):
            raise NotThereError(otherwise)
        return RedirectResponse(site.at(*page.split("/")), HTTPStatus.FOUND)

    return get(site, f"/{name}", show)


def _not_found(site: Site) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        detail = error.detail if isinstance(error, HTTPException) else ""
        status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
        said = detail if detail != status.phrase else "There is no such page."
        return site.sentence(request, status, said)

    return answer


def _failed(site: Site) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What nobody foresaw: the person reads that it is no fault of theirs, and the log of `bmg ui` has the rest."""

    async def answer(request: Request, error: Exception) -> Response:
        sentence = (
            f"This page failed ({type(error).__name__}: {str(error)[:200]}), which is a fault of the platform; the log "
            "of `bmg ui` says where. Nothing that you sent before is lost."
        )
        return site.sentence(request, HTTPStatus.INTERNAL_SERVER_ERROR, sentence)

    return answer
