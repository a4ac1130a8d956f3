"""Every page of the application in Chromium: nothing serious for axe, light and dark, and none wider than a phone."""

from typing import Any

import pytest
from dagster._core.execution.backfill import BulkActionStatus

from bmg_assets.launch.queueing import queue_system
from bmg_assets_tests.browser.accessible import PHONE, SCHEMES, runs_over, serious_findings
from bmg_assets_tests.browser.chromium import CHROMIUM
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.web.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")]
SYSTEM = "/systems/Zr-Al-Cu"
PAGES = (
    "/",
    SYSTEM,
    f"{SYSTEM}/sheet?mass=5",
    f"{SYSTEM}/sheet?mass=0",
    f"{SYSTEM}/propose",
    "/report?alloy=Zr50Al5Cu45&alloy=Zr48Al8Cu44",
    "/report/plan?alloy=Zr50Al5Cu45",
    "/report/upload",
    "/inbox",
    "/compare?alloy=Zr50Al5Cu45&alloy=Zr48Al8Cu44",
    "/compare",
    "/nothing",
)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_page_can_be_used_by_everybody(
    copy_of_finished: Deployment, visit: Visit, browser: Any, scheme: str
) -> None:
    address = f"http://127.0.0.1:{visit(copy_of_finished).client.port}"
    page = browser.new_page(color_scheme=scheme)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    found = {}
    for path in PAGES:
        page.goto(f"{address}{path}")
        found[path] = serious_findings(page)
        page.set_viewport_size(PHONE)
        if runs_over(page) > 0:
            found[path].append(f"{runs_over(page)} px wider than a phone")
    page.close()
    assert {path: one for path, one in found.items() if one} == {}
    assert [one for one in said if "status of 4" not in one] == []


def test_a_system_is_added_by_keyboard_alone_and_a_wrong_one_corrected_in_place(
    copy_of_finished: Deployment, visit: Visit, browser: Any
) -> None:
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{visit(copy_of_finished).client.port}/")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "system":
            break
    page.keyboard.type("Zr-Al-Xx")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert "Xx" in page.text_content("#problem")
    page.focus("#system")
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type("Hf")
    page.keyboard.press("Enter")
    page.wait_for_url("**/systems/Zr-Al-Hf*")
    assert "Zr-Al-Hf" in copy_of_finished.instance.get_dynamic_partitions("target_system")
    page.close()


def test_a_page_follows_a_run_until_it_is_over(copy_of_finished: Deployment, visit: Visit, browser: Any) -> None:
    address = f"http://127.0.0.1:{visit(copy_of_finished).client.port}{SYSTEM}"
    queue_system(copy_of_finished.instance, "Zr-Al-Cu", {"budget": "quick"})
    page = browser.new_page()
    page.goto(address)
    assert "A run is asked for" in page.text_content(".working")
    assert serious_findings(page) == []
    (backfill,) = copy_of_finished.instance.get_backfills()
    copy_of_finished.instance.update_backfill(backfill.with_status(BulkActionStatus.CANCELED))
    page.wait_for_selector(".working", state="detached", timeout=60_000)
    assert page.locator(".recommended .card").count() == 2
    page.close()
