"""Pages in a real browser, opened as files, the network cut: no errors, and pointing at the map tells a composition."""

import re
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
from bmg_assets_tests.browser.chromium import CHROMIUM
from bmg_assets_tests.pages.conftest import NEAREST
from bmg_assets_tests.pages.property_facts import property_facts
from bmg_assets_tests.pages.test_ledger_page import LEDGER
from bmg_assets_tests.table_frames import frame_of

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
PIXEL = """([x, y]) => {
    const href = document.querySelector("#interactive-map .imagelayer image").getAttribute("href");
    return new Promise(resolve => {
        const image = new Image();
        image.onload = () => {
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [image.width, image.height];
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0);
            resolve([...context.getImageData(x * image.width, y * image.height, 1, 1).data]);
        };
        image.src = href;
    });
}"""
"""Colour of the picture below the symbols at a place of it, both from 0 to 1."""
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


def opened_map(visit: Visit, path: Path) -> Any:
    """The map of a page, drawn and in view."""
    visit.open(path)
    visit.page.wait_for_selector("#interactive-map[data-ready=yes]")
    drawn = visit.page.locator("#interactive-map")
    drawn.scroll_into_view_if_needed()
    return drawn


def place_of(page: Any, point: tuple[float, float, float], plot: str = "#interactive-map") -> tuple[float, float]:
    """Where a composition of a whole ternary stands on the screen: top, left, right corner."""
    box = page.locator(f"{plot} .plotbg path").first.bounding_box()
    top, _, right = (amount / sum(point) for amount in point)
    return box["x"] + box["width"] * (right + top / 2), box["y"] + box["height"] * (1 - top)


def panel_of(page: Any) -> dict[str, str]:
    """What the panel tells: the composition, and its lines by title."""
    titles, words = (page.locator(f"#map-point {tag}").all_text_contents() for tag in ("dt", "dd"))
    return {"of": page.locator("#map-point h3").text_content(), **dict(zip(titles, words, strict=True))}


def test_pointing_at_the_map_tells_composition_and_values_and_the_colours_follow_the_choice(
    visit: Visit, system_page: Path, facts: SystemFacts
) -> None:
    opened_map(visit, system_page)
    page = visit.page
    assert not page.locator(".static-map").is_visible()
    assert panel_of(page)["of"] == "Zr50Al10Cu40", "the first pick is chosen before anybody points at anything"
    page.mouse.move(*place_of(page, (11, 39, 50)))
    told, row = panel_of(page), facts.tables.grid.iloc[3]
    assert told["of"] == "Zr10Al40Cu50"
    assert told["expected by transfer"] == f"{row['dmax_mm']:g} mm"
    assert told["bulk glass"] == "5 % (1 mm or more)"
    assert told["sub-models"] == "SVR 2, RF 0, XGBoost 1, LightGBM 2 mm"
    assert told["nearest known"] == NEAREST
    page.mouse.move(*place_of(page, (60, 10, 30)))
    assert panel_of(page)["here"].startswith("boundary point 1: ")
    lowest, before = [68, 1, 84, 255], page.evaluate(PIXEL, [0.5, 0.5])
    assert before != lowest
    for choice, colour in (("RF alone", lowest), ("expected by transfer", before)):
        page.get_by_label("Colours show").select_option(choice)
        page.wait_for_timeout(300)  # the page forbids `eval`, so that Playwright cannot wait for a function
        assert page.evaluate(PIXEL, [0.5, 0.5]) == colour
    assert visit.errors == []
    assert visit.fetched() == []


def test_the_map_has_no_hole_at_any_zoom(visit: Visit, system_page: Path) -> None:
    opened_map(visit, system_page)
    page, inner = visit.page, [(x / 20, y / 20) for y in range(8, 18) for x in range(8, 13)]
    for _ in range(3):
        assert all(page.evaluate(PIXEL, list(place))[3] == 255 for place in inner)
        page.get_by_role("button", name="Closer").click()
    assert visit.errors == []


def test_nothing_offers_to_send_the_map_away(visit: Visit, system_page: Path, quaternary_page: Path) -> None:
    for path in (system_page, quaternary_page):
        opened_map(visit, path)
        titles = visit.page.locator(".modebar-btn").evaluate_all("all => all.map(one => one.dataset.title)")
        assert "Download plot as a PNG" in titles
        assert not [title for title in titles if re.search("share|cloud|edit|plotly|upload", title, re.IGNORECASE)]
        assert visit.page.locator(".modebar a[href]").count() == 0
        configs = "[...document.querySelectorAll('.js-plotly-plot')].map(one => one._context)"
        for config in visit.page.evaluate(f"{configs}.map(one => [one.showSendToCloud, one.plotlyServerURL])"):
            assert config == [False, ""]
        assert [url for url in visit.requests if not url.startswith(("file:", "data:", "blob:"))] == []


def test_the_map_is_walked_by_keys_and_compositions_are_kept(visit: Visit, system_page: Path) -> None:
    drawn, page = opened_map(visit, system_page), visit.page
    drawn.focus()
    walked = []
    for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "Enter", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
        walked.append(panel_of(page)["of"])
    assert walked[1] == walked[3] == "Zr50Al10Cu40"
    assert walked[2].startswith("Zr60")
    assert walked[4] == walked[5] != walked[6] == walked[7]
    assert page.locator("#map-kept li button").all_text_contents() == [walked[4], walked[6]]
    assert page.locator("#map-point[aria-live=polite]").count() == 1
    assert page.locator("#map-kept a").count() == 0, "a saved file leads to no application"
    page.keyboard.press("Enter")
    assert page.locator("#map-kept li").count() == 1, "a second time lets go"


