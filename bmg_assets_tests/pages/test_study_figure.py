"""The figure of the study: every panel on one scale, with its RMSE, and the reported alloys in their colours."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from bmg_assets.pages import study_figure
from bmg_assets.pages.study_figure import draw_study
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.store.tables.study import STUDIED_SCORES
from bmg_assets_tests.table_frames import frame_of

SYSTEM = parse_system("Zr-Al-Cu")


@pytest.fixture(autouse=True)
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Saving takes seconds for each."""
    figures: list[Any] = []
    monkeypatch.setattr(study_figure, "saved", lambda figure: figures.append(figure) or {})
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
    assert "All 3 reports are bulk glasses, so the RMSE does not see glass" in bulk.caption


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
