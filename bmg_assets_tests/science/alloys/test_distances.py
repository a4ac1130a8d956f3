"""How many of a hundred atoms differ, and the alloy of which the fewest do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmg_assets.science.alloys.distances import exchanged_at_pct, nearest_known

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


def test_among_many_alloys_the_first_of_the_nearest_counts():
    rng = np.random.default_rng(0)
    amounts = np.repeat(np.floor(rng.dirichlet(np.ones(5), 400) * 100)[:, :3], 2, axis=0)
    points = rng.dirichlet(np.ones(3), 300).round(2) * 100
    nearest, distance = nearest_known(points, amounts)
    every = exchanged_at_pct(points, amounts)
    assert distance == pytest.approx(every.min(axis=1))
    first = (every <= every.min(axis=1, keepdims=True) + 1e-9).argmax(axis=1)
    assert nearest.tolist() == first.tolist()


def test_without_an_alloy_that_shares_an_element_the_first_is_as_near_as_any():
    nearest, distance = nearest_known(np.array([[60.0, 10.0, 30.0]]), AMOUNTS[[3, 3]])
    assert (nearest.tolist(), distance.tolist()) == ([0], [100])
