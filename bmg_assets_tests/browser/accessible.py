"""What keeps a person from using a page: findings of axe, and text that is cut off on a phone."""

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

SERIOUS = frozenset({"serious", "critical"})
LANDMARKS = ("landmark", "region")
"""Rules about the parts of a page, which axe calls moderate."""
PHONE = {"width": 390, "height": 844}
SCHEMES = ("light", "dark")


def serious_findings(page: "Page") -> list[str]:
    """A line for each rule of axe that the page breaks seriously, or of its landmarks, with the first place."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['help']} ({len(one['nodes'])} places, first {one['nodes'][0]['html'][:200]})"
        for one in found
        if one["impact"] in SERIOUS or one["id"].startswith(LANDMARKS)
    ]


def runs_over(page: "Page") -> int:
    """By how many pixels the page is wider than the window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider
