"""Receivers at work, and a message for them."""

from collections.abc import Iterator

import pytest

from bmg_assets.notices import journal
from bmg_assets.notices.notice import Event, Notice
from bmg_assets.notices.notices_file import PASSWORD, TOKEN, USER
from bmg_assets.notices.ways import Message
from bmg_assets_tests.notices.receivers import Hook, Mailbox


@pytest.fixture(autouse=True)
def no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (TOKEN, USER, PASSWORD):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(journal, "_read", {})


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook().serving() as one:
        yield one


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox().serving() as one:
        yield one


@pytest.fixture
def message() -> Message:
    notice = Notice(
        "an id", Event.CANDIDATES, "Zr-Al-Cu: cast next Zr50Al5Cu45", "3 mm ± 1.", facts={"system": "Zr-Al-Cu"}
    )
    return Message("0123abc", notice, "http://lab:3001/systems/Zr-Al-Cu", "")
