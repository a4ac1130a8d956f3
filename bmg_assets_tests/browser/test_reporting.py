"""Casts reported in a real browser: with a mouse, by keyboard alone, without scripts; every page in light and dark."""

import re
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bmg_assets.actions.known_casts import known_casts
from bmg_assets.build import build_resources
from bmg_assets.launch.access import Access
from bmg_assets.web.app import web_app
from bmg_assets.web.site import site_of
from bmg_assets_tests.browser.accessible import PHONE, SCHEMES, runs_over, serious_findings
from bmg_assets_tests.browser.chromium import CHROMIUM
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.intake.cast_files import drop, line, samples_of, table
from bmg_assets_tests.launch.asking import served
from bmg_assets_tests.web.reporters import inbox_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed (apt-get install chromium)"),
]
MOST_TABS = 60
FORM = "/report?alloy=Zr50Al5Cu45&alloy=Zr48Al10Cu42"
PAGES = {
    "the form": FORM,
    "a plan": "/report/plan?alloy=Zr50Al5Cu45",
    "a correction": "/casts/A/correct",
    "a withdrawal": "/casts/A/withdraw",
    "the upload": "/report/upload",
    "the inbox": "/inbox",
    "a file that was taken in": "/inbox/casts.csv",
    "a file that waits": "/inbox/more.csv.part",
    "refused rows in the form": "/report?refused=",
}


@pytest.fixture
def address(fresh: Deployment) -> Iterator[str]:
    with fresh.environment():
        site = site_of(build_resources(), Access(frozenset({"127.0.0.1"})))
        site = replace(site, instance=lambda: nullcontext(fresh.instance))
        with served(web_app(site)) as client:
            yield f"http://127.0.0.1:{client.port}"


@pytest.fixture
def page(browser: Any, address: str) -> Iterator["Page"]:
    with browser.new_context(base_url=address) as context:
        page = context.new_page()
        page.set_default_timeout(20_000)
        yield page


def fill(page: "Page", row: int, sample: str, size: str) -> None:
    page.get_by_label("Sample").nth(row).fill(sample)
    page.get_by_label("Method").nth(row).select_option("suction_casting")
    page.get_by_label("Shape").nth(row).select_option("rod_diameter")
    page.get_by_label("Verdict").nth(row).select_option("amorphous")
    page.get_by_label("Size (mm)").nth(row).fill(size)


def test_two_casts_are_reported_one_of_them_after_it_is_corrected_in_place(fresh: Deployment, page: "Page") -> None:
    page.goto(FORM)
    fill(page, 0, "ZAC-1", "2,5")
    fill(page, 1, "ZAC-2", "thick")
    page.get_by_label("Day of the test").nth(1).focus()
    # Each field is judged as it is left, before anything is sent.
    page.get_by_text("'thick' is not a number").wait_for()
    page.get_by_text("Reads as: ZAC-1").wait_for()
    assert fresh.record.streams() == []
    page.get_by_role("button", name="Report", exact=True).click()
    page.get_by_text("1 cast was taken in; below is what is left to correct.").wait_for()
    page.reload()
    page.get_by_text("1 cast was taken in; below is what is left to correct.").wait_for()
    page.get_by_role("link", name="Cast 1, Size (mm)").click()
    assert page.get_by_label("Size (mm)").evaluate("one => one === document.activeElement")
    page.get_by_label("Size (mm)").fill("3")
    page.get_by_role("button", name="Report", exact=True).click()
    page.get_by_text("Taken in: 1 row accepted, 0 refused.").wait_for()
    assert samples_of(inbox_of(fresh)) == ["ZAC-1", "ZAC-2"]
    assert len(known_casts(inbox_of(fresh)).intakes) == 2


