"""A coarse map with finer points around its best ones: which they are, and what they leave as it was."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.alloys.distances import exchanged_at_pct
from bmg_assets.science.alloys.grid import composition_grid
from bmg_assets.science.alloys.regions import label_regions, top_share
from bmg_assets.science.proposals.refinement import (
    MOST_FINE_POINTS,
    WITHIN_AT_PCT,
    best_by_any,
    fine_points,
    is_of_coarse_grid,
    regions_of,
    top_of,
)

PEAK = np.array([37.0, 11.0, 19.0, 33.0])


def distance_to_peak(points: np.ndarray) -> np.ndarray:
    return exchanged_at_pct(points.astype(float), PEAK[None])[:, 0]


def test_around_a_point_every_composition_of_whole_amounts_nearby_is_added() -> None:
    points = composition_grid(4, 2)
    row = int(np.flatnonzero((points == [40, 20, 20, 20]).all(axis=1))[0])
    fine = fine_points(points, np.array([row]))
    every = composition_grid(4, 1)
    near = every[exchanged_at_pct(every.astype(float), points[[row]].astype(float))[:, 0] <= WITHIN_AT_PCT]
    on_grid = (near % 2 == 0).all(axis=1)
    assert set(map(tuple, fine)) == set(map(tuple, near[~on_grid]))
    # 54 compositions within two exchanges; of those, 12 lie two steps along one exchange: on the coarse grid.
    assert len(fine) == 54 - 12


@pytest.mark.parametrize("n_elements", [4, 5, 6])
def test_the_map_stays_bounded_and_holds_each_composition_once_with_every_element(n_elements: int) -> None:
    points = composition_grid(n_elements)
    best_first = np.argsort(points.std(axis=1), kind="stable")
    fine = fine_points(points, best_first)
    assert 0.8 * MOST_FINE_POINTS < len(fine) <= MOST_FINE_POINTS
    whole = np.vstack([points, fine])
    assert len(np.unique(whole, axis=0)) == len(whole)
    assert (fine.sum(axis=1) == 100).all()
    assert (fine > 0).all()


def test_near_a_face_no_element_is_lost() -> None:
    points = composition_grid(4, 2)
    row = int(np.flatnonzero((points == [2, 2, 2, 94]).all(axis=1))[0])
    fine = fine_points(points, np.array([row]))
    assert fine.min() == 1
    assert [2, 3, 1, 94] in fine.tolist()


def test_the_best_of_the_fine_map_is_found_though_the_coarse_one_lies_beside_it() -> None:
    points = composition_grid(4, 2)
    rows = best_by_any(0.05, -distance_to_peak(points))
    fine = fine_points(points, rows)
    assert distance_to_peak(points).min() > 0
    assert distance_to_peak(fine).min() == 0


def test_rows_good_by_either_value_come_best_first() -> None:
    score, gain = np.array([9.0, 8.0, 1.0, 0.0]), np.array([0.0, 1.0, 2.0, 9.0])
    assert best_by_any(0.5, score, gain).tolist() == [0, 3, 1, 2]
    assert best_by_any(0.25, score).tolist() == [0]


def test_the_top_of_the_coarse_grid_is_what_it_was_and_fine_points_that_reach_it_belong_to_it() -> None:
    points = composition_grid(4, 4)
    fine = fine_points(points, best_by_any(0.05, -distance_to_peak(points)))
    is_coarse = np.arange(len(points) + len(fine)) < len(points)
    whole = np.vstack([points, fine])
    values = -distance_to_peak(whole)
    marked = top_of(values, is_coarse, 0.05)
    assert (marked[is_coarse] == top_share(values[is_coarse], 0.05)).all()
    assert values[marked].min() >= values[is_coarse & marked].min()
    assert marked[values.argmax()]
    assert not is_coarse[values.argmax()]


def test_regions_keep_their_numbers_where_one_of_them_is_refined() -> None:
    points = composition_grid(4, 10)
    large, small = points[:, 0] >= 50, points[:, 3] >= 60
    row = int(np.flatnonzero((points == [10, 10, 10, 70]).all(axis=1))[0])
    fine = fine_points(points, np.array([row]))
    assert len(fine) > large.sum(), "by the number of all points the refined region would be the larger one"
    is_coarse = np.arange(len(points) + len(fine)) < len(points)
    marked = np.concatenate([large | small, np.ones(len(fine), dtype=bool)])
    regions = regions_of(np.vstack([points, fine]), marked, is_coarse, 10)
    assert (regions[is_coarse] == label_regions(points, large | small, 10)).all()
    assert set(regions[~is_coarse]) == {2}, "fine points belong to the region of the point that they surround"


def test_a_map_of_one_step_is_coarse_as_a_whole() -> None:
    assert is_of_coarse_grid(pd.DataFrame({"step_at_pct": [1, 1]})).tolist() == [True, True]
    assert is_of_coarse_grid(pd.DataFrame({"step_at_pct": [2, 1]})).tolist() == [True, False]


def test_regions_of_twenty_thousand_points_take_little_memory() -> None:
    points = composition_grid(4, 2)
    marked = top_share(-distance_to_peak(points), 0.2)
    tracemalloc.start()
    label_regions(points, marked, 2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50e6
