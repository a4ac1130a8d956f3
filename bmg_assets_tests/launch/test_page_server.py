"""The server of pages is there while it is needed, and those that never finish a request hold up nobody."""

import socket
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.applications import Starlette

from bmg_assets.launch import http_server
from bmg_assets.launch.page_server import PagesError, serving_pages
from bmg_assets.launch.pages_app import page_routes
from bmg_assets.store.store import Store
from bmg_assets_tests.launch.asking import Client

HALF_REQUESTS = 400
MOST_THREADS = 45
"""Those that read files for whole requests, and some more."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(url=str(tmp_path))
    store.write_bytes("reports/overview.html", b"all systems")
    return store


@pytest.fixture
def app(store: Store) -> Starlette:
    return Starlette(routes=page_routes(store))


def test_it_ends_with_the_block(app: Starlette) -> None:
    port = free_port()
    with serving_pages(app, "127.0.0.1", port):
        assert Client(port).ask("/reports/overview.html").text == "all systems"
    with pytest.raises(ConnectionRefusedError):
        Client(port).ask("/")


def test_half_requests_hold_no_threads_and_end(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "REQUEST_S", 2.0)
    port = free_port()
    halves = [
        b"GET /reports/overview.html HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n1",
        b"",
    ]
    whole = b"GET /reports/overview.html HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with serving_pages(app, "127.0.0.1", port), ExitStack() as stack:
        Client(port).ask("/reports/overview.html")
        before = threading.active_count()
        sockets = []
        for number in range(HALF_REQUESTS):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
            # Some begin a second request after a whole one.
            one.sendall(whole + halves[0] if number % 4 == 3 else halves[number % 4])
            sockets.append(one)
        assert Client(port).ask("/reports/overview.html").text == "all systems"
        assert threading.active_count() < before + MOST_THREADS
        began = time.monotonic()
        for one in sockets:
            while _received(one):
                pass
        assert time.monotonic() - began < 30


def _received(one: socket.socket) -> bytes:
    """What the server sent; nothing where it closed the connection."""
    try:
        return one.recv(65536)
    except ConnectionResetError:
        return b""


def test_a_slow_reader_of_a_long_answer_is_not_cut_off(
    store: Store, app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "REQUEST_S", 0.2)
    store.write_bytes("reports/long.html", b"x" * 30_000_000)
    port = free_port()
    with serving_pages(app, "127.0.0.1", port), socket.create_connection(("127.0.0.1", port)) as one:
        one.sendall(b"GET /reports/long.html HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        time.sleep(1.0)
        size = 0
        while piece := one.recv(1 << 20):
            size += len(piece)
    assert size > 30_000_000


def test_a_port_that_is_taken_ends_in_one_sentence(app: Starlette) -> None:
    port = free_port()
    with (
        serving_pages(app, "127.0.0.1", port),
        pytest.raises(PagesError, match=rf"cannot be served at 127\.0\.0\.1:{port} .* --pages-port"),
        serving_pages(app, "127.0.0.1", port),
    ):
        pass
