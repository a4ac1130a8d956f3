"""The application of the pages: what people made pages of is served, and nothing else of the store or the disk."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.applications import Starlette

from bmg_assets.launch.pages_app import is_page_name, page_routes
from bmg_assets.store.page_addresses import page_url, property_file
from bmg_assets.store.store import Store
from bmg_assets_tests.launch.asking import Client, served


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("served")
    store = Store(url=str(folder / "store"))
    store.write_bytes("reports/Zr-Al-Cu.html", "<p>D_max 2 mm ± 1</p>".encode())
    store.write_bytes("figures/Zr-Al-Cu.svg", b"<svg/>")
    store.write_bytes("models/svr_model/Zr-Al-Cu.zip", b"secret")
    (folder / "outside.html").write_text("secret")
    return store


@pytest.fixture(scope="module")
def client(store: Store) -> Iterator[Client]:
    with served(Starlette(routes=page_routes(store))) as client:
        yield client


def test_a_page_comes_as_it_was_written_and_by_its_address(client: Client) -> None:
    answer = client.ask("/reports/Zr-Al-Cu.html?again=1")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.text == "<p>D_max 2 mm ± 1</p>"
    assert client.ask("/figures/Zr-Al-Cu.svg").headers["content-type"].startswith("image/svg+xml")
    assert page_url("reports/Zr-Al-Cu.html").endswith("/reports/Zr-Al-Cu.html")


def test_a_page_can_send_nothing_anywhere(client: Client) -> None:
    headers = client.ask("/reports/Zr-Al-Cu.html").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "form-action 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_head_tells_the_size_alone(client: Client) -> None:
    answer = client.ask("/figures/Zr-Al-Cu.svg", "HEAD")
    assert (answer.status, answer.headers["content-length"], answer.body) == (200, "6", b"")


@pytest.mark.parametrize(
    "path",
    [
        "/models/svr_model/Zr-Al-Cu.zip",
        "/reports/../models/svr_model/Zr-Al-Cu.zip",
        "/reports/%2e%2e/%2e%2e/outside.html",
        "/reports/..%5c..%5coutside.html",
        "/reports//../../outside.html",
        "/reports/Nb-Ni.html",
        "/reports/",
        "/reports/%00",
        "/reports/%ff%fe.html",
        f"/reports/{'a' * 250}.html",
        f"/reports/{'a' * 5000}",
        f"/reports/{quote('ä' * 200)}.html",
        f"/reports/{'a/' * 3000}a",
        f"/{'reports/' * 300}x.html",
    ],
)
def test_nothing_else_is_served(client: Client, path: str) -> None:
    answer = client.ask(path)
    assert answer.status == 404
    assert answer.text.startswith("There is no page")
    assert "secret" not in answer.text
    assert len(answer.text) < 500


def test_every_name_that_pages_have_is_served() -> None:
    for name in (
        "figures/Zr-Al-Cu/map_preview.png",
        "profile/fig_1.svg",
        property_file("tx_K", "Zr-Al-Cu"),
        "reports/a.html",
    ):
        assert is_page_name(name)


def test_a_store_of_another_version_is_told(tmp_path: Path) -> None:
    store = Store(url=str(tmp_path))
    store.write_bytes("reports/a.html", b"a page")
    store.folder.write("store_format.json", b'{"store_format": 99}')
    with served(Starlette(routes=page_routes(store))) as client:
        answer = client.ask("/reports/a.html")
    assert (answer.status, "has format 99" in answer.text) == (503, True)
