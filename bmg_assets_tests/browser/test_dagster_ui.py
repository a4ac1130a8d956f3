"""`bmg ui` in a real browser: what a person sees of a trained system in Dagster's own pages, and where links lead."""

import json
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import dagster as dg
import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from bmg_assets.build import ASSETS
from bmg_assets.pages.drawing import PREVIEW_WIDTH_PX
from bmg_assets.store.page_addresses import PAGES
from bmg_assets_tests.browser.chromium import CHROMIUM
from bmg_assets_tests.browser.running_ui import Served, free_places, running_ui
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.finished import TRAINED
from bmg_assets_tests.launch.asking import served as web_server

KEY = TRAINED[0]
SHOWN_ANEW = ["prediction_grid", "iterations", "system_report"]
"""Assets whose metadata name the server of pages."""
WAIT_MS = 60_000
GROUPS = ("literature", "lab", "training", "prediction")
"""From left to right."""
EXPAND_ALL_GROUPS = "Alt+e"
PLACES = """() => [...document.querySelectorAll("svg foreignObject")]
    .filter(one => one.textContent).map(one => [one.textContent, one.getAttribute("x")])"""
COLOURED_PIXELS = """canvas => {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    let count = 0;
    for (let i = 0; i < pixels.length; i += 4) {
        const colour = pixels.slice(i, i + 3);
        if (pixels[i + 3] > 200 && Math.max(...colour) - Math.min(...colour) > 80) count++;
    }
    return count;
}"""

ADD_SYSTEM = (
    'mutation { addDynamicPartition(partitionKey: "%s", partitionsDefName: "target_system", repositorySelector: '
    '{repositoryName: "__repository__", repositoryLocationName: "bmg_assets.definitions"}) { __typename } }'
)
KEYS = '{ assetNodeOrError(assetKey: {path: "candidates"}) { ... on AssetNode { partitionKeys } } }'
POST = """async query => (await fetch("/graphql", {method: "POST", headers: {"content-type": "application/json"},
    body: JSON.stringify({query})})).json()"""
ATTACK = """<!doctype html><iframe name="hidden"></iframe><script>
const [address, query] = [%s, %s], found = address + "?query=" + encodeURIComponent(query);
const body = JSON.stringify({query}), quiet = () => null;
const form = document.createElement("form");
Object.assign(form, {method: "POST", action: found, enctype: "text/plain", target: "hidden"});
document.documentElement.append(form);
const image = new Promise(end => Object.assign(new Image(), {onload: end, onerror: end, src: found}));
const socket = new Promise(end => {
    const one = new WebSocket(address.replace("http", "ws"), "graphql-ws");
    one.onopen = () => one.send(JSON.stringify({type: "start", id: "1", payload: {query}}));
    one.onmessage = one.onerror = one.onclose = end;
});
const post = (kind, mode) => fetch(
    found, {method: "POST", mode, credentials: "include", headers: {"content-type": kind}, body}).catch(quiet);
const kinds = ["text/plain", "application/x-www-form-urlencoded", "application/json"];
const posts = kinds.map(kind => post(kind, "no-cors"));
posts.push(post("application/json", "cors"));
form.submit();
Promise.all([image, socket, ...posts]).then(() => setTimeout(() => { document.title = "tried"; }, 1000));
</script>"""
"""What a web page can make a browser send to the UI."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine"),
]


@pytest.fixture(scope="module")
def served(finished: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`bmg ui` on a copy of the finished deployment; some of its assets are made again, for this server of pages."""
    folder = tmp_path_factory.mktemp("ui") / "deployment"
    shutil.copytree(finished.folder, folder)
    here = free_places()
    with dg.DagsterInstance.local_temp(str(folder / "instance")) as instance, pytest.MonkeyPatch.context() as patch:
        patch.delenv("BMG_PAGES_URL", raising=False)
        deployment = Deployment(folder, instance)
        assert deployment.run_system(KEY, SHOWN_ANEW).success
    with running_ui(here, folder, deployment.variables() | {"DAGSTER_HOME": str(folder / "instance")}):
        yield here
    with pytest.raises(urllib.error.URLError, match="refused"):
        urllib.request.urlopen(here.url, timeout=5)


@pytest.fixture(scope="module")
def page(browser: Any, served: Served) -> Iterator[Any]:
    """A tab that may see this machine alone."""
    with browser.new_context(viewport={"width": 1800, "height": 1100}) as context:
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.route(re.compile(r"^https?://(?!localhost|127\.0\.0\.1)"), lambda route: route.abort())
        yield page


