"""The page of the study: ours beside the paper's, the result in a sentence, nothing fetched."""

import re
from datetime import UTC, datetime

import pandas as pd

from bmg_assets.pages.drawing import new_figure, saved
from bmg_assets.pages.page import Picture
from bmg_assets.pages.study_page import render_study
from bmg_assets.store.tables.study import PRUNING_STUDY
from bmg_assets_tests.table_frames import frame_of

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
LIBRARIES = {"xgboost": "3.0"}


def study() -> pd.DataFrame:
    return frame_of(PRUNING_STUDY, rows=3).assign(
        target_system=["Zr-Al-Cu", "Mg-Zn-Ca", "Ir-Ni-Ta"],
        sub_dataset=3,
        rmse_svr_mm=[0.6276, 0.7513, 0.7],
        paper_rmse_svr_mm=[0.6280, 0.7576, None],
        paper_fusion_r2=[0.7930, 0.7944, None],
        rmse_scaled=[0.231, 0.25, None],
        rmse_scaled_of_mean=[0.2, 0.299, None],
        best_composition=["Al26Cu59Zr15", "Ca52Mg9Zn39", "Ir1Ni59Ta40"],
        removed_iii=[768, 131, 0],
    )


def rows_of(html: str, caption: str) -> list[list[str]]:
    body = html.split(f"<h2>{caption}</h2>")[1].split("<tbody>")[1].split("</tbody>")[0]
    return [re.findall("<td[^>]*>([^<]*)</td>", row) for row in body.split("<tr>")[1:]]


def test_ours_stands_beside_the_papers_and_what_is_not_known_is_empty() -> None:
    rows = rows_of(render_study(study(), {}, LIBRARIES, NOW), "The scores on random folds")
    assert rows[0][:4] == ["Zr-Al-Cu", "3", "0.6276", "0.6280"]
    assert rows[1][-1] == "0.7944"
    assert rows[2][:4] == ["Ir-Ni-Ta", "3", "0.7000", ""]


def test_a_map_is_told_by_what_was_left_out_and_how_near_it_comes() -> None:
    html = render_study(study(), {}, LIBRARIES, NOW)
    rows = rows_of(html, "The maps against the reports")
    assert "768" in rows[0]
    assert rows[0][-4:-1] == ["0.231", "0.200", "Zr15Al26Cu59"]
    assert rows[2][-4:-2] == ["", ""]
    assert "nearer to the reports than their mean does: (3) in 1 of 2 systems." in html


def test_a_seed_is_written_as_it_is_given() -> None:
    html = render_study(study().assign(seed=12138), {}, LIBRARIES, NOW)
    assert "<td>12138</td>" in html


def test_the_figures_are_inside_and_nothing_is_fetched() -> None:
    picture = Picture("fig_3_Zr-Al-Cu", saved(new_figure(1, 1)), "maps of Zr-Al-Cu", "Zr-Al-Cu.")
    html = render_study(study(), {"Zr-Al-Cu": picture}, LIBRARIES, NOW)
    assert html.count("<img alt='maps of Zr-Al-Cu' src='data:image/webp;base64,") == 1
    assert not re.findall(r"(?:src|href)='(?!data:)", html)
    assert "Content-Security-Policy" in html


def test_before_the_first_study_the_page_says_what_to_do() -> None:
    html = render_study(study().head(0), {}, LIBRARIES, NOW)
    assert "<code>bmg study</code> studies the paper" in html
    assert "<table>" not in html


def test_names_are_shown_not_run() -> None:
    html = render_study(study().assign(budget="<script>1</script>"), {}, {"<script>": "<script>"}, NOW)
    assert "<script" not in html
