"""Comparing in the browser: by an address, as files, and with what was typed kept where it cannot be compared."""

import json

import pytest

from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.web.conftest import Visit

ASKED = "/compare?alloy=Zr50Al10Cu40&alloy=Zr60Al10Cu30&alloy="


def test_alloys_of_an_address_are_set_side_by_side(copy_of_finished: Deployment, visit: Visit) -> None:
    visitor = visit(copy_of_finished)
    answer = visitor.get(ASKED)
    assert answer.status == 200
    for words in ("What argues for which", "Side by side", "Descriptors that differ most", "Zr60Al10Cu30"):
        assert words in answer.text
    assert 'href="/compare.csv?alloy=Zr50Al10Cu40&amp;alloy=Zr60Al10Cu30"' in answer.text
    assert answer.text.count('name="alloy"') == 5
    found = visitor.get(ASKED.replace("/compare", "/compare.json"))
    assert [one["formula"] for one in json.loads(found.text)["alloys"]] == ["Zr50Al10Cu40", "Zr60Al10Cu30"]
    table = visitor.get(ASKED.replace("/compare", "/compare.csv"))
    assert (table.text.count("\n"), "attachment" in table.headers["content-disposition"]) == (3, True)


def test_before_anything_is_asked_for_there_is_a_form_alone(fresh: Deployment, visit: Visit) -> None:
    answer = visit(fresh).get("/compare")
    assert (answer.status, 'role="alert"' in answer.text, answer.text.count('name="alloy"')) == (200, False, 5)


@pytest.mark.parametrize(
    ("query", "sentence", "kept"),
    [
        ("alloy=Zr50Cu50", "Found 1 alloy to compare", "Zr50Cu50"),
        ("&".join(f"alloy=Zr{n}Cu{100 - n}" for n in range(50, 56)), "Found 6 alloys", "Zr55Cu45"),
        ("alloy=Zr50Cu50&alloy=%3Cscript%3E", "", "&lt;script&gt;"),
    ],
)
def test_what_cannot_be_compared_stays_in_the_form(
    fresh: Deployment, visit: Visit, query: str, sentence: str, kept: str
) -> None:
    answer = visit(fresh).get(f"/compare?{query}")
    assert answer.status == 422
    assert sentence in answer.text
    assert f'value="{kept}"' in answer.text
    assert "<script>" not in answer.text


def test_another_kind_of_file_there_is_none(fresh: Deployment, visit: Visit) -> None:
    answer = visit(fresh).get("/compare.exe?alloy=Zr50Cu50")
    assert (answer.status, "csv or json" in answer.text) == (404, True)
