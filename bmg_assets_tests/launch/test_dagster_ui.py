"""What `bmg ui` starts and says: where it is, who may come in, and that nothing of it outlives it."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from starlette.applications import Starlette

from bmg_assets.launch import dagster_ui as ui
from bmg_assets.launch.access import TOKEN_FILE
from bmg_assets.launch.dagster_ui import Served, run_ui
from bmg_assets.launch.page_server import PagesError
from bmg_assets.launch.services import Services, ServicesError
from bmg_assets.settings import APP_URL, PAGES_URL, UI_URL
from bmg_assets.store.store import Store
from bmg_assets_tests.launch.asking import Client
from bmg_assets_tests.launch.test_page_server import free_port
from bmg_assets_tests.launch.test_services import is_alive, linux, wait_until

LONGEST_START_S = 120.0
JSON = {"content_type": "application/json"}
LOCATION = {"repositoryName": "__repository__", "repositoryLocationName": "bmg_assets.definitions"}
ADD = {
    "query": "mutation ($key: String!, $name: String!, $place: RepositorySelector!) { addDynamicPartition("
    "partitionKey: $key, partitionsDefName: $name, repositorySelector: $place) { __typename } }",
    "variables": {"key": "Zr-Al-Ag", "name": "target_system", "place": LOCATION},
}
LAUNCH = {
    "query": "mutation ($run: ExecutionParams!) { launchRun(executionParams: $run) { __typename } }",
    "variables": {"run": {"selector": LOCATION | {"jobName": "literature_job"}, "mode": "default"}},
}


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The services that would be started; Ctrl-C comes at once."""
    asked: list[tuple[str, ...]] = []

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    for name in (PAGES_URL, APP_URL, UI_URL):  # set to nothing, so that they are taken back after the test
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(Services, "start", lambda _, *service: asked.append(service))
    monkeypatch.setattr(Services, "wait_for_file", lambda *_: None)
    monkeypatch.setattr(Services, "watch", stop)
    monkeypatch.setattr(ui.signal, "signal", lambda *_: None)
    return asked


def run(tmp_path: Path, **served: Any) -> None:
    places = {"port": free_port(), "pages_port": free_port()} | served
    run_ui(Store(url=str(tmp_path / "store")), Served(**places), lambda access: Starlette())


def test_ctrl_c_is_no_failure_and_only_warnings_are_written(started: list[tuple[str, ...]], tmp_path: Path) -> None:
    run(tmp_path)
    assert [service[0] for service in started] == ["The code server", "Dagster's daemon", "The web server"]
    for service in started[:2]:
        assert service[-2:] == ("--log-level", "warning")


