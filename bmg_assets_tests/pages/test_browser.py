"""Pages in a real browser, opened as files, the network cut: no errors, and pointing at the map tells a composition."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bmg_assets.pages.ledger_page import draw_ledger, render_ledger
from bmg_assets.pages.overview_page import render_overview
from bmg_assets.pages.property_figures import property_map
from bmg_assets.pages.property_page import render_property
from bmg_assets.pages.provenance import Provenance
from bmg_assets.pages.rendering import Picture
from bmg_assets.pages.system_facts import SystemFacts
from bmg_assets.pages.system_page import render_page
from bmg_assets.store.tables.prediction import SYSTEM_OVERVIEW
from bmg_assets_tests.pages.property_facts import property_facts
from bmg_assets_tests.pages.test_ledger_page import LEDGER
from bmg_assets_tests.table_frames import frame_of

CHROMIUM = shutil.which("chromium")
NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
WAIT_MS = 60_000
LEAST_CONTRAST = 4.5
"""Of text, by the Web Content Accessibility Guidelines 2.1, level AA (1.4.3)."""
CONTRASTS = r"""() => {
    const part = value => value <= 0.03928 * 255 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
    const luminance = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
    const numbers = colour => colour.match(/[\d.]+/g).map(Number);
    const behind = element => {
        const legend = element.closest(".legend")?.querySelector(".bg");
        if (legend) return numbers(getComputedStyle(legend).fill);
        for (let one = element; one; one = one.parentElement) {
            const colour = numbers(getComputedStyle(one).backgroundColor);
            if (colour.length < 4 || colour[3] > 0) return colour;
        }
        return [255, 255, 255];
    };
    const ratios = {}, texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement, words = texts.currentNode.textContent.trim();
        if (!words || !element.getClientRects().length) continue;
        const style = getComputedStyle(element);
        const shown = luminance(numbers(element.ownerSVGElement ? style.fill : style.color));
        const [low, high] = [shown, luminance(behind(element))].sort((a, b) => a - b);
        ratios[words] = Math.min(ratios[words] ?? 21, (high + 0.05) / (low + 0.05));
    }
    return ratios;
}"""
TRACE_NUMBER = """name => document.getElementById("interactive-map").data.findIndex(trace => trace.name === name)"""
PAPER_PX = 703
"""Width of a sheet of A4 between its margins."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine"),
]


