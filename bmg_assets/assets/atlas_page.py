"""Writing the page of the atlas into the store."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bmg_assets.science.alloys.compositions import chemical_system
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.store.manifest import written_between
from bmg_assets.store.page_addresses import ATLAS_PAGE, report_file
from bmg_assets.store.page_links import links_from
from bmg_assets.store.store import Store
from bmg_assets.store.tables.atlas import SYSTEM_ATLAS

if TYPE_CHECKING:
    import pandas as pd


def write_atlas_page(
    store: Store, listed: "pd.DataFrame", registered: Iterable[str] = (), notes: Iterable[str] = ()
) -> str:
    """Replace the page of the atlas; its name in the store.

    Args:
        listed: all rows of `system_atlas` as the laboratory sees them, see science/atlas/listing.py.
        registered: keys of the target systems; the page leads to those that have a page.
        notes: what there is to say beside the rows.
    """
    from bmg_assets.pages.atlas_page import atlas_page

    pages = {
        chemical_system(key.split(SEPARATOR)): PurePosixPath(report_file(key)).name
        for key in registered
        if store.has_bytes(report_file(key))
    }
    rows_made = written_between(store.folder, SYSTEM_ATLAS.name)
    links = links_from(store, ATLAS_PAGE)
    page = atlas_page(listed, datetime.now(UTC), pages, list(notes), rows_made, links)
    return store.write_bytes(ATLAS_PAGE, page.encode())
