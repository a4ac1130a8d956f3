"""Reporting casts by a file: it is shown row by row first, and sent with a second button."""

import re

import pytest

from bmg_assets.actions.known_casts import known_casts
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.intake.cast_files import line, samples_of, table
from bmg_assets_tests.launch.asking import Answer
from bmg_assets_tests.web.conftest import Visit
from bmg_assets_tests.web.reporters import files_in, inbox_of
from bmg_assets_tests.web.visitor import Visitor, found_in

PAGE = "/report/upload"
DATA = table(line("A"), line("B", verdict="good"), line("C", method="suction"))


def look_at(visitor: Visitor, name: str, data: bytes) -> Answer:
    return visitor.upload(PAGE, {**visitor.hidden(PAGE), "do": "look"}, {"file": (name, data)})


def send(visitor: Visitor, shown: Answer, **fields: str) -> Answer:
    hidden = {name: found_in(shown.text, name) for name in ("token", "form_id", "sha256", "name")}
    return visitor.post(PAGE, {**hidden, "do": "send", **fields})


def test_a_file_is_shown_before_it_is_sent_and_sent_as_it_was_shown(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    shown = look_at(visitor, "casts.csv", DATA)
    assert "2 rows would be accepted, 1 refused, 0 skipped. Nothing is sent yet." in shown.text
    assert "&#39;suction&#39; was read as suction_casting" in shown.text
    assert fresh.record.streams() == []
    answer = send(visitor, shown, person="Wei Zhang")
    assert answer.status == 303
    page = visitor.get(answer.headers["location"]).text
    assert "Taken in: 2 rows accepted, 1 refused." in page
    assert "Correct them in the form" in page
    (intake,) = known_casts(inbox_of(fresh)).intakes
    assert (inbox_of(fresh).accepted_folder / intake.file).read_bytes() == DATA
    assert send(visitor, shown).headers["location"].endswith("sent=again")
    assert samples_of(inbox_of(fresh)) == ["A", "C"]


def test_a_file_that_was_sent_already_is_not_sent_again(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    send(visitor, look_at(visitor, "casts.csv", DATA))
    shown = look_at(visitor, "other name.csv", DATA)
    assert "taken in already, as upload-" in shown.text
    assert "there is nothing to send" in shown.text


def test_a_form_that_was_open_too_long_shows_the_file_again(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    expired = send(visitor, look_at(visitor, "casts.csv", DATA), token="1.abc")
    assert (expired.status, "Look at it, and send it again." in expired.text) == (422, True)
    assert fresh.record.streams() == []
    assert send(visitor, expired).status == 303
    assert samples_of(inbox_of(fresh)) == ["A", "C"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("photo.csv", b"\x89PNG\r\n\x1a\n\xff\xfe", "not UTF-8"),
        ("casts.zip", b"PK\x03\x04../../etc/passwd", "files that end in &#39;.zip&#39; are not read"),
        ("big.csv", DATA + b"#" * 10_000_000, "larger than 10 MB"),
        ("alloys.csv", b"alloy\nZr50Al5Cu45\n", "This is a table of formulas, not of casts"),
        ("a.csv", table(line("<script>alert(1)</script>", verdict="good")), "no row of it would be accepted|No row"),
        ("<script>alert(1)</script>.csv", table(line("A", verdict="good")), "there is nothing to send"),
    ],
)
def test_what_cannot_be_sent_is_said_in_a_sentence_and_leaves_nothing(
    fresh: Deployment, visit: Visit, name: str, data: bytes, said: str
) -> None:
    shown = look_at(visit(fresh), name, data)
    assert shown.status == 200
    assert re.search(said, shown.text)
    assert 'value="send"' not in shown.text
    assert "<script>alert" not in shown.text
    assert (fresh.record.streams(), files_in(inbox_of(fresh).inbox)) == ([], [])


def test_without_a_file_or_with_one_that_is_forgotten_it_is_to_be_chosen(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    for fields, said in (
        ({"do": "look"}, "No file was chosen"),
        ({"do": "send", "sha256": "0" * 64, "name": "a.csv"}, "choose it again"),
        ({"do": "send", "sha256": "../../record/record.json", "name": "a.csv"}, "choose it again"),
    ):
        answer = visitor.post(PAGE, {**visitor.hidden(PAGE), **fields})
        assert (answer.status, said in answer.text) == (422, True)
    too_large = visitor.upload(PAGE, visitor.hidden(PAGE), {"file": ("a.csv", b"x" * 13_000_000)})
    assert (too_large.status, "larger than 12 MB" in too_large.text) == (422, True)