class Visit:
    """A page in the browser, with what it complained of and what it asked for."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.errors: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def open(self, path: Path) -> None:
        self.page.goto(path.as_uri())

    def fetched(self) -> list[str]:
        """What lies outside of the page itself."""
        return [url for url in self.requests[1:] if not url.startswith(("data:", "blob:"))]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: install the extra dev")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Any) -> Iterator[Visit]:
    with browser.new_context(offline=True, viewport={"width": 1200, "height": 900}) as context:
        context.set_default_timeout(WAIT_MS)
        yield Visit(context.new_page())


@pytest.fixture
def system_page(facts: SystemFacts, pictures: dict[str, Picture], provenance: Provenance, tmp_path: Path) -> Path:
    path = tmp_path / "Zr-Al-Cu.html"
    path.write_text(render_page(facts, pictures, provenance, NOW), encoding="utf-8")
    return path


@pytest.fixture
def overview_page(system_page: Path) -> Path:
    """Two systems, one of which has a page; the other has a long name and a long reason to be trained again."""
    overview = frame_of(SYSTEM_OVERVIEW, rows=2).assign(
        target_system=["Zr-Al-Cu", "Mg-Zn-Ca-Sc"],
        best_composition=["Al10Cu30Zr60", "Ca20Mg30.5Sc20Zn29.5"],
        stale_because=[None, "changed since: literature_alloys, alloy_descriptors; casts of Cu-Zr-Ag changed"],
    )
    path = system_page.with_name("index.html")
    path.write_text(render_overview(overview, {"Zr-Al-Cu": system_page.name}, NOW), encoding="utf-8")
    return path


def test_pointing_at_the_map_tells_composition_and_values_and_the_colours_follow_the_choice(
    visit: Visit, system_page: Path, facts: SystemFacts
) -> None:
    visit.open(system_page)
    page = visit.page
    page.wait_for_selector("#interactive-map[data-ready=yes]")
    assert not page.locator(".static-map").is_visible()
    points = page.locator("#interactive-map .scatterlayer .trace").first.locator("path.point")
    assert points.count() == len(facts.tables.grid)
    points.nth(3).scroll_into_view_if_needed()
    box = points.nth(3).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    hover = page.locator(".hoverlayer .hovertext")
    hover.wait_for()
    words = hover.text_content()
    row = facts.tables.grid.iloc[3]
    for expected in (
        "Zr10Al40Cu50",
        f"fused {row['dmax_mm']:g} mm",
        f"interval {row['interval_low_mm']:g} to {row['interval_high_mm']:g}",
        f"SVR {row['svr_mm']:g}",
        f"RF {row['random_forest_mm']:g}",
        f"XGBoost {row['xgboost_mm']:g}",
        f"LightGBM {row['lightgbm_mm']:g}",
        "nearest known: Zr50Cu50",
    ):
        assert expected in words
    colours = "Array.from(document.getElementById('interactive-map').data[0].marker.color)"
    before = page.evaluate(colours)
    page.get_by_label("Colours show").select_option("SVR alone")
    assert page.evaluate(colours) == pytest.approx([2 * value for value in before], abs=0.02)
    assert page.evaluate("document.getElementById('interactive-map').data[0].marker.cmax") == 8
    page.get_by_label("Colours show").select_option("fused prediction, a scale for this map")
    assert page.evaluate(colours) == before
    assert page.evaluate("document.getElementById('interactive-map').data[0].marker.cmax") == 4
    assert visit.errors == []
    assert visit.fetched() == []


def test_pointing_to_where_too_little_is_known_tells_no_number_and_stars_tell_what_they_are(
    visit: Visit, facts: SystemFacts, pictures: dict[str, Picture], provenance: Provenance, tmp_path: Path
) -> None:
    far = facts.tables.transfer.assign(is_trusted=[point[1] < 50 for point in facts.tables.transfer["at_pct"]])
    path = tmp_path / "far.html"
    html = render_page(replace(facts, tables=replace(facts.tables, transfer=far)), pictures, provenance, NOW)
    path.write_text(html, encoding="utf-8")
    visit.open(path)
    page = visit.page
    page.wait_for_selector("#interactive-map[data-ready=yes]")
    for name, at_its_edge in (("too little is known here", True), ("cast next", False)):
        trace = page.evaluate(TRACE_NUMBER, name)
        point = page.locator("#interactive-map .scatterlayer .trace").nth(trace).locator("path.point").first
        point.scroll_into_view_if_needed()
        box = point.bounding_box()
        page.mouse.move(box["x"] + box["width"] * (0.9 if at_its_edge else 0.5), box["y"] + box["height"] / 2)
        hover = page.locator(".hoverlayer .hovertext")
        hover.wait_for()
        words = hover.text_content()
        if name == "cast next":
            assert words.endswith("cast next 1")
        else:
            assert "too far from what is known" in words
            assert "mm" not in words.split("nearest known")[0]
    assert visit.errors == []


def test_the_map_of_a_property_tells_values_in_its_unit(
    visit: Visit, pictures: dict[str, Picture], tmp_path: Path
) -> None:
    path, facts = tmp_path / "property.html", property_facts(sub_dataset=0)
    path.write_text(render_property(facts, pictures, property_map(facts), {}, NOW), encoding="utf-8")
    visit.open(path)
    page = visit.page
    page.wait_for_selector("#interactive-map[data-ready=yes]")
    assert not page.locator(".static-map").is_visible()
    box = page.locator("#interactive-map .scatterlayer .trace").first.locator("path.point").nth(1).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    hover = page.locator(".hoverlayer .hovertext")
    hover.wait_for()
    for expected in ("Zr60Al10Cu30", "fused 85.5 GPa", "interval 75.5 to 95.5", "nearest known: Zr50Cu50, 84 GPa"):
        assert expected in hover.text_content()
    page.get_by_label("Colours show").select_option("distance to the nearest known alloy")
    colours = page.evaluate("Array.from(document.getElementById('interactive-map').data[0].marker.color)")
    assert colours == [0, 12, 50]
    assert page.evaluate("document.getElementById('interactive-map').data[0].marker.cmin") == 0
    assert page.locator("#interactive-map .infolayer").get_by_text("at.%", exact=True).is_visible()
    assert visit.errors == []
    assert visit.fetched() == []


@pytest.fixture
def quaternary_page(
    quaternary_facts: SystemFacts, pictures: dict[str, Picture], provenance: Provenance, tmp_path: Path
) -> Path:
    drawn = {name: pictures["map"] for name in ("tetrahedron", "slices", "faces")}
    path = tmp_path / "Zr-Al-Ni-Cu.html"
    path.write_text(render_page(quaternary_facts, pictures | drawn, provenance, NOW), encoding="utf-8")
    return path


def shown_points(page: Any, plot: str) -> list[float]:
    """Colours of the points of a plot of the page."""
    colours = f"Array.from(document.getElementById('{plot}').data.find(one => one.name === 'prediction').marker.color)"
    return list(page.evaluate(colours))


def test_the_slices_of_a_quaternary_are_walked_and_each_point_tells_its_composition(
    visit: Visit, quaternary_page: Path, quaternary_facts: SystemFacts
) -> None:
    visit.open(quaternary_page)
    page, grid = visit.page, quaternary_facts.tables.transfer
    page.wait_for_selector("#interactive-map[data-ready=yes]")
    assert not page.locator(".static-map").first.is_visible()
    for element, place in (("Ni", 2), ("Al", 1)):
        page.get_by_label("The fourth element").select_option(element)
        page.get_by_label("held at").fill("0")
        for level in (10, 20):
            assert page.locator("#fixed-words").text_content() == f"{element} {level} at.%"
            of_slice = grid[[point[place] == level for point in grid["at_pct"]]]
            assert shown_points(page, "slice") == of_slice["dmax_mm"].round(2).tolist()
            page.get_by_label("held at").press("ArrowRight")
    assert max(shown_points(page, "projection")) == grid["dmax_mm"].max()
    point = page.locator("#slice .scatterlayer .trace").first.locator("path.point").first
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    hover = page.locator("#slice .hoverlayer .hovertext")
    hover.wait_for()
    row = grid[[point[1] == 30 for point in grid["at_pct"]]].iloc[0]
    for expected in ("Zr50Al30Ni10Cu10", f"expected by transfer: {row['dmax_mm']:g} mm", "interval 0.75 to 3 mm"):
        assert expected in hover.text_content()
    page.get_by_label("Colours show").select_option("chance of a bulk glass")
    assert max(shown_points(page, "projection")) == pytest.approx(100 * grid["probability_bulk"].max(), abs=0.01)
    assert visit.errors == []
    assert visit.fetched() == []


def test_the_tetrahedron_and_the_faces_of_a_quaternary_hold_its_top_region_and_known_alloys(
    visit: Visit, quaternary_page: Path, quaternary_facts: SystemFacts
) -> None:
    visit.open(quaternary_page)
    page, top = visit.page, quaternary_facts.tables.transfer["top_share"].sum()
    page.wait_for_selector("#interactive-map[data-ready=yes]")
    names = page.evaluate("document.getElementById('tetrahedron').data.map(one => [one.name, one.x.length])")
    assert ["top 20 % of the map", top] in names
    assert ["cast next (2)", 2] in names
    assert len(shown_points(page, "faces")) == 4 * 28, "the points at 10 at.% of one of the four elements"
    on_faces = page.evaluate("document.getElementById('faces').data.map(one => [one.name, one.x.length])")
    assert ["literature: ribbon only", 2] in on_faces, "Zr50Cu50, on the two faces that share its edge"


def test_without_webgl_the_drawn_tetrahedron_is_there(visit: Visit, quaternary_page: Path) -> None:
    without = "kind.startsWith('webgl') ? null : context.call(this, kind, ...rest)"
    visit.page.add_init_script(
        "const context = HTMLCanvasElement.prototype.getContext;"
        f"HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {{ return {without}; }};"
    )
    visit.open(quaternary_page)
    visit.page.wait_for_selector("#interactive-map[data-ready=yes]")
    assert not visit.page.locator("#tetrahedron").is_visible()
    assert visit.page.locator("figure.of-tetrahedron").is_visible()
    assert visit.page.locator("#slice").is_visible()
    assert not visit.page.locator("figure.of-slices").is_visible()
    assert visit.errors == []


def test_a_page_of_four_elements_is_read_on_a_telephone_and_printed(visit: Visit, quaternary_page: Path) -> None:
    visit.page.set_viewport_size({"width": 380, "height": 800})
    visit.open(quaternary_page)
    visit.page.wait_for_selector("#interactive-map[data-ready=yes]")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 380
    visit.page.set_viewport_size({"width": PAPER_PX, "height": 1000})
    visit.page.emulate_media(media="print")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= PAPER_PX
    assert visit.page.locator(".static-map").first.is_visible()
    assert not visit.page.locator("#slice").is_visible()


def test_both_maps_of_a_quaternary_are_saved_as_a_table_that_a_spreadsheet_opens(
    visit: Visit, quaternary_page: Path, quaternary_facts: SystemFacts
) -> None:
    visit.open(quaternary_page)
    with visit.page.expect_download() as download:
        visit.page.get_by_text("Save both maps as CSV").click()
    assert download.value.suggested_filename == "Zr-Al-Ni-Cu-iteration-0.csv"
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("Zr_at_pct,Al_at_pct,Ni_at_pct,Cu_at_pct,composition")
    assert len(lines) == len(quaternary_facts.tables.grid) + 1


@pytest.fixture
def ledger_page(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.html"
    path.write_text(render_ledger(LEDGER, draw_ledger(LEDGER), NOW), encoding="utf-8")
    return path


def test_the_ledger_is_read_on_a_telephone(visit: Visit, ledger_page: Path) -> None:
    visit.page.set_viewport_size({"width": 380, "height": 800})
    visit.open(ledger_page)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 380
    widths = visit.page.eval_on_selector_all("img", "all => all.map(one => [one.naturalWidth, one.clientWidth])")
    assert [shown / natural > 0.5 for natural, shown in widths] == [True, True], "words shrink to less than half"
    assert visit.errors == []
    assert visit.fetched() == []


def test_on_paper_and_on_a_narrow_screen_nothing_is_cut(visit: Visit, system_page: Path) -> None:
    visit.page.set_viewport_size({"width": 380, "height": 800})
    visit.open(system_page)
    visit.page.wait_for_selector("#interactive-map[data-ready=yes]")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 380
    visit.page.set_viewport_size({"width": PAPER_PX, "height": 1000})
    visit.page.emulate_media(media="print")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= PAPER_PX
    assert visit.page.locator(".static-map").is_visible()
    assert not visit.page.locator("#interactive-map").is_visible()
    assert visit.errors == []


def test_a_long_reason_does_not_widen_the_overview_on_paper(visit: Visit, overview_page: Path) -> None:
    visit.page.set_viewport_size({"width": PAPER_PX, "height": 1000})
    visit.page.emulate_media(media="print")
    visit.open(overview_page)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= PAPER_PX


def test_all_text_stands_out_from_what_is_behind_it(
    visit: Visit, system_page: Path, overview_page: Path, ledger_page: Path
) -> None:
    for page in (system_page, overview_page, ledger_page):
        visit.open(page)
        if page == system_page:
            visit.page.wait_for_selector("#interactive-map[data-ready=yes]")
        ratios = visit.page.evaluate(CONTRASTS)
        assert len(ratios) > 10
        assert {words: ratio for words, ratio in ratios.items() if ratio < LEAST_CONTRAST} == {}


def test_without_javascript_the_drawn_map_is_there(browser: Any, system_page: Path) -> None:
    with browser.new_context(java_script_enabled=False, offline=True) as context:
        page = context.new_page()
        page.goto(system_page.as_uri())
        assert page.locator(".static-map img").is_visible()
        assert "Zr50Al10Cu40" in page.locator(".next").text_content()


def test_the_overview_leads_to_the_page_of_a_system(visit: Visit, overview_page: Path) -> None:
    visit.open(overview_page)
    visit.page.get_by_role("link", name="Zr-Al-Cu").click()
    assert visit.page.title() == "Zr-Al-Cu: what to cast next"
    visit.page.wait_for_selector("#interactive-map[data-ready=yes]")
    assert visit.errors == []