def test_the_lineage_reads_from_left_to_right_as_the_story(page: Any, served: Served) -> None:
    # What lies outside of the window is not drawn.
    page.set_viewport_size({"width": 4400, "height": 9000})
    page.goto(f"{served.url}/asset-groups")
    groups = page.locator("svg foreignObject")
    for group in GROUPS:
        groups.filter(has_text=group).first.wait_for()
    page.keyboard.press(EXPAND_ALL_GROUPS)
    for name in ("literature_reports", "svr_model", "system_report"):
        groups.filter(has_text=name).first.wait_for()
    places = {words: float(x) for words, x in page.evaluate(PLACES)}
    assert [group for group in sorted(places, key=places.get) if group in GROUPS] == list(GROUPS)

    shown = {name: _place_of(name, places) for asset in ASSETS for name in [asset.key.to_user_string()]}
    for asset in ASSETS:
        for parent in asset.dependency_keys:
            assert shown[parent.to_user_string()] < shown[asset.key.to_user_string()]


@pytest.mark.parametrize(("asset", "name"), [("system_report", "localhost"), ("prediction_grid", "127.0.0.1")])
def test_an_asset_shows_the_map_and_leads_to_the_page_of_its_system_by_whatever_name_it_is_opened(
    page: Any, served: Served, asset: str, name: str
) -> None:
    page.goto(f"http://{name}:{served.port}/assets/{asset}?partition={KEY}")
    picture = page.locator(f"img[src^='{PAGES}/']")
    picture.wait_for()
    page.wait_for_function("e => e.complete", arg=picture.element_handle())
    assert picture.evaluate("e => [e.naturalWidth, e.alt]") == [PREVIEW_WIDTH_PX, f"Map of {KEY}"]
    link = page.get_by_role("link", name=f"{PAGES}/reports/{KEY}.html").first
    with page.expect_popup() as opened:
        link.click()
    with opened.value as report:
        report.wait_for_selector("#interactive-map[data-ready=yes]")
        assert report.title() == f"{KEY}: what to cast next"


def test_the_page_of_iterations_draws_their_curves(page: Any, served: Served) -> None:
    page.goto(f"{served.url}/assets/iterations")
    page.get_by_role("button", name="Plots").click()
    page.get_by_role("button", name="Events").click()
    page.get_by_text("best_predicted_mm", exact=True).last.wait_for()
    curve = page.locator("canvas").first
    curve.scroll_into_view_if_needed()
    page.wait_for_function(f"e => ({COLOURED_PIXELS})(e) > 100", arg=curve.element_handle())


def test_the_address_of_the_pages_lists_all_systems(page: Any, served: Served) -> None:
    page.goto(served.app_address)
    assert page.title() == "Systems · BMG platform"
    for system in TRAINED:
        assert page.get_by_role("link", name=system).get_attribute("href") == f"/systems/{system}"


def test_a_web_page_of_another_origin_changes_nothing(page: Any, served: Served) -> None:
    attack = ATTACK % (json.dumps(f"{served.url}/graphql"), json.dumps(ADD_SYSTEM % "Zr-Al-Ag"))
    sent: list[tuple[str, int]] = []
    # A page that the test itself hands in would be kept from this machine by the browser, not by the guard.
    with web_server(Starlette(routes=[Route("/", lambda _: HTMLResponse(attack))])) as evil:
        for name in ("127.0.0.1", "localhost"):
            other = page.context.browser.new_page()
            other.on("response", lambda answer: sent.append((answer.request.method, answer.status)))
            other.goto(f"http://{name}:{evil.port}/")
            other.wait_for_function("document.title == 'tried'")
            other.close()
    assert ("POST", 403) in sent
    page.goto(served.url)
    assert "AddDynamicPartitionSuccess" in json.dumps(page.evaluate(POST, ADD_SYSTEM % "Zr-Al-Ni"))
    keys = page.evaluate(POST, KEYS)["data"]["assetNodeOrError"]["partitionKeys"]
    assert "Zr-Al-Ni" in keys
    assert "Zr-Al-Ag" not in keys


def test_a_run_that_is_launched_in_the_ui_is_followed_live(page: Any, served: Served) -> None:
    page.goto(f"{served.url}/assets/literature_profile")
    page.get_by_role("button", name="Materialize").first.click()
    page.get_by_role("link", name="View", exact=True).click()
    page.get_by_text("RUN_SUCCESS").first.wait_for(timeout=4 * WAIT_MS)


def _place_of(name: str, places: dict[str, float]) -> float:
    """Where the lineage shows an asset: its name, shortened in the middle if it is long, with details or without."""
    found = [
        x
        for words, x in places.items()
        if words.startswith(name)
        or ("…" in words and name.startswith(words.split("…")[0]) and name.endswith(words.split("…")[-1]))
    ]
    assert len(found) == 1, (name, places)
    return found[0]
