"""The server of pages: what people made pages of is served, and nothing else of the store or the disk."""

import http.client
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bmg_assets.launch.dagster_ui import run_ui
from bmg_assets.launch.page_server import PagesError, serving_pages
from bmg_assets.store.page_addresses import page_url
from bmg_assets.store.store import Store

Get = Callable[..., http.client.HTTPResponse]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    """Ask one server for all tests, since ending one takes half a second."""
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    store = Store(url=str(folder / "store"))
    store.write_bytes("reports/Zr-Al-Cu.html", "<p>D_max 2 mm ± 1</p>".encode())
    store.write_bytes("figures/Zr-Al-Cu.svg", b"<svg/>")
    store.write_bytes("models/svr_model/Zr-Al-Cu.zip", b"secret")
    (folder / "outside.html").write_text("secret")

    def ask(path: str, method: str = "GET") -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request(method, path)
        return connection.getresponse()

    with serving_pages(store, "127.0.0.1", port):
        yield ask


def test_a_page_comes_as_it_was_written_and_by_its_address(get: Get) -> None:
    answer = get("/reports/Zr-Al-Cu.html?again=1")
    assert (answer.status, answer.getheader("Content-Type")) == (200, "text/html; charset=utf-8")
    assert answer.read().decode() == "<p>D_max 2 mm ± 1</p>"
    assert get("/figures/Zr-Al-Cu.svg").getheader("Content-Type", "").startswith("image/svg+xml")
    assert page_url("reports/Zr-Al-Cu.html").endswith("/reports/Zr-Al-Cu.html")


def test_the_address_alone_leads_to_the_page_of_all_systems(get: Get) -> None:
    answer = get("/")
    assert (answer.status, answer.getheader("Location")) == (302, "/reports/overview.html")


def test_head_tells_the_size_alone(get: Get) -> None:
    answer = get("/figures/Zr-Al-Cu.svg", "HEAD")
    assert (answer.status, answer.getheader("Content-Length"), answer.read()) == (200, "6", b"")


@pytest.mark.parametrize(
    "path",
    [
        "/models/svr_model/Zr-Al-Cu.zip",
        "/store_format.json",
        "/reports/../models/svr_model/Zr-Al-Cu.zip",
        "/reports/%2e%2e/%2e%2e/outside.html",
        "/reports/..%5c..%5coutside.html",
        "/reports//../../outside.html",
        "/reports/Nb-Ni.html",
        "/reports",
        "/reports/",
        "/.",
        "/reports/%00",
    ],
)
def test_nothing_else_is_served(get: Get, path: str) -> None:
    answer = get(path)
    assert answer.status == 404
    text = answer.read().decode()
    assert text.startswith("There is no page")
    assert "secret" not in text


def test_a_port_that_is_taken_ends_in_one_sentence(tmp_path: Path) -> None:
    store, port = Store(url=str(tmp_path)), free_port()
    with serving_pages(store, "127.0.0.1", port):
        with (
            pytest.raises(PagesError, match=rf"cannot be served at 127\.0\.0\.1:{port} .* --pages-port"),
            serving_pages(store, "127.0.0.1", port),
        ):
            pass
        with pytest.raises(PagesError, match=f"Port {port} is taken"):
            run_ui(store, "127.0.0.1", port, port + 1)
