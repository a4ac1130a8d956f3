"""Comparing and weighing in a real browser: by keyboard alone, without scripts; every page in light and dark."""

import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bmg_assets.build import build_resources
from bmg_assets.launch.access import Access
from bmg_assets.web.app import web_app
from bmg_assets.web.site import site_of
from bmg_assets_tests.browser.accessible import PHONE, SCHEMES, runs_over, serious_findings
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.launch.asking import served
from bmg_assets_tests.studies.made_up_maps import store_map

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed (apt-get install chromium)"),
]
OBJECTIVES = "/systems/Zr-Al-Cu/objectives"
PAGES = {
    "an empty comparison": "/compare",
    "a comparison": "/compare?alloy=Zr50Al10Cu40&alloy=Zr60Al10Cu30",
    "what cannot be compared": "/compare?alloy=Zr50Al10Cu40&alloy=Qq",
    "objectives": f"{OBJECTIVES}?front=dmax,density,tg&untrusted=yes",
    "an objective that is none": f"{OBJECTIVES}?front=price",
    "choosing anew": "/systems/Zr-Al-Cu/propose",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: install the extra dev")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def address(copy_of_finished: Deployment) -> Iterator[str]:
    store_map(copy_of_finished.store)
    with copy_of_finished.environment():
        site = site_of(build_resources(), Access(frozenset({"127.0.0.1"})))
        site = replace(site, instance=lambda: nullcontext(copy_of_finished.instance))
        with served(web_app(site)) as client:
            yield f"http://127.0.0.1:{client.port}"


def tab_to(page: "Page", label: str) -> None:
    """Walk by the Tab key to a field."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.get_by_label(label).evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"the field {label} is not reached by the Tab key")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_page_can_be_used_by_everybody_and_fits_a_phone(browser: Any, address: str, scheme: str) -> None:
    found = {}
    for size in ({"width": 1280, "height": 900}, PHONE):
        with browser.new_context(base_url=address, color_scheme=scheme, viewport=size) as context:
            page = context.new_page()
            for name, path in PAGES.items():
                page.goto(path)
                found[f"{name} at {size['width']}"] = (serious_findings(page), runs_over(page))
    assert {name: one for name, one in found.items() if one != ([], 0)} == {}


def test_alloys_are_compared_by_the_keyboard_alone(browser: Any, address: str) -> None:
    with browser.new_context(base_url=address) as context:
        page = context.new_page()
        page.goto("/compare")
        for place, formula in enumerate(("Zr50Al10Cu40", "Zr60Al10Cu30"), start=1):
            tab_to(page, f"Alloy {place}")
            page.keyboard.type(formula)
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="What argues for which").wait_for()


def test_from_a_system_to_its_front_and_the_comparison_of_its_ends_without_scripts(browser: Any, address: str) -> None:
    with browser.new_context(base_url=address, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/systems/Zr-Al-Cu")
        page.get_by_role("link", name="Several objectives").click()
        page.get_by_label("At least").fill("tg=610")
        page.get_by_label("Count compositions").check()
        page.get_by_role("button", name="Show").click()
        page.get_by_role("heading", name="What no other composition beats").wait_for()
        page.get_by_role("link", name="Compare both ends").click()
        page.get_by_role("heading", name="Side by side").wait_for()
