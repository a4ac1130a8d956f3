"""The server of the web application, which `bmg ui` runs beside the Dagster UI."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bmg_assets.science.errors import BmgError

if TYPE_CHECKING:
    from starlette.types import ASGIApp


class PagesError(BmgError):
    """The server cannot be started."""


@contextmanager
def serving_pages(app: "ASGIApp", host: str, port: int) -> Iterator[None]:
    """Serve an application while the block runs.

    Raises:
        PagesError: the port is taken, or the host is not this machine.
    """
    from bmg_assets.launch.http_server import server_of

    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise PagesError(
            f"The pages cannot be served at {host}:{port} ({error.strerror}); choose another port with --pages-port, "
            "and name the address in BMG_PAGES_URL."
        ) from error
    server = server_of(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
