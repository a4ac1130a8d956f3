"""What stands on top of a map, in the order in which it is drawn."""

from dataclasses import replace

from bmg_assets.pages.map_symbols import maps_in_order, symbols_on_map
from bmg_assets.pages.system_facts import SystemFacts


def test_own_casts_come_last_and_each_symbol_tells_what_it_is(facts: SystemFacts) -> None:
    symbols = symbols_on_map(facts)
    assert [one.title for one in symbols] == [
        "literature: ribbon only",
        "cast next",
        "for comparison",
        "boundary point",
        "own cast: bulk glass",
        "own cast: no glass",
    ]
    assert symbols[0].words == ["literature: ribbon only, 0.2 mm"]
    assert symbols[1].points[0] == [50.0, 10.0, 40.0]
    assert symbols[1].words[0] == "cast next 1: 3.00 mm (interval 0.25 to 9.00 mm)"
    assert symbols[4].points == [[40.0, 20.0, 40.0]]


def test_what_was_pruned_has_an_open_symbol(facts: SystemFacts) -> None:
    pruned = symbols_on_map(replace(facts, known=facts.known.assign(is_trained=False)))[0]
    assert pruned.title == "literature, pruned: ribbon only"
    assert pruned.marker["symbol"] == "triangle-up-open"


def test_the_map_of_the_recommended_picks_comes_first(facts: SystemFacts) -> None:
    assert maps_in_order(facts.tables) == ("surrogate_map", "map")
