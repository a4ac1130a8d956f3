"""The lab sheet, the exports and choosing anew, in the browser."""

import re

import pytest

from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.web.conftest import Visit

SYSTEM = "Zr-Al-Cu"
AT = f"/systems/{SYSTEM}"


def test_the_sheet_has_what_to_weigh_codes_and_the_same_alloys_as_files(
    copy_of_finished: Deployment, visit: Visit
) -> None:
    visitor = visit(copy_of_finished)
    page = visitor.get(f"{AT}/sheet?alloy=Zr50Al5Cu45&mass=7,5").text
    assert "Weigh for a button of 7.5 g" in page
    assert page.count("<svg") == page.count('class="boxes"') > 0
    assert f'href="{AT}/sheet.xlsx?mass=7%2C5&amp;alloy=Zr50Al5Cu45"' in page
    lines = visitor.get(f"{AT}/sheet.csv?alloy=Zr50Al5Cu45&mass=7,5").text.splitlines()
    assert ("Zr50Al5Cu45" in lines[1], "planned" in lines[1], len(lines)) == (True, True, 2)
    book = visitor.get(f"{AT}/sheet.xlsx?alloy=Zr50Al5Cu45")
    assert (book.body[:2], "attachment" in book.headers["content-disposition"]) == (b"PK", True)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("mass=0", "cannot be weighed"),
        ("mass=<script>", "The mass is &#39;&lt;script&gt;&#39;, expected grams"),
        ("alloy=Zr50Ni50", "holds Ni, which Zr-Al-Cu has not"),
        ("alloy=", "formula"),
    ],
)
def test_what_cannot_be_weighed_is_told_above_a_form_to_correct_it(
    copy_of_finished: Deployment, visit: Visit, query: str, said: str
) -> None:
    answer = visit(copy_of_finished).get(f"{AT}/sheet?{query}")
    assert (answer.status, said in answer.text) == (422, True)
    assert 'name="mass"' in answer.text


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_candidates_are_saved_under_the_name_of_the_system(
    copy_of_finished: Deployment, visit: Visit, kind: str
) -> None:
    answer = visit(copy_of_finished).get(f"{AT}/candidates.{kind}")
    assert answer.headers["content-disposition"] == f'attachment; filename="{SYSTEM}-candidates.{kind}"'
    assert len(answer.body) > 500


@pytest.mark.parametrize("path", [f"{AT}/candidates.exe", f"{AT}/sheet.json", "/systems/Zr-Al-Ni/sheet"])
def test_what_there_is_not_is_told(copy_of_finished: Deployment, visit: Visit, path: str) -> None:
    assert visit(copy_of_finished).get(path).status == 404


def test_choosing_anew_shows_both_and_stores_nothing_until_it_is_kept(
    copy_of_finished: Deployment, visit: Visit
) -> None:
    visitor, before = visit(copy_of_finished), copy_of_finished.files()
    form = f"{AT}/propose"
    found = visitor.send(form, form, strategy="composite", rule="expected_gain", picks="3", limits="Al 0-8")
    chosen = found.text.partition('id="chosen"')[2].partition("The present candidates")[0]
    assert (found.status, copy_of_finished.files() == before) == (200, True)
    assert len(re.findall(r"<h4>Zr\d+Al[0-8]Cu", chosen)) == 3
    kept = visitor.send(form, form, strategy="composite", rule="expected_gain", picks="3", keep="yes")
    assert (kept.status, kept.headers["location"]) == (303, AT)
    assert "A run is asked for" in visitor.get(AT).text
    (backfill,) = copy_of_finished.instance.get_backfills()
    assert backfill.run_config["ops"]["candidates"]["config"]["picks"] == 3
    assert "training_set" not in {asset.to_user_string() for asset in backfill.asset_selection or []}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"picks": "two"}, "picks is &#39;two&#39;, expected a whole number"),
        ({"limits": "Be 0-5"}, "A limit is set on Be"),
        ({"limits": "<b>"}, "such as Al 0-20"),
    ],
)
def test_a_choice_that_is_none_comes_back_filled(
    copy_of_finished: Deployment, visit: Visit, fields: dict[str, str], said: str
) -> None:
    answer = visit(copy_of_finished).send(f"{AT}/propose", f"{AT}/propose", **fields)
    assert (answer.status, said in answer.text) == (422, True)
    assert "<b>" not in answer.text
