"""The page of the study: ours beside the paper's, the result in a sentence; every panel of a figure on one scale."""

import re
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bmg_assets.pages import study_page
from bmg_assets.pages.drawing import new_figure, saved
from bmg_assets.pages.rendering import Picture
from bmg_assets.pages.study_page import draw_study, render_study
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.store.tables.study import PRUNING_STUDY, STUDIED_SCORES
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
    body = html.split(f">{caption}</h2>")[1].split("<tbody>")[1].split("</tbody>")[0]
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
    assert html.count('<img alt="maps of Zr-Al-Cu" src="data:image/webp;base64,') == 1
    assert not re.findall(r'(?:src|href)="(?!data:|#)', html)
    assert "Content-Security-Policy" in html


def test_before_the_first_study_the_page_says_what_to_do() -> None:
    html = render_study(study().head(0), {}, LIBRARIES, NOW)
    assert "<code>bmg study</code> studies the paper" in html
    assert "<table>" not in html


def test_names_are_shown_not_run() -> None:
    html = render_study(study().assign(budget="<script>1</script>"), {}, {"<script>": "<script>"}, NOW)
    assert "<script" not in html


SYSTEM = parse_system("Zr-Al-Cu")


@pytest.fixture(autouse=True)
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Saving takes seconds for each."""
    figures: list[Any] = []
    monkeypatch.setattr(study_page, "saved", lambda figure: figures.append(figure) or {})
    return figures


@pytest.fixture
def maps(grid: pd.DataFrame) -> pd.DataFrame:
    """Two maps, one the other way round."""
    scaled = grid["dmax_mm"] / grid["dmax_mm"].max()
    return pd.concat(
        [grid.assign(sub_dataset=1, dmax_scaled=scaled), grid.assign(sub_dataset=3, dmax_scaled=1 - scaled)]
    )


def scores(rmse_scaled: Any = (0.25, 0.125), n_reported_bulk: int = 2) -> pd.DataFrame:
    return frame_of(
        STUDIED_SCORES,
        rows=2,
        sub_dataset=[1, 3],
        n_training=[6360, 5532],
        n_reported=3,
        n_reported_bulk=n_reported_bulk,
        rmse_scaled=list(rmse_scaled),
        rmse_scaled_of_mean=0.2,
    )


def alloys(glass_classes: tuple[str, ...] = ("bulk", "bulk", "ribbon")) -> pd.DataFrame:
    reported = pd.DataFrame(
        {
            "composition": ["Al10Cu40Zr50", "Al10Cu30Zr60", "Al20Cu60Zr20"],
            "at_pct": [[50.0, 10.0, 40.0], [60.0, 10.0, 30.0], [20.0, 20.0, 60.0]],
            "glass_class": glass_classes,
            "reported_scaled": [1.0, 0.5, 0.0],
        }
    )
    return pd.concat([reported.assign(sub_dataset=1), reported.assign(sub_dataset=3)], ignore_index=True)


def texts_of(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.texts]


def test_each_map_is_drawn_on_the_one_scale_with_its_rmse(maps: pd.DataFrame, figures: list[Any]) -> None:
    draw_study(SYSTEM, scores(), maps, alloys())
    first, second, reported, _bar = figures[0].axes
    for axes, number in ((first, 1), (second, 3)):
        surface = axes.collections[0]
        assert surface.get_clim() == (0, 1)
        expected = maps.loc[maps["sub_dataset"] == number, "dmax_scaled"]
        assert np.asarray(surface.get_array()) == pytest.approx(expected.to_numpy())
    written = texts_of(figures[0])
    for words in ("(1) 6,360 alloys", "RMSE 0.250", "(3) 5,532 alloys", "RMSE 0.125", "reported", "3 alloys"):
        assert words in written
    colours = [np.asarray(marks.get_array()).tolist() for marks in reported.collections]
    assert colours == [[1.0, 0.5], [0.0]]
    assert {marks.get_clim() for marks in reported.collections} == {(0, 1)}
    (legend,) = figures[0].legends
    assert [text.get_text() for text in legend.get_texts()] == ["bulk glass (2)", "ribbon only (1)"]


def test_what_the_rmse_cannot_tell_is_said(maps: pd.DataFrame) -> None:
    mixed = draw_study(SYSTEM, scores(), maps, alloys())
    assert mixed.name == "fig_3_Zr-Al-Cu"
    assert "an RMSE of 0.200" in mixed.caption
    assert "All" not in mixed.caption
    bulk = draw_study(SYSTEM, scores(n_reported_bulk=3), maps, alloys(("bulk",) * 3))
    assert "All 3 reports are bulk glasses, so the RMSE does not show glass" in bulk.caption


@pytest.mark.parametrize(
    ("reported", "words"),
    [(0, "No alloy is reported"), (1, "One report alone, or equal ones, cannot be scaled to 0-1")],
)
def test_too_few_reports_are_drawn_without_an_rmse(
    maps: pd.DataFrame, figures: list[Any], reported: int, words: str
) -> None:
    few = alloys()[alloys()["composition"].isin(["Al10Cu40Zr50"][:reported])]
    picture = draw_study(SYSTEM, scores((None, None)).assign(rmse_scaled_of_mean=None), maps, few)
    assert f"{words}, so there is no RMSE" in picture.caption
    assert texts_of(figures[0]).count("RMSE not defined") == 2


def test_five_maps_and_the_reports_are_two_rows_of_three(maps: pd.DataFrame, figures: list[Any]) -> None:
    five = pd.concat([maps[maps["sub_dataset"] == 1].assign(sub_dataset=number) for number in range(1, 6)])
    rows = frame_of(STUDIED_SCORES, rows=5, sub_dataset=[1, 2, 3, 4, 5])
    draw_study(SYSTEM, rows, five, alloys())
    *panels, _bar = figures[0].axes
    places = [axes.get_position() for axes in panels]
    assert len({round(place.x0, 6) for place in places}) == 3
    assert len({round(place.y0, 6) for place in places}) == 2
    for number, one in enumerate(places):
        assert not [other for other in places[number + 1 :] if one.overlaps(other)]
