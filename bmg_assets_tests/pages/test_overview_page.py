"""The page of all systems: each with its state, and a link where there is a page to go to."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from bmg_assets.pages.overview_page import render_overview
from bmg_assets.store.tables.prediction import SYSTEM_OVERVIEW
from bmg_assets_tests.table_frames import frame_of

NOW = datetime(2026, 1, 12, 12, 0, tzinfo=UTC)
OVERVIEW = pd.DataFrame(
    {
        "target_system": ["Zr-Al-Cu", "Mg-Zn-Ca"],
        "state": ["trained", "registered, not trained yet"],
        "n_training": pd.array([900, None], dtype="Int64"),
        "n_lab": pd.array([4, None], dtype="Int64"),
        "best_predicted_mm": [5.5, None],
        "best_composition": ["Al10Cu30Zr60", None],
        "best_cast_mm": [2.5, None],
        "chance_of_more": [0.344, None],
        "more_than_mm": [1.5, None],
        "fusion_r2": [0.79, None],
        "trained_at": [pd.Timestamp("2026-01-10", tz="UTC"), pd.NaT],
        "is_stale": [False, True],
        "stale_because": [None, "never trained"],
    }
)


def test_each_system_has_its_row_and_trained_ones_a_link() -> None:
    html = render_overview(OVERVIEW, {"Zr-Al-Cu": "Zr-Al-Cu.html"}, NOW)
    first, second = html.split("<tbody>")[1].split("</tr>")[:2]
    assert '<a href="Zr-Al-Cu.html">Zr-Al-Cu</a>' in first
    for words in ("trained", "5.50", "Zr60Al10Cu30", "2.50", "900", "0.79", ">2.5<", ">34<", "yes"):
        assert words in first
    assert "<td>Mg-Zn-Ca</td>" in second
    assert "never trained" in second
    assert "nan" not in html.lower().replace("nanometre", "")
    assert "beats the best known alloy of its system by more than 1.5 mm" in html
    assert "Systems registered: 2; not trained yet: 1; to be trained again: 0. Made 2026-01-12 12:00 UTC" in html


def test_a_trained_system_that_is_out_of_date_is_counted() -> None:
    stale = OVERVIEW.assign(is_stale=True)
    assert "not trained yet: 1; to be trained again: 1." in render_overview(stale, {}, NOW)


def test_the_table_of_the_registry_can_be_shown() -> None:
    frame = frame_of(SYSTEM_OVERVIEW, target_system="Zr-Al-Cu").assign(best_composition=None)
    assert render_overview(frame, {}, NOW).count("<tr>") == 4


@pytest.mark.parametrize("page", ["ledger", "literature", "atlas"])
def test_the_pages_beside_it_are_linked_where_they_are_there(page: str) -> None:
    link = f'<a href="{page}.html">'
    assert link in render_overview(OVERVIEW, {}, NOW, **{page: f"{page}.html"})
    assert link not in render_overview(OVERVIEW, {}, NOW)


def test_no_systems_are_told_so() -> None:
    assert "No system is registered yet" in render_overview(OVERVIEW.head(0), {}, NOW)


def test_names_are_shown_not_run() -> None:
    html = render_overview(OVERVIEW.assign(stale_because="<script>1</script>"), {}, NOW)
    assert "<script" not in html
