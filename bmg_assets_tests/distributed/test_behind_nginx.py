"""docs/deployment.md's server block before its command: who is asked for a password, and under whose name is written.

nginx runs as a user without rights at a port of its own. Where apt-get cannot bring it, this is skipped.
"""

import base64
import http.client
import json
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from bmg_assets.actions.audit import audit_lines
from bmg_assets_tests.browser.chromium import CHROMIUM
from bmg_assets_tests.browser.running_ui import Served, free_places, running_ui
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.deployment_page import the_block, the_line, with_places
from bmg_assets_tests.distributed.servers import NoServersError, as_user, free_port, install_packages
from bmg_assets_tests.intake.cast_files import HEADER, line, table
from bmg_assets_tests.launch.asking import Answer, Client
from bmg_assets_tests.web.visitor import Visitor, found_in

pytestmark = pytest.mark.slow

HOST = "lab.example.org"
"""The page's."""
NOBODY = 65534
ANNA = ("anna", "metallic glass")
LONGEST_START_S = 20.0
FRAME = """daemon off;
pid {folder}/nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {server}
}}
"""
"""What stands around a server block where nginx is not a service of the machine."""
STORED_PAGE, STORED_TEXT = "reports/systems.html", b"<!doctype html><title>Stored</title>"


@dataclass(frozen=True)
class ProxiedClient(Client):
    """Asks nginx, by TLS and by the name of the page, as somebody or as nobody."""

    account: tuple[str, str] | None = ANNA

    def ask(self, path: str, method: str = "GET", body: str | bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=unverified())
        sent = {"Host": HOST, **({"Authorization": basic(self.account)} if self.account else {})}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        found = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        connection.close()
        return found


@dataclass(frozen=True)
class Proxied:
    """A deployment behind nginx."""

    deployment: Deployment
    port: int
    behind: Served
    variables: Mapping[str, str] = field(default_factory=dict)

    def visitor(self, **headers: str) -> Visitor:
        """A browser that is signed in as Anna, and sends further headers of its own."""
        return Visitor(ProxiedClient(self.port), headers=headers)


def unverified() -> ssl.SSLContext:
    """Nobody has signed the certificate of a test."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def basic(account: tuple[str, str]) -> str:
    return "Basic " + base64.b64encode(":".join(account).encode()).decode()


@pytest.fixture(scope="module")
def proxied() -> Iterator[Proxied]:
    """`bmg ui` as the page starts it, behind nginx; other users cannot reach a folder of pytest's."""
    try:
        install_packages("nginx", ["nginx"], nginx() is not None)
    except NoServersError as error:
        pytest.skip(str(error))
    with tempfile.TemporaryDirectory() as name, dg.DagsterInstance.ephemeral() as instance:
        folder = Path(name)
        deployment = Deployment(folder, instance)
        deployment.store.write_bytes(STORED_PAGE, STORED_TEXT)
        home = folder / "dagster_home"
        home.mkdir()
        behind, port = free_places(), free_port()
        _, _, *options = shlex.split(the_line("bmg ui --path-prefix"))
        variables = deployment.variables() | {"DAGSTER_HOME": str(home)}
        with (
            running_ui(behind, folder, variables, options, prefix="/bmg"),
            running_nginx(folder / "nginx", port, behind),
        ):
            yield Proxied(deployment, port, behind, variables)


