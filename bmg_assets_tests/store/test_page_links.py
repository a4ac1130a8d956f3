"""A page leads to the others that are there, by addresses that hold wherever the pages lie."""

from pathlib import Path

from bmg_assets.store.page_addresses import ATLAS_PAGE, LEDGER_PAGE, OVERVIEW_PAGE, property_file, report_file
from bmg_assets.store.page_links import links_from
from bmg_assets.store.store import Store


def store_with(folder: Path, *pages: str) -> Store:
    store = Store(url=str(folder))
    for page in pages:
        store.write_bytes(page, b"<!doctype html>")
    return store


def test_pages_of_the_system_come_first_and_absent_ones_are_left_out(tmp_path: Path) -> None:
    of_other = property_file("youngs_modulus", "Mg-Zn-Ca")
    store = store_with(tmp_path, ATLAS_PAGE, property_file("youngs_modulus", "Zr-Al-Cu"), of_other)
    assert links_from(store, report_file("Zr-Al-Cu"), "Zr-Al-Cu") == {
        "Zr-Al-Cu: youngs modulus": "properties/youngs_modulus/Zr-Al-Cu.html",
        "All systems": "overview.html",
        "Atlas": "atlas.html",
    }


def test_a_page_in_a_folder_of_its_own_leads_out_of_it_and_not_to_itself(tmp_path: Path) -> None:
    here = property_file("youngs_modulus", "Zr-Al-Cu")
    store = store_with(tmp_path, here, report_file("Zr-Al-Cu"), OVERVIEW_PAGE, LEDGER_PAGE)
    assert links_from(store, here, "Zr-Al-Cu") == {
        "Zr-Al-Cu: what to cast next": "../../Zr-Al-Cu.html",
        "All systems": "../../overview.html",
        "Ledger of predictions": "../../ledger.html",
    }
    assert "All systems" not in links_from(store, OVERVIEW_PAGE)
