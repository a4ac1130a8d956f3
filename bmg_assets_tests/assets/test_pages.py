"""Pages and their figures lie where links look for them; a benchmark that cannot be read does not stop a page."""

import io
import logging
from pathlib import Path

import pytest

from bmg_assets.assets.pages import evidence_at_hand, write_page
from bmg_assets.pages.rendering import Picture
from bmg_assets.store.store import Store
from bmg_assets.store.tables.evidence import STRATEGY_BENCHMARK
from bmg_assets_tests.table_frames import frame_of


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


def test_a_benchmark_of_an_earlier_version_is_passed_over_with_what_to_do(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    log = logging.getLogger("page")
    assert evidence_at_hand(store, log) is None
    frame = frame_of(STRATEGY_BENCHMARK)
    store.write_table(STRATEGY_BENCHMARK.name, None, frame)
    found = evidence_at_hand(store, log)
    assert found is not None
    assert len(found) == len(frame)
    assert not caplog.records
    earlier = io.BytesIO()
    frame.drop(columns=["trusted"]).to_parquet(earlier)
    store.folder.write("strategy_benchmark/all.parquet", earlier.getvalue())
    assert evidence_at_hand(store, log) is None
    assert "materialize strategy_benchmark again" in caplog.text
