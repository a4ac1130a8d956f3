"""The grid of a target system: counts, steps, and grids that cannot be made."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmg_assets.science.alloys.compositions import composition_key
from bmg_assets.science.alloys.grid import (
    MOST_POINTS,
    GridError,
    composition_grid,
    default_step,
    grid_keys,
    interior_points,
    scale_to_unit,
)


def test_a_ternary_has_4851_interior_points_at_one_percent():
    grid = composition_grid(3)
    assert grid.shape == (4851, 3)
    assert (grid.sum(axis=1) == 100).all()
    assert grid.min() == 1
    assert grid.max() == 98
    assert len(np.unique(grid, axis=0)) == 4851
    assert grid[0].tolist() == [98, 1, 1]
    assert grid[-1].tolist() == [1, 1, 98]


@pytest.mark.parametrize(
    "n_elements, step, points", [(3, 1, 4851), (4, 2, 18424), (5, 4, 10626), (6, 5, 11628), (7, 10, 84), (9, 10, 9)]
)
def test_more_elements_get_a_coarser_step_that_keeps_the_grid_small(n_elements, step, points):
    assert default_step(n_elements) == step
    assert interior_points(n_elements, step) == points <= MOST_POINTS
    grid = composition_grid(n_elements)
    assert grid.shape == (points, n_elements)
    assert (grid % step == 0).all()


def test_a_step_that_is_asked_for_is_used():
    assert composition_grid(3, 10).shape == (36, 3)
    assert composition_grid(3, 10)[0].tolist() == [80, 10, 10]


@settings(max_examples=25)
@given(st.integers(3, 5), st.sampled_from([5, 10]))
def test_every_point_contains_every_element_and_sums_to_100(n_elements, step):
    grid = composition_grid(n_elements, step)
    assert len(grid) == interior_points(n_elements, step)
    assert (grid.sum(axis=1) == 100).all()
    assert grid.min() >= step


@pytest.mark.parametrize("step", [3, 20, 100, -1, 7])
def test_a_step_that_is_not_offered_is_refused_with_those_that_are(step):
    with pytest.raises(GridError, match=f"step of {step} at.% was asked for; choose one of 1, 2, 4, 5, 10"):
        composition_grid(3, step)


@pytest.mark.parametrize("n_elements", [10, 11, 20])
def test_too_many_elements_are_refused_with_the_most_that_can_be_mapped(n_elements):
    with pytest.raises(GridError, match=rf"{n_elements} elements are too many.*up to 9 elements"):
        default_step(n_elements)


def test_a_step_at_which_no_composition_holds_every_element_is_refused():
    with pytest.raises(GridError, match=r"steps of 10 at.% no composition contains all 11 elements; use a finer step"):
        composition_grid(11, 10)


@pytest.mark.parametrize("elements", [("Zr", "Al", "Cu"), ("Mg", "Zn", "Ca"), ("Zr", "Ti", "Ni", "Be", "Cu")])
def test_the_key_of_a_point_is_that_of_its_composition(elements):
    grid = composition_grid(len(elements))
    assert grid_keys(grid, elements) == [composition_key(dict(zip(elements, point, strict=True))) for point in grid]


def test_scaling_by_hand():
    assert scale_to_unit(np.array([1.0, 3.0, 2.0])).tolist() == [0.0, 1.0, 0.5]
    assert scale_to_unit(np.array([0.2, 0.2])).tolist() == [0.0, 0.0]


@settings(max_examples=30)
@given(st.lists(st.floats(0, 80), min_size=1, max_size=20))
def test_scaled_values_lie_between_0_and_1_in_the_same_order(values):
    values = np.array(values)
    scaled = scale_to_unit(values)
    assert scaled.min() >= 0
    assert scaled.max() <= 1
    assert (np.diff(scaled[np.argsort(values)]) >= 0).all()
