"""Dagster's own application behind the guard: a web page of anybody's can start and delete nothing."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import dagster as dg
import pytest
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import EmptyWorkspaceTarget
from dagster_webserver.app import create_app_from_workspace_process_context

from bmg_assets.launch.access import Access
from bmg_assets.launch.webserver import WebApplication, guarded, only_reads
from bmg_assets.store.page_addresses import page_url
from bmg_assets.store.store import Store
from bmg_assets_tests.launch.asking import Client, served

MUTATION = 'mutation { setConcurrencyLimit(concurrencyKey: "%s", limit: 3) }'
JSON = {"content_type": "application/json"}
PREFIX = "/bmg"
WEB = WebApplication(3001, "/bmg/pages")


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("home"))) as instance:
        yield instance


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(url=str(tmp_path_factory.mktemp("store")))
    store.write_bytes("reports/Zr-Al-Cu.html", b"<h1>a page</h1>")
    store.write_bytes("figures/Zr-Al-Cu/map.png", b"a picture")
    return store


@pytest.fixture(scope="module")
def client(instance: dg.DagsterInstance, store: Store) -> Iterator[Client]:
    with WorkspaceProcessContext(instance, workspace_load_target=EmptyWorkspaceTarget()) as workspace:
        app = create_app_from_workspace_process_context(workspace, PREFIX)
        with served(guarded(app, Access(frozenset({"127.0.0.1", "localhost"})), store, WEB, PREFIX)) as client:
            yield client


def limits(instance: dg.DagsterInstance) -> set[str]:
    return set(instance.event_log_storage.get_concurrency_keys())


def posted(query: str) -> str:
    return json.dumps({"query": query})


def test_what_the_ui_posts_is_carried_out(client: Client, instance: dg.DagsterInstance) -> None:
    own = {"origin": f"http://127.0.0.1:{client.port}", "sec_fetch_site": "same-origin"}
    answer = client.ask(f"{PREFIX}/graphql", "POST", posted(MUTATION % "ours"), **JSON, **own)
    assert json.loads(answer.text) == {"data": {"setConcurrencyLimit": True}}
    assert "ours" in limits(instance)
    assert client.upgrade(f"{PREFIX}/graphql", **own) == 101


@pytest.mark.parametrize("accept", ["*/*", "application/json", "image/avif,image/webp"])
@pytest.mark.parametrize("query", [MUTATION, "query a { version } " + MUTATION, "# comment\n" + MUTATION])
@pytest.mark.parametrize("more", ["", "&operationName=a", "&query={version}"])
def test_a_get_changes_nothing(
    client: Client, instance: dg.DagsterInstance, accept: str, query: str, more: str
) -> None:
    for path in (f"{PREFIX}/graphql", f"{PREFIX}/graphql/"):
        answer = client.ask(f"{path}?query={quote(query % 'by get')}{more}", accept=accept)
        assert (answer.status, answer.text) == (
            405,
            "A GET only reads; post what changes something, as application/json.\n",
        )
    assert "by get" not in limits(instance)


@pytest.mark.parametrize(
    "kind",
    [
        {},
        {"content_type": "text/plain"},
        {"content_type": "text/plain; x=application/json"},
        {"content_type": "application/x-www-form-urlencoded"},
        {"content_type": "multipart/form-data; boundary=a"},
        {"content_type": "application/graphql"},
        {"content_type": ""},
    ],
)
@pytest.mark.parametrize("body", [posted(MUTATION % "by form"), "", None])
def test_a_form_changes_nothing(
    client: Client, instance: dg.DagsterInstance, kind: dict[str, str], body: str | None
) -> None:
    path = f"{PREFIX}/graphql?query={quote(MUTATION % 'by form')}"
    answer = client.ask(path, "POST", body, **kind)
    assert answer.status == 415
    assert "expected JSON" in answer.text
    assert "by form" not in limits(instance)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"sec_fetch_site": "cross-site"},
        {"referer": "http://evil.example/"},
        {"host": "evil.example"},
    ],
)
def test_another_origin_changes_nothing(client: Client, instance: dg.DagsterInstance, headers: dict[str, str]) -> None:
    answer = client.ask(f"{PREFIX}/graphql", "POST", posted(MUTATION % "foreign"), **JSON, **headers)
    assert answer.status in {403, 421}
    assert client.ask(f"{PREFIX}/report_asset_materialization/candidates", "POST", "", **headers).status in {403, 421}
    assert client.upgrade(f"{PREFIX}/graphql", **headers) == 403
    assert "foreign" not in limits(instance)
    assert instance.get_latest_materialization_event(dg.AssetKey("candidates")) is None


def test_reading_by_get_stays(client: Client) -> None:
    assert "version" in json.loads(client.ask(f"{PREFIX}/graphql?query={{version}}").text)["data"]
    assert client.ask(f"{PREFIX}/server_info").status == 200
    assert client.ask("/").headers["location"] == PREFIX


def test_no_other_page_shows_the_ui_in_a_frame(client: Client) -> None:
    answer = client.ask(f"{PREFIX}/runs")
    assert "<title" in answer.text
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def test_what_cannot_be_parsed_is_left_to_dagster() -> None:
    assert only_reads("{ version } fragment f on Query { version }")
    assert only_reads("mutation {")
    assert not only_reads("subscription { a }")
    assert only_reads("{a" * 20_000 + "}" * 20_000)


def test_the_arguments_of_the_process_are_understood(tmp_path: Path) -> None:
    from bmg_assets.launch.webserver import _options

    where = ["--host", "::1", "--port", "3000", "--app-port", "3001"]
    found = _options([*where, "--workspace", "w", "--allow-host=a", "--allow-host=b"])
    assert (found.host, found.port, found.workspace, found.path_prefix, found.allow_host) == (
        "::1",
        3000,
        "w",
        "",
        ["a", "b"],
    )


def test_stored_pages_and_figures_are_at_the_origin_of_the_ui(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMG_PAGES_URL", f"{PREFIX}/pages")
    page = client.ask(page_url("reports/Zr-Al-Cu.html"))
    assert (page.status, page.text) == (200, "<h1>a page</h1>")
    assert client.ask(page_url("figures/Zr-Al-Cu/map.png")).headers["content-type"] == "image/png"
    assert client.ask(page_url("reports/La-Al-Ni.html")).status == 404
    for name in ("reports/../store.json", "figures/..%2f..%2fhome/ui_token", "profile/"):
        assert client.ask(f"{PREFIX}/pages/{name}").status == 404
    assert client.ask(page_url("reports/Zr-Al-Cu.html"), "POST", "{}", **JSON).status == 405


def test_scripts_of_a_stored_page_are_kept_apart_from_the_ui(client: Client) -> None:
    policy = client.ask(f"{PREFIX}/pages/reports/Zr-Al-Cu.html").headers["content-security-policy"]
    assert "; sandbox allow-scripts " in policy
    assert "allow-same-origin" not in policy


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_what_is_of_the_web_application_is_sent_on_to_it_on_the_same_machine(client: Client, name: str) -> None:
    answer = client.ask(f"{PREFIX}/pages/systems/Zr-Al-Cu/sheet?alloy=Zr50&mass=5", host=f"{name}:{client.port}")
    assert answer.status == 302
    assert answer.headers["location"] == f"http://{name}:3001/bmg/pages/systems/Zr-Al-Cu/sheet?alloy=Zr50&mass=5"
    assert client.ask(f"{PREFIX}/pages/systems/Zr-Al-Cu", "POST", "{}", **JSON).status == 405


def test_where_the_web_application_has_another_address_that_one_is_named() -> None:
    scope = {"query_string": b"", "headers": [], "scheme": "https"}
    assert (
        WebApplication(3001, url="https://bench.example.org").address(scope, "a b") == "https://bench.example.org/a%20b"
    )
    scope["headers"] = [(b"host", b"[::1]:3000")]
    assert WebApplication(3001).address(scope, "") == "https://[::1]:3001/"
