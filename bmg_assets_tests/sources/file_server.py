"""A server on this machine that stands in for those of the published sets."""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

CONTENT = b"Alloy,Kind,Size\nZr50Cu50,BMG,2\n" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """Serves CONTENT whole at /good, half of it at /interrupted, ever more slowly at /slow; counts requests."""

    requests_served = 0

    def do_GET(self) -> None:
        type(self).requests_served += 1
        if self.path not in ("/good", "/interrupted", "/slow"):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        if self.path == "/slow":
            self._trickle()
            return
        self.wfile.write(CONTENT if self.path == "/good" else CONTENT[: len(CONTENT) // 2])

    def _trickle(self) -> None:
        """A byte now and then: the server is never silent for long, and never done."""
        try:
            for start in range(100):
                self.wfile.write(CONTENT[start : start + 1])
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:  # whoever asked has given up
            return

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def file_server() -> Iterator[str]:
    """The address of a running server; no proxy is asked for it meanwhile."""
    Handler.requests_served = 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    with server as running, pytest.MonkeyPatch.context() as patch:
        for name in ("NO_PROXY", "no_proxy"):
            patch.setenv(name, "127.0.0.1")
        thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()
