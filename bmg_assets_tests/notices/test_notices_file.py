"""The file of who is told what: read strictly, and what is wrong in it is one sentence."""

from pathlib import Path

import pytest

from bmg_assets.notices.notice import Event, Notice
from bmg_assets.notices.notices_file import EVENTS, PASSWORD, TOKEN, USER, NoticesFileError, read_notices

WHOLE = """
webhook: {url: "https://chat.example.org/hooks/{token}"}
email: {server: smtp.example.org, from: bmg@example.org, to: [lab@example.org]}
file: {path: told.jsonl}
events: [candidates, quarantine]
address: https://lab.example.org/bmg/pages/
"""


def test_without_a_file_nobody_is_told(tmp_path: Path) -> None:
    assert read_notices(tmp_path) is None
    assert read_notices(tmp_path / "missing") is None


def test_ways_events_and_addresses_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, "secret")
    monkeypatch.setenv("BMG_UI_URL", "http://here:3000/")
    (tmp_path / "notices.yaml").write_text(WHOLE)
    settings = read_notices(tmp_path)
    assert settings is not None
    assert settings.ways == ("webhook", "email", "file")
    assert settings.events == {Event.CANDIDATES, Event.QUARANTINE}
    assert settings.email is not None
    assert (settings.email.port, settings.email.encryption) == (587, "starttls")
    notice = Notice("id", Event.CANDIDATES, "", "", ("inbox", "a b/c.csv"), run_id="r1")
    assert settings.page_of(notice) == "https://lab.example.org/bmg/pages/inbox/a%20b%2Fc.csv"
    assert settings.run_of(notice) == "http://here:3000/runs/r1"
    assert "secret" not in repr(settings)


def test_a_way_without_settings_has_its_defaults(tmp_path: Path) -> None:
    (tmp_path / "notices.yml").write_text("file:\n")
    settings = read_notices(tmp_path)
    assert settings is not None
    assert settings.file is not None
    assert (settings.file.path, settings.events) == ("notices.jsonl", frozenset(EVENTS))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "names no way; expected webhook, email or file"),
        ("events: [candidates]", "names no way"),
        ("- file", "expected the keys webhook, email, file"),
        ("pigeon: {}", "unknown key 'pigeon'; expected webhook, email, file, events, address, dagster"),
        ("webhook: {}", "webhook lacks 'url'"),
        ("webhook: {url: ftp://x}", "webhook.url: found 'ftp://x', expected an address of the web"),
        ("webhook: {url: 'https://me:pass@x.org/'}", "expected an address of the web"),
        (
            "file: {path: inbox/notices.jsonl}",
            "expected a file, such as notices.jsonl, that lies in none of the folders",
        ),
        ("file: {path: 5}", "file.path: found 5"),
        ("file: {}\nevents: [weather]", r"events: found \['weather'\], expected a list of some of candidates"),
        ("file: {}\nevents: candidates", "events: found 'candidates'"),
        ("email: {server: a b, from: a@b.org, to: [c@d.org]}", "email.server: found 'a b'"),
        ("email: {server: a, from: 'a@b.org\\nBcc: x', to: [c@d.org]}", "email.from: found"),
        ("email: {server: a, from: a@b.org, to: c@d.org}", "email.to: found 'c@d.org', expected a list"),
        ("email: {server: a, from: a@b.org, to: []}", "email.to"),
        ("email: {server: a, from: a@b.org, to: [c@d.org], port: 0}", "email.port: found 0"),
        ("email: {server: a, from: a@b.org, to: [c@d.org], encryption: ssl}", "email.encryption: found 'ssl'"),
        ("file: {}\naddress: lab", "address: found 'lab', expected an address of the web"),
        ("webhook: {url: 'https://x.org/{token}'}", f"but {TOKEN} is not set"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "notices.yaml").write_text(content)
    with pytest.raises(NoticesFileError, match=words) as told:
        read_notices(tmp_path)
    assert "\n" not in str(told.value)


def test_a_secret_that_others_could_read_on_its_way_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "notices.yaml"
    monkeypatch.setenv(TOKEN, "t0ken")
    path.write_text("webhook: {url: 'http://chat.example.org/hook'}")
    with pytest.raises(NoticesFileError, match="expected https"):
        read_notices(tmp_path)
    monkeypatch.delenv(TOKEN)
    assert read_notices(tmp_path) is not None
    monkeypatch.setenv(USER, "me")
    with pytest.raises(NoticesFileError, match=f"{USER} is set, but {PASSWORD} is not"):
        read_notices(tmp_path)
    monkeypatch.setenv(PASSWORD, "pa55")
    path.write_text("email: {server: a, from: a@b.org, to: [c@d.org], encryption: none}")
    with pytest.raises(NoticesFileError, match="expected starttls or tls") as told:
        read_notices(tmp_path)
    assert "pa55" not in str(told.value)


def test_a_file_of_almost_the_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notices.txt").write_text("file:")
    with pytest.raises(NoticesFileError, match="rename the file"):
        read_notices(tmp_path)
