"""Pairs by the paper's rule and by distance, on compositions placed by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.alloys.regions import exchange_directions
from bmg_assets.science.proposals.acquisition import best_apart, paper_pair

GRID = composition_grid(3, 5).astype(float)
ALL = np.ones(len(GRID), dtype=bool)


def apart(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.abs(first - second).sum() / 2)


def test_the_paper_takes_the_second_beside_the_first() -> None:
    values = GRID[:, 0] + 0.01 * GRID[:, 1]  # rises towards the first corner, where 90-5-5 is the only point
    first, second = paper_pair(GRID, values, ALL)
    assert GRID[first].tolist() == [90, 5, 5]
    assert GRID[second].tolist() == [85, 10, 5]


@pytest.mark.parametrize("direction", exchange_directions(3), ids=str)
def test_the_second_is_the_best_of_all_six_around_the_first_and_of_none_beyond(direction: np.ndarray) -> None:
    centre = np.array([40.0, 30.0, 30.0])
    values = np.where((centre == GRID).all(axis=1), 9.0, 0.0)
    values += 5.0 * (centre + 5 * direction == GRID).all(axis=1)
    # Everything that is two steps away or farther is worth more, and yet too far away.
    values += np.where(np.abs(GRID - centre).sum(axis=1) / 2 > 5, 7.0, 0.0)
    first, second = paper_pair(GRID, values, ALL)
    assert GRID[first].tolist() == centre.tolist()
    assert GRID[second].tolist() == (centre + 5 * direction).tolist()


def test_what_was_cast_is_passed_over() -> None:
    values = GRID[:, 0]
    free = GRID[:, 0] < 50
    assert (GRID[paper_pair(GRID, values, free), 0] < 50).all()
    assert (GRID[best_apart(GRID, values, free, 3, 20), 0] < 50).all()
    assert len(paper_pair(GRID, values, ~ALL)) == 0
    assert len(paper_pair(GRID, values, np.arange(len(GRID)) == 3)) == 1


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 5), st.sampled_from([0, 10, 25]))
def test_those_chosen_are_apart_and_the_best_comes_first(seed: int, count: int, distance: int) -> None:
    values = np.random.default_rng(seed).random(len(GRID))
    chosen = best_apart(GRID, values, ALL, count, distance)
    assert len(set(chosen.tolist())) == count
    assert chosen[0] == values.argmax()
    far = [apart(GRID[a], GRID[b]) >= distance for a in chosen for b in chosen if a != b]
    assert all(far)


def test_where_nothing_is_far_enough_the_farthest_comes_next() -> None:
    near = np.array([[50.0, 30, 20], [52, 28, 20], [55, 25, 20]])
    assert best_apart(near, np.array([3.0, 2.0, 1.0]), np.ones(3, dtype=bool), 2, 10).tolist() == [0, 2]


def test_a_pick_exactly_at_the_distance_is_far_enough() -> None:
    # 0.1 + 0.2 is a little above 0.3: the distance is one of numbers with decimals.
    line = np.array([[50.0, 30, 20], [50.1, 29.9, 20], [50.3, 29.7, 20], [60, 20, 20]])
    values = np.array([4.0, 3.0, 2.0, 1.0])
    assert best_apart(line, values, np.ones(4, dtype=bool), 2, 0.3).tolist() == [0, 2]
    assert best_apart(line, values, np.ones(4, dtype=bool), 3, 0.3).tolist() == [0, 2, 3]
    assert best_apart(line, values, np.ones(4, dtype=bool), 9, 0.0).tolist() == [0, 1, 2, 3]
