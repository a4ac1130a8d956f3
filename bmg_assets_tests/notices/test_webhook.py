"""Notices as JSON that is posted: accepted, refused, or to be tried again; no answer shows a token."""

import pytest

from bmg_assets.notices.ways import Message, NoticeRefusedError, ReceiverAwayError
from bmg_assets.notices.webhook import ID_HEADER, Webhook
from bmg_assets_tests.notices.receivers import Hook

SECRET = "s3cret/+"


def test_a_message_arrives_with_its_identity_text_and_facts(hook: Hook, message: Message) -> None:
    Webhook(hook.url).send(message)
    assert hook.came == [
        {
            "id": "0123abc",
            "event": "candidates",
            "subject": "Zr-Al-Cu: cast next Zr50Al5Cu45",
            "text": "Zr-Al-Cu: cast next Zr50Al5Cu45\n3 mm ± 1.\n\nhttp://lab:3001/systems/Zr-Al-Cu",
            "link": "http://lab:3001/systems/Zr-Al-Cu",
            "system": "Zr-Al-Cu",
        }
    ]
    assert hook.headers[0][ID_HEADER] == "0123abc"
    assert "Authorization" not in hook.headers[0]


def test_the_token_goes_where_the_address_has_its_place_or_into_a_header(hook: Hook, message: Message) -> None:
    Webhook(f"{hook.url}/{{token}}", SECRET).send(message)
    Webhook(hook.url, SECRET).send(message)
    assert hook.paths == ["/hooks/lab/s3cret%2F%2B", "/hooks/lab"]
    assert [one.get("Authorization") for one in hook.headers] == [None, f"Bearer {SECRET}"]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (302, NoticeRefusedError),
        (400, NoticeRefusedError),
        (413, NoticeRefusedError),
        (401, ReceiverAwayError),
        (404, ReceiverAwayError),
        (429, ReceiverAwayError),
        (500, ReceiverAwayError),
        (503, ReceiverAwayError),
    ],
)
def test_an_answer_that_is_no_acceptance_is_told_with_the_server_alone(
    hook: Hook, message: Message, status: int, error: type[Exception]
) -> None:
    hook.status = status
    with pytest.raises(error, match=f"127.0.0.1:{hook.port} .*status {status}") as told:
        Webhook(f"{hook.url}/{{token}}", SECRET).send(message)
    assert "s3cret" not in str(told.value)
    assert hook.came == []


def test_a_receiver_that_is_away_is_told_without_the_token(message: Message) -> None:
    with Hook().serving() as hook:
        pass
    with pytest.raises(ReceiverAwayError, match="no connection") as told:
        Webhook(f"{hook.url}/{{token}}", SECRET).send(message)
    assert "s3cret" not in str(told.value)
    assert told.value.__cause__ is None
