"""Which maps a system of four elements or more has, and what they say in words."""

from typing import Any

import pytest

from bmg_assets.pages.quaternary_figures import draw_grid, exchanges, maps_of_many
from bmg_assets.pages.system_facts import SystemFacts
from bmg_assets_tests.pages.conftest import many_facts


def test_the_figures_say_what_they_show(quaternary_facts: SystemFacts, drawn: list[Any]) -> None:
    pictures = {one.name: one for one in maps_of_many(quaternary_facts)}
    assert "fixed amounts of Ni" in pictures["slices"].alt
    assert "at 10 at.% of the fourth element, since the map ends there" in pictures["faces"].caption
    assert "expected by the surrogate transfer" in pictures["surrogate_map"].caption
    assert "predicted by the paper's models" in pictures["map"].caption


def test_five_elements_have_the_pairs_of_both_maps(candidates, drawn: list[Any]) -> None:
    facts = many_facts("Zr-Al-Ag-Ni-Cu", candidates)
    pictures = maps_of_many(facts)
    assert [one.name for one in pictures] == ["surrogate_map", "map"]
    assert (
        "highest 4.50 mm" in pictures[0].alt
        or f"highest {facts.tables.transfer.dmax_mm.max():.2f} mm" in pictures[0].alt
    )
    assert len(drawn[0].axes) == 11


def test_around_the_best_compositions_one_step_of_each_element_is_exchanged(quaternary_facts: SystemFacts) -> None:
    found = exchanges(quaternary_facts)
    assert len(found) == 3
    composition, dmax_mm, changed = found[0]
    grid = quaternary_facts.tables.transfer
    assert dmax_mm == grid["dmax_mm"].max()
    assert changed["more"].tolist() == [f"10 at.% more {element}" for element in ("Zr", "Al", "Ni", "Cu")]
    by_hand = dict(zip(grid["composition"], grid["dmax_mm"], strict=True))
    assert composition == "Zr40Al10Ni10Cu40"
    assert changed.set_index("more").loc["10 at.% more Al", "Zr"] == by_hand["Al20Cu40Ni10Zr30"]
    assert changed.drop(columns="more").max(axis=None) <= dmax_mm


@pytest.mark.parametrize(("key", "panels"), [("Zr-Al-Ni-Cu", 5), ("Zr-Al-Ni-Ag-Cu", 11)])
def test_a_grid_alone_is_drawn_for_the_metadata_of_its_step(key: str, panels: int, candidates, drawn) -> None:
    facts = many_facts(key, candidates)
    grid = facts.tables.transfer
    draw_grid(facts.system, grid, grid["dmax_mm"].to_numpy(), "predicted D_max", "12 alloys", "mm")
    assert len(drawn[0].axes) == panels
    assert drawn[0].texts[0].get_text().startswith(f"{key}: predicted D_max")
