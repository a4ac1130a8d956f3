"""Forms as browsers and others send them: too large, broken, without a token; they come back filled."""

import http.client

import pytest

from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.web.conftest import Visit
from bmg_assets_tests.web.visitor import BOUNDARY

MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def test_a_form_without_a_token_comes_back_filled_and_nothing_is_done(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    visitor.get("/")
    answer = visitor.post("/systems", {"system": "Zr-Al-Cu"})
    assert answer.status == 422
    assert "Look at it, and send it again." in answer.text
    assert 'value="Zr-Al-Cu"' in answer.text
    assert list(fresh.instance.get_dynamic_partitions("target_system")) == []


def test_what_a_person_typed_is_text_when_it_comes_back(fresh: Deployment, visit: Visit) -> None:
    answer = visit(fresh).send("/systems", "/", system='"><script>alert(1)</script>')
    assert answer.status == 422
    assert "<script>alert" not in answer.text


def test_a_form_that_is_too_large_is_answered_in_a_sentence(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    visitor.get("/")
    answer = visitor.upload("/systems", {"system": "Zr-Al-Cu"}, {"file": ("a.csv", b"x" * 13_000_000)})
    assert (answer.status, "larger than 12 MB" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"no boundary"),
        (f"multipart/form-data; boundary={BOUNDARY}", b"no parts at all"),
        (
            f"multipart/form-data; boundary={BOUNDARY}",
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="s'.encode(),
        ),
        ("application/x-www-form-urlencoded", b"%ff%fe=%00&system"),
        ("application/json", b'{"system": "Zr-Al-Cu"}'),
        ("", b""),
    ],
)
def test_what_is_no_form_does_nothing(fresh: Deployment, visit: Visit, kind: str, body: bytes) -> None:
    visitor = visit(fresh)
    connection = http.client.HTTPConnection("127.0.0.1", visitor.client.port, timeout=20)
    connection.request("POST", "/systems", body, {"Content-Type": kind} if kind else {})
    answer = connection.getresponse()
    text = answer.read().decode()
    assert answer.status == 422
    assert "Traceback" not in text
    assert 'role="alert"' in text


def test_a_name_is_kept_for_the_next_form_whatever_its_letters(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    assert visitor.send("/systems", "/", system="Zr-Al-Cu", person="Zoë 王; x=1").status == 303
    assert 'value="Zoë 王; x=1"' in visitor.get("/").text


def test_who_comes_by_a_link_of_another_page_keeps_the_session(fresh: Deployment, visit: Visit) -> None:
    kept = visit(fresh).get("/").headers["set-cookie"]
    assert ("bmg_session=" in kept, "HttpOnly" in kept, "SameSite=lax" in kept) == (True, True, True)
