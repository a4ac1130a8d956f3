"""What docs/deployment.md tells an administrator to write, so that tests run the page's own words."""

import re
from collections.abc import Mapping

from bmg_assets.settings import PROJECT

PAGE = PROJECT / "docs" / "deployment.md"


def blocks(language: str = "") -> list[str]:
    """The page's blocks of a language, in their order; commands have none. Lists indent theirs."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.findall(r"^( *)```(\w*)\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    return [re.sub(f"^{indent}", "", body, flags=re.MULTILINE) for indent, kind, body in found if kind == language]


def the_block(language: str, holds: str) -> str:
    """The one block that holds these words."""
    found = [one for one in blocks(language) if holds in one]
    assert len(found) == 1, f"{len(found)} blocks of the page hold '{holds}', expected one"
    return found[0]


def the_line(holds: str) -> str:
    """The one line of the page's commands that holds these words."""
    found = [line for block in blocks() for line in block.splitlines() if holds in line]
    assert len(found) == 1, f"{len(found)} commands of the page hold '{holds}', expected one"
    return found[0]


def with_places(text: str, places: Mapping[str, str]) -> str:
    """A text of the page with places of this machine instead of those that it names; each has to be there."""
    for named, here in places.items():
        assert named in text, f"the page does not say '{named}' any more"
        text = text.replace(named, here)
    return text
