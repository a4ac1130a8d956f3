"""People who report casts by the form, and what they look at afterwards."""

import re
from html import unescape
from pathlib import Path

from bmg_assets.intake.inbox import LabInbox
from bmg_assets.web.cast_form import FIELDS
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.launch.asking import Answer
from bmg_assets_tests.science.casts.examples import GOOD_ROW
from bmg_assets_tests.web.visitor import Visitor, found_in

GOOD = {column: text for column, text in GOOD_ROW.items() if column in FIELDS}


def inbox_of(deployment: Deployment) -> LabInbox:
    """The inbox of a deployment."""
    return LabInbox(root=str(deployment.folder / "lab_results"), record=deployment.record)


def cells(*rows: dict[str, str]) -> dict[str, str]:
    """Rows as fields of the form."""
    return {f"r{number}-{column}": text for number, row in enumerate(rows, 1) for column, text in row.items()}


def form_at(visitor: Visitor, page: str = "/report") -> dict[str, str]:
    """The hidden fields of a form of casts that is opened now."""
    return hidden_in(visitor.get(page).text)


def hidden_in(html: str) -> dict[str, str]:
    """The hidden fields of a form of casts."""
    return {name: unescape(found_in(html, name)) for name in ("token", "form_id", "since", "kind")}


def report(visitor: Visitor, *rows: dict[str, str], page: str = "/report", **fields: str) -> Answer:
    """Open the form, fill rows in and send it."""
    return visitor.post(page, {**form_at(visitor, page), **cells(*rows), "do": "send", **fields})


def value_of(html: str, field: str) -> str | None:
    """What a field of the form holds; None where it is not there."""
    text = re.search(f'<input id="{field}" name="{field}" value="([^"]*)"', html)
    if text is not None:
        return unescape(text[1])
    options = re.search(f'<select id="{field}".*?</select>', html, re.DOTALL)
    chosen = re.search('<option value="([^"]*)" selected', options[0]) if options is not None else None
    return unescape(chosen[1]) if chosen is not None else None


def files_in(folder: Path) -> list[str]:
    """Names of the files of a folder that are not hidden; none where it is not there."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")) if folder.is_dir() else []
