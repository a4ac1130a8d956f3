"""The top share and its connected regions, on grids small enough to be drawn by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmg_assets.science.alloys.regions import exchange_directions, label_regions, top_share
from bmg_assets.science.alloys.simplex import simplex_points

DRAWN = """
          A
         . .
        B . .
       . . . C
      A . . C C
     . . A . . .
"""
"""Corners: top is 100 % of the first element, bottom left of the second; the letters are regions, dots are outside.

The two A to the left and the lower A are no neighbours of each other, nor of B: five regions in all.
"""


def drawn_map():
    """Points of the drawing row by row (steps of 20 at.%), and the mark at each."""
    marks = [row.split() for row in DRAWN.strip().splitlines()]
    points = [(100 - 20 * row, 20 * (row - place), 20 * place) for row in range(6) for place in range(row + 1)]
    return np.array(points), np.array([mark for row in marks for mark in row])


def test_the_directions_of_a_ternary_are_the_six_around_a_point():
    assert {tuple(d) for d in exchange_directions(3)} == {
        (1, -1, 0),
        (1, 0, -1),
        (0, 1, -1),
        (-1, 1, 0),
        (-1, 0, 1),
        (0, -1, 1),
    }


@pytest.mark.parametrize("n_elements, count", [(2, 2), (4, 12), (5, 20)])
def test_directions_exchange_one_element_for_one_other(n_elements, count):
    directions = exchange_directions(n_elements)
    assert directions.shape == (count, n_elements)
    assert (np.sort(directions, axis=1)[:, [0, -1]] == [-1, 1]).all()
    assert (np.abs(directions).sum(axis=1) == 2).all()
    assert len(np.unique(directions, axis=0)) == count


@pytest.mark.parametrize(
    "values, share, marked",
    [
        ([1, 5, 3, 4, 2], 0.4, [0, 1, 0, 1, 0]),
        ([1, 5, 3, 4, 2], 0.41, [0, 1, 1, 1, 0]),
        ([2, 2, 2, 2], 0.5, [1, 1, 0, 0]),
        ([1, 2], 1.0, [1, 1]),
        ([1, 2, 3], 0.01, [0, 0, 1]),
    ],
)
def test_top_share_by_hand(values, share, marked):
    assert top_share(np.array(values, dtype=float), share).tolist() == [bool(m) for m in marked]


@pytest.mark.parametrize("n, share, count", [(4851, 0.05, 243), (100, 0.05, 5), (100, 0.07, 7), (100, 0.29, 29)])
def test_a_share_that_comes_out_even_is_not_rounded_up(n, share, count):
    assert top_share(np.arange(n, dtype=float), share).sum() == count


def test_regions_of_the_drawn_map():
    points, marks = drawn_map()
    labels = label_regions(points, marks != ".", 20)
    assert (labels[marks == "."] == 0).all()
    assert labels[marks == "C"].tolist() == [1, 1, 1]
    assert sorted(labels[(marks != ".") & (marks != "C")]) == [2, 3, 4, 5]
    # Of one size: in the order of their first point.
    assert labels[marks == "A"].tolist() == [2, 4, 5]
    assert labels[marks == "B"].tolist() == [3]


def test_along_each_of_the_six_directions_a_point_is_a_neighbour_and_two_steps_away_it_is_not():
    centre = np.array([30, 30, 40])
    for direction in exchange_directions(3):
        near = np.array([centre, centre + 5 * direction])
        far = np.array([centre, centre + 10 * direction])
        assert label_regions(near, np.ones(2, bool), 5).tolist() == [1, 1]
        assert label_regions(far, np.ones(2, bool), 5).tolist() == [1, 2]


def test_a_corner_of_two_exchanges_is_no_neighbour():
    points = np.array([[30, 30, 40], [32, 31, 37], [32, 29, 39]])
    assert len(set(label_regions(points, np.ones(3, bool), 1))) == 3


def test_a_quaternary_has_regions_too():
    points = simplex_points(4, 10, smallest=1) * 10
    marked = (points[:, 0] >= 60) | (points[:, 3] >= 70)
    labels = label_regions(points, marked, 10)
    assert set(labels[points[:, 0] >= 60]) == {1}
    assert set(labels[points[:, 3] >= 70]) == {2}


def test_nothing_marked_is_no_region_and_everything_marked_is_one():
    points = simplex_points(3, 10, smallest=1) * 10
    assert not label_regions(points, np.zeros(len(points), bool), 10).any()
    assert (label_regions(points, np.ones(len(points), bool), 10) == 1).all()


@settings(max_examples=30)
@given(st.lists(st.booleans(), min_size=36, max_size=36), st.randoms(use_true_random=False))
def test_the_order_of_the_points_does_not_change_the_regions(marked, random):
    points, marked = simplex_points(3, 10, smallest=1) * 10, np.array(marked)
    order = np.array(random.sample(range(36), 36))
    labels = label_regions(points, marked, 10)
    shuffled = np.empty(36, dtype=np.int64)
    shuffled[order] = label_regions(points[order], marked[order], 10)
    assert partition(labels) == partition(shuffled)
    assert sizes(labels) == sizes(shuffled)
    assert ((labels > 0) == marked).all()
    assert (np.diff(sizes(labels)) <= 0).all()


def partition(labels):
    """The sets of points that share a label."""
    return {frozenset(np.flatnonzero(labels == label)) for label in set(labels.tolist()) - {0}}


def sizes(labels):
    """Number of points of region 1, 2, ..."""
    return np.bincount(labels)[1:].tolist()
