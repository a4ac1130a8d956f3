"""A round in the browser: a system is added, a sheet printed, both casts are reported, the next alloys come.

Nobody touches a file or the Dagster UI. Once with the mouse, once with the keyboard alone.
"""

import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from bmg_assets_tests.browser.accessible import serious_findings
from bmg_assets_tests.browser.chromium import CHROMIUM
from bmg_assets_tests.browser.running_ui import Served, free_places, running_ui
from bmg_assets_tests.deployment import Deployment

WAIT_MS = 30_000
LONGEST_TRAINING_S = 900.0
"""From asking for it to the candidates of all models, on busy cores."""
BETWEEN_LOOKS_S = 2.0
MOST_TABS = 150
IS_FOCUSED = "one => one === document.activeElement"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine"),
]


class Person(ABC):
    """Somebody at a page: each way of using it is one of these."""

    def __init__(self, page: Any) -> None:
        self.page = page

    @abstractmethod
    def press(self, selector: str) -> None:
        """Follow a link or press a button."""

    @abstractmethod
    def write(self, selector: str, text: str) -> None:
        """Put a text into a field, in place of what is there."""

    @abstractmethod
    def choose(self, selector: str, value: str) -> None:
        """Choose from a drop-down."""


class WithMouse(Person):
    def press(self, selector: str) -> None:
        self.page.click(selector)

    def write(self, selector: str, text: str) -> None:
        self.page.click(selector)
        self.page.fill(selector, text)

    def choose(self, selector: str, value: str) -> None:
        self.page.select_option(selector, value)


class WithKeyboard(Person):
    def press(self, selector: str) -> None:
        self._go_to(selector)
        self.page.keyboard.press("Enter")

    def write(self, selector: str, text: str) -> None:
        self._go_to(selector)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def choose(self, selector: str, value: str) -> None:
        self._go_to(selector)
        self.page.keyboard.press("Home")
        for _ in range(20):
            if self.page.input_value(selector) == value:
                return
            self.page.keyboard.press("ArrowDown")
        pytest.fail(f"{selector} has no {value}")

    def _go_to(self, selector: str) -> None:
        for _ in range(MOST_TABS):
            if self.page.locator(selector).evaluate(IS_FOCUSED):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"no key leads to {selector}")


@pytest.fixture(scope="module")
def served(finished: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`bmg ui` on a copy of the finished deployment: its literature is there."""
    folder = tmp_path_factory.mktemp("bench") / "deployment"
    shutil.copytree(finished.folder, folder)
    with dg.DagsterInstance.local_temp(str(folder / "instance")) as instance:
        deployment = Deployment(folder, instance)
    here = free_places()
    with running_ui(here, folder, deployment.variables() | {"DAGSTER_HOME": str(folder / "instance")}):
        yield here


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    with browser.new_context() as context:
        context.set_default_timeout(WAIT_MS)
        yield context.new_page()


@pytest.mark.parametrize(("kind", "system"), [(WithMouse, "Zr-Al-Ni"), (WithKeyboard, "Cu-Zr-Ti")])
def test_a_round_from_the_system_to_the_next_alloys(
    served: Served, page: Any, tmp_path: Path, kind: type[Person], system: str
) -> None:
    person, address = kind(page), f"{served.app_address}/systems/{system}"
    page.goto(served.app_address)
    person.write("#system", system)
    person.choose("#budget", "quick")
    person.press("form[action$='/systems'] button[type=submit]")
    page.wait_for_url(f"**/systems/{system}")
    page.wait_for_selector(".recommended .card", timeout=LONGEST_TRAINING_S * 1000)
    _wait_for_rounds(page, address, 1)
    alloys = page.eval_on_selector_all(".recommended .card input[name=alloy]", "ticks => ticks.map(one => one.value)")
    assert len(alloys) == 2

    person.press("button:text-is('Lab sheet')")
    page.wait_for_selector(".sheet")
    assert [page.text_content(f"#alloy-{number}") for number in (1, 2)] == alloys
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1, "two alloys fit on one page"
    assert serious_findings(page) == []
    page.goto(address)

    for number, alloy in enumerate(alloys, start=1):
        person.press(f"a:text-is('Report a cast of {alloy}')")
        _report(person, f"{system}-{number}", is_first=number == 1)
        page.goto(address)
    _wait_for_rounds(page, address, 2)
    later = page.eval_on_selector_all(".recommended .card input[name=alloy]", "ticks => ticks.map(one => one.value)")
    assert set(later).isdisjoint(alloys), "what was cast is not proposed again"


def _report(person: Person, sample: str, is_first: bool) -> None:
    """Report a rod, the first with a size that cannot be, which is corrected in place."""
    page = person.page
    person.write("#r1-sample_id", sample)
    person.choose("#r1-method", "suction_casting")
    person.choose("#r1-dimension_kind", "rod_diameter")
    person.write("#r1-dimension_mm", "2500" if is_first else "2")
    person.choose("#r1-verdict", "amorphous")
    person.press("button[value=send]")
    if is_first:
        page.wait_for_selector("#errors")
        assert page.input_value("#r1-sample_id") == sample
        person.write("#r1-dimension_mm", "2.5")
        person.press("button[value=send]")
    page.wait_for_selector(".done")


def _wait_for_rounds(page: Any, address: str, rounds: int) -> None:
    """Look at a system until it has so many rounds and nothing is at work on it."""
    # The page loads itself again, so what a browser waits for could be gone; and it runs no script of a test.
    latest = time.monotonic() + LONGEST_TRAINING_S
    while time.monotonic() < latest:
        page.goto(address)
        found = page.locator("section[aria-labelledby=rounds] tbody tr").count()
        if found >= rounds and page.locator(".working").count() == 0:
            return
        time.sleep(BETWEEN_LOOKS_S)
    pytest.fail(f"no {rounds} rounds after {LONGEST_TRAINING_S:g} s: {page.text_content('main')}")