def test_on_this_machine_no_token_is_asked_for(
    started: list[tuple[str, ...]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path)
    said = capsys.readouterr().out
    assert "Dagster UI: http://localhost:" in said
    assert "token" not in said
    assert not (tmp_path / "home" / TOKEN_FILE).exists()


def test_beyond_loopback_one_line_says_what_the_network_can_do(
    started: list[tuple[str, ...]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, host="0.0.0.0", hosts=("lab.example.org",))
    said = capsys.readouterr().out
    token = (tmp_path / "home" / TOKEN_FILE).read_text()
    assert said.count(f"?token={token}") == 2
    assert "can start, stop and delete everything here; docs/deployment.md says" in said
    assert token not in str(started), "others see the arguments of a process"
    assert "--allow-host=lab.example.org" in started[-1]


def test_notices_name_the_addresses_that_another_machine_can_ask_for(
    started: list[tuple[str, ...]], tmp_path: Path
) -> None:
    run(tmp_path, path_prefix="/bmg", port=3456, pages_port=3457)
    assert (os.environ[APP_URL], os.environ[UI_URL]) == ("http://localhost:3457/bmg/pages", "http://localhost:3456/bmg")


def test_below_a_prefix_links_to_the_pages_follow_the_name_of_the_proxy(
    started: list[tuple[str, ...]], tmp_path: Path
) -> None:
    run(tmp_path, path_prefix="/bmg")
    assert os.environ[PAGES_URL] == "/bmg/pages"
    assert started[-1][-1] == "/bmg"


@pytest.mark.parametrize("prefix", ["bmg", "/bmg/", "/", "//bmg", "/b mg", "/bmg?a"])
def test_a_prefix_that_is_no_path_is_refused(started: list[tuple[str, ...]], tmp_path: Path, prefix: str) -> None:
    with pytest.raises(PagesError, match=re.escape(f"--path-prefix is '{prefix}', expected a path like /bmg; fix it")):
        run(tmp_path, path_prefix=prefix)
    assert started == []


@pytest.mark.parametrize("name", ["https://lab.example.org", "lab.example.org:443", "*", ""])
def test_a_name_that_is_none_is_refused(started: list[tuple[str, ...]], tmp_path: Path, name: str) -> None:
    with pytest.raises(PagesError, match=re.escape(f"--allow-host is '{name}', expected a name alone")):
        run(tmp_path, hosts=(name,))


def test_a_header_of_the_proxy_is_passed_on_to_both_servers(started: list[tuple[str, ...]], tmp_path: Path) -> None:
    run(tmp_path, user_header="X-Forwarded-User")
    assert started[-1][-1] == "--user-header=X-Forwarded-User"
    with pytest.raises(PagesError, match="--user-header is 'a b', expected the name of a header"):
        run(tmp_path, user_header="a b")


def test_a_host_that_is_not_this_machine_is_no_port_that_is_taken(
    started: list[tuple[str, ...]], tmp_path: Path
) -> None:
    with pytest.raises(PagesError, match=r"cannot listen at 192\.0\.2\.1:\d+ \(.+\); choose another --host or --port"):
        run(tmp_path, host="192.0.2.1")
    with pytest.raises(PagesError, match="cannot listen at no-such-name"):
        run(tmp_path, host="no-such-name.invalid")
    with pytest.raises(PagesError, match="--port and --pages-port are both 3000; choose two"):
        run(tmp_path, port=3000, pages_port=3000)


def test_a_port_that_is_taken_ends_in_one_sentence(started: list[tuple[str, ...]], tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PagesError, match=f"Port {port} is taken, .* choose --port"):
            run(tmp_path, port=port)
        with pytest.raises(PagesError, match=f"cannot be served at 127.0.0.1:{port}"):
            run(tmp_path, pages_port=port)


def test_a_service_that_ended_is_told(
    started: list[tuple[str, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ServicesError("Dagster's daemon ended with status 1; its last lines above have the reason.")

    monkeypatch.setattr(Services, "watch", fail)
    with pytest.raises(ServicesError, match="Dagster's daemon ended"):
        run(tmp_path)


@linux
@pytest.mark.slow
def test_the_whole_of_it_reads_obeys_its_own_pages_alone_and_leaves_nobody_behind(tmp_path: Path) -> None:
    variables = {"DAGSTER_HOME": str(tmp_path / "home"), "BMG_STORE": str(tmp_path / "store"), "BMG_LAB": str(tmp_path)}
    client, pages = Client(free_port()), Client(free_port())
    command = [sys.executable, "-m", "bmg_assets.cli.main", "ui", "--port", str(client.port)]
    command += ["--pages-port", str(pages.port), "--path-prefix", "/bmg"]
    log = tmp_path / "ui.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=os.environ | variables, stdout=out, stderr=out)
    try:
        _wait_until_answered(client, process, log)
        pids = _children_of(process.pid)
        assert len(pids) == 3
        body = json.dumps(ADD)
        assert client.ask("/bmg/graphql", "POST", body, **JSON, origin="http://evil.example").status == 403
        assert client.ask("/bmg/graphql", "POST", body, content_type="text/plain").status == 415
        assert "AddDynamicPartitionSuccess" in client.ask("/bmg/graphql", "POST", body, **JSON).text
        assert pages.ask("/bmg/pages/reports/none.html").status == 404
        assert "LaunchRunSuccess" in client.ask("/bmg/graphql", "POST", json.dumps(LAUNCH), **JSON).text
        wait_until(lambda: _runs(tmp_path / "home") == {dg.DagsterRunStatus.STARTED}, LONGEST_START_S)
    finally:
        process.kill()
        process.wait()
    wait_until(lambda: not any(map(is_alive, pids)), LONGEST_START_S)
    assert _runs(tmp_path / "home") == {dg.DagsterRunStatus.FAILURE}


def _wait_until_answered(client: Client, process: "subprocess.Popen[bytes]", log: Path) -> None:
    latest = time.monotonic() + LONGEST_START_S
    while process.poll() is None and time.monotonic() < latest:
        try:
            if client.ask("/bmg/server_info").status == 200:
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the UI did not start:\n{log.read_text()[-4000:]}")


def _runs(home: Path) -> set[dg.DagsterRunStatus]:
    with dg.DagsterInstance.from_config(str(home)) as instance:
        return {run.status for run in instance.get_runs()}


def _children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
