"""Which of the other stored pages a page leads to: those that are there when it is made, by relative addresses.

Relative, so that they hold from a file, below a reverse proxy, and whatever name the server goes by.
"""

import posixpath
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from bmg_assets.store.page_addresses import (
    ATLAS_PAGE,
    EVIDENCE_PAGE,
    LEDGER_PAGE,
    LITERATURE_EVIDENCE_PAGE,
    LITERATURE_PAGE,
    OVERVIEW_PAGE,
    PROPERTY_PAGES,
    REGIME_EVIDENCE_PAGE,
    STUDY_PAGE,
    report_file,
)

if TYPE_CHECKING:
    from bmg_assets.store.store import Store

OF_ALL_SYSTEMS = {
    OVERVIEW_PAGE: "All systems",
    ATLAS_PAGE: "Atlas",
    LEDGER_PAGE: "Ledger of predictions",
    LITERATURE_PAGE: "Literature",
    STUDY_PAGE: "The paper's study",
    EVIDENCE_PAGE: "Surrogates compared",
    REGIME_EVIDENCE_PAGE: "Which surrogate where",
    LITERATURE_EVIDENCE_PAGE: "What literature is worth",
}


def links_from(store: "Store", here: str, system: str | None = None) -> dict[str, str]:
    """Relative addresses of the other pages, by what they are called.

    Args:
        here: name in the store of the page that leads to them.
        system: key of the system that the page is of; its own pages come first.
    """
    found = {**(dict(_of_system(store, system)) if system else {}), **OF_ALL_SYSTEMS}
    # The page of all systems is made by every run, if only after the others.
    there = [name for name in found if name != here and (name == OVERVIEW_PAGE or store.has_bytes(name))]
    return {found[name]: quote(posixpath.relpath(name, posixpath.dirname(here))) for name in there}


def _of_system(store: "Store", system: str) -> Iterator[tuple[str, str]]:
    yield report_file(system), f"{system}: what to cast next"
    for name in sorted(store.folder.files(PROPERTY_PAGES)):
        path = PurePosixPath(name)
        if path.name == f"{system}.html":
            yield name, f"{system}: {path.parent.name.replace('_', ' ')}"
