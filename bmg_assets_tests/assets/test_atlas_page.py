"""The page of the atlas in the store, with links to the pages that are there."""

from datetime import UTC, datetime
from pathlib import Path

from bmg_assets.assets.atlas_page import write_atlas_page
from bmg_assets.store.manifest import write_noted
from bmg_assets.store.page_addresses import ATLAS_PAGE, report_file
from bmg_assets.store.store import Store
from bmg_assets.store.tables.atlas import SYSTEM_ATLAS
from bmg_assets_tests.pages.test_atlas_data import rows_listed


def test_it_leads_to_the_systems_that_have_a_page(tmp_path: Path) -> None:
    store = Store(url=str(tmp_path))
    store.write_bytes(report_file("Zr-Al-Cu"), b"<p>what to cast next</p>")
    assert write_atlas_page(store, rows_listed(3), ["Zr-Al-Cu", "Mg-Zn-Ca"], ["One shard is missing."]) == ATLAS_PAGE
    page = store.read_bytes(ATLAS_PAGE).decode()
    assert '{"Al-Cu-Zr":"Zr-Al-Cu.html"}' in page
    assert "One shard is missing." in page


def test_it_says_when_the_rows_were_made(tmp_path: Path) -> None:
    store = Store(url=str(tmp_path))
    write_noted(store.folder, f"{SYSTEM_ATLAS.name}/ternaries.parquet", b"rows")
    write_atlas_page(store, rows_listed(3))
    assert f"They were made on {datetime.now(UTC):%Y-%m-%d} (UTC)." in store.read_bytes(ATLAS_PAGE).decode()
