"""Pages and their figures lie where links look for them."""

from pathlib import Path

import pytest

from bmg_assets.assets.pages import write_page
from bmg_assets.pages.rendering import Picture
from bmg_assets.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(url=str(tmp_path))


def test_a_page_and_its_figures_are_found_by_title(store: Store) -> None:
    picture = Picture("map", {"png": b"png", "svg": b"svg"}, "a map", "A map.")
    files = write_page(store, "reports/Zr-Al-Cu.html", b"page", [picture], "figures/Zr-Al-Cu/")
    assert files == {
        "page": "reports/Zr-Al-Cu.html",
        "map_png": "figures/Zr-Al-Cu/map.png",
        "map_svg": "figures/Zr-Al-Cu/map.svg",
    }
    assert [store.read_bytes(name) for name in files.values()] == [b"page", b"png", b"svg"]
