"""A server of S3 for tests, moto's, on a port of this machine: it can go away and come back with what it holds.

It answers one request at a time: moto looks whether an object is there and writes it in two steps, and a real server
does that in one.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

KEY, SECRET = "laboratory", "of the laboratory"


@dataclass
class ObjectServer:
    """The server, and how a process finds it."""

    port: int = 0
    requests: list[str] = field(default_factory=list)
    """Method and path of each request that was answered."""
    _server: Any = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def variables(self) -> dict[str, str]:
        """What the environment says of it."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def make_bucket(self, name: str) -> str:
        """Make a bucket; its URL."""
        import requests

        requests.put(f"{self.url}/{name}", timeout=10).raise_for_status()
        return f"s3://{name}"

    def start(self) -> None:
        """Answer from now on, at the same port as before."""
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
        from werkzeug.serving import WSGIRequestHandler, make_server

        noted = self.requests

        class Handler(WSGIRequestHandler):
            def log(self, *_: Any) -> None:
                pass

            def log_request(self, *_: Any) -> None:
                noted.append(self.requestline.removesuffix(" HTTP/1.1"))

        application = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", self.port, application, request_handler=Handler)
        self.port = self._server.port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Answer no more; what was stored stays."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def object_server() -> Iterator[ObjectServer]:
    """A server with no bucket, for the length of the block."""
    server = ObjectServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def forgotten_servers() -> Iterator[None]:
    """Nothing is known of servers before and after the block: neither whether they answer, nor the way to them."""
    _forget()
    try:
        yield
    finally:
        _forget()


def _forget() -> None:
    import s3fs

    from bmg_assets.store import remote_folder, store

    s3fs.S3FileSystem.clear_instance_cache()
    remote_folder._expected.clear()
    store._seen.clear()
    store._marked.clear()