@contextmanager
def running_nginx(folder: Path, port: int, behind: Served) -> Iterator[None]:
    """nginx with the page's server block, in which only places are others, as a user without rights."""
    folder.parent.chmod(0o755)
    folder.mkdir()
    certificate, key, accounts = folder / "lab.pem", folder / "lab.key", folder / "bmg.htpasswd"
    done("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={HOST}", "-days", "2",
         "-keyout", str(key), "-out", str(certificate))  # fmt: skip
    (hashing,) = re.findall(r"\$\((openssl passwd [^)]*)\)", the_line("openssl passwd"))
    accounts.write_text(f"{ANNA[0]}:{done(*shlex.split(hashing), ANNA[1]).strip()}\n")
    places = {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/ssl/lab.pem": str(certificate),
        "/etc/ssl/lab.key": str(key),
        "/etc/nginx/bmg.htpasswd": str(accounts),
        "127.0.0.1:3000": f"127.0.0.1:{behind.port}",
        "127.0.0.1:3001": f"127.0.0.1:{behind.pages_port}",
    }
    server = with_places(the_block("nginx", "auth_basic_user_file"), places)
    settings = folder / "nginx.conf"
    settings.write_text(FRAME.format(folder=folder, server=server))
    for path in (folder, *folder.iterdir()):
        if as_user(NOBODY):
            shutil.chown(path, NOBODY, NOBODY)
    log = folder / "nginx.log"
    command = [*as_user(NOBODY), str(nginx()), "-p", str(folder), "-c", str(settings), "-e", str(folder / "error.log")]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd="/")
    try:
        latest = time.monotonic() + LONGEST_START_S
        with socket.socket() as probe:
            while process.poll() is None and probe.connect_ex(("127.0.0.1", port)) and time.monotonic() < latest:
                time.sleep(0.1)
        assert process.poll() is None, log.read_text()
        yield
    finally:
        process.terminate()
        process.wait(LONGEST_START_S)


