"""The page of a property: in its own unit, what is known beside what is predicted, errors beside trivial ones."""

import json
import re
from datetime import UTC, datetime

import pytest

from bmg_assets.pages.drawing import scale_between
from bmg_assets.pages.property_figures import axis_label, in_mathtext, property_map
from bmg_assets.pages.property_page import render_property, two_digits
from bmg_assets.pages.rendering import Picture
from bmg_assets.science.literature.properties import Scale
from bmg_assets_tests.pages.property_facts import MODULUS, property_facts

RATE = MODULUS.model_copy(update={"symbol": "R_c", "unit": "K/s", "scale": Scale.LOG})
NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


@pytest.fixture
def parity() -> dict[str, Picture]:
    from bmg_assets.pages.drawing import new_figure, saved

    return {"parity": Picture("parity", saved(new_figure(1, 1)), "parity", "parity")}


def test_the_page_says_in_the_propertys_unit_where_it_is_lowest_and_highest(parity: dict[str, Picture]) -> None:
    html = render_property(property_facts(sub_dataset=0), parity, None, {"xgboost": "3"}, NOW)
    assert "lowest at Zr60Al10Cu30 with 85.5 GPa, and highest at Zr70Al10Cu20 with 120 GPa" in html
    assert "± 10 GPa" in html
    assert " mm" not in html.split("<body>")[1]
    assert "RMSE on random folds (GPa)" in html
    assert "the mean of the other alloys" in html


def test_known_alloys_of_the_diagram_come_first_with_who_reported_them(parity: dict[str, Picture]) -> None:
    html = render_property(property_facts(sub_dataset=0), parity, None, {}, NOW)
    place = [html.index(f"<td>{words}</td>") for words in ("Zr50Al10Cu40", "Zr50Cu50", "Cu50Ni50")]
    assert place == sorted(place)
    assert "Cast &amp; tested (2020)" in html
    assert html.index("own cast</td>") < place[2]


def test_reports_that_contradict_each_other_are_named_those_of_the_diagram_first(parity: dict[str, Picture]) -> None:
    html = render_property(property_facts(sub_dataset=0), parity, None, {}, NOW)
    assert "1 values repeat others and do not count" in html
    assert "Reports of 2 alloys contradict each other by more than 10 %" in html
    told = html[html.index("contradict each other") :]
    assert "85 GPa: one, A handbook; 97 GPa: two, Cast &amp; tested (2020)" in told
    assert told.index("Al10Cu40Zr50") < told.index("Al15Cu40Ni45")
    assert "their median is mapped" in html


def test_a_property_over_decades_has_errors_in_decades_and_a_map_of_its_logarithm(parity: dict[str, Picture]) -> None:
    facts = property_facts(RATE, sub_dataset=0, rmse_fusion=0.5)
    html = render_property(facts, parity, None, {}, NOW)
    assert "lowest at Zr60Al10Cu30 with 86 K/s, and highest at Zr70Al10Cu20 with 120 K/s" in html
    assert "about a factor of 1.1 up or down" in html
    assert "The error is 0.5 decades (a factor of 3.2) (RMSE)" in html
    assert "RMSE on random folds (decades)" in html
    assert "<td>91</td>" in html
    assert [two_digits(value) for value in (0.7412, 131.0, 5.2e7)] == ["0.74", "130", "5.2e+07"]
    made = property_map(facts)
    assert made is not None
    assert made.data["columns"][made.shades[0].column] == [1.95, 1.93, 2.08]
    assert made.shades[0].unit == "log10 of K/s"
    assert "reported, 91 K/s" in made.data["symbols"][0]["words"][0]
    assert made.shades[-2].unit == "decades"
    assert axis_label(facts) == "log$_{10}$ of $R_{c}$ in K/s"


def test_what_was_refused_stands_on_the_page(parity: dict[str, Picture]) -> None:
    html = render_property(property_facts(sub_dataset=0), parity, None, {}, NOW)
    assert "1 reported values were refused" in html
    assert "&#39;Zr5?&#39; cannot be read" in html


def test_what_a_sub_dataset_left_out_is_judged(parity: dict[str, Picture]) -> None:
    pruned = property_facts(sub_dataset=3, n_left_out=7, rmse_left_out=12.5)
    html = render_property(pruned, parity, None, {}, NOW)
    assert "For the 7 alloys that sub-dataset (3) leaves out it errs by 12.5 GPa" in html
    assert "sub-dataset (3)" in pruned.training


def test_the_map_to_point_at_is_in_the_propertys_unit(parity: dict[str, Picture]) -> None:
    facts = property_facts(sub_dataset=0)
    html = render_property(facts, {**parity, "map": parity["parity"]}, property_map(facts), {}, NOW)
    made = property_map(facts)
    assert made is not None
    assert json.loads(re.findall('id="map-data">(.*?)</script>', html)[0]) == json.loads(json.dumps(made.data))
    assert made.data["at"] == [50, 10, 40, 60, 10, 30, 70, 10, 20]
    assert made.data["columns"][made.shades[0].column] == [90.0, 85.5, 120.0]
    # One scale for the fused map and each sub-model: SVR says 131 GPa.
    assert made.shades[0].low <= 85.5
    assert made.shades[0].high >= 131
    assert made.shades[0].unit == "GPa"
    nearest = made.data["nearest"]
    assert nearest["words"][nearest["of"][1]] == "Zr50Cu50, 84 GPa, of which 12 at.% differ"
    assert [(one["name"], one["at"]) for one in made.data["symbols"]] == [
        ("reported", [[50.0, 10.0, 40.0]]),
        ("own cast", [[50.0, 0.0, 50.0]]),
    ]
    assert 'data-unit="at.%">distance to the nearest known alloy' in html
    assert " mm" not in html[html.index("Colours show") : html.index("plotly-packed")]


def test_four_elements_have_no_map_of_a_property(parity: dict[str, Picture]) -> None:
    html = render_property(property_facts(sub_dataset=0), parity, None, {}, NOW)
    assert "more than three elements has no ternary map" in html
    assert "<script" not in html


def test_an_index_stands_below_the_line_and_a_scale_has_round_ends() -> None:
    assert [in_mathtext(one) for one in ("T_g", "E", "ΔT_x")] == ["$T_{g}$", "$E$", "$ΔT_{x}$"]
    low, high = scale_between(458.3, 766.9)
    assert low <= 458.3
    assert high >= 766.9
    assert (low % 10, high % 10) == (0, 0)
