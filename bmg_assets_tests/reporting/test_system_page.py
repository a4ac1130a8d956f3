"""The page of a system: the picks in words first, nothing that a browser could take for code, no other files."""

from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest

from bmg_assets.reporting.system_page import SystemPage, render_page
from bmg_assets.science.systems import parse_system

EVIL = "<script>alert('&\"')</script>"


@pytest.fixture
def page() -> SystemPage:
    """A page of a ternary; its map is a few bytes, since drawing one takes seconds."""
    candidates = pd.DataFrame(
        {
            "kind": ["pick", "pick", "verification"],
            "rank": [1, 2, 1],
            "composition": ["Al10Cu30Zr60", "Al15Cu30Zr55", "Al5Cu30Zr65"],
            "at_pct": [[60.0, 10.0, 30.0], [55.0, 15.0, 30.0], [65.0, 5.0, 30.0]],
            "dmax_mm": [7.125, 6.5, 6.0],
            "interval_low_mm": [3.25, 2.0, 2.0],
            "interval_high_mm": [11.75, 10.0, 9.0],
            "reason": ["highest predicted D_max", "best of the points around", "boundary of pick 1"],
        }
    )
    fusion = pd.DataFrame(
        {
            "model": ["svr", "fusion"],
            "weight": [0.25, None],
            "weight_exact": [0.2, None],
            "r2_mean": [0.5, 0.625],
            "rmse_mean_mm": [1.5, 1.25],
        }
    )
    training_set = pd.DataFrame(
        {"category": ["unrelated", "unrelated", "I"], "sub_dataset": 3, "element_tables": "current"}
    )
    return SystemPage(
        system=parse_system("Zr-Al-Cu"),
        candidates=candidates,
        fusion=fusion,
        training_set=training_set,
        lab=pd.DataFrame({"composition": ["Al10Cu40Zr50"]}),
        iteration=2,
        made_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        map_png=b"\x89PNG picture",
    )


def test_the_picks_come_first_and_in_words(page: SystemPage) -> None:
    html = render_page(page)
    assert "<title>Zr-Al-Cu: what to cast next</title>" in html
    assert "Iteration 2, made 2026-01-02 03:04 UTC from 3 alloys (sub-dataset (3), current element tables)" in html
    assert "1 own casts" in html
    assert "predicted D<sub>max</sub> 7.12 mm (interval 3.25 to 11.75 mm), highest predicted D_max" in html
    places = [html.index(words) for words in ("7.12 mm", "6.50 mm", "<img", "boundary of pick 1", "0.625", "unrelated")]
    assert places == sorted(places)


def test_compositions_stand_in_the_order_of_the_key(page: SystemPage) -> None:
    html = render_page(page)
    for formula in ("Zr60Al10Cu30", "Zr55Al15Cu30", "Zr65Al5Cu30"):
        assert formula in html


def test_what_is_missing_is_an_empty_cell(page: SystemPage) -> None:
    html = render_page(page)
    assert "<td class='number'></td>" in html
    assert "nan" not in html


def test_html_in_values_is_shown_not_run(page: SystemPage) -> None:
    candidates = page.candidates.assign(reason=EVIL)
    training_set = page.training_set.assign(category=EVIL, element_tables=EVIL)
    fusion = page.fusion.assign(model=EVIL)
    html = render_page(replace(page, candidates=candidates, training_set=training_set, fusion=fusion))
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(&#x27;&amp;&quot;&#x27;)&lt;/script&gt;") == 3 + 2 + 1 + 1


def test_four_elements_have_no_map_and_say_so(page: SystemPage) -> None:
    candidates = page.candidates.assign(at_pct=[[50.0, 10.0, 30.0, 10.0]] * 3)
    html = render_page(replace(page, system=parse_system("Zr-Al-Cu-Ni"), candidates=candidates, map_png=None))
    assert "<img" not in html
    assert "A system of 4 elements has no ternary map" in html


def test_no_boundary_points_are_told(page: SystemPage) -> None:
    assert "None of them lies on the grid." in render_page(replace(page, candidates=page.candidates.head(2)))