def test_a_served_map_leads_to_reporting_comparing_and_weighing(visit: Visit, system_page: Path) -> None:
    visit.page.route("http://bmg.test/**", lambda route: route.fulfill(path=system_page, content_type="text/html"))
    visit.page.goto("http://bmg.test/lab/reports/Zr-Al-Cu.html")
    page = visit.page
    page.wait_for_selector("#interactive-map[data-ready=yes]")
    page.locator("#interactive-map").scroll_into_view_if_needed()
    page.mouse.click(*place_of(page, (20, 40, 40)))
    page.mouse.click(*place_of(page, (40, 40, 20)))
    found = page.locator("#map-kept a").evaluate_all("all => all.map(one => [one.textContent, one.href])")
    base = "http://bmg.test/lab/"
    assert found == [
        ["report", f"{base}report?alloy=Zr40Al40Cu20&system=Zr-Al-Cu"],
        ["compare", f"{base}compare?alloy=Zr40Al40Cu20"],
        ["sheet", f"{base}systems/Zr-Al-Cu/sheet?alloy=Zr40Al40Cu20"],
        ["system", f"{base}systems/Zr-Al-Cu"],
        ["compare those kept", f"{base}compare?alloy=Zr20Al40Cu40&alloy=Zr40Al40Cu20"],
    ]


def test_a_tap_tells_and_keeps(browser: Any, system_page: Path) -> None:
    with browser.new_context(offline=True, has_touch=True, viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(system_page.as_uri())
        page.wait_for_selector("#interactive-map[data-ready=yes]")
        page.locator("#interactive-map").scroll_into_view_if_needed()
        page.touchscreen.tap(*place_of(page, (20, 40, 40)))
        assert panel_of(page)["of"] == "Zr20Al40Cu40"
        assert page.locator("#map-kept li").count() == 1


def test_pointing_to_where_too_little_is_known_tells_no_number_and_stars_tell_what_they_are(
    visit: Visit, facts: SystemFacts, pictures: dict[str, Picture], provenance: Provenance, tmp_path: Path
) -> None:
    far = facts.tables.transfer.assign(is_trusted=[point[1] < 50 for point in facts.tables.transfer["at_pct"]])
    path = tmp_path / "far.html"
    html = render_page(replace(facts, tables=replace(facts.tables, transfer=far)), pictures, provenance, NOW)
    path.write_text(html, encoding="utf-8")
    opened_map(visit, path)
    page = visit.page
    page.mouse.move(*place_of(page, (20, 60, 20)))
    assert panel_of(page) == {
        "of": "Zr20Al60Cu20",
        "prediction": "too far from what is known",
        "nearest known": NEAREST,
    }
    page.mouse.move(*place_of(page, (50, 10, 40)))
    assert panel_of(page)["here"].startswith("cast next 1: ")
    assert "too little is known here" in page.locator("#interactive-map .legend").text_content()
    assert visit.errors == []


def test_the_map_of_a_property_tells_values_in_its_unit(
    visit: Visit, pictures: dict[str, Picture], tmp_path: Path
) -> None:
    path, facts = tmp_path / "property.html", property_facts(sub_dataset=0, coverage=0.9)
    path.write_text(render_property(facts, pictures, property_map(facts), {}, NOW), encoding="utf-8")
    opened_map(visit, path)
    page = visit.page
    assert not page.locator(".static-map").is_visible()
    page.mouse.move(*place_of(page, (60, 10, 30)))
    told = panel_of(page)
    assert told["of"] == "Zr60Al10Cu30"
    assert told["predicted"] == "85.5 GPa"
    assert told["90 % interval"] == "75.5 to 95.5 GPa"
    assert told["nearest known"] == "Zr50Cu50, 84 GPa, of which 12 at.% differ"
    page.get_by_label("Colours show").select_option("distance to the nearest known alloy")
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
    opened_map(visit, quaternary_page)
    page, grid = visit.page, quaternary_facts.tables.transfer.set_index("composition")
    assert not page.locator(".static-map").first.is_visible()
    page.get_by_label("The fourth element").select_option("Al")
    page.get_by_label("held at").fill("0")
    for level in (10, 20, 30):
        assert page.locator("#fixed-words").text_content() == f"Al {level} at.%"
        page.locator("#slice").scroll_into_view_if_needed()
        page.mouse.move(*place_of(page, (100 - level - 20, 10, 10), "#slice"))
        told, row = panel_of(page), grid.loc[f"Al{level}Cu10Ni10Zr{100 - level - 20}"]
        assert told["of"] == f"Zr{100 - level - 20}Al{level}Ni10Cu10"
        assert told["expected by transfer"] == f"{round(row['dmax_mm'], 2):g} mm"
        page.get_by_label("held at").press("ArrowRight")
    page.locator("#projection").focus()
    page.keyboard.press("Home")
    best = panel_of(page)
    assert best["expected by transfer"] == f"{grid['dmax_mm'].max():g} mm"
    page.keyboard.press("Enter")
    assert page.locator("#map-kept li button").all_text_contents() == [best["of"]]
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
    assert ["literature: ribbon only (2)", 2] in on_faces, "Zr50Cu50, on the two faces that share its edge"


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
        assert not page.get_by_label("Colours show").is_visible(), "there is nothing to choose for"
        assert "Zr50Al10Cu40" in page.locator(".next").text_content()


def test_the_overview_leads_to_the_page_of_a_system(visit: Visit, overview_page: Path) -> None:
    visit.open(overview_page)
    visit.page.get_by_role("link", name="Zr-Al-Cu").click()
    assert visit.page.title() == "Zr-Al-Cu: what to cast next"
    visit.page.wait_for_selector("#interactive-map[data-ready=yes]")
    assert visit.errors == []
