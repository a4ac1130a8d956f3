"""The page of the literature: its counts, its gaps, and what of it is missing where there is nothing."""

import re
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from bmg_assets.pages.drawing import new_figure, saved
from bmg_assets.pages.literature_page import (
    blind_spots_in_words,
    draw_literature,
    profile_in_words,
    render_literature,
    tallies_in_words,
)
from bmg_assets.pages.provenance import sources_of
from bmg_assets.pages.rendering import Picture
from bmg_assets.science.literature.blind_spots import blind_spots_of
from bmg_assets.science.literature.merging import merge_alloys
from bmg_assets.science.literature.profile import Correlations, profile_of
from bmg_assets.science.literature.tallies import tallies_of
from bmg_assets_tests.science.literature.report_frames import reports_of

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
CORRELATED = Correlations(("mean X", "Yang delta"), np.array([[1.0, 0.9], [0.9, 1.0]]))


@pytest.fixture(scope="module")
def reports() -> pd.DataFrame:
    frame = pd.concat(
        [
            reports_of(("Zr50Cu50", "BMG", "2"), ("Zr50Cu60", "AM"), ("Al10Cu40Zr50", "BMG", "8"), source="one"),
            reports_of(("Zr50Cu50", "AM"), ("Pd80Si20", "CR"), source="another"),
        ],
        ignore_index=True,
    )
    return frame.assign(year=pd.array([1994, None, 2003, 1988, None], dtype="Int64"))


def page_of(reports: pd.DataFrame) -> str:
    alloys = merge_alloys(reports)
    profile, blind = profile_of(alloys, reports), blind_spots_of(alloys)
    figure = Picture("any", saved(new_figure(1, 1)), "what there is to see", "a caption")
    names = ["fig_1", "fig_pairs", "fig_s2", *(["fig_years"] if len(profile.by_year) else [])]
    pictures = dict.fromkeys(names, figure)
    return render_literature(profile, blind, tallies_of(reports, alloys), sources_of(reports, {}), pictures, NOW)


def test_the_page_counts_names_gaps_and_needs_no_network(reports: pd.DataFrame) -> None:
    page = page_of(reports)
    assert "3 alloys of 3 systems: no glass 1; ribbon only 0; bulk glass 2." in page
    assert "3 reports are dated, from 1988 to 2003; of 1 the year is not known." in page
    assert "No alloy of 3, 4, 5, 6 elements is reported as “no glass”." in page
    assert page.count("<figure") == 4
    for title in ("By source", "Rows by kind", "By decade of the first report", "By conflict", "Lost"):
        assert f"<caption>{title}</caption>" in page
    assert re.findall(r'(?:src|href)="(?!data:|#)', page) == []


def test_without_years_there_is_a_sentence_and_no_figure_of_them(reports: pd.DataFrame) -> None:
    page = page_of(reports.assign(year=pd.array([None] * len(reports), dtype="Int64")))
    assert "No report has a year." in page
    assert page.count("<figure") == 3


def test_sums_stand_below_several_sources_and_alloys_count_once(reports: pd.DataFrame) -> None:
    alloys = merge_alloys(reports)
    tables = tallies_in_words(tallies_of(reports, alloys), len(alloys))
    together = tables["By source"][0].iloc[-1]
    assert (together["source"], together["rows"], together["alloys"], together["refused"]) == ("together", 5, 3, 1)
    lost = tables["Lost"][0]
    assert lost["words"].tolist() == ["implausible sum"]
    of_one = reports[reports["source"] == "another"]
    tables = tallies_in_words(tallies_of(of_one, merge_alloys(of_one)), 2)
    assert tables["By source"][0]["source"].tolist() == ["another"]
    assert "Lost" not in tables


def test_figures_tell_what_is_on_them(reports: pd.DataFrame) -> None:
    alloys = merge_alloys(reports)
    pictures = draw_literature(profile_of(alloys, reports), blind_spots_of(alloys), CORRELATED)
    assert list(pictures) == ["fig_1", "fig_years", "fig_pairs", "fig_s2"]
    assert pictures["fig_s2"].alt == "1 pairs of descriptors are correlated with |r| of 0.8 or more"
    assert all({*one.files} == {"svg", "png"} for one in pictures.values())


def test_an_empty_literature_is_told_in_words(reports: pd.DataFrame) -> None:
    alloys = merge_alloys(reports)
    assert profile_in_words(profile_of(alloys[:0], reports[:0])).startswith("0 alloys of 0 systems")
    words = blind_spots_in_words(blind_spots_of(alloys[:0]))
    assert words[0].startswith("Of the 0 pairs of the 0 elements")
    assert any("decide on no alloy: crystalline as spun" in one for one in words)
