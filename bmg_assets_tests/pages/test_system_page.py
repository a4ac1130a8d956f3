"""The page of a system: the picks in words first, nothing that a browser could take for code, no other files."""

import base64
import csv
import gzip
import io
import itertools
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from bmg_assets.pages.provenance import Provenance
from bmg_assets.pages.quaternary_figures import map_of_four
from bmg_assets.pages.rendering import Picture
from bmg_assets.pages.sentences import with_formulas
from bmg_assets.pages.system_facts import SystemFacts
from bmg_assets.pages.system_page import render_page
from bmg_assets.science.proposals.surrogate_map import RANKED
from bmg_assets_tests.pages.conftest import NEAREST, many_facts

EVIL = "<script>alert('&\"')</script>"
HARMLESS = "&lt;script&gt;alert(&#39;&amp;&#34;&#39;)&lt;/script&gt;"
NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
MOST_BYTES = 3_000_000
"""Of a page with tiny figures: nearly all of it is the library of the map."""


@pytest.fixture
def html(facts: SystemFacts, pictures: dict[str, Picture], provenance: Provenance) -> str:
    return render_page(facts, pictures, provenance, NOW)


def with_tables(facts: SystemFacts, **tables: pd.DataFrame) -> SystemFacts:
    return replace(facts, tables=replace(facts.tables, **tables))


def test_the_cards_come_first_and_the_rest_in_its_order(html: str) -> None:
    assert "<title>Zr-Al-Cu: what to cast next</title>" in html
    assert "Made 2026-01-02 03:04 UTC. The surrogate transfer: 4,321 known and own alloys, none pruned; fedcba" in html
    assert "The paper's models: 2 known alloys and 1 own alloys; sub-dataset (3)" in html
    top = html[: html.index(">The maps</h2>")]
    assert "Ladders that are still open: Zr40Al20Cu40: a rod of 2.5 mm or more." in top
    assert "The highest prediction of its whole map" not in top
    order = [
        "<strong>Trust <code>transfer</code> here because related alloys are known.</strong>",
        "beats your best cast (2 mm) by more than 1 mm is 34 %",
        ">Recommended: picks of the surrogate transfer</h2>",
        "<h3>1. Zr50Al10Cu40</h3>",
        "<caption>Predicted for Zr50Al10Cu40</caption>",
        '<th scope="col">90 % interval (mm)</th>',
        "<dd>requested (ZAC-17 is planned)</dd>",
        ">For comparison: the paper&#39;s pair</h2>",
        "<h3>1. Zr40Al20Cu40</h3>",
        "They contradict each other.",
        'id="interactive-map"',
        "alt of surrogate_map",
        "alt of map",
        "boundary of pick 1",
        "alt of change",
        "share of the forest",
        "alt of uncertainty",
        "alt of parity",
        "Alloys by category",
        "Sources of the literature",
    ]
    places = [html.index(words) for words in order]
    assert places == sorted(places)
    assert html.count("Trust <code>transfer</code>") == 1


