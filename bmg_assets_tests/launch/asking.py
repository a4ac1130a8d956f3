"""A server of an application for tests, and requests to it as browsers and others send them."""

import http.client
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.types import ASGIApp

from bmg_assets.launch.http_server import server_of


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Client:
    """Asks a server on this machine."""

    port: int

    def ask(self, path: str, method: str = "GET", body: str | bytes | None = None, **headers: str) -> Answer:
        """Send a request; `sec_fetch_site="none"` is the header Sec-Fetch-Site."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        found = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        connection.close()
        return found

    def upgrade(self, path: str, **headers: str) -> int:
        """Ask for a websocket; the status is 101 where it is given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        asked = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        asked["Sec-WebSocket-Key"] = "dGhlIHNhbXBsZSBub25jZQ=="
        connection.request(
            "GET", path, None, asked | {name.replace("_", "-"): value for name, value in headers.items()}
        )
        status = connection.getresponse().status
        connection.close()
        return status


@contextmanager
def served(app: ASGIApp) -> Iterator[Client]:
    """Serve an application at a free port of this machine."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = server_of(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield Client(listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
