"""Lattices on a simplex: known lists and counts, and what holds for every size."""

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmg_assets.science.alloys.simplex import simplex_points


def test_a_small_lattice_in_full_and_in_order():
    assert simplex_points(3, 2).tolist() == [[2, 0, 0], [1, 1, 0], [1, 0, 1], [0, 2, 0], [0, 1, 1], [0, 0, 2]]


def test_a_small_lattice_with_a_smallest_part():
    assert simplex_points(3, 5, smallest=1).tolist() == [
        [3, 1, 1],
        [2, 2, 1],
        [2, 1, 2],
        [1, 3, 1],
        [1, 2, 2],
        [1, 1, 3],
    ]


@pytest.mark.parametrize(
    "parts, total, smallest, count", [(4, 100, 0, 176851), (3, 100, 1, 4851), (2, 100, 0, 101), (1, 7, 0, 1)]
)
def test_known_counts(parts, total, smallest, count):
    assert simplex_points(parts, total, smallest).shape == (count, parts)


def test_where_the_smallest_parts_do_not_fit_there_are_no_points():
    assert simplex_points(3, 2, smallest=1).shape == (0, 3)
    assert simplex_points(3, 3, smallest=1).tolist() == [[1, 1, 1]]


@settings(max_examples=40)
@given(st.integers(1, 5), st.integers(0, 9), st.integers(0, 2))
def test_the_points_are_all_sums_once_in_descending_order(parts, total, smallest):
    points = simplex_points(parts, total, smallest)
    by_brute_force = [p for p in product(range(total, smallest - 1, -1), repeat=parts) if sum(p) == total]
    assert [tuple(point) for point in points.tolist()] == by_brute_force
    free = total - parts * smallest
    assert len(points) == (comb(free + parts - 1, parts - 1) if free >= 0 else 0)
    assert np.issubdtype(points.dtype, np.integer)
