"""Where elements stand on a page: one after the other, and in the periodic table."""

from collections.abc import Sequence

SIMILARITY = "similarity"
GROUP = "group"
BELOW = 3
"""Rows between a lanthanide or actinide and the place that its row would have in the table."""
FIRST_COLUMN = 3
LANTHANUM, ACTINIUM = 57, 89


def element_orders(symbols: Sequence[str]) -> dict[str, list[int]]:
    """Places of the elements among `symbols`, in each order in which a matrix can show them.

    `similarity` is the order of Pettifor (J. Phys. C 19 (1986) 285), in which chemically similar elements are
    neighbours; `group` is that of the periodic table, column by column.
    """
    from pymatgen.core.periodic_table import Element

    elements = [Element(symbol) for symbol in symbols]
    places = range(len(symbols))
    return {
        SIMILARITY: sorted(places, key=lambda place: elements[place].mendeleev_no or 0),
        GROUP: sorted(places, key=lambda place: (elements[place].group, elements[place].Z)),
    }


def periodic_places(symbols: Sequence[str]) -> list[tuple[int, int]]:
    """Row and column of each element in the periodic table, both from 1; lanthanides and actinides stand below it."""
    from pymatgen.core.periodic_table import Element

    places = []
    for element in map(Element, symbols):
        first = LANTHANUM if element.is_lanthanoid else ACTINIUM if element.is_actinoid else None
        below = None if first is None else (element.row + BELOW, element.Z - first + FIRST_COLUMN)
        places.append(below or (element.row, element.group))
    return places
