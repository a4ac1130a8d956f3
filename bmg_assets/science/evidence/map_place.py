"""The place of an alloy in the map of its system, on a grid that is coarse enough to map hundreds of systems."""

import numpy as np

from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.alloys.systems import SEPARATOR
from bmg_assets.science.arrays import FloatArray
from bmg_assets.science.evidence.learners import Rank
from bmg_assets.science.surrogates.alloys import Compositions

STEPS_AT_PCT = {2: 2, 3: 2, 4: 5, 5: 10, 6: 10}
"""Step of the grid by number of elements; systems of other numbers are not mapped."""
TOP_SHARES = (0.05, 0.2)


def mapped_points(system: str, elements: tuple[str, ...]) -> Compositions:
    """The grid of a system.

    Args:
        system: chemical system of a number of elements that has a step.
        elements: columns of the compositions.
    """
    symbols = tuple(system.split(SEPARATOR))
    fractions = composition_grid(len(symbols), STEPS_AT_PCT[len(symbols)]) / 100
    return Compositions(symbols, fractions, np.empty((len(fractions), 0))).with_elements(elements)


def is_mapped(system: str) -> bool:
    """Whether a system of so many elements is mapped."""
    return system.count(SEPARATOR) + 1 in STEPS_AT_PCT


def places(rank: Rank, points: Compositions, alloys: Compositions) -> tuple[FloatArray, FloatArray]:
    """Where alloys lie in a map, and the map.

    Returns:
        The share of the map's points that are ranked above each alloy, 0 is the top, ties count one half, shape (m,);
        and the scores of the points, shape (n,).
    """
    together = Compositions(
        points.elements, np.vstack([alloys.fractions, points.fractions]), np.empty((len(alloys) + len(points), 0))
    )
    scores = rank(together)
    of_alloys, of_points = scores[: len(alloys), np.newaxis], scores[len(alloys) :]
    return (of_points > of_alloys).mean(axis=1) + (of_points == of_alloys).mean(axis=1) / 2, of_points


def place_metrics(place: float) -> dict[str, float]:
    """The place itself, and whether it is in the top shares of the map."""
    return {"place": place} | {f"in_top_{share:.0%}": float(place <= share) for share in TOP_SHARES}
