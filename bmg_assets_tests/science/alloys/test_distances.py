"""How many of a hundred atoms differ, and the alloy of which the fewest do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.science.alloys.distances import POINTS_AT_ONCE, exchanged_at_pct, nearest_known

AMOUNTS = np.array([[60.0, 10.0, 30.0], [50.0, 0.0, 50.0], [60.0, 5.0, 25.0], [0.0, 0.0, 0.0]])
"""Zr, Al and Cu in Zr60Al10Cu30, Zr50Cu50, Zr60Al5Cu25Ni10 and Fe80B20."""


def test_distances_by_hand():
    points = np.array([[60.0, 10.0, 30.0], [50.0, 20.0, 30.0]])
    found = exchanged_at_pct(points, AMOUNTS)
    # Ten Zr for ten Al; five Al and five Cu for ten Ni; nothing in common with Fe80B20.
    assert found[0].tolist() == [0, 20, 10, 100]
    assert found[1].tolist() == [10, 20, 20, 100]


@given(st.integers(1, 98).flatmap(lambda a: st.tuples(st.just(a), st.integers(1, 99 - a))))
def test_the_nearest_is_the_one_of_least_distance(pair: tuple[int, int]):
    point = np.array([[pair[0], pair[1], 100 - sum(pair)]], dtype=float)
    amounts = AMOUNTS
    nearest, distance = nearest_known(point, amounts)
    all_distances = exchanged_at_pct(point, amounts)[0]
    assert distance[0] == all_distances.min() == all_distances[nearest[0]]
    assert 0 <= distance[0] <= 100


def test_more_points_than_are_looked_at_at_once():
    points = np.tile([[60.0, 10.0, 30.0], [50.0, 0.0, 50.0]], (POINTS_AT_ONCE, 1))
    nearest, distance = nearest_known(points, AMOUNTS)
    assert nearest.tolist() == [0, 1] * POINTS_AT_ONCE
    assert distance == pytest.approx(np.zeros(2 * POINTS_AT_ONCE))