def test_a_double_click_reports_once(fresh: Deployment, page: "Page") -> None:
    page.goto("/report?alloy=Zr50Al5Cu45")
    fill(page, 0, "ZAC-1", "2")
    page.get_by_role("button", name="Report", exact=True).dblclick()
    page.get_by_text(re.compile("Taken in: 1 row|nothing was done twice")).wait_for()
    assert len(known_casts(inbox_of(fresh)).intakes) == 1


def test_a_cast_is_reported_and_corrected_by_the_keyboard_alone(fresh: Deployment, page: "Page") -> None:
    page.goto("/report?alloy=Zr50Al5Cu45")
    for field, typed in {
        "r1-sample_id": "ZAC-1",
        "r1-method": "suction",
        "r1-dimension_kind": "rod",
        "r1-dimension_mm": "2-3",
        "r1-verdict": "amorphous",
    }.items():
        tab_to(page, field)
        page.keyboard.type(typed)
    press(page, "Report")
    page.locator("#errors").wait_for()
    assert focused(page) == "errors"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == "r1-dimension_mm"
    page.keyboard.press("Control+a")
    page.keyboard.type("2.5")
    press(page, "Report")
    page.get_by_text("Taken in: 1 row accepted, 0 refused.").wait_for()
    assert samples_of(inbox_of(fresh)) == ["ZAC-1"]


def test_without_scripts_a_row_is_added_and_all_is_reported(fresh: Deployment, browser: Any, address: str) -> None:
    with browser.new_context(base_url=address, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/report")
        page.get_by_label("Composition").fill("Zr50Al5Cu45")
        fill(page, 0, "ZAC-1", "2")
        page.get_by_role("button", name="Add a row").click()
        page.get_by_label("Composition").nth(1).fill("Zr48Al10Cu42")
        fill(page, 1, "ZAC-2", "3")
        page.get_by_role("button", name="Report", exact=True).click()
        page.get_by_text("Taken in: 2 rows accepted").wait_for()
    assert samples_of(inbox_of(fresh)) == ["ZAC-1", "ZAC-2"]


def test_a_file_is_looked_at_and_sent(fresh: Deployment, page: "Page") -> None:
    page.goto("/report/upload")
    data = table(line("A"), line("B", verdict="good"))
    page.get_by_label("File of casts").set_input_files({"name": "casts.csv", "mimeType": "text/csv", "buffer": data})
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("button", name="Send it: 1 cast").click()
    page.get_by_role("link", name="Correct them in the form").click()
    page.get_by_label("Verdict").select_option("crystalline")
    page.get_by_role("button", name="Report", exact=True).click()
    page.get_by_text("Taken in: 1 row accepted").wait_for()
    page.goto("/inbox")
    assert page.get_by_text("not yet corrected").count() == 0
    assert samples_of(inbox_of(fresh)) == ["A", "B"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_page_can_be_used_by_everybody(fresh: Deployment, browser: Any, address: str, scheme: str) -> None:
    inbox = inbox_of(fresh)
    inbox.inbox.mkdir(parents=True)
    rows = (line("A", dimension_mm="2", verdict="crystalline"), line("B", dimension_mm="3"), line("C", verdict="good"))
    taken = inbox.take_in(drop(inbox, "casts.csv", table(*rows)))
    drop(inbox, "more.csv.part", b"")
    pages = PAGES | {"refused rows in the form": f"/report?refused={taken.file.name}"}
    found = {}
    with browser.new_context(base_url=address, color_scheme=scheme, viewport=PHONE) as context:
        page = context.new_page()
        for name, path in pages.items():
            page.goto(path)
            found[name] = (serious_findings(page), runs_over(page))
    assert found == dict.fromkeys(pages, ([], 0))


def focused(page: "Page") -> str:
    found: str = page.evaluate("document.activeElement.id")
    return found


def tab_to(page: "Page", field: str) -> None:
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if focused(page) == field:
            return
    pytest.fail(f"{field} cannot be reached with Tab")


def press(page: "Page", button: str) -> None:
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == button:
            page.keyboard.press("Enter")
            return
    pytest.fail(f"the button {button} cannot be reached with Tab")
