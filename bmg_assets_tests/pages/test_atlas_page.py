"""The page of the atlas: what it says, and in a browser with every ternary: fast, searched, and used by keyboard."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bmg_assets.pages import atlas_data
from bmg_assets.pages.atlas_page import NOTHING_YET, atlas_page
from bmg_assets.science.proposals.agreement import chance_in_words
from bmg_assets_tests.pages.test_atlas_data import rows_listed

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
EVERY_TERNARY = 26_235
SLOWEST_MS = 3_000


def test_it_says_how_many_systems_by_which_surrogate_and_what_is_left_out() -> None:
    html = atlas_page(rows_listed(20, 2_100), NOW, notes=["Two shards are `damaged`."])
    assert "20 ternaries of" in html
    assert "and the best 2,000 of 2,100 systems of more elements. Made 2026-01-02 03:04 UTC" in html
    assert "2,020 systems by the surrogate transfer, fitted to the known alloys ffffffffffffffff." in html
    assert "Two shards are <code>damaged</code>." in html


def test_it_says_when_its_rows_were_made_and_how_many_of_them_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = datetime(2025, 12, 24, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC)
    assert "They were made between 2025-12-24 and 2025-12-31 (UTC)." in atlas_page(
        rows_listed(5), NOW, None, (), (first, last)
    )
    monkeypatch.setattr(atlas_data, "MOST_TERNARIES", 12)
    html = atlas_page(rows_listed(20), NOW, None, (), (last, last))
    assert "The best 12 of 20 ternaries of" in html
    assert "They were made on 2025-12-31 (UTC)." in html


def test_without_calibration_it_shows_scores_and_no_chances() -> None:
    html = atlas_page(rows_listed(5).assign(chance_bulk=None), NOW)
    assert "this page shows scores, which rank systems, and no chances" in html
    assert '<option value="score">score</option>' in html
    assert 'id="least-chance"' not in html


def test_an_atlas_that_is_not_made_says_how_to_make_it() -> None:
    html = atlas_page(rows_listed(5).head(0), NOW)
    assert NOTHING_YET.replace("`bmg atlas`", "<code>bmg atlas</code>") in html
    assert "<script" not in html


def test_texts_are_shown_not_run() -> None:
    html = atlas_page(rows_listed(5).assign(strategy="<script>1</script>"), NOW, notes=["<script>2</script>"])
    assert "<script>1" not in html
    assert "<script>2" not in html


@pytest.fixture(scope="module")
def every_system(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("atlas") / "atlas.html"
    path.write_text(atlas_page(rows_listed(EVERY_TERNARY, 2_100), NOW), encoding="utf-8")
    return path


@pytest.fixture(params=[1400, 390])
def page(browser: Any, every_system: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    with browser.new_context(offline=True, viewport={"width": request.param, "height": 900}) as context:
        page, errors = context.new_page(), []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(every_system.as_uri())
        page.wait_for_selector("body[data-ready=yes]")
        yield page
        assert errors == []


@pytest.mark.browser
def test_it_loads_with_every_ternary_in_three_seconds_and_fits_the_screen(page: Any) -> None:
    assert page.evaluate("performance.getEntriesByName('atlas-ready')[0].startTime") < SLOWEST_MS
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.browser
def test_search_and_filters_choose_systems_and_the_card_opens(page: Any) -> None:
    from playwright.sync_api import expect

    page.get_by_label("Search").fill("zr-al -Be")
    # The page forbids `eval`, so that Playwright cannot wait for a function.
    found = page.locator("#found")
    expect(found).to_have_text(re.compile("^[0-9]{1,3} "))
    names = page.locator("#list tbody td:nth-child(2)").all_text_contents()
    assert names
    assert all({"Zr", "Al"} <= set(name.split("-")) and "Be" not in name.split("-") for name in names)
    page.get_by_label("Search").fill("Xx")
    expect(found).to_have_text("Xx: no element of this atlas.")
    page.get_by_label("Search").fill("Al Cu Zr")
    page.get_by_label("only trusted").uncheck()
    page.locator("#size").select_option("3")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.locator("#list tbody button").click()
    card = page.locator("#card")
    assert card.locator("h3").text_content() == "Al-Cu-Zr"
    row = rows_listed(EVERY_TERNARY, 2_100).set_index("system").loc["Al-Cu-Zr"]
    words = card.text_content()
    if row["is_trusted"]:
        assert chance_in_words(row["chance_bulk"]) in words
    amounts = sorted(zip(row["at_pct"], row["elements"], strict=True), key=lambda one: (-one[0], one[1]))
    assert f"bmg add {'-'.join(element for _, element in amounts)}" in words
    card.locator("svg polygon").first.wait_for()
    assert card.locator("svg polygon").count() == 171
    assert page.url.endswith("#Al-Cu-Zr")


@pytest.mark.browser
def test_the_matrix_is_used_by_keyboard(page: Any) -> None:
    from playwright.sync_api import expect

    page.locator("#view").select_option("pairs")
    page.locator("#matrix [tabindex='0']").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "End", "Home", "ArrowRight"):
        page.keyboard.press(key)
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert " and " in focused
    assert page.locator("#matrix [tabindex='0']").count() == 1
    page.keyboard.press("Enter")
    title = page.evaluate("document.activeElement.textContent")
    assert set(focused.split(",")[0].split(" and ")) <= set(title.split("-"))
    page.keyboard.press("Escape")
    # The browser gives the focus back when it has told that the card is closed, a moment later.
    expect(page.locator("#matrix [tabindex='0']")).to_be_focused()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == focused
