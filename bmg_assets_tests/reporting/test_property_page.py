"""The page of a property: in its own unit, what is known beside what is predicted, errors beside trivial ones."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bmg_assets.reporting.page import Picture
from bmg_assets.reporting.property_figures import in_mathtext, scale_between
from bmg_assets.reporting.property_page import PropertyFacts, render_property
from bmg_assets.science.properties import Property
from bmg_assets.science.systems import parse_system
from bmg_assets.tables.property import PROPERTY_ALLOYS, PROPERTY_MAPS, PROPERTY_REPORTS, PROPERTY_SCORES
from bmg_assets_tests.table_frames import frame_of

MODULUS = Property("youngs_modulus", "Young's modulus", "E", "GPa", 5, 400)
NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


@pytest.fixture
def parity() -> dict[str, Picture]:
    from bmg_assets.reporting.drawing import new_figure, saved

    return {"parity": Picture("parity", saved(new_figure(1, 1)), "parity", "parity")}


def facts(**scores: Any) -> PropertyFacts:
    grid = frame_of(
        PROPERTY_MAPS,
        at_pct=[[50.0, 10.0, 40.0], [60.0, 10.0, 30.0], [70.0, 10.0, 20.0]],
        value=[90.0, 85.5, 120.0],
        interval_low=[80.0, 75.5, 110.0],
        interval_high=[100.0, 95.5, 130.0],
    )
    alloys = frame_of(
        PROPERTY_ALLOYS,
        composition=["Cu50Ni50", "Al10Cu40Zr50", "Cu50Zr50"],
        elements=[["Cu", "Ni"], ["Al", "Cu", "Zr"], ["Cu", "Zr"]],
        at_pct=[[50.0, 50.0], [10.0, 40.0, 50.0], [50.0, 50.0]],
        category=["I", "V", "lab"],
        is_trained=True,
        value=[130.0, 91.0, 84.0],
    )
    reports = frame_of(
        PROPERTY_REPORTS,
        composition=["Cu50Ni50", "Al10Cu40Zr50", None],
        reference=["A handbook", "Cast & tested (2020)", "A handbook"],
        status=["accepted", "accepted", "refused"],
        formula_reported=["Cu50Ni50", "Zr50Al10Cu40", "Zr5?"],
        reason=[None, None, "'Zr5?' cannot be read"],
    )
    row = frame_of(PROPERTY_SCORES, rows=1, **scores).iloc[0]
    return PropertyFacts(parse_system("Zr-Al-Cu"), MODULUS, grid, alloys, row, reports)


def test_the_page_says_in_the_propertys_unit_where_it_is_lowest_and_highest(parity: dict[str, Picture]) -> None:
    html = render_property(facts(sub_dataset=0), parity, {"xgboost": "3"}, NOW)
    assert "lowest at Zr60Al10Cu30 with 85.5 GPa, and highest at Zr70Al10Cu20 with 120 GPa" in html
    assert "± 10 GPa" in html
    assert " mm" not in html.split("<body>")[1]
    assert "RMSE on random folds (GPa)" in html
    assert "the mean of the other alloys" in html


def test_known_alloys_of_the_diagram_come_first_with_who_reported_them(parity: dict[str, Picture]) -> None:
    html = render_property(facts(sub_dataset=0), parity, {}, NOW)
    place = [html.index(f"<td>{words}</td>") for words in ("Zr50Al10Cu40", "Zr50Cu50", "Cu50Ni50")]
    assert place == sorted(place)
    assert "Cast &amp; tested (2020)" in html
    assert html.index("own cast</td>") < place[2]


def test_what_was_refused_stands_on_the_page(parity: dict[str, Picture]) -> None:
    html = render_property(facts(sub_dataset=0), parity, {}, NOW)
    assert "1 reported values were refused" in html
    assert "&#x27;Zr5?&#x27; cannot be read" in html


def test_what_a_sub_dataset_left_out_is_judged(parity: dict[str, Picture]) -> None:
    pruned = facts(sub_dataset=3, n_left_out=7, rmse_left_out=12.5)
    html = render_property(pruned, parity, {}, NOW)
    assert "For the 7 alloys that sub-dataset (3) leaves out it errs by 12.5 GPa" in html
    assert "sub-dataset (3)" in pruned.training


def test_an_index_stands_below_the_line_and_a_scale_has_round_ends() -> None:
    assert (in_mathtext("T_g"), in_mathtext("E")) == ("$T_{g}$", "$E$")
    low, high = scale_between(458.3, 766.9)
    assert low <= 458.3
    assert high >= 766.9
    assert (low % 10, high % 10) == (0, 0)
