"""Which figures a system has, and what they are about."""

import re
from dataclasses import replace
from typing import Any

import pytest

from bmg_assets.pages.map_symbols import maps_in_order
from bmg_assets.pages.system_facts import SystemFacts, nearest_in_words
from bmg_assets.pages.system_figures import draw_system, system_map
from bmg_assets_tests.pages.conftest import many_facts

OF_MODELS = ["parity", "search", "importance"]
MAPS = ["surrogate_map", "map", "uncertainty", "sub_models", "probability"]


def test_a_ternary_has_its_maps_and_the_change_since_the_last_iteration(facts: SystemFacts, drawn: list[Any]) -> None:
    figures = draw_system(facts)
    assert list(figures) == [*MAPS, "change", *OF_MODELS]
    for name in ("map", "surrogate_map"):
        assert "highest 4.00 mm" in figures[name].alt
        assert "cast next Al10Cu40Zr50, Al20Cu20Zr60" in figures[name].alt
    assert "after 2 rounds of own casts against after 1 round of own casts" in figures["change"].alt
    assert "mean X, Yang delta" in figures["importance"].alt
    assert all(len(figure.caption) > 40 for figure in figures.values())


def test_every_figure_says_what_it_was_trained_on(facts: SystemFacts, drawn: list[Any]) -> None:
    draw_system(facts)
    for figure in drawn:
        words = " ".join([figure.get_suptitle(), *(text.get_text() for text in figure.texts)]).replace("\n", " ")
        if "none pruned" in words:
            assert "4,321 known and own alloys, none pruned; fedcba" in words
            continue
        assert "2 known alloys and 1 own alloys; sub-dataset (3), current element tables" in words
        assert "training set 0123456789abcdef" in words


def test_maps_of_all_iterations_share_one_scale(facts: SystemFacts, drawn: list[Any]) -> None:
    """The first iteration had predicted 6.25 mm, this one 4 mm at most."""
    draw_system(facts)
    assert drawn[1].axes[0].collections[0].get_clim() == (0, 8)
    assert {axes.collections[0].get_clim() for axes in drawn[3].axes[:5]} == {(0, 8)}


def test_the_first_iteration_and_more_elements_have_other_figures(facts, quaternary_facts, candidates, drawn) -> None:
    first = replace(facts, tables=replace(facts.tables, earlier_map=None))
    assert list(draw_system(first)) == [*MAPS, *OF_MODELS]
    of_four = ["tetrahedron", "slices", "surrogate_map", "faces", "map"]
    assert list(draw_system(quaternary_facts)) == [*of_four, *OF_MODELS]
    assert list(draw_system(many_facts("Zr-Al-Ni-Ag-Cu", candidates))) == ["surrogate_map", "map", *OF_MODELS]


def test_own_casts_are_marked_with_the_round_in_which_they_came(facts: SystemFacts, drawn: list[Any]) -> None:
    draw_system(facts)
    numbers = [text.get_text() for text in drawn[0].axes[0].texts]
    assert numbers.count("0") == 0  # the first iteration, number 0, knew a cast
    assert numbers.count("1") == 3  # its cast, and the first pick of both
    assert numbers.count("2") == 3


def test_the_nearest_known_alloy_is_named_with_what_is_known_of_it(facts: SystemFacts) -> None:
    tables = facts.tables
    alloys = tables.training_set.head(2).assign(
        elements=[["Cu", "Zr"], ["B", "Fe"]], at_pct=[[40.0, 60.0], [20.0, 80.0]], dmax_mm=[0.2, None]
    )
    words = nearest_in_words(facts.system, replace(tables, alloys=alloys))
    assert words["Al20Cu40Zr40"] == "Zr40Al20Cu40 (bulk glass, 2 mm; own cast), 0 at.% away"
    assert words["Al10Cu30Zr60"] == "Zr60Cu40 (ribbon only, 0.2 mm; literature), 10 at.% away"
    assert words.index.tolist() == tables.grid["composition"].tolist()


def test_an_own_cast_stands_for_the_literature_of_its_composition(facts: SystemFacts) -> None:
    tables = facts.tables
    same = tables.lab.assign(glass_class="ribbon", dmax_mm=0.2)
    words = nearest_in_words(facts.system, replace(tables, alloys=same))
    assert words["Al20Cu40Zr40"].endswith("(bulk glass, 2 mm; own cast), 0 at.% away")


