"""Under which names servers answer, and when they ask for a token."""

import stat
from pathlib import Path

import pytest

from bmg_assets.launch import access
from bmg_assets.launch.access import TOKEN_FILE, Access, is_loopback, reachable, token_of


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_on_this_machine_no_token_is_asked_for(tmp_path: Path, host: str) -> None:
    found = Access.of(host, tmp_path, ["Lab.example.org"])
    assert found.token is None
    assert {"localhost", "127.0.0.1", "::1", host, "lab.example.org"} == found.hosts
    assert not (tmp_path / TOKEN_FILE).exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "no-such-name.invalid"])
def test_a_server_that_others_reach_asks_for_the_token(tmp_path: Path, host: str) -> None:
    assert not is_loopback(host)
    found = Access.of(host, tmp_path)
    assert found.token == token_of(tmp_path)
    assert len(found.token) > 40
    assert host in found.hosts or host in {"0.0.0.0", "::", ""}


def test_the_token_stays_and_is_its_owners_alone(tmp_path: Path) -> None:
    token, path = token_of(tmp_path), tmp_path / TOKEN_FILE
    assert token_of(tmp_path) == token
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("")
    assert token_of(tmp_path) != token
    path.unlink()
    assert token_of(tmp_path) not in {token, ""}


def test_addresses_are_written_as_browsers_take_them() -> None:
    assert [reachable(host) for host in ("127.0.0.1", "::1", "lab")] == ["localhost", "[::1]", "lab"]
    assert reachable("0.0.0.0") not in {"0.0.0.0", ""}


def test_a_machine_that_calls_itself_localhost_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access.socket, "getfqdn", lambda: "localhost.localdomain")
    monkeypatch.setattr(access.socket, "gethostname", lambda: "furnace")
    assert reachable("0.0.0.0") == "furnace"
