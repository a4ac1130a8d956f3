"""The guard: whatever a web page makes a browser send, nothing that may change something comes through."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from bmg_assets.launch.access import Access
from bmg_assets.launch.guard import COOKIE, Guard
from bmg_assets_tests.launch.asking import Client, served

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]
TOKEN = "a-token"
NAMES = frozenset({"localhost", "127.0.0.1", "::1", "lab.example.org"})


async def reached(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"reached {request.url.query}")


async def talk(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


def guarded_app(token: str | None = None) -> Guard:
    routes = [Route("/ws/http", reached), WebSocketRoute("/ws", talk), Route("/{path:path}", reached, methods=METHODS)]
    return Guard(Starlette(routes=routes), Access(NAMES, token))


@pytest.fixture(scope="module")
def open_client() -> Iterator[Client]:
    with served(guarded_app()) as client:
        yield client


@pytest.fixture(scope="module")
def token_client() -> Iterator[Client]:
    with served(guarded_app(TOKEN)) as client:
        yield client


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:3000", "LOCALHOST", "127.0.0.1:1", "[::1]:3000", "lab.example.org"]
)
def test_a_name_of_ours_is_answered(open_client: Client, host: str) -> None:
    assert open_client.ask("/", host=host).text == "reached "


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "evil.example@localhost", "localhost:x", "[::1", "10.0.0.1", "", "a/b"],
)
def test_another_name_is_refused(open_client: Client, host: str) -> None:
    answer = open_client.ask("/", host=host)
    assert answer.status == 421
    assert "--allow-host" in answer.text
    assert open_client.upgrade("/ws", host=host) == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:3001"},
        {"origin": "http://localhost"},
        {"origin": "http://localhost:3000.evil.example"},
        {"origin": "http://[bad"},
        {"referer": "http://evil.example/page"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "cross-site", "origin": "http://localhost:3000"},
        {"sec_fetch_site": "same-origin", "origin": "http://evil.example"},
    ],
)
def test_another_origin_changes_nothing(open_client: Client, method: str, headers: dict[str, str]) -> None:
    answer = open_client.ask("/", method, host="localhost:3000", **headers)
    assert answer.status == 403
    assert "another origin" in answer.text
    assert open_client.upgrade("/ws", host="localhost:3000", **headers) == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://localhost:3000"},
        {"origin": "http://localhost:3000", "sec_fetch_site": "same-origin"},
        {"referer": "http://localhost:3000/runs"},
        {"sec_fetch_site": "none"},
    ],
)
def test_our_own_pages_and_programs_come_through(open_client: Client, headers: dict[str, str]) -> None:
    assert open_client.ask("/", "POST", host="localhost:3000", **headers).status == 200
    assert open_client.upgrade("/ws", host="localhost:3000", **headers) == 101


def test_the_name_before_a_proxy_is_compared_without_its_usual_port(open_client: Client) -> None:
    headers = {"host": "lab.example.org", "origin": "https://lab.example.org", "sec_fetch_site": "same-origin"}
    assert open_client.ask("/", "POST", **headers).status == 200
    assert open_client.ask("/", "POST", **headers | {"origin": "https://lab.example.org:8443"}).status == 403


def test_a_link_from_elsewhere_may_be_followed(open_client: Client) -> None:
    assert open_client.ask("/", sec_fetch_site="cross-site", referer="http://mail.example/").status == 200


def test_beyond_loopback_nothing_is_answered_without_the_token(token_client: Client) -> None:
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic a"}, {"cookie": f"{COOKIE}=wrong"}):
        answer = token_client.ask("/", **headers)
        assert answer.status == 401
        assert "?token=" in answer.text
        assert token_client.upgrade("/ws", **headers) == 403
    assert token_client.ask("/?token=wrong").status == 401
    assert token_client.ask(f"/?token={TOKEN}", "POST").status == 401


def test_the_token_comes_as_a_header_or_as_a_cookie(token_client: Client) -> None:
    for headers in ({"authorization": f"Bearer {TOKEN}"}, {"cookie": f"other=1; {COOKIE}={TOKEN}"}):
        assert token_client.ask("/", "POST", **headers).status == 200
        assert token_client.upgrade("/ws", **headers) == 101
        assert token_client.ask("/", "POST", origin="http://evil.example", **headers).status == 403


def test_the_address_with_the_token_leaves_it_in_a_cookie(token_client: Client) -> None:
    answer = token_client.ask(f"/runs?a=1&token={TOKEN}&b=%26")
    assert (answer.status, answer.headers["location"]) == (303, "/runs?a=1&b=%26")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(f"{COOKIE}={TOKEN};")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert token_client.ask(f"//evil.example/?token={TOKEN}").headers["location"] == "/evil.example/"


def test_beyond_loopback_the_address_at_which_a_request_arrives_is_a_name_of_ours(token_client: Client) -> None:
    with served(Guard(guarded_app().app, Access(frozenset(), TOKEN))) as client:
        assert client.ask("/", host="127.0.0.1:3000", authorization=f"Bearer {TOKEN}").status == 200
        assert client.ask("/", host="127.0.0.2", authorization=f"Bearer {TOKEN}").status == 421