def test_headings_follow_each_other_without_a_gap(html: str) -> None:
    levels = [int(level) for level in re.findall("<h([1-6])", html)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert levels.count(3) == 4
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_what_speaks_against_a_pick_stands_on_its_card(facts, pictures, provenance) -> None:
    candidates = facts.tables.candidates
    doubtful = candidates.assign(is_trusted=candidates["rank"] == 2, repeats_known=candidates["rank"] == 2)
    html = render_page(with_tables(facts, candidates=doubtful), pictures, provenance, NOW)
    cards = re.findall('<article class="card">.*?</article>', html, flags=re.DOTALL)
    for card, warning in zip(cards, ["Too little is known", "Repeat of a known alloy"] * 2, strict=True):
        assert card.count('<p class="warning">') == 1
        assert warning in card


def test_the_map_of_the_recommended_picks_comes_first(facts, pictures, provenance) -> None:
    candidates = facts.tables.candidates
    papers = candidates.assign(is_recommended=candidates["strategy"] == "pruned")
    html = render_page(with_tables(facts, candidates=papers), pictures, provenance, NOW)
    assert html.index("alt of map") < html.index("alt of surrogate_map")
    assert html.index("Recommended: the paper") < html.index("For comparison: picks of the surrogate")


def test_rule_and_limits_are_told(facts, pictures, provenance, html) -> None:
    assert (
        "Chosen by the rule paper (the best of the largest top region, and the best around it) on the map of the "
        "surrogate pruned, without limits." in html
    )
    assert "per kg" not in html
    limited = facts.tables.candidates.assign(limits="Al 0 to 20 at.%", price_per_kg=31.25)
    other = render_page(with_tables(facts, candidates=limited), pictures, provenance, NOW)
    assert "on the map of the surrogate transfer, within these limits: Al 0 to 20 at.%." in other
    assert "<dd>31.2 per kg</dd>" in other


def test_what_a_cast_may_add_is_shown_beside_the_predictions(html: str) -> None:
    assert '<th scope="col">expected gain over the best known (mm)' in html
    assert "The best known alloy of the system has 2 mm" in html


def test_a_higher_prediction_elsewhere_is_told(facts, pictures, provenance) -> None:
    lower = with_tables(facts, candidates=facts.tables.candidates.assign(dmax_mm=3.0))
    html = render_page(lower, pictures, provenance, NOW)
    assert "The highest prediction of its whole map, 4.00 mm at Zr40Al10Cu50, lies outside" in html


def test_what_changed_is_told_and_the_history_shown(html: str) -> None:
    assert (
        "New alloys: Zr40Al20Cu40. The predictions for them were off by 1.75 mm on average. The maximum of the "
        "paper's map moved by 30 at.%, from Zr30Al40Cu30 (6.25 mm) to Zr40Al10Cu50 (4.00 mm)." in html
    )
    table = html[html.index("had been predicted for them before") :]
    assert table.index("Zr40Al20Cu40") < table.index("Zr20Al20Cu60")
    assert '<td class="number">3.75</td>' in table


def test_the_first_iteration_has_nothing_to_compare_with(facts, pictures, provenance) -> None:
    first = with_tables(
        facts, earlier_map=None, iterations=facts.tables.iterations.head(1), outcomes=facts.tables.outcomes.head(0)
    )
    del pictures["change"]
    html = render_page(first, pictures, provenance, NOW)
    assert "This is the first training, after 1 round of own casts: there is nothing to compare with." in html
    assert "alt of change" not in html


def test_scores_are_named_honestly(html: str) -> None:
    scores = html[html.index(">Scores of the paper", html.index("<h2")) :]
    assert scores.index("random folds") < scores.index("0.625")
    assert "flatter them for a system that nobody has cast" in scores
    assert "too narrow" in html[html.rindex("How sure the paper") :]


def test_the_drivers_of_each_candidate_have_a_table(html: str) -> None:
    part = html[html.rindex("models predict this: the known alloys") : html.rindex("How sure the paper")]
    assert part.count("<table>") == 5
    assert "<caption>Zr40Al20Cu40</caption>" in part
    assert "<td>Zr50Cu50</td>" in part
    assert '<td class="number">12.5</td>' in part
    assert "forest's weight in the fusion is 0.25" in part.replace("&#39;", "'")


def test_without_weight_the_forest_explains_nothing_and_the_page_says_so(facts, pictures, provenance) -> None:
    without = with_tables(facts, fusion=facts.tables.fusion.assign(weight=[0.5, 0.0, 0.5, 0.0, None]))
    html = render_page(without, pictures, provenance, NOW)
    part = html[html.rindex("Known alloys near the candidates") : html.rindex("How sure the paper")]
    assert "has no weight in this fusion" in part
    assert "(their weight is 0.50)" in part
    assert "share of the forest" not in part


def test_the_forest_does_not_explain_the_surrogate_and_the_page_says_so(facts, pictures, provenance, html) -> None:
    words = "The surrogate transfer has no such shares"
    assert words in html
    candidates = facts.tables.candidates
    papers = candidates.assign(is_recommended=candidates["strategy"] == "pruned")
    assert words not in render_page(with_tables(facts, candidates=papers), pictures, provenance, NOW)


def test_the_most_promising_compositions_of_the_surrogate_are_those_that_the_table_ranks(html, facts) -> None:
    part = html[html.index("Best compositions of its map") : html.rindex("Boundary points for verification")]
    ranked = with_formulas(facts.tables.transfer.dropna(subset="rank_apart"), facts.system).sort_values("rank_apart")
    assert re.findall("<tr><td>([^<]+)</td>", part) == ranked["formula"].tolist()
    assert len(ranked) == RANKED
    assert "too far" not in part


def test_no_chance_of_the_best_compositions_is_certain(facts, pictures, provenance) -> None:
    sure = facts.tables.transfer.assign(probability_bulk=0.9999, chance_of_better=None)
    html = render_page(with_tables(facts, transfer=sure), pictures, provenance, NOW)
    part = html[html.index("Best compositions of its map") : html.rindex("Boundary points for verification")]
    assert part.count("<td>more than 99 %</td>") == RANKED


def test_the_best_compositions_are_left_out_where_too_little_is_known(facts, pictures, provenance, html) -> None:
    transfer = facts.tables.transfer
    best = transfer["rank_apart"].eq(1).fillna(False)
    some = render_page(with_tables(facts, transfer=transfer.assign(is_trusted=~best)), pictures, provenance, NOW)
    part = some[some.index("Best compositions of its map") : some.rindex("Boundary points for verification")]
    assert part.count("<tr><td>") == RANKED - 1
    assert f"Of its {RANKED} best compositions, 1 lie too far from what is known for a number" in part
    none = render_page(with_tables(facts, transfer=transfer.assign(is_trusted=False)), pictures, provenance, NOW)
    assert "Best compositions of its map" not in none
    assert f"Of its {RANKED} best compositions, {RANKED} lie too far" in none
    assert "lie too far from what is known" not in html


@pytest.mark.parametrize(
    ("far_ranks", "words"),
    [
        ([], "the recommended picks are not."),
        ([2], "and so is 1 of the 2 recommended picks."),
        ([1, 2], "and so are 2 of the 2 recommended picks."),
    ],
)
def test_how_much_is_too_far_from_what_is_known_is_told_first(facts, pictures, provenance, far_ranks, words) -> None:
    candidates, transfer = facts.tables.candidates, facts.tables.transfer
    is_far = candidates["is_recommended"] & candidates["rank"].isin(far_ranks)
    tables = {
        "candidates": candidates.assign(is_trusted=~is_far),
        "transfer": transfer.assign(is_trusted=[n >= len(transfer) / 4 for n in range(len(transfer))]),
    }
    html = render_page(with_tables(facts, **tables), pictures, provenance, NOW)
    top = html[: html.index("<h2")]
    assert "25 % of the map is too far from what is known for a number" in top
    assert words in top


def test_a_map_with_too_little_known_for_a_chance_says_so(facts, pictures, provenance) -> None:
    transfer = facts.tables.transfer.assign(is_trusted=False)
    iterations = facts.tables.iterations.assign(chance_of_more=None)
    told = render_page(with_tables(facts, transfer=transfer), pictures, provenance, NOW)
    assert "nothing is said of the chance" not in told
    silent = render_page(with_tables(facts, transfer=transfer, iterations=iterations), pictures, provenance, NOW)
    assert "So nothing is said of the chance of a better alloy." in silent
    assert "The chance that" not in silent[: silent.index("The maps")]


def test_where_enough_is_known_nothing_is_said_of_it(html: str) -> None:
    assert "of the map is too far" not in html


def test_iterations_are_told_by_the_casts_that_they_knew(html: str) -> None:
    assert "training set 0123456789abcdef; after 2 rounds of own casts" in html
    history = html[html.rindex("All iterations") :]
    assert history.index("<td>after 1 round of own casts</td>") < history.index("<td>after 2 rounds of own casts</td>")
    first = html[html.index("had been predicted for them before") :]
    assert "<td>after 2 rounds of own casts</td>" in first[: first.index("</tr>\n<tr>", first.index("<tbody>"))]


def test_the_chance_of_a_better_cast_is_in_the_history(html: str) -> None:
    history = html[html.index("One row per training") :]
    assert '<th scope="col">chance of a better alloy (%)</th>' in history
    assert history.index('<td class="number">60</td>') < history.index('<td class="number">34</td>')


def test_commands_are_shown_as_such(html: str) -> None:
    assert "`" not in re.sub("<script.*?</script>", "", html, flags=re.DOTALL)


def test_where_it_comes_from(html: str) -> None:
    part = html[html.index("Where it comes from") :]
    for words in (
        "0123456789abcdef",
        "starter",
        "220",
        "60 publications",
        ">ab12ab12ab12ab12<",
        "12138",
        "numpy 2.3.0",
        "C 7",
    ):
        assert words in part


def test_the_map_can_be_saved_as_csv(html: str, facts: SystemFacts) -> None:
    name, data = re.findall('download="([^"]+)" href="data:text/csv;base64,([^"]+)"', html)[0]
    assert name == "Zr-Al-Cu-iteration-1.csv"
    rows = list(csv.DictReader(io.StringIO(base64.b64decode(data).decode())))
    assert len(rows) == len(facts.tables.grid)
    assert list(rows[0])[:4] == ["Zr_at_pct", "Al_at_pct", "Cu_at_pct", "composition"]
    assert float(rows[5]["dmax_mm"]) == pytest.approx(facts.tables.grid["dmax_mm"][5], rel=1e-3)
    assert float(rows[5]["surrogate_probability_bulk"]) == pytest.approx(facts.tables.grid["dmax_mm"][5] / 20, rel=1e-3)


def test_the_interactive_map_knows_every_point(html: str, facts: SystemFacts) -> None:
    data = json.loads(re.findall('id="map-data">(.*?)</script>', html)[0])
    grid = facts.tables.grid
    assert data["elements"] == ["Zr", "Al", "Cu"]
    assert data["step"] == 10
    assert data["at"][9:12] == grid["at_pct"][3]
    assert data["nearest"]["words"][data["nearest"]["of"][3]] == NEAREST
    assert data["restsOn"] == facts.known_to_surrogate
    assert data["topTitle"] == "top 14 % of the map"
    assert {line["title"]: told(data, line, 3) for line in data["lines"]} == {
        "expected by transfer": "1.0 mm",
        "90 % interval": "0.5 to 2.0 mm",
        "bulk glass": "5.0% (1 mm or more)",
        "expected gain": "0.25 mm over 2.0 mm",
        "by the paper's models": "1.0 mm",
        "sub-models": "SVR 2.0, RF 0.0, XGBoost 1.0, LightGBM 2.0 mm",
    }
    assert [one["name"] for one in data["symbols"]] == [
        "literature: ribbon only",
        "cast next",
        "for comparison",
        "boundary point",
        "own cast: bulk glass",
        "own cast: no glass",
    ]


def told(data: dict[str, Any], line: dict[str, Any], row: int) -> str:
    """What a line of the panel tells of a point, as the script fills it in."""
    return re.sub(r"\{(\d+)(%?)\}", lambda found: f"{data['columns'][int(found[1])][row]}{found[2]}", line["words"])


def test_the_colours_can_show_the_probability_of_a_bulk_glass(html: str) -> None:
    column, low, high, unit = re.findall(
        '<option value="(\\d+)" data-low="(.*?)" data-high="(.*?)" data-unit="(.*?)">probability of a bulk glass', html
    )[0]
    data = json.loads(re.findall('id="map-data">(.*?)</script>', html)[0])
    assert (low, high, unit) == ("0", "100", "%")
    assert max(data["columns"][int(column)]) == 20


def test_html_in_values_is_shown_not_run(facts, pictures, provenance) -> None:
    tables = facts.tables
    evil = with_tables(
        replace(facts, nearest=facts.nearest.map(lambda _: EVIL), fingerprint=EVIL),
        candidates=tables.candidates.assign(
            reason=EVIL, state_because=EVIL, agreement=EVIL, trust=EVIL, first_rung=EVIL, limits=EVIL
        ),
        training_set=tables.training_set.assign(element_tables=EVIL),
    )
    sources = provenance.sources.assign(source=EVIL, references=EVIL, licence=EVIL)
    clean = render_page(facts, pictures, provenance, NOW)
    html = render_page(evil, pictures, replace(provenance, sources=sources), NOW)
    assert html.count("<script") == clean.count("<script") == 7
    assert "alert('" not in html
    assert html.count(HARMLESS) > 10


def test_nothing_is_to_be_fetched_and_the_page_is_small(html: str) -> None:
    assert re.findall(r"https?://|<link|@import|url\(", html) == []
    places = re.findall(r'(?:src|href)="([^"]{1,20})', html)
    assert places
    assert all(place.startswith(("data:", "#")) for place in places)
    assert len(html) < MOST_BYTES


def test_every_figure_has_words_and_every_table_heads(html: str) -> None:
    assert len(re.findall("<img ", html)) == len(re.findall('<img alt="[^"]+"', html)) == 8
    assert html.count("<table>") == html.count("<thead>") == html.count("<caption>")
    assert re.findall("<th>", html) == []


MANY = ("tetrahedron", "slices", "surrogate_map", "faces", "map")


def test_four_elements_have_maps_to_walk_through_and_to_print(quaternary_facts, pictures, provenance) -> None:
    named = pictures | {name: replace(pictures["map"], alt=f"alt of {name}") for name in MANY}
    html = render_page(quaternary_facts, named, provenance, NOW)
    order = ['id="fixed-amount"', 'id="slice"', 'id="projection"', 'id="tetrahedron"', 'id="faces"', 'id="map-data"']
    order += [f"alt of {name}" for name in MANY]
    order += ["D_max in mm after one step", "Highest predictions"]
    places = [html.index(words) for words in order]
    assert places == sorted(places)
    assert html.count('<figure class="static-map of-') == 4
    assert "a face shows those with 10 at.% of the element that it lacks" in html
    best = quaternary_facts.tables.grid.nlargest(1, "dmax_mm")
    ranked = html[html.index("Highest predictions") :]
    assert with_formulas(best, quaternary_facts.system)["formula"].iloc[0] in ranked
    assert re.findall(r"https?://|<link|@import|url\(", html) == []


def test_five_elements_have_pairs_and_nothing_to_point_at(candidates, pictures, provenance) -> None:
    html = render_page(many_facts("Zr-Al-Ni-Ag-Cu", candidates), pictures, provenance, NOW)
    assert "lie in no plane" in html
    assert html.index("alt of surrogate_map") < html.index("alt of map") < html.index("D_max in mm after one step")
    assert 'id="interactive-map"' not in html


def test_a_long_table_is_packed_and_holds_the_same(quaternary_facts, pictures, provenance) -> None:
    html = render_page(quaternary_facts, pictures, provenance, NOW)
    packed = re.search(r'download="Zr-Al-Ni-Cu-iteration-0.csv.gz" href="data:application/gzip;base64,([^"]+)"', html)
    assert packed
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(base64.b64decode(packed.group(1))).decode())))
    assert len(rows) == len(quaternary_facts.tables.grid)
    assert (rows[0]["Zr_at_pct"], rows[0]["Cu_at_pct"]) == ("70", "10")


