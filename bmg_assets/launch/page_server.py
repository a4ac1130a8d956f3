"""The server of pages and figures, which `bmg ui` runs beside the Dagster UI.

It only reads, and only the folders that hold pages and figures. If several people share a deployment, any web server
over these folders can replace it: BMG_PAGES_URL is then its address (see page_addresses.py).
"""

import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from bmg_assets.science.errors import BmgError
from bmg_assets.store.page_addresses import OVERVIEW_PAGE, REPORTS

if TYPE_CHECKING:
    from bmg_assets.store.store import Store

SERVED_FOLDERS = frozenset({REPORTS, "figures", "profile"})
TEXT = frozenset({".html", ".svg", ".csv"})


class PagesError(BmgError):
    """The server cannot be started."""


class NoSuchPageError(BmgError):
    """No page or figure has this name."""


@contextmanager
def serving_pages(store: "Store", host: str, port: int) -> Iterator[None]:
    """Serve while the block runs.

    Raises:
        PagesError: the port is taken, or the host is not this machine.
    """
    try:
        server = ThreadingHTTPServer((host, port), partial(_Handler, store))
    except OSError as error:
        raise PagesError(
            f"The pages cannot be served at {host}:{port} ({error.strerror}); choose another port with --pages-port, "
            "and name the address in BMG_PAGES_URL."
        ) from error
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD with files of the store."""

    def __init__(self, store: "Store", *args: object) -> None:
        self._store = store
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing: the terminal belongs to the Dagster UI."""

    def _answer(self, with_body: bool) -> None:
        name = unquote(urlsplit(self.path).path).lstrip("/")
        if not name:
            self._go_to_overview()
            return
        status, kind, data = HTTPStatus.OK, _content_type(name), b""
        try:
            data = self._file(name)
        except BmgError as error:
            status, kind, data = HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", str(error).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if with_body:
            self.wfile.write(data)

    def _go_to_overview(self) -> None:
        """A redirect, since the links of the overview are relative to its own folder."""
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", f"/{OVERVIEW_PAGE}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _file(self, name: str) -> bytes:
        parts = PurePosixPath(name).parts
        served = len(parts) > 1 and parts[0] in SERVED_FOLDERS and not {"..", "\\", "\0"}.intersection({*parts, *name})
        if not served or not self._store.has_bytes(name):
            raise NoSuchPageError(
                f"There is no page '{name}': materialize its asset (`bmg run` makes the page of a system). "
                f"Pages are in {', '.join(sorted(SERVED_FOLDERS))}, as in {REPORTS}/Zr-Al-Cu.html."
            )
        return self._store.read_bytes(name)


def _content_type(name: str) -> str:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if PurePosixPath(name).suffix in TEXT else kind