@pytest.mark.parametrize("highest, top", [(6.25, 8), (3.0, 4), (0.0, 4)])
def test_the_scale_holds_every_iteration(facts: SystemFacts, highest: float, top: float) -> None:
    iterations = facts.tables.iterations.assign(best_predicted_mm=[highest, 4.0])
    assert replace(facts, tables=replace(facts.tables, iterations=iterations)).top_mm == top


def test_the_map_opens_with_the_surrogate_on_whose_map_candidates_were_chosen(facts: SystemFacts) -> None:
    tables = facts.tables
    transfer = tables.transfer.assign(
        dmax_mm=tables.transfer["dmax_mm"] + 8, top_share=tables.transfer["composition"] == "Al20Cu40Zr40"
    )
    by_surrogate = system_map(replace(facts, tables=replace(tables, transfer=transfer)))
    papers = tables.candidates.assign(is_recommended=tables.candidates["strategy"] == "pruned")
    by_paper = system_map(replace(facts, tables=replace(tables, transfer=transfer, candidates=papers)))
    assert maps_in_order(tables) == ("surrogate_map", "map")
    assert maps_in_order(replace(tables, candidates=papers)) == ("map", "surrogate_map")

    shade = by_surrogate.shades[0]
    assert (shade.words, shade.unit) == ("expected by transfer", "mm")
    assert shade in by_paper.shades[1:]
    shown = by_surrogate.data["columns"][shade.column]
    assert shown == pytest.approx(transfer["dmax_mm"].to_list(), abs=0.006)
    assert max(shown) <= shade.high
    assert [by_surrogate.data["at"][3 * row : 3 * row + 3] for row in by_surrogate.data["top"]] == [[40, 20, 40]]
    assert len(by_paper.data["top"]) == tables.grid["top_share"].sum() > 1
    assert "none pruned" in by_surrogate.data["restsOn"]
    assert by_surrogate.data["lines"][0]["title"] == "expected by transfer"
    assert by_paper.data["lines"][0]["title"] == "by the paper's models"


def test_a_surrogate_without_every_point_of_the_map_is_no_colour_of_it(facts: SystemFacts) -> None:
    few = system_map(replace(facts, tables=replace(facts.tables, transfer=facts.tables.transfer.iloc[1:])))
    assert not any("expected by" in shade.words for shade in few.shades)
    line = next(line for line in few.data["lines"] if line["title"] == "expected by transfer")
    assert few.data["columns"][int(re.findall(r"\d+", line["words"])[0])][0] is None


def far_from_aluminium(facts: SystemFacts) -> SystemFacts:
    """The same facts, but nothing is known where half of the atoms or more are aluminium."""
    transfer = facts.tables.transfer
    near = [point[1] < 50 for point in transfer["at_pct"]]
    return replace(facts, tables=replace(facts.tables, transfer=transfer.assign(is_trusted=near)))


def test_where_too_little_is_known_the_map_says_so(facts: SystemFacts) -> None:
    data = system_map(far_from_aluminium(facts)).data
    aluminium = [data["at"][3 * row + 1] for row in data["beyond"]]
    assert len(aluminium) == 10
    assert min(aluminium) == 50
    assert system_map(facts).data["beyond"] == []


def test_both_maps_are_hatched_where_too_little_is_known(facts: SystemFacts, drawn: list[Any]) -> None:
    captions = {name: figure.caption for name, figure in draw_system(far_from_aluminium(facts)).items()}
    for figure in (drawn[0], drawn[1], drawn[4]):
        labels = [text.get_text() for text in figure.legends[0].get_texts()]
        assert "hatched: the map knows too little (28 %)" in labels
    assert "Beyond this line the map knows too little" in captions["surrogate_map"]
    assert "Beyond this line" not in draw_system(facts)["surrogate_map"].caption


def test_a_candidate_far_from_what_is_known_has_no_number_on_the_map(facts: SystemFacts) -> None:
    tables = facts.tables
    far = tables.candidates.assign(is_trusted=tables.candidates["strategy"] == "pruned")
    data = system_map(replace(facts, tables=replace(tables, candidates=far))).data
    words = {one["name"]: one["words"] for one in data["symbols"]}
    assert words["cast next"] == [f"cast next {rank}: too far from what is known" for rank in (1, 2)]
    assert words["for comparison"][0] == "for comparison 1: 7.12 mm (interval 3.25 to 11.75 mm)"