def with_a_fine_point(facts: SystemFacts) -> SystemFacts:
    """The facts, with one composition between the points of the grid that is better than all of them."""
    transfer = facts.tables.transfer
    fine = transfer.tail(1).assign(
        composition="Al11Cu39Ni10Zr40", at_pct=[[40.0, 11.0, 10.0, 39.0]], dmax_mm=9.5, step_at_pct=1, is_trusted=False
    )
    return with_tables(facts, transfer=pd.concat([transfer, fine], ignore_index=True))


def test_figures_show_the_whole_grid_and_the_table_to_save_has_the_points_by_which_it_is_refined(
    quaternary_facts, pictures, provenance
) -> None:
    refined = with_a_fine_point(quaternary_facts)
    assert len(map_of_four(refined).data["columns"][0]) == len(quaternary_facts.tables.transfer)
    html = render_page(refined, pictures, provenance, NOW)
    assert "% of the map is too far from what is known" not in html
    packed = re.search(r"data:application/gzip;base64,([^\"]+)", html)
    assert packed
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(base64.b64decode(packed.group(1))).decode())))
    assert len(rows) == len(quaternary_facts.tables.grid) + 1
    assert (rows[-1]["composition"], rows[-1]["Zr_at_pct"]) == ("Al11Cu39Ni10Zr40", "40")
    assert (rows[-1]["dmax_mm"], rows[-1]["surrogate_dmax_mm"]) == ("", "9.5")


def test_no_boundary_points_are_told(facts, pictures, provenance) -> None:
    picks = with_tables(facts, candidates=facts.tables.candidates.head(4))
    assert "None of them lies on the grid." in render_page(picks, pictures, provenance, NOW)
