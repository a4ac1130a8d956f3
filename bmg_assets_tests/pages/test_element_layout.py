"""Where elements stand: similar ones beside each other, and in the periodic table."""

from bmg_assets.pages.element_layout import element_orders, periodic_places

SYMBOLS = ["Al", "Cu", "Hf", "La", "U", "Y", "Zr"]


def test_elements_of_a_group_are_neighbours_and_similar_ones_too() -> None:
    orders = {name: [SYMBOLS[place] for place in order] for name, order in element_orders(SYMBOLS).items()}
    assert orders["group"] == ["Y", "La", "U", "Zr", "Hf", "Cu", "Al"]
    similar = orders["similarity"]
    assert sorted(similar) == SYMBOLS
    assert abs(similar.index("Zr") - similar.index("Hf")) == 1


def test_lanthanides_and_actinides_stand_below_the_table() -> None:
    places = dict(zip(SYMBOLS, periodic_places(SYMBOLS), strict=True))
    assert places == {"Al": (3, 13), "Cu": (4, 11), "Hf": (6, 4), "La": (9, 3), "U": (10, 6), "Y": (5, 3), "Zr": (5, 4)}