def nginx() -> str | None:
    """The server; Debian has it where only root looks for commands."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def done(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def deeds(proxied: Proxied) -> list[tuple[str, str]]:
    return [(one.who, one.what) for one in audit_lines(proxied.deployment.record)]


@pytest.mark.parametrize("path", ["/bmg", "/bmg/graphql", "/bmg/pages", f"/bmg/pages/{STORED_PAGE}"])
def test_nobody_gets_in_without_the_password(proxied: Proxied, path: str) -> None:
    for account in (None, ("anna", "wrong"), ("nobody", ANNA[1])):
        answer = ProxiedClient(proxied.port, account).ask(path, x_forwarded_user="anna")
        assert (answer.status, answer.headers["www-authenticate"]) == (401, 'Basic realm="BMG"')


def test_the_ui_and_the_pages_are_reached_below_the_prefix(proxied: Proxied) -> None:
    anna = ProxiedClient(proxied.port)
    for path in ("/bmg", "/bmg/pages"):
        assert anna.ask(path).headers["location"] == f"https://{HOST}{path}/"
    assert "/bmg/" in anna.ask("/bmg/").text
    query = json.dumps({"query": "{ version }"})
    assert (
        "version" in json.loads(anna.ask("/bmg/graphql", "POST", query, content_type="application/json").text)["data"]
    )
    assert "No system is registered yet" in anna.ask("/bmg/pages/").text
    for path in ("/bmg/pages/systems", "/bmg/pages/inbox"):
        assert anna.ask(path).status == 200
    assert anna.ask(f"/bmg/pages/{STORED_PAGE}").body == STORED_TEXT


def test_the_websocket_of_the_ui_passes_and_asks_for_the_password(proxied: Proxied) -> None:
    client = pytest.importorskip("websockets.sync.client", reason="websockets is not installed: install the extra dev")
    address = f"wss://{HOST}:{proxied.port}/bmg/graphql"

    def subscribed(**headers: str) -> str:
        plain = socket.create_connection(("127.0.0.1", proxied.port), 20)
        asked = {"ssl": unverified(), "subprotocols": ["graphql-ws"], "additional_headers": headers}
        with client.connect(address, sock=plain, **asked) as one:
            one.send(json.dumps({"type": "connection_init", "payload": {}}))
            return str(json.loads(one.recv(timeout=20))["type"])

    assert subscribed(Authorization=basic(ANNA)) == "connection_ack"
    with pytest.raises(Exception, match="401"):
        subscribed()


def test_what_is_sent_is_noted_under_the_name_that_signed_in(proxied: Proxied) -> None:
    before = deeds(proxied)
    answer = proxied.visitor(x_forwarded_user="somebody else").send(
        "/bmg/pages/systems", "/bmg/pages/", system="Zr-Al-Cu"
    )
    assert (answer.status, answer.headers["location"]) == (303, "/bmg/pages/systems/Zr-Al-Cu")
    assert deeds(proxied)[len(before) :] == [("anna", "added a system")]


def test_a_large_file_of_casts_comes_through(proxied: Proxied) -> None:
    page, visitor = "/bmg/pages/report/upload", proxied.visitor()
    rows = (f"{line(f'S-{number}')},{'glass ' * 150}" for number in range(1500))
    data = table(*rows, header=f"{HEADER},note")
    assert len(data) > 1_300_000  # nginx alone lets 1 MB through
    shown = visitor.upload(page, {**visitor.hidden(page), "do": "look"}, {"file": ("casts.csv", data)})
    assert "1500 rows would be accepted" in shown.text
    hidden = {name: found_in(shown.text, name) for name in ("token", "form_id", "sha256", "name")}
    assert visitor.post(page, {**hidden, "do": "send"}).status == 303
    assert deeds(proxied)[-1] == ("anna", "sent a file")


def test_without_the_proxy_nothing_is_changed(proxied: Proxied) -> None:
    direct = Visitor(Client(proxied.behind.pages_port))
    refused = direct.send("/bmg/pages/systems", "/bmg/pages/", system="Zr-Al-Ni")
    assert (refused.status, "the request named nobody" in refused.text) == (403, True)
    mutation = json.dumps({"query": "mutation { __typename }"})
    ui = Client(proxied.behind.port).ask("/bmg/graphql", "POST", mutation, content_type="application/json")
    assert (ui.status, "the request named nobody" in ui.text) == (403, True)


@pytest.mark.parametrize(("request_line", "headers", "status"), [
    ("GET /bmg HTTP/1.1", (), 400),
    ("GET /bmg/pages HTTP/1.0", (), 421),
    ("GET /bmg HTTP/1.0", (), 400),
    ("GET /bmg/pages HTTP/1.1", ("Host: evil.example.org",), 421),
    ("GET /bmg HTTP/1.1", ("Host: evil.example.org",), 421),
])  # fmt: skip
def test_a_request_to_no_name_of_ours_is_refused(
    proxied: Proxied, request_line: str, headers: Sequence[str], status: int
) -> None:
    lines = (request_line, *headers, f"Authorization: {basic(ANNA)}", "Connection: close", "", "")
    with socket.create_connection(("127.0.0.1", proxied.port), 20) as plain, unverified().wrap_socket(plain) as tls:
        tls.sendall("\r\n".join(lines).encode())
        said = tls.recv(4096).decode()
    assert said.split()[1] == str(status)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine")
def test_a_person_signs_in_once_and_sees_both(proxied: Proxied) -> None:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: install the extra dev")
    sockets: list[str] = []
    with api.sync_playwright() as playwright:
        found = f"--host-resolver-rules=MAP {HOST} 127.0.0.1:{proxied.port}"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", found])
        context = browser.new_context(
            ignore_https_errors=True, http_credentials={"username": ANNA[0], "password": ANNA[1]}
        )
        page: Any = context.new_page()
        page.set_default_timeout(60_000)
        page.on("websocket", lambda one: one.on("framereceived", lambda frame: sockets.append(str(frame))))
        page.goto(f"https://{HOST}/bmg/runs")
        page.get_by_text("No runs").or_(page.get_by_text("Runs")).first.wait_for()
        page.goto(f"https://{HOST}/bmg/pages/report")
        assert page.text_content(".who") == ANNA[0]
        page.goto(f"https://{HOST}/bmg/pages/systems")
        page.fill("#system", "Mg-Zn-Ca")
        page.uncheck("[name=train]")
        page.get_by_role("button", name="Add the system").click()
        page.wait_for_url("**/bmg/pages/systems/Mg-Zn-Ca")
        browser.close()
    assert ("anna", "added a system") in deeds(proxied)
    assert any("connection_ack" in one for one in sockets)
